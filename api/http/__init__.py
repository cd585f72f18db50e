"""The HTTP surface: problems, middleware, log lines and metrics; the routers stand in the folders below."""
