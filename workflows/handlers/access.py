"""Access given (aktindsigt): the package of one authority under one regime, after that authority's decision.

The region's document in the municipality's case is decided by the municipality (FVL §16(1); law.md 3.15), so
a package holds what its own authority has copies of. The readings stand on the log before a key is released.
"""

from contextlib import suppress
from typing import NoReturn
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Decided, Recorded
from domain.handover.events import DocumentRead
from domain.handover.state import Handover
from domain.handover.steps import Note
from domain.handover.streams import package_file_of, readings_of
from domain.law.access_rules import AccessRule, access_rules
from domain.law.loader import outside_reasons
from domain.rights.access import AccessDecided, AccessGiven, AccessRequested, AccessWithdrawn
from domain.rights.commands import MakePackage
from domain.rights.events import holding
from workflows.handlers.access_contents import WORKING_DOCUMENT, Contents, contents
from workflows.handlers.case import holder
from workflows.handlers.documents import seal_document
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import outside_unit, refuse
from workflows.handlers.read import READER_ROLES, is_locked, outside_access
from workflows.handlers.refusals import refusal
from workflows.handlers.rights import (
    ATTEMPTS,
    LaneOfRights,
    append_rights,
    lane_of,
    own_subjects,
    ready_for_rights,
)
from workflows.handlers.services import Context, Services
from workflows.handlers.succeeded import seen_as
from workflows.ports.log import Append, NewEvent, Outcome, StreamConflict
from workflows.ports.vault import KeyDestroyed

COMMAND = "make-access-package"
PURPOSE = "access-request"
GIVEN = frozenset({"granted", "partly"})
"""Outcomes of a decision on access after which documents are given."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A package that may be made: whose, under which decision, and what goes into it."""

    state: Handover
    lane: LaneOfRights
    ours: frozenset[str]
    key: str
    decided: Recorded
    rule: AccessRule
    contents: Contents

    @property
    def regime(self) -> str:
        """The regime that the request was decided under."""
        return str(getattr(self.decided.event, "regime"))  # noqa: B009

    @property
    def grounds(self) -> tuple[str, ...]:
        """The provisions on which the decision leaves something out."""
        found: tuple[str, ...] = getattr(self.decided.event, "grounds")  # noqa: B009
        return found


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The content keys of what is read for a package; a key that is gone is not among them."""

    position: int
    """Of the last reading: the package tells what was known then."""
    keys: dict[UUID, bytes]

    def __repr__(self) -> str:
        return f"Opened(position={self.position})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def prepare(services: Services, context: Context, command: MakePackage) -> Prepared:
    """What may be given on a request. Raises CaseNotFound, IdempotentReplay, Refused."""
    state, lane = ready_for_rights(services, context, command.handover)
    check_reader(services, context, state, command.outside_reason)
    decided = _decided(lane, command.request)
    if decided is None:
        refuse_access(services, context, state, "access-not-decided")
    rule = access_rules()[decided.event.regime]  # type: ignore[attr-defined]
    authority = lane.authority
    ours = seen_as(services, state.id, authority) | {authority}
    subjects = own_subjects(state, lane, authority)
    if not subjects:
        raise KeyDestroyed("the authority holds no key of the citizen in this case")
    found = contents(
        state,
        services.log.stream(state.id),
        lane.events,
        authority=authority,
        ours=ours,
        rule=rule,
        today=danish_day(services.clock.now()),
        locked=is_locked(services, state, state.side_of(authority)),
        working_shown=command.working_shown,
    )
    prepared = Prepared(
        state=state,
        lane=lane,
        ours=ours,
        key=subjects[0],
        decided=decided,
        rule=rule,
        contents=found,
    )
    _check_grounds(services, context, prepared, command)
    return prepared


def check_reader(services: Services, context: Context, state: Handover, outside_reason: str | None) -> None:
    """Whoever opens content works with the case, or has a reason. Raises Refused."""
    if context.actor.role not in READER_ROLES:
        refuse_access(services, context, state, "role-not-allowed")
    if outside_unit(context, state) and outside_reason not in outside_reasons():
        refuse_access(services, context, state, "outside-unit")


def _decided(lane: LaneOfRights, request: UUID) -> Recorded | None:
    """The decision to give access on a request, unless she has taken the request back since."""
    of_request = [
        one
        for one in holding(lane.events)
        if isinstance(one.event, AccessRequested | AccessDecided | AccessWithdrawn)
        and one.event.request == request
    ]
    in_time = sorted(of_request, key=lambda one: (one.header.occurred_at, one.header.position))
    last = in_time[-1] if in_time else None
    if last is None or not isinstance(last.event, AccessDecided) or last.event.outcome not in GIVEN:
        return None
    return last


def _check_grounds(services: Services, context: Context, prepared: Prepared, command: MakePackage) -> None:
    """What is left out rests on a ground that the decision names, so that she can complain (FVL §24)."""
    named = set(prepared.grounds)
    grounds = {one.ground for one in command.passages}
    grounds |= {str(one.ground) for one in prepared.contents.left_out if one.why == WORKING_DOCUMENT}
    if not grounds <= named:
        refuse_access(services, context, prepared.state, "withheld-without-ground")
    others = others_ground(prepared) is not None and not command.others_shown
    if withholds_nothing(prepared, command) and not (command.passages or others):
        refuse_access(services, context, prepared.state, "nothing-withheld")
    known = {item.id for item in prepared.contents.items}
    if any(one.document not in known for one in command.passages):
        refuse_access(services, context, prepared.state, "passage-unknown")


def withholds_nothing(prepared: Prepared, command: MakePackage) -> bool:
    """Whether a partial refusal leaves none of the authority's own working documents out, and says of nothing
    that it stands elsewhere: then a passage must be left out, or she is given what was refused."""
    working = any(one.why == WORKING_DOCUMENT for one in prepared.contents.left_out)
    return _partly(prepared) and not (working or command.withheld_elsewhere)


def _partly(prepared: Prepared) -> bool:
    decided = prepared.decided.event
    return isinstance(decided, AccessDecided) and decided.outcome == "partly"


def others_ground(prepared: Prepared) -> str | None:
    """The ground of the decision on which what is said of other persons is left out; None: it names none."""
    return next((one for one in prepared.rule.others if one in prepared.grounds), None)


def refuse_access(services: Services, context: Context, state: Handover, code: str) -> NoReturn:
    """Put the refusal on the log, then raise it."""
    refuse(services, context, COMMAND, refusal(code), state)


def open_contents(services: Services, context: Context, prepared: Prepared, command: MakePackage) -> Opened:
    """Put the readings on the log, then release the keys. Raises KeyDestroyed where none of them is left."""
    wanted: list[tuple[UUID, UUID | None]] = [(item.id, None) for item in prepared.contents.items]
    wanted += [(prepared.state.document_id, one.id) for one in prepared.contents.attachments]
    if not wanted:
        return Opened(position=prepared.decided.header.position, keys={})
    readings = [package_reading(prepared.state, prepared.lane, prepared.key, *one) for one in wanted]
    if outside_unit(context, prepared.state) and command.outside_reason is not None:
        reason = command.outside_reason
        readings.insert(1, outside_access(context, prepared.state, reason, PURPOSE, prepared.key))
    recorded = services.log.append(
        Append(events=tuple(readings), actor=context.actor, correlation_id=context.correlation_id)
    )
    keys: dict[UUID, bytes] = {}
    for one in recorded:
        if isinstance(one.event, DocumentRead):
            read = one.event.attachment or one.event.document_id
            with suppress(KeyDestroyed):
                keys[read] = services.subjects.release(one, (read,)).content_key(read)
    if not keys:
        raise KeyDestroyed("no document of the case can be opened any more")
    return Opened(position=recorded[-1].header.position, keys=keys)


def package_reading(
    state: Handover, lane: LaneOfRights, key: str, document: UUID, attachment: UUID | None
) -> NewEvent:
    """That something was opened for a package, or a package itself."""
    return own_event(
        Decided(event=DocumentRead(handover=state.id, document_id=document, attachment=attachment)),
        stream=readings_of(state.id),
        authority=lane.authority,
        purpose=PURPOSE,
        subjects=(key,),
    )


class NewPackage(msgspec.Struct, frozen=True, kw_only=True):
    """Ids and keys under which a package is sealed: its index, and its file."""

    index: UUID
    file: UUID
    keys: dict[UUID, bytes]

    def __repr__(self) -> str:
        return f"NewPackage({self.index})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def new_package(services: Services, prepared: Prepared) -> NewPackage:
    """Keys for a package, committed before anything is sealed with them."""
    index = services.ids.uuid()
    file = package_file_of(index)
    keys = services.subjects.provision(
        key_id=prepared.key, holders=(holder(prepared.lane.authority),), documents=(index, file)
    )
    return NewPackage(index=index, file=file, keys=keys.content_keys)


def record_package(
    services: Services,
    context: Context,
    prepared: Prepared,
    command: MakePackage,
    package: NewPackage,
    index: bytes,
    sha256: str,
) -> Outcome:
    """Record that access was given, with the package's hash; its file is on disk already.

    A colleague who wrote in the lane meanwhile is no reason to refuse, unless the decision is gone.
    """
    sealed = seal_document(services.ids, package.index, index, package.keys[package.index])
    given = AccessGiven(
        handover=prepared.state.id,
        request=command.request,
        way=command.way,
        addressee=command.addressee,
        package_sha256=sha256,
        note=Note(document_id=sealed.id, document_sha256=sealed.ciphertext_sha256),
    )
    for attempt in range(1, ATTEMPTS + 1):
        lane = lane_of(services, prepared.state.id, prepared.lane.authority)
        if _decided(lane, command.request) is None:
            refuse_access(services, context, prepared.state, "access-not-decided")
        try:
            return append_rights(
                services,
                context,
                prepared.state,
                lane,
                ((given, to_instant(services.clock.now())),),
                (sealed,),
                (f"attachment:{package.file}",),
                location=f"/v1/handovers/{prepared.state.id}/access/{command.request}/package",
            )
        except StreamConflict:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")
