"""Letters on their way to the citizen's Digital Post, and the receipts that come back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class PostReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What came back about a letter. `name` is what it is kept under until it has been dealt with.

    `available_at`: when it was in her mailbox (DPL §10); None while it is not. `failed`: it never will be.
    """

    name: str
    letter: UUID
    receipt_id: str | None
    available_at: datetime | None
    failed: bool


class Post(Protocol):
    """Where letters leave by, and receipts come in by."""

    def put(self, message: UUID, content: bytes) -> None:
        """Hand a message over; again with the same bytes is harmless."""

    def receipts(self) -> Sequence[PostReceipt]:
        """What came back and has not been dealt with yet."""

    def done(self, name: str) -> None:
        """A receipt stands on the log."""

    def set_aside(self, name: str) -> None:
        """A receipt is about no letter that we know: kept for a person to look at."""
