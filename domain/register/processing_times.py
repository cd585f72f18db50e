"""A published time of decision as the register holds it (RSL §3(2), §3a)."""

import msgspec


class ProcessingTime(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality's published time of decision under a legal basis, from a Danish day on."""

    legal_basis: str
    length: int
    unit: str
    valid_from: str
    source: str
