"""What must hold of an installation at any moment, whatever has happened in it."""

from collections import defaultdict
from typing import Any, Protocol
from uuid import UUID

from audit.database.port import Database
from audit.log.application import EventLog
from audit.projector.projector import Projector
from audit.projector.worklists import Worklists
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from audit.vault.vault import Vault
from domain.events.catalogue import EVENT_TYPES
from domain.events.model import Recorded
from domain.handover.events import HandoverSubmitted
from domain.handover.state import Handover, fold
from workflows.machines.definition import definition
from workflows.machines.table import conforms
from workflows.ports import MailboxRow


class Place(Protocol):
    """An installation: a test's house, or the server's own wiring over its store."""

    database: Database
    vault: Vault
    log: EventLog
    projector: Projector
    worklists: Worklists


WAITING = ("submitted", "held", "routed", "sent")
ARRIVED = ("delivered", "opened", "acknowledged", "taken_over", "closed")


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
    submitted = {event.header.stream for event in events if isinstance(event.event, HandoverSubmitted)}
    assert set(cases) == submitted, "no case without its submission, and none lost"
    assert all(state.status in (*WAITING, *ARRIVED) for state in cases.values())
    for handover, state in cases.items():
        steps = [event.header.event for event in events if event.header.stream == handover]
        found = conforms(definition("handover", state.workflow_version), steps)
        assert found.conforms, (steps, found)
        assert found.state == state.status
    assert worklist(place) == {handover: _row(state, events) for handover, state in cases.items()}
    return cases


def worklist(place: Place) -> dict[UUID, tuple[Any, ...]]:
    """The work list as the receivers and senders are shown it."""
    listed: dict[UUID, MailboxRow] = {row.handover: row for row in place.worklists.stalled(-1, 100_000)}
    with place.database.read() as rows:
        boxes = rows.execute(
            "SELECT DISTINCT mailbox FROM view_worklist WHERE mailbox IS NOT NULL"
        ).fetchall()
        senders = rows.execute("SELECT DISTINCT sender_authority FROM view_worklist").fetchall()
    arrived: list[MailboxRow] = []
    for (box,) in boxes:
        arrived += place.worklists.mailbox(UUID(box), ARRIVED, None, 100_000)
    assert not listed.keys() & {row.handover for row in arrived}
    listed |= {row.handover: row for row in arrived}
    sent = [row for (code,) in senders for row in place.worklists.sent_by(code, None, -1, 100_000)]
    assert {row.handover: row for row in sent} == listed
    return {
        handover: (
            row.version,
            row.status,
            row.sender_authority,
            row.sender_unit,
            row.receiver_authority,
            row.receiver_unit,
            row.mailbox if row.status not in WAITING else None,
            row.receiver_key,
            row.needs_completion,
            row.submitted_at,
            row.position,
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
        state.mailbox if state.status not in WAITING else None,
        state.receiver_key,
        state.needs_completion,
        state.submitted_at,
        first.header.position,
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
