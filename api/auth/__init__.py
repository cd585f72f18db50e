"""Who is asking: bearer tokens, callers and the guards of the routes."""
