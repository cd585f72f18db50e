"""Why an attachment is refused: stable codes with fixed texts, never a name or a piece of the content."""

from typing import Final, Literal, TypeGuard, get_args

RefusalCode = Literal[
    "attachment-type",
    "attachment-magic",
    "attachment-empty",
    "attachment-too-large",
    "attachment-count",
    "attachment-total",
    "attachment-pages",
    "attachment-polyglot",
    "attachment-trailing-data",
    "pdf-javascript",
    "pdf-embedded-file",
    "pdf-active-content",
    "pdf-xfa",
    "pdf-encrypted",
    "pdf-damaged",
    "image-damaged",
    "image-too-large",
    "inspection-timeout",
    "inspection-memory",
    "inspection-failed",
]

MESSAGES: Final[dict[RefusalCode, str]] = {
    "attachment-type": "only application/pdf, image/png, image/jpeg and image/tiff are taken",
    "attachment-magic": "the file does not begin as its declared media type does",
    "attachment-empty": "the file is empty",
    "attachment-too-large": "the file is larger than one attachment may be",
    "attachment-count": "the handover has more attachments than it may have",
    "attachment-total": "the attachments of the handover are larger together than they may be",
    "attachment-pages": "the file has more pages than an attachment may have",
    "attachment-polyglot": "the file is also a file of another kind",
    "attachment-trailing-data": "data follows after the end of the file's own format",
    "pdf-javascript": "the PDF contains JavaScript",
    "pdf-embedded-file": "the PDF contains an embedded file",
    "pdf-active-content": "the PDF contains an action that reaches outside it or starts by itself, or media",
    "pdf-xfa": "the PDF contains an XFA form",
    "pdf-encrypted": "the PDF is encrypted",
    "pdf-damaged": "the PDF's structure is damaged",
    "image-damaged": "the image cannot be read in full",
    "image-too-large": "an image has more pixels than it may have",
    "inspection-timeout": "the inspection took longer than it may",
    "inspection-memory": "the inspection needed more memory than it may",
    "inspection-failed": "the inspection ended without an answer",
}


class AttachmentRefused(Exception):
    """An attachment is not taken in. ``code`` is stable, ``message`` the fixed English text of that code."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(MESSAGES[code])
        self.code: RefusalCode = code
        self.message = MESSAGES[code]


def is_refusal_code(value: object) -> TypeGuard[RefusalCode]:
    """Whether ``value`` is one of the codes (an answer from a child process is not trusted)."""
    return isinstance(value, str) and value in get_args(RefusalCode)
