"""A MeMo 1.2 message of the kind written here, read back: the letter as it was sent, and to whom."""

import re
from base64 import b64decode
from binascii import Error as Base64Fault
from datetime import UTC, datetime
from typing import Final, cast
from uuid import UUID
from xml.etree import ElementTree

from domain.identity.errors import IdentityError
from domain.identity.person import PersonId, PersonIdType
from workflows.letters.digital_post.memo import (
    MAX_MESSAGE,
    NAMESPACE,
    VERSION,
    MediaType,
    MemoLetter,
    checked,
    message_id,
)
from workflows.letters.digital_post.refusal import DigitalPostRefused
from workflows.letters.digital_post.safe_xml import only, optional_text, read_xml, text_of

_MEMO: Final = f"{{{NAMESPACE}}}"
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def read_memo(raw: bytes) -> MemoLetter:
    """The letter in a message. Raises DigitalPostRefused."""
    message = read_xml(raw, MAX_MESSAGE)
    if message.tag != f"{_MEMO}Message":
        raise DigitalPostRefused("not-a-memo")
    if message.get("memoVersion") != VERSION:
        raise DigitalPostRefused("memo-version")
    header, body = only(message, f"{_MEMO}MessageHeader"), only(message, f"{_MEMO}MessageBody")
    if _text(header, "messageType") != "DIGITALPOST" or _text(header, "Sender/idType") != "CVR":
        raise DigitalPostRefused("not-a-memo")
    return checked(
        MemoLetter(
            message_id=message_id(_text(header, "messageUUID")),
            sender_cvr=_text(header, "Sender/senderID"),
            sender_name=_text(header, "Sender/label"),
            recipient=_recipient(header),
            title=_text(header, "label"),
            media_type=cast(MediaType, _text(body, "MainDocument/File/encodingFormat")),
            content=_content(body),
            created=read_time(_text(body, "createdDateTime")),
            reply_to=_contact_point(header),
        )
    )


def read_time(text: str) -> datetime:
    """An xsd:dateTime with its zone, in UTC. Raises DigitalPostRefused `time-format`, `time-without-zone`."""
    form = _TIME.fullmatch(text)
    if form is None:
        raise DigitalPostRefused("time-format")
    if form[1] is None:
        raise DigitalPostRefused("time-without-zone")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DigitalPostRefused("time-format") from None


def _recipient(header: ElementTree.Element) -> PersonId:
    if _text(header, "Recipient/idType") != "CPR":
        raise DigitalPostRefused("recipient-not-cpr")
    try:
        return PersonId(PersonIdType.CPR, _text(header, "Recipient/recipientID"))
    except IdentityError:
        raise DigitalPostRefused("recipient-not-cpr") from None


def _contact_point(header: ElementTree.Element) -> UUID | None:
    text = optional_text(header, _path("Sender/ContactPoint/contactPointID"))
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise DigitalPostRefused("contact-point") from None


def _content(body: ElementTree.Element) -> bytes:
    try:
        return b64decode("".join(_text(body, "MainDocument/File/content").split()), validate=True)
    except (Base64Fault, ValueError):
        raise DigitalPostRefused("not-base64") from None


def _text(parent: ElementTree.Element, path: str) -> str:
    return text_of(parent, _path(path))


def _path(path: str) -> str:
    return "/".join(f"{_MEMO}{name}" for name in path.split("/"))
