"""The projector: views that follow the log, in batches, with their position in the same transaction.

It never skips. An event that a view cannot take is parked with its position and the type of the
fault, stays visible in a metric and a list, and the view goes on. Several server processes may
run it: whoever holds the row lock of a view's position applies the batch. Of a view of whole cases
the rows of each case that a batch concerns are made anew, once a batch; where that cannot be done, the
entry that cannot be read, or the last event that asked for it, is parked, and the case keeps its rows.
"""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from audit.database.port import Database, Rows, create
from audit.log.application import EventLog
from audit.log.entry import EntryDamaged, decode_entry
from audit.projector import parking
from audit.projector.parking import SHADOW, Parked, is_databases_own
from audit.projector.table import (
    apply,
    changes_of,
    index_statements,
    replace,
    shape_of,
    table_of,
    table_statement,
    touched,
    write,
)
from domain.events.catalogue import SchemaTooNew, UnknownEvent
from domain.events.model import Recorded
from workflows.views.model import CaseView, Table, View

BATCH = 100
STATEMENTS = (
    "CREATE TABLE IF NOT EXISTS view_position (view TEXT PRIMARY KEY, position BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS view_shape (view TEXT PRIMARY KEY, shape TEXT NOT NULL)",
    parking.STATEMENT,
)


class Projector:
    """Follows the log for some views; `committed` are those that commit with the append."""

    def __init__(
        self, database: Database, log: EventLog, views: Sequence[Table], committed: Sequence[View]
    ) -> None:
        self._database = database
        self._log = log
        self._following = tuple(views)
        self._committed = tuple(committed)
        self._lock = " FOR UPDATE SKIP LOCKED" if database.dialect == "postgresql" else ""

    @property
    def views(self) -> dict[str, Table]:
        """Every view by name."""
        return {view.name: view for view in (*self._committed, *self._following)}

    def migrate(self) -> None:
        """Create the views' tables; a view that had another shape is rebuilt from the log."""

        def work(rows: Rows) -> list[str]:
            create(rows, self._database.dialect, STATEMENTS)
            for view in self._following:
                rows.execute("INSERT INTO view_position VALUES (?, -1) ON CONFLICT DO NOTHING", (view.name,))
            return [view.name for view in self.views.values() if not self._made(rows, view)]

        for name in self._database.write(work):
            self.rebuild(name)

    def _made(self, rows: Rows, view: Table) -> bool:
        """Make a view's table, or find it as it should be; False when it has another shape."""
        found = rows.execute("SELECT shape FROM view_shape WHERE view = ?", (view.name,)).fetchone()
        if found is not None:
            return bool(found[0] == shape_of(view))
        create(rows, self._database.dialect, (table_statement(view),))
        # Empty, it may have been made just now or by an earlier version: it is made anew either way.
        if rows.execute(f"SELECT 1 FROM {table_of(view)} LIMIT 1").fetchone() is not None:
            return False
        rows.execute(f"DROP TABLE {table_of(view)}")
        create(rows, self._database.dialect, (table_statement(view), *index_statements(view)))
        self._shaped(rows, view)
        return True

    def _shaped(self, rows: Rows, view: Table) -> None:
        rows.execute("DELETE FROM view_shape WHERE view = ?", (view.name,))
        rows.execute("INSERT INTO view_shape VALUES (?, ?)", (view.name, shape_of(view)))

    def in_transaction(self, rows: Rows, events: Sequence[Recorded]) -> None:
        """Apply the committed views inside the append transaction."""
        for view in self._committed:
            apply(rows, view, events)

    def step(self) -> int:
        """Take one batch for each following view; returns how many events were applied."""
        return sum(self._step(view) for view in self._following)

    def _step(self, view: Table) -> int:
        if self.position(view.name) + 1 >= self._log.length():
            return 0
        return self._database.write(lambda rows: self._advance(rows, view), durable=False)

    def _advance(self, rows: Rows, view: Table) -> int:
        row = rows.execute(
            f"SELECT position FROM view_position WHERE view = ?{self._lock}", (view.name,)
        ).fetchone()
        if row is None:
            return 0
        after = int(row[0])
        position = self._take_batch(rows, view, after)
        rows.execute("UPDATE view_position SET position = ? WHERE view = ?", (position, view.name))
        return position - after

    def _take_batch(
        self, rows: Rows, view: Table, after: int, *, rebuilt: dict[UUID, int] | None = None
    ) -> int:
        """Apply the next batch, parking what cannot be taken; returns the last position.

        `rebuilt`: by a rebuild, into the shadow table; case -> how long the log was when its rows were made.
        """
        name, suffix = (view.name, "") if rebuilt is None else (view.name + SHADOW, "_shadow")
        found = rows.execute(
            "SELECT position, state FROM stored_events WHERE position > ? ORDER BY position LIMIT ?",
            (after, BATCH),
        ).fetchall()
        cases: dict[UUID, int] = {}
        for position, state in found:
            fault = None
            try:
                event = decode_entry(bytes(state))
                if isinstance(view, CaseView):
                    concerned = (*view.concerns(event), *touched(rows, view, event, suffix))
                    cases |= dict.fromkeys(concerned, int(position))
                elif isinstance(view, View):
                    fault = self._apply(rows, view, event, suffix)
            except (EntryDamaged, SchemaTooNew, UnknownEvent) as error:
                fault = type(error).__name__
            if fault is not None:
                parking.park(rows, name, int(position), fault)
        if isinstance(view, CaseView):
            self._take_cases(rows, view, cases, rebuilt)
        return int(found[-1][0]) if found else after

    def _take_cases(
        self, rows: Rows, view: CaseView, cases: dict[UUID, int], rebuilt: dict[UUID, int] | None
    ) -> None:
        """Make the rows of the cases anew; those made already, of the same log or a longer one, stand."""
        if rebuilt is None:
            for handover, position in cases.items():
                self._replace(rows, view, handover, position, shadow=False)
            return
        head = rows.execute("SELECT next_position FROM head WHERE id = 1").fetchone()
        for handover, position in cases.items():
            if position >= rebuilt.get(handover, 0):
                self._replace(rows, view, handover, position, shadow=True)
                rebuilt[handover] = int(head[0]) if head else 0

    def _apply(self, rows: Rows, view: View, event: Recorded, suffix: str) -> str | None:
        """Apply one event under a savepoint; returns the type of the fault, if any."""
        try:
            changes = changes_of(view, [event])
        except Exception as error:
            return type(error).__name__
        if not changes:  # most events concern few views
            return None
        fault = _under_savepoint(rows, lambda: write(rows, view, changes, suffix))
        return None if fault is None else type(fault).__name__

    def _replace(self, rows: Rows, view: CaseView, handover: UUID, position: int, *, shadow: bool) -> None:
        """Make the rows of a case anew for the event there; park it, or the entry that cannot be read."""
        name, suffix = (view.name + SHADOW, "_shadow") if shadow else (view.name, "")

        def work() -> None:
            replace(rows, view, handover, view.rows(handover, partial(_stream, rows)), suffix)

        error = _under_savepoint(rows, work)
        if isinstance(error, _Unreadable):
            parking.park(rows, name, error.position, error.fault)
        elif error is not None:
            parking.park(rows, name, position, type(error).__name__)

    def position(self, view: str) -> int:
        """How far a following view has come."""
        found = self._database.fetch("SELECT position FROM view_position WHERE view = ?", (view,))
        return int(found[0][0]) if found else -1

    def lag(self) -> int:
        """How many events the slowest following view is behind."""
        length = self._log.length()
        return max((length - 1 - self.position(view.name) for view in self._following), default=0)

    def parked(self) -> list[Parked]:
        """The events that views could not apply, and that the relay (as `relay`) could not carry out."""
        with self._database.read() as rows:
            return parking.parked(rows)

    def rebuild(self, name: str, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Rebuild a view from the log into a shadow table, then put it in place of the old one.

        The last batch and the swap are one transaction, and what the live view has parked stays
        parked until then. Returns the number of events read.
        """
        view = self.views[name]

        def fresh(rows: Rows) -> None:
            rows.execute(f"DROP TABLE IF EXISTS {table_of(view, '_shadow')}")
            create(rows, self._database.dialect, [table_statement(view, "_shadow")])
            rows.execute("DELETE FROM parked WHERE view = ?", (name + SHADOW,))

        self._database.write(fresh)
        position, rebuilt = -1, dict[UUID, int]()
        while position + 1 + BATCH < (total := self._log.length()):
            position = self._database.write(
                partial(self._take_batch, view=view, after=position, rebuilt=rebuilt)
            )
            progress(position + 1, total)
        return self._database.write(lambda rows: self._swap(rows, view, position, rebuilt, progress))

    def _swap(
        self,
        rows: Rows,
        view: Table,
        after: int,
        rebuilt: dict[UUID, int],
        progress: Callable[[int, int], None],
    ) -> int:
        """With appends and the projector locked out: the tail, then the swap."""
        lock = " FOR UPDATE" if self._lock else ""
        rows.execute(f"SELECT next_position FROM head WHERE id = 1{lock}")
        rows.execute(f"SELECT position FROM view_position WHERE view = ?{lock}", (view.name,))
        while (position := self._take_batch(rows, view, after, rebuilt=rebuilt)) > after:
            after = position
        rows.execute(f"DROP TABLE {table_of(view)}")
        rows.execute(f"ALTER TABLE {table_of(view, '_shadow')} RENAME TO {table_of(view)}")
        create(rows, self._database.dialect, index_statements(view))
        self._shaped(rows, view)
        rows.execute("DELETE FROM parked WHERE view = ?", (view.name,))
        rows.execute("UPDATE parked SET view = ? WHERE view = ?", (view.name, view.name + SHADOW))
        rows.execute("UPDATE view_position SET position = ? WHERE view = ?", (after, view.name))
        progress(after + 1, after + 1)
        return after + 1


class _Unreadable(Exception):
    """An entry of a case cannot be read."""

    def __init__(self, position: int, fault: str) -> None:
        super().__init__("an entry cannot be read")
        self.position = position
        self.fault = fault


def _under_savepoint(rows: Rows, work: Callable[[], None]) -> Exception | None:
    """Write, or take back what was written; returns the fault, if any. Raises the database's own."""
    rows.execute("SAVEPOINT event")
    try:
        work()
    except Exception as error:
        if is_databases_own(error):
            raise
        rows.execute("ROLLBACK TO SAVEPOINT event")
        rows.execute("RELEASE SAVEPOINT event")
        return error
    rows.execute("RELEASE SAVEPOINT event")
    return None


def _stream(rows: Rows, stream: UUID) -> list[Recorded]:
    """A stream as it stands in this transaction. Raises _Unreadable."""
    found = rows.execute(
        "SELECT position, state FROM stored_events WHERE originator_id = ? ORDER BY originator_version",
        (str(stream),),
    ).fetchall()
    events: list[Recorded] = []
    for position, state in found:
        try:
            events.append(decode_entry(bytes(state)))
        except (EntryDamaged, SchemaTooNew, UnknownEvent) as error:
            raise _Unreadable(int(position), type(error).__name__) from None
    return events
