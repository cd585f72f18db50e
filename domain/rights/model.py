"""What every event about a right has: the handover it concerns, and whether it happened outside Overgang."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.document.formats import DATE
from domain.events.model import NO_CPR, Code, Count, Facts, Sha256
from domain.handover.steps import Note

Day = Annotated[str, Meta(pattern=DATE.removesuffix("$") + r"\Z")]
"""A Danish calendar day, as RFC 3339 writes it; one that the calendar has (no 31 February)."""


ReceiptId = Annotated[str, Meta(pattern=rf"^{NO_CPR}[A-Za-z0-9-]{{1,64}}\Z")]
"""The id of a receipt in the system that gave it: of Digital Post, of a carrier."""


class RightsEvent(Facts, frozen=True, kw_only=True):
    """Base of the events of an authority's lane of rights on a handover.

    `outside`: it was not done through Overgang and is registered afterwards. Such a fact is never refused
    for what the law says of it; it is judged (design section 3, idea 2).
    """

    handover: UUID
    outside: bool = False
    note: Note | None = None
    """What was written of it: an answer, an assessment, a reason; sealed."""


class SealedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it was sent: its sealed document, and the template that it was made from."""

    document_id: UUID
    document_sha256: Sha256
    template: Code
    template_version: Count
