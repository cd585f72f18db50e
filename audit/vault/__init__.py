"""The vault: who a citizen is, and her keys. It stands apart from the log."""
