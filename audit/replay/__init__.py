"""Replay and verification: what happened, what was known, and whether the log holds."""
