"""What time brings: limits that pass."""
