"""What is refused of a letter or a receipt, named without its content."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "too-long": "the file is longer than is taken in",
        "not-utf-8": "the file is not UTF-8 text",
        "document-type": "the file has a document type or entities; none are taken",
        "not-xml": "the file is not well-formed XML",
        "not-a-receipt": "the file is no receipt that is known here",
        "not-a-memo": "the file is no MeMo message",
        "memo-version": "the message is of another version of MeMo than 1.2",
        "missing": "an element that must be there once is missing, empty or there twice",
        "not-base64": "the content is not base64",
        "message-id": "the message's id is not a UUID of version 4",
        "receipt-id": "the receipt's id is not 1 to 64 letters, digits and hyphens",
        "status-unknown": "the receipt's status is none that is known here",
        "time-format": "the time is not a date and time with its zone",
        "time-without-zone": "a time needs its zone",
        "contradiction": "the receipt says that the letter arrived, and names an error",
        "error-code": "the receipt's error code is not 1 to 10 digits",
        "sender-cvr": "the sender's CVR number is not one",
        "recipient-not-cpr": "only a person with a CPR number has a mailbox in Digital Post",
        "label": "a label is 1 to 256 characters on one line, with no space at either end",
        "title-number": "the title holds a long number; notifications show it, so it holds no personal data",
        "media-type": "a letter is a PDF or plain text",
        "content": "the letter is empty, or is not what its media type says",
        "contact-point": "a contact point is named by its UUID",
    }
)
"""Stable code -> text. No text holds input."""


class DigitalPostRefused(ValueError):
    """A message or receipt that cannot be what it is given as. `code` is one of `FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {FAULTS[self.code]}"
