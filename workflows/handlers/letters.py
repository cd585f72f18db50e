"""Rights that are kept by a letter: composed, previewed, sealed as sent, with the event it stands for.

Name and address come from the case's own document, which is a reading: its event commits before the key is
released. The last date a letter tells is a fact; what was due is derived, and the two are compared.
"""

from datetime import date
from typing import Any, cast
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.events.refusal import Refused
from domain.handover.events import DocumentRead
from domain.handover.parties import kind_of
from domain.handover.state import Handover
from domain.handover.streams import readings_of
from domain.law.appeal_tracks import AppealTrackUnknown
from domain.rights.events import holding
from domain.rights.hearing import HearingSent
from domain.rights.hers import CITIZEN
from domain.rights.letter_commands import SendLetter
from domain.rights.letters import LetterSent
from domain.rights.model import RightsEvent, SealedLetter
from domain.rights.rule import rights_rules
from workflows.handlers.case import holder
from workflows.handlers.dispatch import DIGITAL_POST, has_digital_post, has_mailbox, misaddressed, presumed_on
from workflows.handlers.documents import open_document, seal_document
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import outside_unit, refuse
from workflows.handlers.read import READER_ROLES, is_locked
from workflows.handlers.refusals import refusal
from workflows.handlers.rights import (
    COMMAND,
    PURPOSE,
    LaneOfRights,
    append_rights,
    broken,
    fault_of,
    own_subjects,
    ready_for_rights,
)
from workflows.handlers.routing import register
from workflows.handlers.services import Context, Services
from workflows.letters.compose import compose
from workflows.letters.for_rights import ABOUT, TEMPLATES, Lane, as_written, filled
from workflows.letters.letter import Letter, as_text
from workflows.letters.loader import letter_template_on
from workflows.ports.log import Append, Outcome
from workflows.ports.vault import KeyDestroyed

TEMPLATE = "letter"
DISCLOSURE = "disclosure"
"""What the letter that informs her is about; of anything else it would say what is not so."""


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """A letter ready to be sent, and what it stands for."""

    state: Handover
    lane: LaneOfRights
    letter: Letter
    right: RightsEvent
    sent: LetterSent
    person_id: dict[str, Any] | None
    """Number of the citizen, for Digital Post; sealed with the letter."""

    def __repr__(self) -> str:
        return f"Composed({self.right.NAME})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def preview_letter(services: Services, context: Context, command: SendLetter) -> Letter:
    """The letter as it would be sent, and refused as it would be. A reading of the document, nothing else."""
    return _composed(services, context, command).letter


def send_letter(services: Services, context: Context, command: SendLetter) -> Outcome:
    """Seal the letter as sent, and record what it does and that it was sent.

    Raises CaseNotFound, Refused, LetterRefused, StreamConflict, IdempotentReplay.
    """
    made = _composed(services, context, command)
    authority, letter_id = context.actor.authority, made.sent.letter
    keys = services.subjects.provision(
        key_id=own_subjects(made.state, made.lane, authority)[0],
        holders=(holder(authority),),
        documents=(letter_id,),
    )
    sealed = seal_document(
        services.ids, letter_id, letter_bytes(made.letter, made.person_id), keys.content_keys[letter_id]
    )
    written = SealedLetter(
        document_id=sealed.id,
        document_sha256=sealed.ciphertext_sha256,
        template=made.letter.template,
        template_version=made.letter.template_version,
    )
    now = to_instant(services.clock.now())
    right = msgspec.structs.replace(made.right, written=written)
    events = ((right, now), (made.sent, now))
    claims = (letter_claim(letter_id),)
    return append_rights(services, context, made.state, made.lane, events, (sealed,), claims)


def letter_claim(letter: UUID) -> str:
    """By what a letter is found again when a receipt of it comes."""
    return f"letter:{letter}"


def letter_bytes(letter: Letter, person_id: dict[str, Any] | None) -> bytes:
    """A letter as it is sealed: a document under a template of its own, opened like any other."""
    return msgspec.json.encode(
        {
            "template": TEMPLATE,
            "template_version": 1,
            "sections": {
                TEMPLATE: {"letter": letter, "text": as_text(letter), "recipient_id": person_id},
            },
        },
        order="sorted",
    )


def _composed(services: Services, context: Context, command: SendLetter) -> Composed:
    right, authority = command.right, context.actor.authority
    state, lane = ready_for_rights(services, context, right.handover)
    now = services.clock.now()
    said = fault_of(context, right, lane, to_instant(now), to_instant(now))
    if said is None and (type(right) not in TEMPLATES or getattr(right, "of", DISCLOSURE) != DISCLOSURE):
        said = refusal("no-letter")
    if said is None and command.dispatch.way == DIGITAL_POST and not has_digital_post(services, authority):
        said = refusal("no-digital-post")
    said = said or misaddressed(command.dispatch)
    if said is not None:
        refuse(services, context, COMMAND, said, state)
    today = danish_day(now)
    presumed = presumed_on(command.dispatch, today)
    if isinstance(right, HearingSent) and right.answer_by <= presumed.isoformat():
        refuse(services, context, COMMAND, refusal("hearing-too-short"), state)
    person = _person(services, context, state)
    if command.dispatch.way == DIGITAL_POST and not has_mailbox(person):
        refuse(services, context, COMMAND, refusal("not-to-her-mailbox"), state)
    values = _values(services, context, command, state, lane, today, presumed, person)
    template = letter_template_on(TEMPLATES[type(right)], today)
    try:
        letter = compose(template, values)
    except AppealTrackUnknown as unknown:
        raise Refused(
            "no-appeal-track",
            f"No guidance on appeal can be given: {unknown.code}.",
            "Der kan ikke gives klagevejledning på dette grundlag.",
        ) from None
    right = as_written(right, letter, values)
    sent = _sent(services, command, right, letter, today, presumed)
    before = broken(services, context, state, lane, (right, sent))
    if before is not None:
        refuse(services, context, COMMAND, before, state)
    return Composed(
        state=state,
        lane=lane,
        letter=letter,
        right=right,
        sent=sent,
        person_id=person.get("person_id"),
    )


def _person(services: Services, context: Context, state: Handover) -> dict[str, Any]:
    """Name, number and address from the newest document that the authority reads.

    Nothing where it has none, where it is shut or locked, or where another unit has the case: then the
    caller states the recipient.
    """
    side = state.side_of(context.actor.authority)
    key = state.sender_key if side == "sender" else state.receiver_key if side == "receiver" else None
    if key is None or not state.documents or state.quarantined or is_locked(services, state, side):
        return {}
    if context.actor.role not in READER_ROLES or outside_unit(context, state):
        return {}
    document = state.newest(side)
    [recorded] = services.log.append(
        Append(
            events=(
                own_event(
                    Decided(event=DocumentRead(handover=state.id, document_id=document, attachment=None)),
                    stream=readings_of(state.id),
                    authority=context.actor.authority,
                    purpose=PURPOSE,
                    subjects=(key,),
                ),
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
        )
    )
    ciphertext = services.log.document(document)
    try:
        content_key = services.subjects.release(recorded, (document,)).content_key(document)
    except KeyDestroyed:
        return {}
    if ciphertext is None:
        return {}
    found = open_document(document, ciphertext, content_key)
    return cast("dict[str, Any]", found["sections"].get("stamoplysninger", {}))


def _values(
    services: Services,
    context: Context,
    command: SendLetter,
    state: Handover,
    lane: LaneOfRights,
    today: date,
    presumed: date,
    person: dict[str, Any],
) -> dict[str, Any]:
    authority, dispatch, signature = context.actor.authority, command.dispatch, command.signature
    known = register(services.log, authority)
    unit = known.units.get(context.actor.unit) if known and context.actor.unit else None
    kind = kind_of(authority)
    name = known.name if known is not None else authority
    recipient = dispatch.recipient or tuple(
        str(line) for line in (_stated(person, "name"), _stated(person, "address")) if line
    )
    to_citizen = dispatch.addressee == CITIZEN
    filled_in = filled(
        command.right,
        Lane(
            events=holding(lane.events),
            kind="region" if kind == "region" else "municipality",
            today=today,
            presumed=presumed,
            send_to=(name, *signature.contact),
        ),
    )
    frame = {
        "authority": name,
        "unit": unit.name if unit is not None else name,
        "contact": list(signature.contact),
        "caseworker": signature.caseworker,
        "caseworker_title": signature.title,
        "date": today,
        "recipient": list(recipient),
        "recipient_role": "citizen" if to_citizen else "representative",
        "case_number": str(state.id),
    }
    if not to_citizen:
        frame["about"] = dispatch.about or _stated(person, "name")
    known_values = {key: value for key, value in filled_in.items() if value is not None}
    return {**command.values, **known_values, **frame}


def _stated(person: dict[str, Any], name: str) -> str | None:
    """A field of the document, unless it is withheld or skipped."""
    value = person.get(name)
    return value if isinstance(value, str) else None


def _sent(
    services: Services,
    command: SendLetter,
    right: RightsEvent,
    letter: Letter,
    today: date,
    presumed: date,
) -> LetterSent:
    about, field = ABOUT[type(right)]
    limits = rights_rules()["told-last-date"].limit
    compared = limits.by_track if limits is not None else {}
    told = [one for one in letter.told if one.last_date is not None]
    first = next((one for one in told if one.track.lower() in compared), told[0] if told else None)
    return LetterSent(
        handover=right.handover,
        letter=services.ids.uuid(),
        matter=getattr(right, field),
        about=about,
        addressee=command.dispatch.addressee,
        way=command.dispatch.way,
        carrier=command.dispatch.carrier,
        dispatched_on=today.isoformat(),
        presumed_on=presumed.isoformat(),
        track=first.track.lower() if first is not None else None,
        told_last_date=first.last_date.isoformat() if first is not None and first.last_date else None,
    )


def sealed_letter(ciphertext: bytes, letter: UUID, content_key: bytes) -> dict[str, Any]:
    """A sealed letter opened again: its text, the letter, and the number it goes to."""
    found = open_document(letter, ciphertext, content_key)
    return cast("dict[str, Any]", found["sections"][TEMPLATE])
