"""The receipt that comes back for a letter sent as Digital Post: KOMBIT's `PKO_PostStatus` (SF1601).

It comes bare, or as base64 in the `Haendelsesbesked` of Beskedfordeler, as public senders read it. Digital
Post's own receipt over its own interface is another format, and is not read here.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Fault
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID
from xml.etree import ElementTree

import msgspec

from workflows.letters.digital_post.memo import message_id
from workflows.letters.digital_post.read import read_time
from workflows.letters.digital_post.refusal import DigitalPostRefused
from workflows.letters.digital_post.safe_xml import only, read_xml, text_of

MAX_RECEIPT: Final = 256 * 1024
"""Bytes; a receipt is a few kilobytes."""

_STATUS: Final = "{http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types}"
_ENVELOPE: Final = "{urn:oio:besked:kuvert:1.0}"
_DELIVERY: Final = "{urn:oio:sts:1.0.0}ModtagBeskedInput"
_RECEIPT_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_ERROR_CODE: Final = re.compile(r"[0-9]{1,10}")


class PostStatus(StrEnum):
    """How far the letter is."""

    RECEIVED = "received"
    """Digital Post has taken it in. It need not be in the citizen's mailbox yet."""
    AVAILABLE = "available"
    """It is in the citizen's mailbox: it has arrived (DPL §10)."""
    FAILED = "failed"
    """It will not reach the citizen this way."""


_STATUSES: Final = {
    "modtaget digital post": PostStatus.RECEIVED,
    "afleveret digital post": PostStatus.AVAILABLE,
    "fejlet": PostStatus.FAILED,
}


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says. Its free text about an error is left in the file: it may name a person."""

    message_id: UUID
    """The letter it is about."""
    receipt_id: str | None
    """The transmission's id in Digital Post: with the time it proves arrival. A failure may have none."""
    status: PostStatus
    at: datetime
    """When it became so; UTC."""
    error_code: str | None = None

    @property
    def available_at(self) -> datetime | None:
        """When the letter was available to the citizen, where this receipt says that it was."""
        return self.at if self.status is PostStatus.AVAILABLE else None


def read_receipt(raw: bytes) -> Receipt:
    """The receipt in a file. Raises DigitalPostRefused."""
    root = _post_status(read_xml(raw, MAX_RECEIPT))
    status = _STATUSES.get(text_of(root, f"{_STATUS}TransaktionsStatusKode").lower())
    if status is None:
        raise DigitalPostRefused("status-unknown")
    error_code = _optional(root, f"{_STATUS}FejlDetaljer/{_STATUS}FejlKode", _ERROR_CODE, "error-code")
    if error_code is not None and status is PostStatus.AVAILABLE:
        raise DigitalPostRefused("contradiction")
    receipt_id = _optional(root, f"{_STATUS}TransmissionId", _RECEIPT_ID, "receipt-id")
    if receipt_id is None and status is PostStatus.AVAILABLE:
        raise DigitalPostRefused("receipt-id")
    return Receipt(
        message_id=message_id(text_of(root, f"{_STATUS}MessageUUID")),
        receipt_id=receipt_id,
        status=status,
        at=read_time(text_of(root, f"{_STATUS}TransaktionsDatoTid")),
        error_code=error_code,
    )


def _optional(root: ElementTree.Element, path: str, form: re.Pattern[str], code: str) -> str | None:
    found = [(element.text or "").strip() for element in root.findall(path)]
    if not any(found):
        return None
    if len(found) > 1 or form.fullmatch(found[0]) is None:
        raise DigitalPostRefused(code)
    return found[0]


def _post_status(root: ElementTree.Element) -> ElementTree.Element:
    if root.tag == _DELIVERY:
        root = only(root, f"{_ENVELOPE}Haendelsesbesked")
    if root.tag == f"{_ENVELOPE}Haendelsesbesked":
        # Of the inner namespaces two spellings are about; the name is enough.
        encoded = text_of(root, "{*}Beskeddata/{*}Base64")
        try:
            inner = b64decode("".join(encoded.split()), validate=True)
        except (Base64Fault, ValueError):
            raise DigitalPostRefused("not-base64") from None
        root = read_xml(inner, MAX_RECEIPT)
    if root.tag != f"{_STATUS}PKO_PostStatus":
        raise DigitalPostRefused("not-a-receipt")
    return root
