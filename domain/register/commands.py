"""What a registrar asks for: authorities, units, main mailboxes with valid time."""

from uuid import UUID

import msgspec


class RegisterAuthority(msgspec.Struct, frozen=True, kw_only=True):
    """Enter an authority."""

    authority: str
    name: str
    cvr: str | None = None


class RegisterUnit(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a unit of an authority."""

    authority: str
    unit: str
    kind: str
    name: str
    sor: str | None
    gln: str | None
    offers_dual_diagnosis: bool = False


class RegisterMainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a main mailbox from an instant on."""

    authority: str
    unit: str | None
    served_by: str
    address: str
    valid_from: str
    valid_to: str | None = None
    channel: str = "overgang-mailbox"


class EndMainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """End a main mailbox at an instant."""

    mailbox: UUID
    valid_to: str
