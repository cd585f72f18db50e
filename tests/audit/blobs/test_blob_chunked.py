"""Sealed streams: what goes in comes out, and nothing else does."""

import io
import os
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.blobs.chunked import (
    CHUNK_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    BlobDamaged,
    ciphertext_size,
    decrypt_stream,
    encrypt_stream,
)

KEY = bytes(range(32))
DOCUMENT = b"document 1"
SEALED = CHUNK_BYTES + TAG_BYTES
EDGES = [0, 1, 65535, 65536, 65537, 131071, 131072, 131073, 3 * 65536 + 5]


def seal(plaintext: bytes, key: bytes = KEY, associated_data: bytes = DOCUMENT) -> bytes:
    return b"".join(encrypt_stream([plaintext], key, associated_data))


def unseal(sealed: bytes, key: bytes = KEY, associated_data: bytes = DOCUMENT) -> bytes:
    return b"".join(decrypt_stream(io.BytesIO(sealed), key, associated_data))


def chunks_of(sealed: bytes) -> list[bytes]:
    body = sealed[HEADER_BYTES:]
    return [body[at : at + SEALED] for at in range(0, len(body), SEALED)]


class Dribble(io.RawIOBase):
    """A raw stream that hands out short reads, as sockets and some file systems do."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 1009))


@pytest.mark.parametrize("size", EDGES)
def test_what_is_sealed_opens_again_at_every_edge_size(size: int) -> None:
    plaintext = os.urandom(size)
    sealed = seal(plaintext)
    assert len(sealed) == ciphertext_size(size)
    assert unseal(sealed) == plaintext


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(EDGES[:5]), st.integers(0, 70_000)), max_size=5))
def test_how_the_sender_cuts_the_stream_does_not_matter(sizes: list[int]) -> None:
    pieces = [bytes([number % 251]) * size for number, size in enumerate(sizes)]
    sealed = b"".join(encrypt_stream(pieces, KEY, DOCUMENT))
    assert len(sealed) == ciphertext_size(sum(sizes))
    assert unseal(sealed) == b"".join(pieces)


def test_short_reads_are_not_taken_for_the_end() -> None:
    plaintext = os.urandom(2 * CHUNK_BYTES + 77)
    dribble: Iterator[bytes] = decrypt_stream(Dribble(seal(plaintext)), KEY, DOCUMENT)  # type: ignore[arg-type]
    assert b"".join(dribble) == plaintext


def test_the_format_is_as_written_down() -> None:
    """Given a stream put together by hand from the module's description, it opens."""
    header = b"OVGB\x01" + b"prefix7"
    bound = header + DOCUMENT
    cipher = AESGCM(KEY)
    first = cipher.encrypt(b"prefix7" + b"\0\0\0\0" + b"\0", b"a" * CHUNK_BYTES, bound)
    last = cipher.encrypt(b"prefix7" + b"\0\0\0\x01" + b"\x01", b"end", bound)
    assert unseal(header + first + last) == b"a" * CHUNK_BYTES + b"end"


def test_two_sealings_of_the_same_bytes_share_nothing() -> None:
    one, two = seal(b"same"), seal(b"same")
    assert one[5:] != two[5:]
    assert one[HEADER_BYTES:] != two[HEADER_BYTES:]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([0, 1, 40, 65536, 65600, 131072]), st.data())
def test_any_flipped_bit_is_found(size: int, data: st.DataObject) -> None:
    sealed = bytearray(seal(b"\x5a" * size))
    regions = [
        st.integers(0, HEADER_BYTES - 1),
        st.integers(0, len(sealed) - 1),
        st.integers(len(sealed) - TAG_BYTES, len(sealed) - 1),
    ]
    position = data.draw(st.one_of(regions))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BlobDamaged):
        unseal(bytes(sealed))


@pytest.mark.parametrize("position", range(HEADER_BYTES))
def test_every_byte_of_the_header_is_bound(position: int) -> None:
    sealed = bytearray(seal(b"x"))
    sealed[position] ^= 0x80
    with pytest.raises(BlobDamaged) as damaged:
        unseal(bytes(sealed))
    assert damaged.value.reason == ("header" if position < 4 else "version" if position == 4 else "seal")
    assert damaged.value.code == "blob-damaged"


@pytest.mark.parametrize("size", EDGES)
def test_truncation_at_and_around_every_border_is_found(size: int) -> None:
    sealed = seal(os.urandom(size))
    borders = {0, 1, 4, 5, HEADER_BYTES}
    borders.update(range(HEADER_BYTES, len(sealed), SEALED))
    for border in sorted(borders):
        for cut in (border - 1, border, border + 1, border + TAG_BYTES, border + TAG_BYTES + 1):
            if 0 <= cut < len(sealed):
                with pytest.raises(BlobDamaged):
                    unseal(sealed[:cut])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, 65536, 65537, 140_000]), st.data())
def test_truncation_anywhere_is_found(size: int, data: st.DataObject) -> None:
    sealed = seal(b"\x11" * size)
    with pytest.raises(BlobDamaged):
        unseal(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


def test_reordered_dropped_and_repeated_chunks_are_found() -> None:
    sealed = seal(os.urandom(4 * CHUNK_BYTES))
    header, parts = sealed[:HEADER_BYTES], chunks_of(sealed)
    first, second, third, last = parts
    assert unseal(header + b"".join(parts))
    for wrong in (
        [second, first, third, last],
        [first, third, second, last],
        [first, second, last],
        [second, third, last],
        [first, first, second, third, last],
        [first, second, third, third],
        [first, second, third, last, last],
        [last],
        [first],
    ):
        with pytest.raises(BlobDamaged):
            unseal(header + b"".join(wrong))


@pytest.mark.parametrize("size", [0, 1, 65536, 65537])
def test_extension_is_found(size: int) -> None:
    sealed = seal(os.urandom(size))
    for more in (b"\0", b"\0" * TAG_BYTES, sealed[HEADER_BYTES:], os.urandom(SEALED)):
        with pytest.raises(BlobDamaged):
            unseal(sealed + more)


def test_an_empty_last_chunk_after_others_is_not_canonical() -> None:
    """Given a writer who holds the key and appends an empty last chunk, the stream is still refused."""
    header = b"OVGB\x01" + b"prefix7"
    cipher = AESGCM(KEY)
    first = cipher.encrypt(b"prefix7" + b"\0\0\0\0" + b"\0", b"a" * CHUNK_BYTES, header + DOCUMENT)
    last = cipher.encrypt(b"prefix7" + b"\0\0\0\x01" + b"\x01", b"", header + DOCUMENT)
    with pytest.raises(BlobDamaged):
        unseal(header + first + last)


def test_a_chunk_of_another_stream_under_the_same_key_does_not_fit() -> None:
    one, two = seal(b"a" * (CHUNK_BYTES + 9)), seal(b"b" * (CHUNK_BYTES + 9))
    with pytest.raises(BlobDamaged):
        unseal(one[:HEADER_BYTES] + chunks_of(two)[0] + chunks_of(one)[1])


def test_another_document_or_key_does_not_open_it() -> None:
    sealed = seal(b"content")
    for key, document in ((KEY, b"document 2"), (KEY, b""), (KEY, DOCUMENT + b"\0"), (bytes(32), DOCUMENT)):
        with pytest.raises(BlobDamaged) as damaged:
            unseal(sealed, key, document)
        assert damaged.value.reason == "seal"


def test_nothing_of_a_damaged_chunk_is_released() -> None:
    """Given damage in the second chunk, the first comes out whole and then nothing."""
    plaintext = os.urandom(3 * CHUNK_BYTES)
    sealed = bytearray(seal(plaintext))
    sealed[HEADER_BYTES + SEALED + 5] ^= 1
    released = bytearray()
    with pytest.raises(BlobDamaged):
        for chunk in decrypt_stream(io.BytesIO(bytes(sealed)), KEY, DOCUMENT):
            released += chunk
    assert released == plaintext[:CHUNK_BYTES]


@pytest.mark.parametrize("size", [0, 16, 24, 31, 33])
def test_a_key_of_another_size_is_an_error_of_the_caller_at_once(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        encrypt_stream([b"x"], bytes(size), DOCUMENT)
    with pytest.raises(ValueError, match="32 bytes"):
        decrypt_stream(io.BytesIO(), bytes(size), DOCUMENT)


def test_sealing_works_chunk_by_chunk() -> None:
    """Given an endless source, the first sealed chunks come out without its end."""

    def endless() -> Iterator[bytes]:
        while True:
            yield b"z" * 10_000

    stream = encrypt_stream(endless(), KEY, DOCUMENT)
    assert [len(next(stream)) for _ in range(4)] == [HEADER_BYTES, SEALED, SEALED, SEALED]
