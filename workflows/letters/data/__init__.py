"""What a letter says that no template of its own says: frame and guidance on appeal, one file a version."""
