"""Events before and after they stand on the log.

An event class *is* its facts: a frozen Struct whose fields are codes, dates, ids and booleans,
so that whoever folds or judges events can reach nothing else. The sealed part is a second
Struct, the body, which only a reader with a released key ever sees.
"""

from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.events.header import Header

NO_CPR = r"(?!.*[0-9]{6}-?[0-9]{4})"
"""Nothing CPR-shaped fits into a coded fact."""

Code = Annotated[str, Meta(pattern=rf"^{NO_CPR}[a-z0-9][a-z0-9_.:§()-]{{0,63}}\Z")]
"""A coded value: lower-case, no spaces, never free text."""

AuthorityCode = Annotated[str, Meta(pattern=r"^[0-9]{4}\Z")]
"""A municipality code (0101-0860), a region code, or 0000 for Overgang itself."""

UnitId = Annotated[str, Meta(pattern=rf"^{NO_CPR}[a-z0-9-]{{1,64}}\Z")]
"""The register's id of a unit (an ambulatory, a municipal centre)."""

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


Count = Annotated[int, Meta(ge=0, lt=2**53)]
"""A number that every JSON reader holds exactly (design section 4)."""


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every event: its clear, allow-listed facts."""

    NAME: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every sealed body. It never shows its content."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(sealed)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Nothing for rich either, which would otherwise list every field."""
        return []


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision says has happened; the handler adds who, when and for whom.

    `occurred_at` is the legal moment when it differs from now (an instant, design idea 3).
    """

    event: Facts
    body: Body | None = None
    occurred_at: str | None = None


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it stands on the log. The body stays sealed in `entry`."""

    header: Header
    event: Facts
    entry: bytes

    @property
    def originator_id(self) -> UUID:
        """The stream, under the name the eventsourcing library gives it."""
        return self.header.stream

    @property
    def originator_version(self) -> int:
        """The version in the stream, from 1."""
        return self.header.stream_version
