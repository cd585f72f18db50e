"""Who may ask: HTTP, command line and the composition root."""

__version__ = "0.1.0"
