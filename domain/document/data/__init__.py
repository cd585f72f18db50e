"""Rules about documents that belong to no single template, as versioned data."""
