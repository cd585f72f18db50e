"""How far a follower of the log has come, kept durably (design section 7)."""

from audit.database.port import Database, Rows, create

STATEMENT = "CREATE TABLE IF NOT EXISTS follower (name TEXT PRIMARY KEY, position BIGINT NOT NULL)"


class DurableCursor:
    """A named position in the log. At-least-once: it advances after the effect."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    def migrate(self) -> None:
        """Create the table and this follower's row."""

        def work(rows: Rows) -> None:
            create(rows, self._database.dialect, (STATEMENT,))
            rows.execute("INSERT INTO follower VALUES (?, -1) ON CONFLICT DO NOTHING", (self._name,))

        self._database.write(work)

    def position(self) -> int:
        """The last position dealt with, -1 at the start."""
        with self._database.read() as rows:
            row = rows.execute("SELECT position FROM follower WHERE name = ?", (self._name,)).fetchone()
        return int(row[0]) if row else -1

    def advance(self, position: int) -> None:
        """Deal with everything up to and including `position`; never goes back."""
        self._database.write(
            lambda rows: rows.execute(
                "UPDATE follower SET position = ? WHERE name = ? AND position < ?",
                (position, self._name, position),
            )
        )
