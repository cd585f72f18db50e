"""Which basis allows disclosure to which kind of receiver (law.md 5), as data.

Between health professionals SUL §41 is enough; the social administration is given what the citizen has
consented to in writing (SUL §§43-44), what a municipality may ask for (RSL §11a), or what a plan covers (PSYL
§13c). How a mixed mailbox is read is a setting of the register of main mailboxes.
"""

from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from domain.law.deadline_register import Confidence

FILE: Final = "videregivelse-1.json"


class Row(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "receivers": "to"}
):
    """From one kind of authority to these kinds of receiver: what is enough, the usual first."""

    sender: str
    receivers: tuple[str, ...]
    allows: tuple[str, ...]
    certainty: Confidence


class DisclosureTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it stands."""

    id: str
    version: int
    valid_from: str
    basis: tuple[str, ...]
    note: str
    rows: tuple[Row, ...]


@cache
def disclosure_table() -> DisclosureTable:
    """The table in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=DisclosureTable)


def basis_reaches(basis: str | None, sender_kind: str, receiver: str) -> bool:
    """Whether a stated basis is enough for this kind of receiver. Without a stated one the sender disclosed
    under an assessment of its own."""
    if basis is None:
        return True
    return any(
        basis in row.allows
        for row in disclosure_table().rows
        if row.sender == sender_kind and receiver in row.receivers
    )
