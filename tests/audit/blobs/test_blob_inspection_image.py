"""Images: every frame decoded, none too large, nothing behind the end."""

import io
import random
import struct
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from audit.blobs.image_check import check_image
from audit.blobs.inspection import inspect
from audit.blobs.limits import AttachmentLimits
from audit.blobs.refusals import AttachmentRefused, RefusalCode

LIMITS = AttachmentLimits()
KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}


def picture(kind: str, size: tuple[int, int] = (120, 80), frames: int = 1, **options: Any) -> bytes:
    out = io.BytesIO()
    first, *rest = (
        Image.frombytes("RGB", size, random.Random(number).randbytes(size[0] * size[1] * 3))
        for number in range(frames)
    )
    more: dict[str, Any] = {"save_all": True, "append_images": rest} if rest else {}
    first.save(out, KINDS[kind], **more, **options)
    return out.getvalue()


def refusal(tmp_path: Path, kind: str, data: bytes, limits: AttachmentLimits = LIMITS) -> RefusalCode:
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(AttachmentRefused) as refused:
        check_image(path, kind, limits)
    return refused.value.code


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("image/png", {}),
        ("image/png", {"optimize": True}),
        ("image/jpeg", {}),
        ("image/jpeg", {"progressive": True}),
        ("image/jpeg", {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"}),
        ("image/tiff", {}),
        ("image/tiff", {"compression": "tiff_lzw"}),
        ("image/tiff", {"compression": "jpeg"}),
        ("image/tiff", {"compression": "tiff_adobe_deflate"}),
    ],
)
def test_an_ordinary_image_passes(tmp_path: Path, kind: str, options: dict[str, Any]) -> None:
    path = tmp_path / "upload"
    path.write_bytes(picture(kind, **options))
    assert check_image(path, kind, LIMITS) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_road_through_the_child_process(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(picture(kind))
    inspection = inspect(path, kind, LIMITS)
    assert (inspection.media_type, inspection.pages) == (kind, 1)


def test_a_fax_of_many_pages_passes_and_counts_its_pages(tmp_path: Path) -> None:
    out = io.BytesIO()
    pages = [Image.new("1", (1728, 2200), number % 2) for number in range(5)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    path = tmp_path / "upload"
    path.write_bytes(out.getvalue())
    assert check_image(path, "image/tiff", LIMITS) == 5


def test_a_scanners_quirk_in_the_metadata_is_no_damage(tmp_path: Path) -> None:
    """Given a tag that says twice what is said once (PlanarConfiguration with a count of 2)."""
    data = picture("image/tiff")
    once = struct.pack("<HHI", 284, 3, 1)
    assert once in data
    path = tmp_path / "upload"
    path.write_bytes(data.replace(once, struct.pack("<HHI", 284, 3, 2)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="too many entries"):
            Image.open(path).load()
    assert check_image(path, "image/tiff", LIMITS) == 1


@pytest.mark.parametrize("kind", ["image/tiff", "image/png"])
def test_too_many_frames_are_refused(tmp_path: Path, kind: str) -> None:
    data = picture(kind, (20, 20), frames=4)
    assert refusal(tmp_path, kind, data, AttachmentLimits(max_pages=3)) == "attachment-pages"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_cut_image_is_damaged(tmp_path: Path, kind: str, part: float) -> None:
    data = picture(kind)
    assert refusal(tmp_path, kind, data[: int(len(data) * part)]) == "image-damaged"


def test_a_late_page_of_a_tiff_is_looked_at_as_closely_as_the_first(tmp_path: Path) -> None:
    """Given a TIFF whose third page's compressed data are overwritten."""
    data = bytearray(picture("image/tiff", frames=3, compression="tiff_adobe_deflate"))
    with Image.open(io.BytesIO(bytes(data))) as image:
        assert isinstance(image, TiffImageFile)
        image.seek(2)
        offset = image.tag_v2[273][0]
    data[offset : offset + 400] = b"\xff" * 400
    assert refusal(tmp_path, "image/tiff", bytes(data)) == "image-damaged"


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_png_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    data = bytearray(picture("image/png"))
    data[data.index(b"IDAT") + 40] ^= 1
    assert refusal(tmp_path, "image/png", bytes(data)) == "image-damaged"


def test_a_png_with_a_wrong_checksum_behind_the_picture_is_damaged(tmp_path: Path) -> None:
    data = picture("image/png")
    note = bytearray(png_chunk(b"tEXt", b"Comment\0abc"))
    end = data.rindex(b"IEND") - 4
    path = tmp_path / "upload"
    path.write_bytes(data[:end] + note + data[end:])
    assert check_image(path, "image/png", LIMITS) == 1
    note[-1] ^= 1
    assert refusal(tmp_path, "image/png", data[:end] + note + data[end:]) == "image-damaged"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """Given 60,000 by 60,000 pixels in a few hundred bytes."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)
    bomb += png_chunk(b"IDAT", zlib.compress(bytes(100_000))) + png_chunk(b"IEND", b"")
    assert refusal(tmp_path, "image/png", bomb) == "image-too-large"


@pytest.mark.parametrize("kind", KINDS)
def test_the_pixel_limit_is_exact(tmp_path: Path, kind: str) -> None:
    data = picture(kind, (100, 50))
    path = tmp_path / "upload"
    path.write_bytes(data)
    assert check_image(path, kind, AttachmentLimits(max_pixels=5000)) == 1
    assert refusal(tmp_path, kind, data, AttachmentLimits(max_pixels=4999)) == "image-too-large"


def test_the_pixel_limit_holds_for_every_page(tmp_path: Path) -> None:
    out = io.BytesIO()
    small, large = Image.new("L", (10, 10)), Image.new("L", (100, 100))
    small.save(out, "TIFF", save_all=True, append_images=[small, large])
    limits = AttachmentLimits(max_pixels=5000)
    assert refusal(tmp_path, "image/tiff", out.getvalue(), limits) == "image-too-large"


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_data_behind_the_end_are_refused_and_padding_is_not(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(picture(kind) + b"\0\0\r\n")
    assert check_image(path, kind, LIMITS) == 1
    assert refusal(tmp_path, kind, picture(kind) + b"<script>") == "attachment-trailing-data"


def test_a_second_picture_behind_the_first_is_refused(tmp_path: Path) -> None:
    two = picture("image/jpeg") + picture("image/jpeg")
    assert refusal(tmp_path, "image/jpeg", two) == "attachment-trailing-data"


def zipped(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("run.js", "x")
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_that_is_also_an_archive_is_refused(tmp_path: Path, kind: str) -> None:
    assert refusal(tmp_path, kind, zipped(picture(kind))) == "attachment-polyglot"


def test_an_image_that_is_also_a_pdf_is_refused(tmp_path: Path) -> None:
    pdf = io.BytesIO()
    with pikepdf.Pdf.new() as document:
        document.add_blank_page()
        document.save(pdf)
    data = picture("image/jpeg")
    comment = b"\xff\xfe" + struct.pack(">H", len(pdf.getvalue()) + 2) + pdf.getvalue()
    assert refusal(tmp_path, "image/jpeg", data[:2] + comment + data[2:]) == "attachment-polyglot"


@pytest.mark.parametrize("declared", KINDS)
@pytest.mark.parametrize("actual", KINDS)
def test_one_kind_is_not_taken_for_another(tmp_path: Path, declared: str, actual: str) -> None:
    if declared != actual:
        assert refusal(tmp_path, declared, picture(actual)) == "image-damaged"


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_any_mangling_ends_in_a_verdict_never_in_a_crash(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    mangled = bytearray(picture(kind, (16, 12)))
    for _ in range(data.draw(st.integers(1, 6))):
        mangled[data.draw(st.integers(0, len(mangled) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "upload"
    path.write_bytes(mangled)
    try:
        assert check_image(path, kind, LIMITS) >= 1
    except AttachmentRefused as refused:
        assert refused.code in {
            "image-damaged",
            "image-too-large",
            "attachment-trailing-data",
            "attachment-pages",
        }
