"""An authority or a unit is succeeded by another at an instant (OVL §§6-7, 10; JFB §45).

A succession changes where documents go, so that it too is proposed by one person and confirmed by
another (decision 0016).
"""

from uuid import UUID

from domain.events.instant import Instant
from domain.events.model import AuthorityCode, Code, Facts, UnitId


class SuccessionProposed(Facts, frozen=True, kw_only=True):
    """One person says who succeeds an authority (`unit` None), or one of its units."""

    NAME = "succession-proposed"

    proposal: UUID
    authority: AuthorityCode
    unit: UnitId | None
    successor_authority: AuthorityCode
    successor_unit: UnitId | None
    valid_from: Instant
    basis: Code


class AuthoritySucceeded(Facts, frozen=True, kw_only=True):
    """Another person confirmed: from that instant the successor stands in the authority's place."""

    NAME = "authority-succeeded"

    proposal: UUID
    authority: AuthorityCode
    successor: AuthorityCode
    valid_from: Instant
    basis: Code


class UnitSucceeded(Facts, frozen=True, kw_only=True):
    """Another person confirmed: from that instant the successor stands in the unit's place.

    The unit keeps its SOR and GLN in the register; an address that names them leads to the successor.
    """

    NAME = "unit-succeeded"

    proposal: UUID
    authority: AuthorityCode
    unit: UnitId
    successor_authority: AuthorityCode
    successor_unit: UnitId
    valid_from: Instant
    basis: Code
