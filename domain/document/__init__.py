"""The overgangsdokument as versioned data: templates, validation, facts, rendering, schema."""
