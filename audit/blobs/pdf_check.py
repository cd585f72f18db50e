"""What a PDF may not contain when a psychiatric ward opens it: scripts, files, actions, media, secrets.

Every object of the file is walked, whether the page tree reaches it or not: what a reader can be made to
find is what counts. Refused rather than cleaned, because the log keeps what the sender sent. Names are
compared after qpdf has undone ``#xx`` escapes (ISO 32000-2 7.3.5), so ``/J#53`` is ``/JS``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from audit.blobs.limits import AttachmentLimits
from audit.blobs.polyglot import refuse_polyglot
from audit.blobs.refusals import AttachmentRefused, RefusalCode

# ISO 32000-2: 12.6.4.17 (JavaScript), 12.6.3 (trigger events), 7.11.4 (embedded files), 7.11.6
# (collections), 13 (multimedia), 12.7.9 and annex of 1.7 (XFA), 8.10.4 (reference XObjects).
_KEYS: Final[dict[str, RefusalCode]] = {
    "/JS": "pdf-javascript",
    "/JavaScript": "pdf-javascript",
    "/EmbeddedFiles": "pdf-embedded-file",
    "/EF": "pdf-embedded-file",
    "/Collection": "pdf-embedded-file",
    "/AA": "pdf-active-content",
    "/RichMediaContent": "pdf-active-content",
    "/RichMediaSettings": "pdf-active-content",
    "/XFA": "pdf-xfa",
}
# Action types (/S) that leave the document or play something. /URI stays: a person must click it.
_ACTIONS: Final[dict[str, RefusalCode]] = {
    "/JavaScript": "pdf-javascript",
    "/GoToE": "pdf-embedded-file",
    **dict.fromkeys(
        (
            "/Launch",
            "/GoToR",
            "/ImportData",
            "/SubmitForm",
            "/Rendition",
            "/Movie",
            "/Sound",
            "/GoTo3DView",
            "/RichMediaExecute",
        ),
        "pdf-active-content",
    ),
}
_TYPES: Final[dict[str, RefusalCode]] = {"/EmbeddedFile": "pdf-embedded-file"}
_SUBTYPES: Final[dict[str, RefusalCode]] = {
    "/FileAttachment": "pdf-embedded-file",
    **dict.fromkeys(("/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"), "pdf-active-content"),
}
# The finding told when there are several: the gravest first.
_GRAVITY: Final[tuple[RefusalCode, ...]] = (
    "pdf-javascript",
    "pdf-embedded-file",
    "pdf-active-content",
    "pdf-xfa",
    "image-too-large",
)
_TAIL_BYTES: Final = 1024
_WHITE: Final = b"\x00\t\n\x0c\r "  # ISO 32000-2 table 1


def check_pdf(path: Path, limits: AttachmentLimits) -> int:
    """Parse a PDF in full; returns its number of pages or raises ``AttachmentRefused``."""
    _check_tail(path)
    refuse_polyglot(path, "application/pdf")
    try:
        with pikepdf.open(
            path,
            attempt_recovery=False,
            access_mode=pikepdf.AccessMode.stream,
            conversion_mode="explicit",
        ) as pdf:
            return _check_open(pdf, limits)
    except pikepdf.PasswordError:
        raise AttachmentRefused("pdf-encrypted") from None
    except (pikepdf.PdfError, pikepdf.PikepdfError, ValueError, TypeError, KeyError, RuntimeError) as fault:
        if isinstance(fault, RecursionError):
            raise
        raise AttachmentRefused("pdf-damaged") from None


def _check_open(pdf: Pdf, limits: AttachmentLimits) -> int:
    if pdf.is_encrypted:  # also with an empty user password: a scanner would see noise
        raise AttachmentRefused("pdf-encrypted")
    pages = len(pdf.pages)
    if pages > limits.max_pages:
        raise AttachmentRefused("attachment-pages")
    findings = {code for item in pdf.objects for code in _findings(item, limits)}
    findings.update(_trailer_findings(pdf, limits))
    for code in _GRAVITY:
        if code in findings:
            raise AttachmentRefused(code)
    if not pages:
        raise AttachmentRefused("pdf-damaged")
    _check_streams(pdf)
    return pages


def _check_streams(pdf: Pdf) -> None:
    """Decode every stream that qpdf can decode and parse every page's content.

    Also what qpdf only warns of is damage. (It forgives compressed data that end early, as readers do.)
    """
    faults = [str(warning) for warning in pdf.get_warnings()]
    try:
        faults += pdf.check_pdf_syntax()
    except pikepdf.PdfError as fault:
        faults.append(str(fault))
    faults += [str(warning) for warning in pdf.get_warnings()]
    if any("bad_alloc" in fault for fault in faults):  # how qpdf words that memory ran out
        raise AttachmentRefused("inspection-memory")
    if faults:
        raise AttachmentRefused("pdf-damaged")


def _trailer_findings(pdf: Pdf, limits: AttachmentLimits) -> Iterator[RefusalCode]:
    yield from _findings(pdf.trailer, limits)
    opening = pdf.Root.get(Name.OpenAction)
    # What happens unasked may at most show a page (12.6.4.2), and start nothing after it.
    if isinstance(opening, Dictionary) and (opening.get(Name.S) != Name.GoTo or Name.Next in opening):
        yield "pdf-active-content"


def _findings(start: Object, limits: AttachmentLimits) -> Iterator[RefusalCode]:
    """Faults in one indirect object and the direct objects in it (others come in their own turn)."""
    stack: list[Object] = [start]
    while stack:
        item = stack.pop()
        if isinstance(item, Array):
            stack.extend(_direct(item.as_list()))
            continue
        if isinstance(item, Stream):
            fields: Object = item.stream_dict
            if "/F" in fields:  # the data lie in another file (7.3.8.2)
                yield "pdf-active-content"
        elif isinstance(item, Dictionary):
            fields = item
        else:
            continue
        yield from _dictionary_findings(fields, limits)
        stack.extend(_direct(child for _, child in fields.items()))


def _direct(children: Iterable[Object | None]) -> Iterator[Object]:
    """Those that lie here; a null comes as None."""
    return (child for child in children if child is not None and not child.is_indirect)


def _dictionary_findings(fields: Object, limits: AttachmentLimits) -> Iterator[RefusalCode]:
    for key in fields.keys() & _KEYS.keys():
        yield _KEYS[key]
    for key, table in (("/S", _ACTIONS), ("/Type", _TYPES), ("/Subtype", _SUBTYPES)):
        value = fields.get(key)
        if isinstance(value, Name) and (code := table.get(str(value))):
            yield code
    if fields.get("/Subtype") == Name.Image and {"/Width", "/Height"} <= fields.keys():
        pixels = int(fields["/Width"]) * int(fields["/Height"])
        if pixels > limits.max_pixels:
            yield "image-too-large"


def _check_tail(path: Path) -> None:
    """The file ends with its end-of-file marker (7.5.5) and white space."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL_BYTES))
        tail = file.read()
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise AttachmentRefused("pdf-damaged")
    if tail[end + len(b"%%EOF") :].strip(_WHITE):
        raise AttachmentRefused("attachment-trailing-data")
