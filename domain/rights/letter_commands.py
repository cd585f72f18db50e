"""What people ask for when a right is kept by a letter."""

from typing import Any

import msgspec

from domain.handover.commands import Command
from domain.rights.model import RightsEvent


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs (FVL §32b), and how the citizen reaches the authority."""

    caseworker: str
    title: str
    contact: tuple[str, ...]


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """How a letter leaves. `recipient`: name and address as lines, where they are not the document's.

    `about`: whom it is about, in a letter to a representative.
    """

    way: str
    carrier: str | None = None
    addressee: str = "citizen"
    recipient: tuple[str, ...] = ()
    about: str | None = None


class SendLetter(Command, frozen=True, kw_only=True):
    """Keep a right by a letter: what it does, what it says by its template's fields, and how it leaves."""

    right: RightsEvent
    values: dict[str, Any]
    signature: Signature
    dispatch: Dispatch

    def __repr__(self) -> str:
        return f"SendLetter({self.right.NAME})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []
