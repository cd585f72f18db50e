"""The log's tables, in portable SQL."""

STATEMENTS = (
    # The head row is the one lock: whoever appends holds it until the commit, so positions are
    # dense, and commit order is position order.
    (
        "CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY, next_position BIGINT NOT NULL,"
        " recorded_at TEXT NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS stored_events (position {position} PRIMARY KEY,"
        " originator_id TEXT NOT NULL, originator_version BIGINT NOT NULL, topic TEXT NOT NULL,"
        " state {blob} NOT NULL, leaf {blob} NOT NULL)"
    ),
    (
        "CREATE UNIQUE INDEX IF NOT EXISTS stored_events_stream"
        " ON stored_events (originator_id, originator_version)"
    ),
    "CREATE TABLE IF NOT EXISTS subject_counter (key_id TEXT PRIMARY KEY, n BIGINT NOT NULL){keyed}",
    (
        "CREATE TABLE IF NOT EXISTS idempotency (id TEXT PRIMARY KEY, fingerprint {blob} NOT NULL,"
        " status INTEGER NOT NULL, location TEXT NOT NULL, resource TEXT NOT NULL, etag BIGINT,"
        " position BIGINT NOT NULL){keyed}"
    ),
    "CREATE TABLE IF NOT EXISTS claim (claim TEXT PRIMARY KEY, stream TEXT NOT NULL){keyed}",
    (
        "CREATE TABLE IF NOT EXISTS document (id TEXT PRIMARY KEY, ciphertext {blob} NOT NULL,"
        " position BIGINT NOT NULL)"
    ),
)

FIRST_HEAD = "INSERT INTO head (id, next_position, recorded_at) VALUES (1, 0, '') ON CONFLICT DO NOTHING"
