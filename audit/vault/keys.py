"""AES-256-GCM keys and how one key wraps another.

A wrapped key is nonce || ciphertext || tag; its associated data names what the key is for, so
that no wrap can be moved to another citizen, controller or document.
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.log.entry import EntryDamaged

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyUnusable(Exception):
    """A wrapped key does not open: another epoch key, or damage."""


def wrap(wrapping: AESGCM, key: bytes, purpose: str) -> bytes:
    """Wrap key material for a purpose."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + wrapping.encrypt(nonce, key, purpose.encode())


def unwrap(wrapping: AESGCM, wrapped: bytes, purpose: str) -> bytes:
    """Unwrap key material. Raises KeyUnusable."""
    try:
        return wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        raise KeyUnusable("a wrapped key does not open with this epoch key") from None


def content_purpose(document: UUID, key_id: str) -> str:
    """What a document's content key is wrapped for: one document, one holder."""
    return f"content:{document}:{key_id}"


class DataKeySealer:
    """A data key that only seals."""

    __slots__ = ("_aead", "key_id")

    def __init__(self, key_id: str, aead: AESGCM) -> None:
        self.key_id = key_id
        self._aead = aead

    def __eq__(self, other: object) -> bool:
        """By the key, which has one value for good."""
        return isinstance(other, DataKeySealer) and other.key_id == self.key_id

    def __hash__(self) -> int:
        return hash(self.key_id)

    def seal(self, nonce: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
        """AES-256-GCM ciphertext with tag."""
        return self._aead.encrypt(nonce, plaintext, associated_data)


class DataKeyOpener:
    """A data key released against a committed event."""

    __slots__ = ("_aead", "key_id")

    def __init__(self, key_id: str, aead: AESGCM) -> None:
        self.key_id = key_id
        self._aead = aead

    def open(self, nonce: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
        """The plaintext. Raises EntryDamaged when the tag does not hold."""
        try:
            return self._aead.decrypt(nonce, ciphertext, associated_data)
        except (InvalidTag, ValueError):
            raise EntryDamaged("a body does not open under its header and facts") from None

    def content_key(self, document: UUID, wrapped: bytes) -> bytes:
        """A document's content key that was wrapped for this data key. Raises KeyUnusable."""
        return unwrap(self._aead, wrapped, content_purpose(document, self.key_id))
