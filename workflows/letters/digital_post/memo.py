"""A letter to a citizen as the parts of a MeMo 1.2 message, checked before it is written.

Source: the official examples (MeMo_Full_Example.xml of 1.2, MeMo_Minimum_Example.xml of 1.1); interop.md 3.1.
"""

import re
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from domain.identity.errors import IdentityError
from domain.identity.organisation import parse_cvr
from domain.identity.person import PersonId, PersonIdType
from workflows.letters.digital_post.refusal import DigitalPostRefused

NAMESPACE: Final = "https://DigitalPost.dk/MeMo-1"
VERSION: Final = "1.2"
MAX_MESSAGE: Final = 100 * 1024 * 1024
"""Bytes. Ours: the platform's own limit is not known here."""

MediaType = Literal["application/pdf", "text/plain"]
FILENAMES: Final[dict[str, str]] = {"application/pdf": "brev.pdf", "text/plain": "brev.txt"}
"""What the file in the mailbox is called. The name says nothing of the case."""

_UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LABEL: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]{1,256}")
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s./-]?\d){5}")


class MemoLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter to one citizen. Taken as given: `checked` says whether Digital Post can carry it."""

    message_id: UUID
    """Of version 4. It names the message in the drop folder, and in every receipt."""
    sender_cvr: str
    sender_name: str
    """The authority's name, as the mailbox shows it."""
    recipient: PersonId
    title: str
    """What notifications show: from the letter's template, never from the case."""
    media_type: MediaType
    content: bytes
    created: datetime
    reply_to: UUID | None = None
    """The sender's contact point that an answer goes to; without one the letter cannot be answered there."""

    def __repr__(self) -> str:
        return f"MemoLetter({self.message_id}, ***)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # msgspec gives every Struct one that lists its fields; rich tracebacks would print them.
        return [("message_id", str(self.message_id))]


def checked(letter: MemoLetter) -> MemoLetter:
    """The letter itself, with its CVR number as digits alone.

    Raises DigitalPostRefused for whatever Digital Post could not carry, or should not show.
    """
    if letter.recipient.type is not PersonIdType.CPR:
        raise DigitalPostRefused("recipient-not-cpr")
    if _UUID4.fullmatch(str(letter.message_id)) is None:
        raise DigitalPostRefused("message-id")
    if letter.created.tzinfo is None:
        raise DigitalPostRefused("time-without-zone")
    for label in (letter.sender_name, letter.title):
        if _LABEL.fullmatch(label) is None or label != label.strip():
            raise DigitalPostRefused("label")
    # A name cannot be told from other words. A number can: CPR numbers, case numbers, birth dates.
    if _LONG_NUMBER.search(letter.title):
        raise DigitalPostRefused("title-number")
    if letter.media_type not in FILENAMES:
        raise DigitalPostRefused("media-type")
    if not _is_of(letter.media_type, letter.content):
        raise DigitalPostRefused("content")
    try:
        return msgspec.structs.replace(letter, sender_cvr=parse_cvr(letter.sender_cvr).value)
    except IdentityError:
        raise DigitalPostRefused("sender-cvr") from None


def message_id(text: str) -> UUID:
    """A message's id as a UUID. Raises DigitalPostRefused `message-id`."""
    lowered = text.lower()
    if _UUID4.fullmatch(lowered) is None:
        raise DigitalPostRefused("message-id")
    return UUID(lowered)


def _is_of(media_type: str, content: bytes) -> bool:
    if media_type == "application/pdf":
        return content.startswith(b"%PDF-")
    try:
        return bool(content.decode("utf-8").strip()) and b"\x00" not in content
    except UnicodeDecodeError:
        return False
