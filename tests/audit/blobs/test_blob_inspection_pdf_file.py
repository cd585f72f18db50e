"""PDFs as files: encrypted, damaged, too long, or something else besides."""

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf, Stream

from audit.blobs.inspection import inspect
from audit.blobs.limits import AttachmentLimits
from audit.blobs.pdf_check import check_pdf
from audit.blobs.refusals import AttachmentRefused, RefusalCode

LIMITS = AttachmentLimits()


def new_pdf(pages: int = 1) -> Pdf:
    pdf = Pdf.new()
    for number in range(pages):
        pdf.add_blank_page()
        pdf.pages[number].Contents = Stream(pdf, b"0 0 m 100 100 l S\n" * 20)
    return pdf


def saved(pdf: Pdf, path: Path) -> Path:
    pdf.save(path)
    return path


def refusal(path: Path) -> RefusalCode:
    with pytest.raises(AttachmentRefused) as refused:
        check_pdf(path, LIMITS)
    return refused.value.code


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_pdf_is_refused_also_with_an_empty_password(tmp_path: Path, user: str) -> None:
    path = tmp_path / "a.pdf"
    new_pdf().save(path, encryption=pikepdf.Encryption(owner="owner", user=user))
    assert refusal(path) == "pdf-encrypted"
    with pytest.raises(AttachmentRefused) as refused:
        inspect(path, "application/pdf", LIMITS)
    assert refused.value.code == "pdf-encrypted"


def damage_xref(data: bytes) -> bytes:
    return re.sub(rb"startxref\n\d+", b"startxref\n7", data)


def drop_endobj(data: bytes) -> bytes:
    return data.replace(b"endobj", b"endxbj", 1)


def damage_stream(data: bytes) -> bytes:
    at = data.index(b"stream\n") + 9  # behind the two bytes of the zlib header: no such block type
    return data[:at] + b"\xff" * 8 + data[at + 8 :]


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_the_end(data: bytes) -> bytes:
    return data[:-8]


@pytest.mark.parametrize("damage", [damage_xref, drop_endobj, damage_stream, cut_short, cut_the_end])
def test_a_damaged_pdf_is_refused_not_repaired(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = saved(new_pdf(), tmp_path / "a.pdf")
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(path) == "pdf-damaged"


def test_noise_behind_a_good_beginning_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(5000))
    assert refusal(path) == "pdf-damaged"


def test_a_pdf_without_pages_is_damaged(tmp_path: Path) -> None:
    assert refusal(saved(Pdf.new(), tmp_path / "a.pdf")) == "pdf-damaged"


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    path = saved(new_pdf(4), tmp_path / "a.pdf")
    with pytest.raises(AttachmentRefused) as refused:
        check_pdf(path, AttachmentLimits(max_pages=3))
    assert refused.value.code == "attachment-pages"


def test_data_behind_the_end_are_refused_and_white_space_is_not(tmp_path: Path) -> None:
    path = saved(new_pdf(), tmp_path / "a.pdf")
    clean = path.read_bytes()
    path.write_bytes(clean + b"\r\n\0 ")
    assert check_pdf(path, LIMITS) == 1
    path.write_bytes(clean + b"<script>alert(1)</script>")
    assert refusal(path) == "attachment-trailing-data"


def test_a_pdf_that_is_also_an_archive_is_refused(tmp_path: Path) -> None:
    """The archive's comment ends as a PDF does, so that the end of the file looks right."""
    path = saved(new_pdf(), tmp_path / "a.pdf")
    tail = path.read_bytes()[-40:]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("run.js", "x")
        archive.comment = tail
    assert path.read_bytes().endswith(tail)
    assert refusal(path) == "attachment-polyglot"
