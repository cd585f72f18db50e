"""Bodies are padded so that the length of a ciphertext says little (design section 4).

Buckets: 256, 1,024, 4,096 bytes, then powers of two. ISO/IEC 7816-4: 0x80, then zeros.
"""

_SMALL = (256, 1024, 4096)


def bucket(length: int) -> int:
    """The padded size in bytes for a plaintext of `length` bytes (one byte marks the end)."""
    needed = length + 1
    for size in _SMALL:
        if needed <= size:
            return size
    return 1 << (needed - 1).bit_length()


def pad(plaintext: bytes) -> bytes:
    """Pad to the next bucket."""
    return (plaintext + b"\x80").ljust(bucket(len(plaintext)), b"\x00")


def unpad(padded: bytes) -> bytes:
    """Take the padding off. Raises ValueError if there is none."""
    end = padded.rstrip(b"\x00")
    if not end.endswith(b"\x80"):
        raise ValueError("padding is damaged")
    return end[:-1]
