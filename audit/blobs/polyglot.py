"""Files that are two things at once: one to the inspector, another to the program that opens them."""

import zipfile
from pathlib import Path
from typing import Final

from audit.blobs.refusals import AttachmentRefused

_PDF_HEADER_WITHIN: Final = 1024
"""Readers accept a PDF header anywhere in this many first bytes (Acrobat; ISO 32000-1 annex H.3)."""


def refuse_polyglot(path: Path, kind: str) -> None:
    """Refuse (``attachment-polyglot``) a file that also opens as a ZIP archive (so also as an Office
    document or a Java archive, which are read from their end), or an image that also opens as a PDF."""
    if kind != "application/pdf":
        with path.open("rb") as file:
            if b"%PDF-" in file.read(_PDF_HEADER_WITHIN):
                raise AttachmentRefused("attachment-polyglot")
    try:
        with zipfile.ZipFile(path) as archive:
            members = len(archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return
    if members:
        raise AttachmentRefused("attachment-polyglot")
