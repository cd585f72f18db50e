"""Letters to the citizen: versioned Danish templates, composed, checked, and written as text and as PDF."""
