"""What must hold of an installation at any moment, whatever has happened in it."""

from collections import defaultdict
from typing import Any, Protocol
from uuid import UUID

from audit.database.port import Database
from audit.log.application import EventLog
from audit.projector.projector import Projector
from audit.projector.worklists import Worklists
from audit.replay.replay import replay_handover
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from audit.vault.vault import Vault
from domain.events.catalogue import EVENT_TYPES
from domain.events.model import Recorded
from domain.handover.fold import BEGINNINGS, fold
from domain.handover.state import Handover
from workflows.ports.lists import MailboxRow


class Place(Protocol):
    """An installation: a test's house, or the server's own wiring over its store."""

    database: Database
    vault: Vault
    log: EventLog
    projector: Projector
    worklists: Worklists


WAITING = ("submitted", "held", "routed", "sent")
WITH_RECEIVER = ("delivered", "opened", "acknowledged", "declined", "imported", "taken_over")
ARRIVED = (
    *WITH_RECEIVER,
    "closed",
    "returned",
    "withdrawn",
    "misdirected",
    "wrong_person",
    "entered_in_error",
    "completed_otherwise",
)


def events_of(log: EventLog) -> list[Recorded]:
    """Every event, by position."""
    found: list[Recorded] = []
    while page := log.read(len(found) - 1, 1000):
        found += page
    return found


def project(projector: Projector) -> None:
    """The projector catches up with the log."""
    while projector.step():
        pass


def rows_of(place: Place, view: str) -> list[tuple[Any, ...]]:
    """A view's whole table, in the order of its keys."""
    columns = ", ".join(["key", *(column.name for column in place.projector.views[view].columns)])
    with place.database.read() as rows:
        return sorted(rows.execute(f"SELECT {columns} FROM view_{view}").fetchall())


def handovers(events: list[Recorded]) -> dict[UUID, Handover]:
    """Every case, folded from the log alone."""
    cases: dict[UUID, list[Recorded]] = defaultdict(list)
    for event in events:
        if event.header.workflow is not None:
            cases[event.header.stream].append(event)
    found = {handover: fold(None, stream) for handover, stream in cases.items()}
    return {handover: state for handover, state in found.items() if state is not None}


def check_log(place: Place, events: list[Recorded]) -> None:
    """Positions, versions and counters are dense, times run forward, and the auditor agrees."""
    assert [event.header.position for event in events] == list(range(len(events)))
    counters: dict[str, list[int]] = defaultdict(list)
    versions: dict[UUID, list[int]] = defaultdict(list)
    for event in events:
        versions[event.header.stream].append(event.header.stream_version)
        for subject in event.header.subjects:
            counters[subject.key_id].append(subject.n)
    for numbers in (*counters.values(), *versions.values()):
        assert numbers == list(range(1, len(numbers) + 1))
    times = [event.header.recorded_at for event in events]
    assert times == sorted(times)
    with place.database.read() as rows:
        stored = dict(rows.execute("SELECT key_id, n FROM subject_counter").fetchall())
    assert stored == {key_id: len(numbers) for key_id, numbers in counters.items()}
    verdict = verify(
        StoredLog(place.database), releases=stored_releases(place.vault.database), jobs=1, tables=True
    )
    assert verdict.holds, verdict.fault


def check_releases(place: Place, events: list[Recorded], used: set[int] | None = None) -> None:
    """A key was released against readings and deliveries only, and against each that was used."""
    asked = {
        (event.header.position, subject.key_id)
        for event in events
        for kind in [EVENT_TYPES[event.header.event]]
        if kind.reading or kind.delivery
        for subject in event.header.subjects
    }
    released = place.vault.releases()
    assert released <= asked
    if used is not None:
        assert released == {one for one in asked if one[0] in used}


def check_cases(place: Place, events: list[Recorded]) -> dict[UUID, Handover]:
    """Every workflow stream keeps to its definition; no handover is lost; the work list says the same."""
    cases = handovers(events)
    begun = {event.header.stream for event in events if type(event.event) in BEGINNINGS}
    assert set(cases) == begun, "no case without its beginning, and none lost"
    for handover, state in cases.items():
        replayed = replay_handover(place.log, handover, at_index=None, as_of=None, visible=lambda _: True)
        assert replayed is not None
        assert replayed.state == state
        assert replayed.conformance is not None
        assert replayed.conformance.conforms, replayed.conformance.breaches
    assert worklist(place) == {handover: _row(state, events) for handover, state in cases.items()}
    return cases


def worklist(place: Place) -> dict[UUID, tuple[Any, ...]]:
    """The work list, each case found where those who must act on it are shown it."""
    listed: dict[UUID, MailboxRow] = {row.handover: row for row in place.worklists.all(-1, 100_000)}
    waiting = {row.handover for row in place.worklists.stalled(-1, 100_000)}
    assert waiting == {handover for handover, row in listed.items() if row.status in WAITING}
    senders = {row.sender_authority for row in listed.values()}
    sent = [row for code in senders for row in place.worklists.sent_by(code, None, -1, 100_000)]
    assert {row.handover: row for row in sent} == listed
    unresolved = {row.handover for row in place.worklists.unresolved(-1, 100_000)}
    assert unresolved == {handover for handover, row in listed.items() if row.unresolved}
    boxes = {row.mailbox for row in listed.values() if row.mailbox is not None}
    units = {row.receiver_unit for row in listed.values() if row.receiver_unit is not None}
    arrived = {
        row.handover: row
        for rows in (
            *(place.worklists.mailbox(box, ARRIVED, None, 100_000) for box in boxes),
            *(place.worklists.unit(unit, None, 100_000) for unit in units),
        )
        for row in rows
    }
    assert all(listed[handover] == row for handover, row in arrived.items())
    assert {handover for handover, row in listed.items() if row.status in WITH_RECEIVER} <= set(arrived), (
        "whoever has it finds it"
    )
    return {
        handover: (
            row.version,
            row.status,
            row.sender_authority,
            row.sender_unit,
            row.receiver_authority,
            row.receiver_unit,
            row.mailbox,
            row.receiver_key,
            row.needs_completion,
            row.submitted_at,
            row.position,
            row.questions,
            row.withdrawal,
            row.unresolved,
            row.shut,
            row.assignee,
        )
        for handover, row in listed.items()
    }


def _row(state: Handover, events: list[Recorded]) -> tuple[Any, ...]:
    first = next(event for event in events if event.header.stream == state.id)
    return (
        state.version,
        state.status,
        state.sender_authority,
        state.sender_unit,
        state.receiver_authority,
        state.receiver_unit,
        # Before the delivery it is in no mailbox, also when it ends on its way there.
        state.mailbox if state.receiver_key else None,
        state.receiver_key,
        state.needs_completion,
        state.submitted_at,
        first.header.position,
        len(state.questions),
        state.withdrawal_asked,
        state.unresolved_at is not None,
        state.quarantined,
        str(state.assignee) if state.assignee else None,
    )


def check_views(place: Place) -> None:
    """A rebuild gives the very table that was kept live."""
    project(place.projector)
    assert place.projector.parked() == []
    for view in place.projector.views:
        live = rows_of(place, view)
        place.projector.rebuild(view)
        assert rows_of(place, view) == live, view


def check_all(place: Place, used: set[int] | None = None) -> dict[UUID, Handover]:
    """Everything; returns the cases."""
    events = events_of(place.log)
    check_log(place, events)
    check_releases(place, events, used)
    cases = check_cases(place, events)
    check_views(place)
    return cases
