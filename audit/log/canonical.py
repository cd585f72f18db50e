"""RFC 8785 canonical JSON, for the closed set of values that an entry holds.

Entries hold objects with ASCII names, arrays, strings, booleans, null and integers below 2^53;
for these, msgspec's sorted encoding is byte for byte what RFC 8785 demands (a property test
holds it against the reference implementation). Floats are refused by the caller's types.
"""

from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(value: Any) -> bytes:
    """Canonical UTF-8 bytes of a value. Raises UnicodeEncodeError for a lone surrogate."""
    return _ENCODER.encode(value)
