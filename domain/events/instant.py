"""Instants as the log writes them: RFC 3339, UTC, six digits, `Z` (design section 4)."""

import re
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

INSTANT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z"

_FORM = re.compile(INSTANT_PATTERN)

Instant = Annotated[str, Meta(pattern=INSTANT_PATTERN)]
"""A text that sorts as time: every instant has the same length and zone."""

Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
"""A calendar day in Denmark, as RFC 3339 writes it."""


def to_instant(moment: datetime) -> str:
    """Write an aware datetime as the log's instant. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def from_instant(instant: str) -> datetime:
    """Read an instant back as an aware datetime in UTC. Raises ValueError for any other text."""
    if not _FORM.match(instant):
        raise ValueError("not an instant")
    return datetime.fromisoformat(instant)
