"""Who stands in an authority's or a unit's place from an instant on."""

from uuid import UUID

import msgspec


class Succession(msgspec.Struct, frozen=True, kw_only=True):
    """A succession that two persons have entered. `unit` None means the authority itself."""

    unit: str | None
    successor_authority: str
    successor_unit: str | None
    valid_from: str
    basis: str
    version: int

    def holds_at(self, instant: str) -> bool:
        """Whether the successor stands in the place of the one before."""
        return self.valid_from <= instant


class SuccessionProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A succession that waits for a second person."""

    id: UUID
    entered_by: UUID
    entered_at: str
    succession: Succession
