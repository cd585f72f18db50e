"""Attachments: sealed files beside the log, and what is asked of a file before it is taken in."""
