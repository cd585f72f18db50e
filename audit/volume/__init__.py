"""Counts for the steering group and for one's own eyes."""
