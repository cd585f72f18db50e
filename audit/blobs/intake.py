"""How an attachment comes in: spooled, parsed in full, scanned, sealed, and kept for its handover."""

import os
from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from audit.blobs.inspection import inspect
from audit.blobs.limits import AttachmentLimits
from audit.blobs.scanner import Scanner, ScanResult, Verdict
from audit.blobs.spool import Spool
from audit.blobs.store import BlobStore
from audit.vault.keys import KEY_BYTES
from audit.vault.uploads import Uploads
from workflows.ports.lists import Place
from workflows.ports.log import Actor
from workflows.ports.uploads import Uploaded


class MalwareFound(Exception):
    """The scanner found malware; the attachment is not taken."""


class Intake:
    """Takes attachments in. Nothing that failed a check is ever stored."""

    def __init__(
        self, blobs: BlobStore, uploads: Uploads, scanner: Scanner, limits: AttachmentLimits
    ) -> None:
        self._blobs = blobs
        self._uploads = uploads
        self._scanner = scanner
        self.limits = limits

    def take(
        self, owner: Actor, spool: Spool, declared: str, request: UUID, fingerprint: bytes, now: datetime
    ) -> Uploaded:
        """Check and keep an upload; the same request again gives the same upload.

        Raises AttachmentRefused, MalwareFound, ScannerUnavailable, IdempotencyMismatch.
        """
        if (earlier := self._uploads.earlier(request, fingerprint)) is not None:
            return earlier
        inspection = inspect(spool.path, declared, self.limits)
        result: ScanResult = self._scanner.scan(spool.path)
        if result.verdict is Verdict.INFECTED:
            raise MalwareFound
        upload, key = uuid4(), os.urandom(KEY_BYTES)
        receipt = self._blobs.put(upload, spool.chunks(), key, upload.bytes)
        uploaded = Uploaded(
            id=upload,
            ciphertext_sha256=receipt.sha256,
            media_type=inspection.media_type,
            size=receipt.size,
        )
        return self._uploads.keep(owner, request, uploaded, key, fingerprint, now)

    def check_together(
        self, owner: Actor, attachments: tuple[UUID, ...], taken: Collection[Place] = ()
    ) -> None:
        """Refuse attachments that are too many or too large together for one handover.

        Raises AttachmentRefused; those that neither the owner's unit nor one whose place it has `taken` has
        uploaded are not judged here.
        """
        waiting = self._uploads.waiting(owner, attachments, taken)
        self.limits.check_set([one.size for one in waiting.values()])
