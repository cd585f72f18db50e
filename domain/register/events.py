"""The register's events: authorities, units and main mailboxes with valid time (law.md 10).

Names and functional addresses of public authorities are public and stand in the facts; a
person's own mailbox is refused before it gets here (decision 0004).
"""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.events.instant import Instant
from domain.events.model import AuthorityCode, Code, Facts, UnitId

OrganisationName = Annotated[str, Meta(min_length=2, max_length=120)]
FunctionalAddress = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._-]{1,62}@[a-z0-9.-]{3,190}\Z")]
Sor = Annotated[str, Meta(pattern=r"^[0-9]{11,18}\Z")]
Gln = Annotated[str, Meta(pattern=r"^[0-9]{13}\Z")]
Cvr = Annotated[str, Meta(pattern=r"^[0-9]{8}\Z")]


class AuthorityRegistered(Facts, frozen=True, kw_only=True):
    """An authority takes part: a region or a municipality."""

    NAME = "authority-registered"

    authority: AuthorityCode
    kind: Code
    name: OrganisationName
    cvr: Cvr | None


class UnitRegistered(Facts, frozen=True, kw_only=True):
    """A unit of an authority: an ambulatory or a municipal centre, with its SOR and GLN.

    Schema 1 had no `offers_dual_diagnosis`; it is upcast as not known to offer it.
    """

    NAME = "unit-registered"
    SCHEMA = 2

    authority: AuthorityCode
    unit: UnitId
    kind: Code
    name: OrganisationName
    sor: Sor | None
    gln: Gln | None
    offers_dual_diagnosis: bool


class MainMailboxRegistered(Facts, frozen=True, kw_only=True):
    """A main mailbox (hovedpostkasse) of an authority or one of its units, from an instant on.

    `unit` None means the authority's own main mailbox; `served_by` is the unit that opens it,
    so that everybody else is outside. `valid_to` is exclusive.
    """

    NAME = "main-mailbox-registered"

    mailbox: UUID
    authority: AuthorityCode
    unit: UnitId | None
    served_by: UnitId
    purpose: Code
    channel: Code
    address: FunctionalAddress
    valid_from: Instant
    valid_to: Instant | None


class MainMailboxEnded(Facts, frozen=True, kw_only=True):
    """A main mailbox stops being valid at an instant."""

    NAME = "main-mailbox-ended"

    mailbox: UUID
    authority: AuthorityCode
    valid_to: Instant
