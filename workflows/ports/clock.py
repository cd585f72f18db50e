"""Where time and chance come from."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class Ids(Protocol):
    """Where random ids and key material come from."""

    def uuid(self) -> UUID:
        """A random UUID (version 4)."""

    def random_bytes(self, length: int) -> bytes:
        """Unpredictable bytes."""
