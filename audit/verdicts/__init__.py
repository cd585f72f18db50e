"""What the log proves about the citizen's rights."""
