"""How much a sender may attach, and how much work an attachment may cause."""

from collections.abc import Sequence
from typing import Final

import msgspec

from audit.blobs.refusals import AttachmentRefused

MIB: Final = 1024 * 1024


class AttachmentLimits(msgspec.Struct, frozen=True):
    """Limits on attachments; the API states them. The defaults are our own unless a source is named."""

    max_bytes: int = 100 * MIB
    """Bytes of one attachment. MedCom's network layer carries at most 100 MB a message (VANSEnvelope,
    governance 2025-11), so a larger one could never be sent on."""
    max_total_bytes: int = 200 * MIB
    """Bytes of all attachments of one handover. What leaves as one MedCom message must be smaller still:
    base64 adds a third, so about 75 MB fit."""
    max_count: int = 20
    """Attachments of one handover."""
    max_pixels: int = 50_000_000
    """Pixels of one image or page of an image: A4 at 600 dpi has 35 million."""
    max_pages: int = 2_000
    """Pages of a PDF, frames of an image."""
    cpu_seconds: int = 30
    """Processor time of one inspection."""
    wall_seconds: float = 60.0
    """Time on the clock of one inspection."""
    memory_bytes: int = 1024 * MIB
    """Address space of the inspecting process; 50 million pixels take 200 MB as RGB and a progressive JPEG
    as much again in coefficients."""

    def check_set(self, sizes: Sequence[int]) -> None:
        """Refuse a handover whose attachments (``sizes`` in bytes, the new one included) are too many or
        too large together: ``attachment-count``, ``attachment-total``, ``attachment-too-large``."""
        if len(sizes) > self.max_count:
            raise AttachmentRefused("attachment-count")
        if any(size > self.max_bytes for size in sizes):
            raise AttachmentRefused("attachment-too-large")
        if sum(sizes) > self.max_total_bytes:
            raise AttachmentRefused("attachment-total")
