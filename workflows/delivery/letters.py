"""Letters on their way: out to Digital Post, and what proves that they have arrived (DPL §10).

Without proof of arrival no appeal period runs. A receipt becomes an event of the lane once, however often it
is read.
"""

from typing import Any, cast
from uuid import UUID

import msgspec

from domain.events.instant import from_instant, to_instant
from domain.events.model import Decided, Recorded
from domain.identity.person import parse_person_id
from domain.law.loader import basis_of
from domain.register.state import Register
from domain.rights.letters import LetterArrived, LetterNotDelivered, LetterSent
from workflows.handlers.dispatch import DIGITAL_POST
from workflows.handlers.letters import letter_claim, sealed_letter
from workflows.handlers.rights import PURPOSE
from workflows.handlers.routing import register
from workflows.handlers.services import SYSTEM, Services
from workflows.letters.digital_post.build import build_memo
from workflows.letters.digital_post.memo import MediaType, MemoLetter
from workflows.letters.letter import Letter
from workflows.letters.pdf import LetterNotPrinted, ReportExtraMissing, as_pdf
from workflows.ports.log import Append, NewEvent, RegisterClash
from workflows.ports.post import PostReceipt
from workflows.ports.vault import OpenBody


def post_letter(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    """Hand a letter that goes by Digital Post over, as it was sealed. Raises KeyDestroyed, OSError."""
    event = recorded.event
    assert isinstance(event, LetterSent)
    if event.way != DIGITAL_POST or event.outside or services.post is None:
        return
    content_key = services.subjects.release(recorded, (event.letter,)).content_key(event.letter)
    ciphertext = services.log.document(event.letter)
    assert ciphertext is not None, "a letter is sealed in the transaction that says it was sent"
    sealed = sealed_letter(ciphertext, event.letter, content_key)
    known = register(services.log, recorded.header.controller)
    assert known is not None, "an authority that sends letters is registered"
    services.post.put(event.letter, build_memo(_message(recorded, event.letter, sealed, known)))


def _message(recorded: Recorded, letter: UUID, sealed: dict[str, Any], known: Register) -> MemoLetter:
    number = sealed["recipient_id"]
    media_type, content = _content(sealed)
    return MemoLetter(
        message_id=letter,
        sender_cvr=known.cvr or "",
        sender_name=known.name,
        recipient=parse_person_id(number["type"], number["value"], allow_test_numbers=True),
        title=str(sealed["letter"]["title"]),
        media_type=media_type,
        content=content,
        created=from_instant(recorded.header.recorded_at),
    )


def _content(sealed: dict[str, Any]) -> tuple[MediaType, bytes]:
    """As a tagged PDF where the installation can print one, otherwise as text: the same words."""
    try:
        return "application/pdf", as_pdf(msgspec.convert(sealed["letter"], Letter))
    except (ReportExtraMissing, LetterNotPrinted):
        return "text/plain", str(sealed["text"]).encode()


def take_receipts(services: Services) -> int:
    """Put what came back on the log; returns how many letters it told of."""
    if services.post is None:
        return 0
    told = 0
    for receipt in services.post.receipts():
        lane = services.log.claimant(letter_claim(receipt.letter))
        if lane is None:
            services.post.set_aside(receipt.name)
            continue
        told += _tell(services, receipt, lane)
        services.post.done(receipt.name)
    return told


def _tell(services: Services, receipt: PostReceipt, lane: UUID) -> bool:
    sent = next(
        one
        for one in services.log.stream(lane)
        if isinstance(one.event, LetterSent) and one.event.letter == receipt.letter
    )
    letter = cast("LetterSent", sent.event)
    happened: LetterArrived | LetterNotDelivered
    occurred_at = None
    if receipt.failed:
        happened = LetterNotDelivered(
            handover=letter.handover, letter=letter.letter, matter=letter.matter, reason="not-registered"
        )
    else:
        assert receipt.available_at is not None
        occurred_at = to_instant(min(receipt.available_at, services.clock.now()))
        happened = LetterArrived(
            handover=letter.handover,
            letter=letter.letter,
            matter=letter.matter,
            about=letter.about,
            evidence="digital-post-receipt",
            receipt=receipt.receipt_id,
        )
    header = sent.header
    event = NewEvent(
        decided=Decided(event=happened, occurred_at=occurred_at),
        stream=lane,
        expected_version=None,
        controller=header.controller,
        visible_to=header.visible_to,
        purpose=PURPOSE,
        legal_basis=basis_of(PURPOSE),
        subjects=tuple(subject.key_id for subject in header.subjects),
    )
    try:
        services.log.append(
            Append(
                events=(event,),
                actor=SYSTEM,
                correlation_id=services.ids.uuid(),
                claims=(f"receipt:{happened.NAME}:{letter.letter}",),
            )
        )
    except RegisterClash:
        return False
    return True
