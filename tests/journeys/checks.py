"""What must hold of an installation at any moment, whatever has happened in it."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from domain.events.catalogue import EVENT_TYPES
from domain.events.model import Recorded
from domain.handover.events import HandoverSubmitted
from domain.handover.state import Handover, fold
from tests.journeys.house import House
from workflows.machines.definition import definition
from workflows.machines.table import conforms
from workflows.ports import MailboxRow

WAITING = ("submitted", "held", "routed", "sent")
ARRIVED = ("delivered", "opened", "acknowledged", "taken_over", "closed")


def handovers(events: list[Recorded]) -> dict[UUID, Handover]:
    """Every case, folded from the log alone."""
    cases: dict[UUID, list[Recorded]] = defaultdict(list)
    for event in events:
        if event.header.workflow is not None:
            cases[event.header.stream].append(event)
    found = {handover: fold(None, stream) for handover, stream in cases.items()}
    return {handover: state for handover, state in found.items() if state is not None}


def check_log(house: House, events: list[Recorded]) -> None:
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
    with house.database.read() as rows:
        stored = dict(rows.execute("SELECT key_id, n FROM subject_counter").fetchall())
    assert stored == {key_id: len(numbers) for key_id, numbers in counters.items()}
    verdict = verify(StoredLog(house.database), releases=stored_releases(house.vault.database), jobs=1)
    assert verdict.holds, verdict.fault


def check_releases(house: House, events: list[Recorded], used: set[int] | None = None) -> None:
    """A key was released against readings and deliveries only, and against each that was used."""
    asked = {
        (event.header.position, subject.key_id)
        for event in events
        for kind in [EVENT_TYPES[event.header.event]]
        if kind.reading or kind.delivery
        for subject in event.header.subjects
    }
    released = house.vault.releases()
    assert released <= asked
    if used is not None:
        assert released == {one for one in asked if one[0] in used}


def check_cases(house: House, events: list[Recorded]) -> dict[UUID, Handover]:
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
    assert worklist(house) == {handover: _row(state, events) for handover, state in cases.items()}
    return cases


def worklist(house: House) -> dict[UUID, tuple[Any, ...]]:
    """The work list as the receivers and senders are shown it."""
    listed: dict[UUID, MailboxRow] = {row.handover: row for row in house.worklists.stalled(-1, 100_000)}
    with house.database.read() as rows:
        boxes = rows.execute("SELECT DISTINCT mailbox FROM view_worklist WHERE mailbox IS NOT NULL").fetchall()
        senders = rows.execute("SELECT DISTINCT sender_authority FROM view_worklist").fetchall()
    arrived: list[MailboxRow] = []
    for (box,) in boxes:
        arrived += house.worklists.mailbox(UUID(box), ARRIVED, None, 100_000)
    assert not listed.keys() & {row.handover for row in arrived}
    listed |= {row.handover: row for row in arrived}
    sent = [row for (code,) in senders for row in house.worklists.sent_by(code, None, -1, 100_000)]
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


def check_views(house: House) -> None:
    """A rebuild gives the very table that was kept live."""
    house.project()
    assert house.projector.parked() == []
    for view in house.projector.views:
        live = house.rows(view)
        house.projector.rebuild(view)
        assert house.rows(view) == live, view


def check_all(house: House, used: set[int] | None = None) -> dict[UUID, Handover]:
    """Everything; returns the cases."""
    events = house.events()
    check_log(house, events)
    check_releases(house, events, used)
    cases = check_cases(house, events)
    check_views(house)
    return cases
