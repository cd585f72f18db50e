"""A handover's course as it would stand on the log, without one: steps and facts with times of their own."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.course.events import CaseFact
from domain.events.header import ENVELOPE, Header, WorkflowRef
from domain.events.instant import to_instant
from domain.events.model import Facts, Recorded
from domain.handover import events as h
from domain.handover import steps as s
from domain.handover.streams import facts_of

REGION, EAST, TOWN, OTHER_TOWN = "1085", "1099", "0370", "0330"
HANDOVER = UUID("6f1c2c1e-7d7a-4a7e-9d0b-0b8a8b6f2f11")
ON = {"handover": HANDOVER}
BEGINNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_KEY = "ab" * 16


def day(number: float) -> datetime:
    """So many days after the submission, or before it."""
    return BEGINNING + timedelta(days=number)


def at(number: float) -> str:
    """The same as an instant."""
    return to_instant(day(number))


def submitted(
    move_from: str = "integreret", move_to: str = "koordineret", **more: object
) -> h.HandoverSubmitted:
    """The region hands a citizen of the town over."""
    fields: dict[str, object] = {
        "source": "api",
        "citizen_key": _KEY,
        "template": "overgangsdokument",
        "template_version": 2,
        "move_from": move_from,
        "move_to": move_to,
        "direction": "region-to-municipality",
        "sender_authority": REGION,
        "sender_unit": "amb-slagelse",
        "receiver_authority": TOWN,
        "receiver_unit": None,
        "acting_municipality": TOWN,
        "document_id": UUID(int=1),
        "document_sha256": "cd" * 32,
        "document_facts": {},
    }
    return h.HandoverSubmitted(**(fields | more))  # type: ignore[arg-type]


def corrected(
    facts: dict[str, str | bool],
    *,
    delivered: bool = True,
    move_from: str = "integreret",
    move_to: str = "koordineret",
) -> s.HandoverCorrected:
    """The sender puts another document in place; what was not delivered is its own."""
    return s.HandoverCorrected(
        reason="missing",
        supersedes=HANDOVER,
        template="overgangsdokument",
        template_version=2,
        move_from=move_from,
        move_to=move_to,
        document_id=HANDOVER,
        document_sha256="cd" * 32,
        document_facts=facts,
        label_key=_KEY,
        delivered=delivered,
        submitted_at=at(0),
        acknowledge_by=None,
    )


def delivered(
    wish: bool | None = True, move_from: str = "integreret", move_to: str = "koordineret", **more: object
) -> h.HandoverDelivered:
    """It comes to the town's main mailbox."""
    fields: dict[str, object] = {
        "channel": "overgang-mailbox",
        "citizen_key": _KEY,
        "mailbox": UUID(int=2),
        "mailbox_version": 1,
        "receiver_authority": TOWN,
        "receiver_unit": "rusmiddelcenter",
        "sender_authority": REGION,
        "sender_unit": "amb-slagelse",
        "template": "overgangsdokument",
        "template_version": 2,
        "move_from": move_from,
        "move_to": move_to,
        "direction": "region-to-municipality",
        "document_id": UUID(int=1),
        "document_sha256": "cd" * 32,
        "document_facts": {} if wish is None else {"borgerens_perspektiv.wishes_treatment": wish},
        "acknowledge_by": at(3),
    }
    return h.HandoverDelivered(**(fields | more))  # type: ignore[arg-type]


DISPUTED = frozenset({"second-return", "both-refuse", "imported", "acting-meanwhile", "sender-meanwhile"})
"""The reasons of a duty while nobody has settled whose the handover is."""
TAKEN_OVER = h.HandoverTakenOver(document_id=UUID(int=1))
SENT = h.HandoverSent(channel="overgang-mailbox", attempt=1)


def course(*events: tuple[Facts, float] | tuple[Facts, float, str]) -> list[Recorded]:
    """Events with the day on which each happened, recorded in this order; the third is who recorded it."""
    made: list[Recorded] = []
    versions: dict[UUID, int] = {}
    for position, given in enumerate(events):
        event, when, *who = given
        stream = facts_of(HANDOVER) if isinstance(event, CaseFact) else HANDOVER
        versions[stream] = versions.get(stream, 0) + 1
        made.append(_recorded(event, position, stream, versions[stream], when, next(iter(who), TOWN)))
    return made


def handed_over(*events: tuple[Facts, float] | tuple[Facts, float, str]) -> list[Recorded]:
    """A handover that was submitted and delivered at once, and what happened beside."""
    return course((submitted(), 0, REGION), (delivered(), 0, "0000"), *events)


def _recorded(
    event: Facts, position: int, stream: UUID, version: int, when: float, authority: str
) -> Recorded:
    header = Header(
        envelope=ENVELOPE,
        position=position,
        stream=stream,
        stream_version=version,
        event=event.NAME,
        schema=event.SCHEMA,
        workflow=WorkflowRef(name="handover", version=2) if stream == HANDOVER else None,
        occurred_at=at(when),
        recorded_at=at(1000 + position),
        actor=UUID(int=7),
        role="caseworker",
        unit=None,
        authority=authority,
        controller=authority,
        visible_to=tuple(sorted({authority, REGION, TOWN})),
        legal_basis=(),
        purpose="handover",
        subjects=(),
        correlation_id=UUID(int=9),
        causation_id=None,
        idempotency_id=None,
        software="test",
        rules="0" * 64,
    )
    return Recorded(header=header, event=event, entry=b"")
