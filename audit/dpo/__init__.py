"""What a data protection officer gets, made from the schema and the settings (GDPR art. 26, 28, 30, 35)."""
