"""The installation's own keys: for the index of numbers, for fingerprints, and for sealing numbers.

They are wrapped by the epoch key, made once, and never leave the process that opened them.
"""

import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.database.port import Rows
from audit.vault.keys import KEY_BYTES, KeyUnusable, unwrap, wrap

EPOCH = 1
PROOF = b"overgang epoch proof"
NAMES = ("pepper", "fingerprint", "identity")


class Installation:
    """The installation's keys, once they are opened."""

    def __init__(self, epoch: AESGCM) -> None:
        self._epoch = epoch
        self._keys: dict[str, bytes] = {}

    def make(self, rows: Rows) -> None:
        """Make the keys that are not there yet."""
        rows.execute(
            "INSERT INTO epoch VALUES (?, ?) ON CONFLICT DO NOTHING",
            (EPOCH, wrap(self._epoch, PROOF, "epoch")),
        )
        for name in NAMES:
            rows.execute(
                "INSERT INTO installation_key VALUES (?, ?) ON CONFLICT DO NOTHING",
                (name, wrap(self._epoch, os.urandom(KEY_BYTES), f"installation:{name}")),
            )

    def open(self, rows: Rows) -> None:
        """Check the epoch key and open the keys. Raises KeyUnusable."""
        proof = rows.execute("SELECT proof FROM epoch WHERE n = ?", (EPOCH,)).fetchone()
        if proof is None:
            raise KeyUnusable("the vault has not been set up")
        unwrap(self._epoch, bytes(proof[0]), "epoch")
        wrapped = rows.execute("SELECT name, wrapped FROM installation_key").fetchall()
        self._keys = {name: unwrap(self._epoch, bytes(key), f"installation:{name}") for name, key in wrapped}

    def fingerprint(self, content: bytes) -> bytes:
        """HMAC-SHA-256 of content under the fingerprint key."""
        return hmac.digest(self._keys["fingerprint"], content, "sha256")

    def lookup(self, number: str) -> bytes:
        """The keyed index value of a number: HMAC-SHA-256 under the pepper."""
        return hmac.digest(self._keys["pepper"], number.encode(), "sha256")

    def seal_number(self, lookup: bytes, number: bytes) -> bytes:
        """Seal a number under the identity key, bound to its index value."""
        return wrap(AESGCM(self._keys["identity"]), number, f"number:{lookup.hex()}")

    def open_number(self, lookup: bytes, sealed: bytes) -> bytes:
        """A number as it was sealed. Raises KeyUnusable."""
        return unwrap(AESGCM(self._keys["identity"]), sealed, f"number:{lookup.hex()}")
