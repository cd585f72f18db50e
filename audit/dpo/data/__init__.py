"""What the law says of data protection, and which categories a section holds, as data."""
