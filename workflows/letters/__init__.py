"""Letters to the citizen."""
