"""Chunked authenticated encryption of attachments (AES-256-GCM in the STREAM construction).

An attachment may be 100 MiB, and one GCM tag over the whole would either hold all of it in memory or
release plaintext that nobody has vouched for. STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, "Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015) seals each chunk on its own
and puts position and finality into the nonce, so no chunk can be moved, dropped, repeated or added.

Layout, version 1::

    header   "OVGB" | version 0x01 | 7 random bytes (nonce prefix)             12 bytes
    chunk    AES-256-GCM of 65,536 plaintext bytes, then its 16-byte tag       (the last may be shorter)

    nonce             = prefix (7) | chunk counter, big-endian (4) | 1 if last, else 0 (1)
    associated data   = header (12) | the caller's bytes (the document's id)

The encoding is canonical: an empty attachment is one empty last chunk, and an empty chunk is allowed
nowhere else.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK_BYTES: Final = 64 * 1024
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32
MAGIC: Final = b"OVGB"
VERSION: Final = 1
PREFIX_BYTES: Final = 7
HEADER_BYTES: Final = len(MAGIC) + 1 + PREFIX_BYTES
_SEALED_BYTES: Final = CHUNK_BYTES + TAG_BYTES
_MAX_CHUNKS: Final = 2**32

DamageReason = Literal["header", "version", "truncated", "seal", "hash", "too-long"]

_TEXTS: Final[dict[str, str]] = {
    "header": "the file does not begin as a sealed attachment",
    "version": "the file is sealed in a version that this software does not know",
    "truncated": "the file ends before its last chunk",
    "seal": "a chunk does not open under this key, document and position",
    "hash": "the stored bytes are not those the log names",
    "too-long": "the file has more chunks than its counter can tell apart",
}


class BlobDamaged(Exception):
    """A sealed attachment is not what was stored: cut, altered, reordered, extended or of another document.

    ``code`` is always ``blob-damaged``; ``reason`` says which check failed. The text never holds content.
    """

    code: Final = "blob-damaged"

    def __init__(self, reason: DamageReason) -> None:
        super().__init__(_TEXTS[reason])
        self.reason: DamageReason = reason


def ciphertext_size(plaintext_size: int) -> int:
    """Size in bytes of the sealed file for a plaintext of ``plaintext_size`` bytes."""
    chunks = max(1, -(-plaintext_size // CHUNK_BYTES))
    return HEADER_BYTES + plaintext_size + chunks * TAG_BYTES


def encrypt_stream(chunks: Iterable[bytes], key: bytes, associated_data: bytes) -> Iterator[bytes]:
    """Seal a stream; yields the header, then one sealed chunk at a time.

    ``chunks`` may be cut anywhere. ``key`` is the document's own 256-bit content key, used for one
    attachment only; ``associated_data`` names what the bytes belong to and must be given again to open
    them. Memory: the largest of the caller's pieces and one chunk. ``ValueError`` for a key of another size.
    """
    cipher = _cipher(key)
    return _seal(chunks, cipher, associated_data)


def _seal(chunks: Iterable[bytes], cipher: AESGCM, associated_data: bytes) -> Iterator[bytes]:
    prefix = os.urandom(PREFIX_BYTES)
    header = MAGIC + bytes((VERSION,)) + prefix
    bound = header + associated_data
    yield header
    counter = 0
    held = bytearray()
    for piece in chunks:
        view = memoryview(piece)
        while len(view):
            # A full chunk is sealed only when a further byte proves that it is not the last.
            if len(held) == CHUNK_BYTES:
                yield cipher.encrypt(_nonce(prefix, counter, last=False), bytes(held), bound)
                held.clear()
                counter += 1
            room = CHUNK_BYTES - len(held)
            held += view[:room]
            view = view[room:]
    yield cipher.encrypt(_nonce(prefix, counter, last=True), bytes(held), bound)


def decrypt_stream(read: BinaryIO, key: bytes, associated_data: bytes) -> Iterator[bytes]:
    """Open a sealed stream; yields plaintext chunk by chunk, each only after its tag has held.

    What has been yielded is an authentic *beginning*; that it is the whole is known when the iterator ends
    without error, so a consumer that acts on the content must read to the end. Raises ``BlobDamaged`` at
    the first fault, ``ValueError`` for a key of another size. Memory: two chunks.
    """
    cipher = _cipher(key)
    return _open(read, cipher, associated_data)


def _open(read: BinaryIO, cipher: AESGCM, associated_data: bytes) -> Iterator[bytes]:
    header = _read_exactly(read, HEADER_BYTES)
    if not header.startswith(MAGIC):
        raise BlobDamaged("truncated" if MAGIC.startswith(header) else "header")
    if len(header) < HEADER_BYTES:
        raise BlobDamaged("truncated")
    if header[len(MAGIC)] != VERSION:
        raise BlobDamaged("version")
    prefix = header[len(MAGIC) + 1 :]
    bound = header + associated_data
    counter = 0
    sealed = _read_exactly(read, _SEALED_BYTES)
    while True:
        if len(sealed) < TAG_BYTES or (counter and len(sealed) == TAG_BYTES):
            raise BlobDamaged("truncated")
        # Only a full chunk can have a successor; looking ahead tells which flag the nonce must carry.
        following = _read_exactly(read, _SEALED_BYTES) if len(sealed) == _SEALED_BYTES else b""
        try:
            nonce = _nonce(prefix, counter, last=not following)
            plaintext = cipher.decrypt(nonce, sealed, bound)
        except InvalidTag:
            raise BlobDamaged("seal") from None
        if plaintext:
            yield plaintext
        if not following:
            return
        sealed = following
        counter += 1


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError("a content key is 32 bytes")
    return AESGCM(key)


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    if counter >= _MAX_CHUNKS:  # 256 TiB: never wrap, a repeated nonce would break every chunk
        raise BlobDamaged("too-long")
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _read_exactly(read: BinaryIO, size: int) -> bytes:
    """Up to ``size`` bytes, fewer only at the end of the stream (a raw stream may hand out short reads)."""
    first = read.read(size)
    if not first or len(first) == size:
        return first
    parts = bytearray(first)
    while len(parts) < size and (more := read.read(size - len(parts))):
        parts += more
    return bytes(parts)
