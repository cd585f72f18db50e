"""One seam for both databases: SQLite embedded, PostgreSQL for several server processes."""
