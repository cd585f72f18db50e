"""A letter as the bytes of a MeMo 1.2 message. The same letter always gives the same bytes."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree

from workflows.letters.digital_post.memo import (
    FILENAMES,
    MAX_MESSAGE,
    NAMESPACE,
    VERSION,
    MemoLetter,
    checked,
)
from workflows.letters.digital_post.refusal import DigitalPostRefused

# KOMBIT's service takes the message under this prefix only.
ElementTree.register_namespace("memo", NAMESPACE)

_LANGUAGE: Final = "da"


def build_memo(letter: MemoLetter) -> bytes:
    """The message, UTF-8. It holds the CPR number and the letter: never log it.

    Raises DigitalPostRefused.
    """
    sure = checked(letter)
    message = ElementTree.Element(f"{{{NAMESPACE}}}Message", {"memoVersion": VERSION})
    _header(message, sure)
    _body(message, sure)
    raw: bytes = ElementTree.tostring(message, encoding="UTF-8", xml_declaration=True)
    if len(raw) > MAX_MESSAGE:
        raise DigitalPostRefused("too-long")
    return raw


def _header(message: ElementTree.Element, letter: MemoLetter) -> None:
    header = _add(message, "MessageHeader")
    _add(header, "messageType", "DIGITALPOST")
    _add(header, "messageUUID", str(letter.message_id))
    _add(header, "label", letter.title)
    _add(header, "reply", "true" if letter.reply_to else "false")
    # As other senders set them: neither is sent past an exemption (mandatory), nor is it a service of
    # process (legalNotification, forkyndelse).
    _add(header, "mandatory", "false")
    _add(header, "legalNotification", "false")
    sender = _add(header, "Sender")
    _add(sender, "senderID", letter.sender_cvr)
    _add(sender, "idType", "CVR")
    _add(sender, "label", letter.sender_name)
    if letter.reply_to:
        _add(_add(sender, "ContactPoint"), "contactPointID", str(letter.reply_to))
    recipient = _add(header, "Recipient")
    _add(recipient, "recipientID", letter.recipient.value)
    _add(recipient, "idType", "CPR")


def _body(message: ElementTree.Element, letter: MemoLetter) -> None:
    body = _add(message, "MessageBody")
    _add(body, "createdDateTime", _utc(letter.created))
    file = _add(_add(body, "MainDocument"), "File")
    _add(file, "encodingFormat", letter.media_type)
    _add(file, "filename", FILENAMES[letter.media_type])
    _add(file, "language", _LANGUAGE)
    _add(file, "content", b64encode(letter.content).decode())


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
