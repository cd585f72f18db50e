"""Who may ask: HTTP, command line and the composition root."""
