"""What the workflows need from the outside, as small protocols (design section 2).

The adapters stand in `audit`; tests use the real ones on SQLite and PostgreSQL.
"""
