"""How far a follower of the log has come, kept durably (design section 7)."""

from audit.database.port import Database, Rows, create
from audit.projector.parking import STATEMENT as PARKED
from audit.projector.parking import is_databases_own, park, parked, unpark

STATEMENT = "CREATE TABLE IF NOT EXISTS follower (name TEXT PRIMARY KEY, position BIGINT NOT NULL)"

ATTEMPTS = 5
"""So often an event is tried before it is put aside."""

ATTEMPTS_WITHOUT_DATABASE = 600
"""So often when it is the database that says no: some ten minutes, most of which any event would meet."""


class DurableCursor:
    """A named position in the log. At-least-once: it advances after the effect.

    Attempts are counted in this process; a restart counts afresh. What was put aside is durable.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._attempts: tuple[int, int] = (-1, 0)
        """The position that fails now, and how often it has; whatever stands behind it waits."""

    def migrate(self) -> None:
        """Create the tables and this follower's row."""

        def work(rows: Rows) -> None:
            create(rows, self._database.dialect, (STATEMENT, PARKED))
            rows.execute("INSERT INTO follower VALUES (?, -1) ON CONFLICT DO NOTHING", (self._name,))

        self._database.write(work)

    def position(self) -> int:
        """The last position dealt with, -1 at the start."""
        found = self._database.fetch("SELECT position FROM follower WHERE name = ?", (self._name,))
        return int(found[0][0]) if found else -1

    def advance(self, position: int) -> None:
        """Deal with everything up to and including `position`; never goes back."""
        self._database.write(lambda rows: self._advance(rows, position), durable=False)
        self._attempts = (-1, 0)

    def _advance(self, rows: Rows, position: int) -> None:
        rows.execute(
            "UPDATE follower SET position = ? WHERE name = ? AND position < ?",
            (position, self._name, position),
        )

    def failed(self, position: int, error: Exception, *, reading: bool = False) -> bool:
        """Count a failed attempt at the event there; returns whether it has been put aside.

        Then it stands among `parked` with the fault's type, and the cursor has advanced past it,
        in one commit. A database that cannot be read says nothing of the event, which may not even
        be there yet.
        """
        if reading and is_databases_own(error):
            return False
        before, count = self._attempts
        count = count + 1 if before == position else 1
        self._attempts = (position, count)
        if count < (ATTEMPTS_WITHOUT_DATABASE if is_databases_own(error) else ATTEMPTS):
            return False

        def work(rows: Rows) -> None:
            park(rows, self._name, position, type(error).__name__)
            self._advance(rows, position)

        self._database.write(work)
        return True

    def parked(self) -> list[int]:
        """The positions put aside, oldest first."""
        with self._database.read() as rows:
            return [one.position for one in parked(rows) if one.view == self._name]

    def unpark(self, position: int) -> None:
        """What was put aside has been dealt with."""
        self._database.write(lambda rows: unpark(rows, self._name, position))
