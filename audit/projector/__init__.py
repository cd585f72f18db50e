"""Runs the views of `workflows.views`: with the append, or behind the log in batches."""
