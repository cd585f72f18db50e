"""Images: every frame decoded in full, none larger than allowed, nothing after the end."""

import mmap
import re
import struct
import warnings
from pathlib import Path
from typing import Final

from PIL import Image, ImageSequence, UnidentifiedImageError

from audit.blobs.limits import AttachmentLimits
from audit.blobs.polyglot import refuse_polyglot
from audit.blobs.refusals import AttachmentRefused

# MPO is what Pillow calls a JPEG with further pictures behind it (phones): the tail check refuses it.
_FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG",),
    "image/tiff": ("TIFF",),
}
_PADDING: Final = b"\x00\r\n"
# A marker in entropy-coded data: not a stuffed zero, not a restart, not a fill byte (ITU-T T.81 B.1.1.2).
_JPEG_MARKER: Final = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.DOTALL)
_PNG_CHUNK: Final = struct.Struct(">I4s")
_FAULTS: Final = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error)


def check_image(path: Path, kind: str, limits: AttachmentLimits) -> int:
    """Decode an image in full; returns its number of frames or raises ``AttachmentRefused``.

    Sets Pillow's limit for the whole process: meant for the inspecting child.
    """
    refuse_polyglot(path, kind)
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Pillow only warns of a directory that is cut off; of odd metadata, as scanners write, it may.
            warnings.filterwarnings("ignore", category=UserWarning)
            warnings.filterwarnings("error", "Truncated", category=UserWarning)
            with Image.open(path, formats=_FORMATS[kind]) as image:
                _check_size(image, limits)
                image.verify()  # PNG: the checksum of every chunk; closes the image
            with Image.open(path, formats=_FORMATS[kind]) as image:
                frames = _load_frames(image, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise AttachmentRefused("image-too-large") from None
    except (UnidentifiedImageError, UserWarning, *_FAULTS):
        raise AttachmentRefused("image-damaged") from None
    _check_tail(path, kind)
    return frames


def _load_frames(image: Image.Image, limits: AttachmentLimits) -> int:
    frames = 0
    for frame in ImageSequence.Iterator(image):
        frames += 1
        if frames > limits.max_pages:
            raise AttachmentRefused("attachment-pages")
        _check_size(frame, limits)
        frame.load()
    return frames


def _check_size(image: Image.Image, limits: AttachmentLimits) -> None:
    if image.width * image.height > limits.max_pixels:
        raise AttachmentRefused("image-too-large")


def _check_tail(path: Path, kind: str) -> None:
    """PNG and JPEG say where they end; TIFF does not (its parts lie wherever an offset points)."""
    if kind == "image/tiff":
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            end = _png_end(data) if kind == "image/png" else _jpeg_end(data)
        except (struct.error, IndexError):
            raise AttachmentRefused("image-damaged") from None
        if data[end:].strip(_PADDING):
            raise AttachmentRefused("attachment-trailing-data")


def _png_end(data: mmap.mmap) -> int:
    position = 8
    while True:
        length, chunk = _PNG_CHUNK.unpack_from(data, position)
        position += 12 + int(length)
        if position > len(data):
            raise AttachmentRefused("image-damaged")
        if chunk == b"IEND":
            return position


def _jpeg_end(data: mmap.mmap) -> int:
    position = 2
    while True:
        if data[position] != 0xFF:
            raise AttachmentRefused("image-damaged")
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        position += 1
        if marker == 0xD9:  # EOI
            return position
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # markers without a segment
            continue
        position += int.from_bytes(data[position : position + 2], "big")
        if marker == 0xDA:  # SOS: entropy-coded data up to the next marker
            found = _JPEG_MARKER.search(data, position)
            if not found:
                raise AttachmentRefused("image-damaged")
            position = found.start()
