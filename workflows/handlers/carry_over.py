"""A successor takes an authority's or a unit's place: every case of it is carried over, with consents and
clocks (OVL §§6-7, 10; JFB §45).

Batch by batch. The event that begins a batch names its cases and their citizens' keys, and only against it
are keys released: to write the work list's label, and to give the successor copies under keys of its own.
A crash in between leaves the rest of the batch where it was, for the next round.
"""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import msgspec

from domain.events.instant import to_instant
from domain.events.model import Decided, Recorded
from domain.handover.events import LabelBody
from domain.handover.state import Handover
from domain.handover.steps import CarryOverBegun, CarryOverCompleted, HandoverCarriedOver
from domain.handover.streams import successions_of
from domain.law.loader import basis_of
from domain.register.state import Register
from workflows.handlers.case import holder, parties
from workflows.handlers.envelope import case_event, own_event
from workflows.handlers.guard import load
from workflows.handlers.routing import mailbox_served_by, place_of
from workflows.handlers.services import SYSTEM, Services
from workflows.ports.lists import MailboxRow, SuccessionRow
from workflows.ports.log import Append, NewEvent, RegisterClash, StreamConflict
from workflows.ports.vault import BodyKeys, KeyDestroyed, OpenBody, Opener

BATCH = 100


class _Move(msgspec.Struct, frozen=True, kw_only=True):
    """One side of one case, and who stands in its place."""

    state: Handover
    side: str
    from_authority: str
    from_unit: str | None
    to_authority: str
    to_unit: str | None
    key: str | None
    label_position: int | None


Side = tuple[UUID, str]
"""A case, and the side of it that was succeeded."""


class CarryOverFailed(Exception):
    """Cases could not be carried over; the others were. `waiting`: how many could not, or wait."""

    def __init__(self, waiting: int) -> None:
        super().__init__("cases could not be carried over")
        self.waiting = waiting


class _Left(msgspec.Struct):
    """What of a round is still where it was."""

    waiting: set[Side] = set()
    """Nobody has named their unit's successor yet."""
    failed: set[Side] = set()
    changed: int = 0
    """Somebody else changed them meanwhile; the next round takes them."""
    fault: Exception | None = None


def carry_over_all(services: Services, open_body: OpenBody) -> int:
    """Carry over what successions that hold by now ask for; returns how many cases wait for a register
    entry: their unit has no successor yet.

    What comes to a succeeded party after it was carried over goes on to the successor as well. A case that
    fails keeps none of the others waiting; CarryOverFailed comes at the end.
    """
    now, left = to_instant(services.clock.now()), _Left()
    for succession in services.worklists.successions(now):
        if not succession.carried or services.worklists.is_party(succession.authority, succession.unit):
            _carry_over(services, succession, open_body, left)
    if left.fault is not None:
        raise CarryOverFailed(len(left.waiting | left.failed)) from left.fault
    return len(left.waiting)


def carry_over_undelivered(services: Services, state: Handover) -> Handover:
    """A case that waits for delivery goes on to its receiver's successor, for whom the consent holds too.

    A unit without a successor keeps it waiting; routing says so.
    """
    authority = state.receiver_authority
    if authority is None or state.receiver_key is not None:
        return state
    place = place_of(services.log, authority, state.receiver_unit, services.clock.now(), {})
    if place is None or place == (authority, state.receiver_unit):
        return state
    carried = HandoverCarriedOver(
        side="receiver",
        from_authority=authority,
        from_unit=state.receiver_unit,
        to_authority=place[0],
        to_unit=place[1],
        citizen_key=None,
        mailbox=None,
        labelled=False,
    )
    event = case_event(
        Decided(event=carried),
        handover=state.id,
        version=state.version + 1,
        workflow=state.workflow_version,
        controller=state.sender_authority,
        visible_to=(state.sender_authority,),
        subjects=(state.sender_key,),
        purpose="case-administration",
    )
    services.log.append(Append(events=(event,), actor=SYSTEM, correlation_id=services.ids.uuid()))
    return load(services, state.id)


def _carry_over(services: Services, succession: SuccessionRow, open_body: OpenBody, left: _Left) -> None:
    own, after = _Left(), -1
    while rows := services.worklists.of_party(succession.authority, succession.unit, after, BATCH):
        _carry_batch(services, succession, _moves(services, succession, rows, own), open_body, own)
        after = rows[-1].position
    if not (own.waiting or own.failed or own.changed or succession.carried):
        _completed(services, succession)
    left.waiting |= own.waiting
    left.failed |= own.failed
    left.fault = left.fault or own.fault


def _moves(
    services: Services, succession: SuccessionRow, rows: Sequence[MailboxRow], left: _Left
) -> list[_Move]:
    read: dict[str, Register | None] = {}
    moves = []
    for row in rows:
        state = load(services, row.handover)
        for side in ("sender", "receiver"):
            authority, unit = getattr(state, f"{side}_authority"), getattr(state, f"{side}_unit")
            if authority != succession.authority or succession.unit not in (None, unit):
                continue
            place = place_of(services.log, authority, unit, services.clock.now(), read)
            if place is None:
                left.waiting.add((state.id, side))
            elif place != (authority, unit):
                moves.append(
                    _Move(
                        state=state,
                        side=side,
                        from_authority=authority,
                        from_unit=unit,
                        to_authority=place[0],
                        to_unit=place[1],
                        key=getattr(state, f"{side}_key"),
                        label_position=row.label_position if side == "receiver" else None,
                    )
                )
    return moves


def _carry_batch(
    services: Services, succession: SuccessionRow, moves: Sequence[_Move], open_body: OpenBody, left: _Left
) -> None:
    if not moves:
        return
    begun = _begun(services, succession, moves)
    openers = services.subjects.release(begun).openers()
    for move in moves:
        try:
            _carry(services, move, begun, openers, open_body)
        except StreamConflict:
            left.changed += 1
        except Exception as error:  # whatever it is, the others go on
            left.failed.add((move.state.id, move.side))
            left.fault = error


def _begun(services: Services, succession: SuccessionRow, moves: Sequence[_Move]) -> Recorded:
    (begun,) = services.log.append(
        Append(
            events=(
                own_event(
                    Decided(
                        event=CarryOverBegun(
                            authority=succession.authority,
                            successor=succession.successor_authority,
                            handovers=tuple(dict.fromkeys(move.state.id for move in moves)),
                        )
                    ),
                    stream=successions_of(succession.authority),
                    authority=succession.successor_authority,
                    purpose="case-administration",
                    subjects=tuple(dict.fromkeys(move.key for move in moves if move.key)),
                ),
            ),
            actor=SYSTEM,
            correlation_id=services.ids.uuid(),
        )
    )
    return begun


def _carry(
    services: Services, move: _Move, begun: Recorded, openers: dict[str, Opener], open_body: OpenBody
) -> None:
    state, key, label, sealer = load(services, move.state.id), move.key, None, None
    if move.key in openers and move.to_authority != move.from_authority:
        keys = services.subjects.provision(key_id=move.key, holders=(holder(move.to_authority),))
        key = keys.keys[move.to_authority]
        sealer = keys.sealers[key]
        _share(services, state, begun, key)
        label = _label(services, move, openers, open_body)
    now = services.clock.now()
    mailbox = None
    if move.side == "receiver" and move.to_unit is not None:
        mailbox = mailbox_served_by(services.log, move.to_authority, move.to_unit, now)
    carried = HandoverCarriedOver(
        side=move.side,
        from_authority=move.from_authority,
        from_unit=move.from_unit,
        to_authority=move.to_authority,
        to_unit=move.to_unit,
        citizen_key=key,
        mailbox=mailbox,
        labelled=label is not None,
    )
    event = case_event(
        Decided(event=carried, body=label),
        handover=state.id,
        version=state.version + 1,
        workflow=state.workflow_version,
        controller=move.to_authority,
        visible_to=(*parties(state), move.to_authority),
        subjects=tuple(dict.fromkeys(one for one in (move.key, key) if one)),
        keys=BodyKeys(main=sealer) if label is not None and sealer is not None else None,
        purpose="case-administration",
    )
    services.log.append(Append(events=(event,), actor=SYSTEM, correlation_id=begun.header.correlation_id))


def _share(services: Services, state: Handover, begun: Recorded, key: str) -> None:
    """Give the successor's key a way to each document; what the citizen's own key no longer reaches stays."""
    content = (*state.documents, *state.notes, *(attachment.id for attachment in state.attachments))
    for document in content:
        with suppress(KeyDestroyed):
            services.subjects.share(begun, (document,), key)


def _label(
    services: Services, move: _Move, openers: dict[str, Opener], open_body: OpenBody
) -> LabelBody | None:
    if move.label_position is None:
        return None
    entry = services.log.at([move.label_position])[move.label_position].entry
    body = open_body(entry, openers)
    return LabelBody(person=body.person) if isinstance(body, LabelBody) else None


def _completed(services: Services, succession: SuccessionRow) -> None:
    unit = succession.unit
    with suppress(RegisterClash):
        services.log.append(
            Append(
                events=(
                    NewEvent(
                        decided=Decided(event=CarryOverCompleted(authority=succession.authority, unit=unit)),
                        stream=successions_of(succession.authority),
                        expected_version=None,
                        controller=succession.successor_authority,
                        visible_to=tuple(sorted({succession.authority, succession.successor_authority})),
                        purpose="register",
                        legal_basis=basis_of("register"),
                    ),
                ),
                actor=SYSTEM,
                correlation_id=services.ids.uuid(),
                claims=(f"carried-over:{succession.authority}/{unit or ''}:{succession.valid_from}",),
            )
        )
