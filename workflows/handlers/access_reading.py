"""An access package opened: by its own authority, or fetched by the citizen. Each opening is a reading."""

from datetime import timedelta
from uuid import UUID

import msgspec

from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.events import DocumentRead
from domain.handover.state import Handover
from domain.handover.streams import package_file_of
from domain.rights.access import AccessGiven
from domain.rights.commands import OpenPackage
from domain.rights.events import holding
from domain.rights.hers import REPRESENTATIVE
from workflows.handlers.access import PURPOSE, check_reader, package_reading, refuse_access
from workflows.handlers.citizens import Coming, lanes_of, own_case
from workflows.handlers.guard import outside_unit
from workflows.handlers.read import ReadingExpired, outside_access
from workflows.handlers.rights import LaneOfRights, own_subjects, ready_for_rights
from workflows.handlers.services import Context, Services
from workflows.ports.log import Append, IdempotentReplay, Outcome


class PackageKey(msgspec.Struct, frozen=True, kw_only=True):
    """A package that may be opened, after its reading."""

    file: UUID
    key: bytes
    sha256: str
    position: int

    def __repr__(self) -> str:
        return f"PackageKey(position={self.position})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def open_package(services: Services, context: Context, command: OpenPackage) -> PackageKey:
    """Open an authority's own package. Raises CaseNotFound, Refused, ReadingExpired, KeyDestroyed."""
    state, lane = ready_to_open(services, context, command.handover)
    check_reader(services, context, state, command.outside_reason)
    return _open(services, context, state, lane, command)


def ready_to_open(services: Services, context: Context, handover: UUID) -> tuple[Handover, LaneOfRights]:
    """The case and one's own lane, also for a call that is repeated."""
    unrepeated = msgspec.structs.replace(context, idempotency=None)
    return ready_for_rights(services, unrepeated, handover)


def fetch_own(services: Services, context: Context, coming: Coming, command: OpenPackage) -> PackageKey:
    """The citizen fetches what she was given. Raises CaseNotFound, Refused, ReadingExpired, KeyDestroyed."""
    state = own_case(services, coming, command.handover)
    if not coming.standing.sees(AccessGiven.NAME):
        refuse_access(services, context, state, "outside-representation")
    lane = next((one for one in lanes_of(services, state) if _given(one, command.request)), None)
    given = None if lane is None else _given(lane, command.request)
    if lane is None or given is None:
        refuse_access(services, context, state, "package-unknown")
    if context.actor.role == REPRESENTATIVE and given.addressee != REPRESENTATIVE:
        refuse_access(services, context, state, "package-for-another")
    return _open(services, context, state, lane, command)


def _given(lane: LaneOfRights, request: UUID) -> AccessGiven | None:
    """The newest package of a request."""
    found = [
        one.event
        for one in holding(lane.events)
        if isinstance(one.event, AccessGiven)
        and one.event.request == request
        and one.event.package_sha256 is not None
        and one.event.note is not None
    ]
    return found[-1] if found else None


def _open(
    services: Services, context: Context, state: Handover, lane: LaneOfRights, command: OpenPackage
) -> PackageKey:
    given = _given(lane, command.request)
    if given is None or given.note is None or given.package_sha256 is None:
        refuse_access(services, context, state, "package-unknown")
    file = package_file_of(given.note.document_id)
    recorded = _appended(services, context, state, lane, given.note.document_id, file, command)
    event = recorded.event
    assert isinstance(event, DocumentRead)
    key = services.subjects.release(recorded, (file,)).content_key(file)
    return PackageKey(file=file, key=key, sha256=given.package_sha256, position=recorded.header.position)


def _appended(
    services: Services,
    context: Context,
    state: Handover,
    lane: LaneOfRights,
    index: UUID,
    file: UUID,
    command: OpenPackage,
) -> Recorded:
    key = own_subjects(state, lane, lane.authority)[0]
    events = [package_reading(state, lane, key, index, file)]
    if command.outside_reason is not None and outside_unit(context, state):
        events.append(outside_access(context, state, command.outside_reason, PURPOSE, key))
    location = f"/v1/handovers/{state.id}/readings"
    try:
        recorded = services.log.append(
            Append(
                events=tuple(events),
                actor=context.actor,
                correlation_id=context.correlation_id,
                idempotency=context.idempotency,
                outcome=Outcome(status=201, location=location, resource=state.id),
            )
        )
    except IdempotentReplay as replay:
        return _again(services, replay.outcome, index)
    return recorded[0]


def _again(services: Services, earlier: Outcome, index: UUID) -> Recorded:
    """The same reading answered again, within minutes and of the same package."""
    assert earlier.position is not None
    recorded = services.log.at([earlier.position])[earlier.position]
    age = services.clock.now() - from_instant(recorded.header.recorded_at)
    same = isinstance(recorded.event, DocumentRead) and recorded.event.document_id == index
    if not same or age > timedelta(seconds=services.reading_replay_seconds):
        raise ReadingExpired
    return recorded
