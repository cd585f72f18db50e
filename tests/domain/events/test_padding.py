"""Padding of bodies: 256, 1k, 4k, then powers of two (design section 4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.padding import bucket, pad, unpad


@given(st.binary(max_size=3000))
def test_padding_comes_off_again(plaintext):
    assert unpad(pad(plaintext)) == plaintext


@given(st.binary(max_size=200), st.integers(0, 5000))
def test_content_that_ends_in_zeros_or_the_mark_comes_back_whole(start, zeros):
    for plaintext in (start + b"\x00" * zeros, start + b"\x80" + b"\x00" * zeros, b"\x80" * zeros):
        assert unpad(pad(plaintext)) == plaintext


@given(st.integers(0, 2**26))
def test_a_bucket_is_the_smallest_that_holds_the_content_and_its_mark(length):
    size = bucket(length)
    sizes = [256, 1024, 4096, *(2**power for power in range(13, 28))]
    assert size == min(candidate for candidate in sizes if candidate > length)


@pytest.mark.parametrize(
    ("length", "size"),
    [
        (0, 256),
        (255, 256),
        (256, 1024),
        (1023, 1024),
        (1024, 4096),
        (4095, 4096),
        (4096, 8192),
        (8192, 16384),
    ],
)
def test_the_edges_of_the_buckets(length, size):
    assert bucket(length) == len(pad(b"x" * length)) == size


@pytest.mark.parametrize("damaged", [b"", b"\x00" * 256, b"x" * 256, b"x\x81" + b"\x00" * 254])
def test_bytes_without_the_mark_are_damage(damaged):
    with pytest.raises(ValueError, match="padding"):
        unpad(damaged)
