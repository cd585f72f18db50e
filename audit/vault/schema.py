"""The vault's tables, in portable SQL."""

STATEMENTS = (
    "CREATE TABLE IF NOT EXISTS epoch (n INTEGER PRIMARY KEY, proof {blob} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS installation_key (name TEXT PRIMARY KEY, wrapped {blob} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS citizen (subject_id TEXT PRIMARY KEY, merged_into TEXT){keyed}",
    # Few are merged, so the index has few rows, and a new citizen writes none.
    ("CREATE INDEX IF NOT EXISTS citizen_merged ON citizen (merged_into) WHERE merged_into IS NOT NULL"),
    "CREATE TABLE IF NOT EXISTS identity_index (lookup {blob} PRIMARY KEY, subject_id TEXT NOT NULL){keyed}",
    "CREATE INDEX IF NOT EXISTS identity_of ON identity_index (subject_id)",
    # The number itself, sealed under the installation's identity key: a citizen may have several.
    "CREATE TABLE IF NOT EXISTS citizen_number (lookup {blob} PRIMARY KEY, sealed {blob} NOT NULL){keyed}",
    (
        "CREATE TABLE IF NOT EXISTS alias (alias_id TEXT PRIMARY KEY, lookup {blob} NOT NULL,"
        " subject_id TEXT NOT NULL, active INTEGER NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS data_key (key_id TEXT PRIMARY KEY, subject_id TEXT NOT NULL,"
        " controller TEXT NOT NULL, retention TEXT NOT NULL, epoch INTEGER NOT NULL,"
        " wrapped {blob} NOT NULL){keyed}"
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS data_key_holder ON data_key (subject_id, controller, retention)",
    (
        "CREATE TABLE IF NOT EXISTS content_key (document_id TEXT NOT NULL, key_id TEXT NOT NULL,"
        " wrapped {blob} NOT NULL, PRIMARY KEY (document_id, key_id)){keyed}"
    ),
    (
        "CREATE TABLE IF NOT EXISTS release (position BIGINT NOT NULL, key_id TEXT NOT NULL,"
        " PRIMARY KEY (position, key_id)){keyed}"
    ),
    (
        "CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, request TEXT NOT NULL UNIQUE,"
        " authority TEXT NOT NULL, unit TEXT NOT NULL, media_type TEXT NOT NULL, size BIGINT NOT NULL,"
        " ciphertext_sha256 TEXT NOT NULL, uploaded_at TEXT NOT NULL, fingerprint {blob} NOT NULL,"
        " wrapped {blob} NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, owner TEXT NOT NULL, authority TEXT NOT NULL,"
        " version INTEGER NOT NULL, updated_at TEXT NOT NULL, expires_at TEXT NOT NULL,"
        " fingerprint {blob} NOT NULL, wrapped {blob} NOT NULL, sealed {blob} NOT NULL)"
    ),
)
