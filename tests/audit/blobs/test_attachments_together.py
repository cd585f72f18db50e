"""The attachments of one handover have limits together, beside each one's own."""

from uuid import uuid4

import pytest

from audit.blobs.intake import Intake
from audit.blobs.limits import AttachmentLimits
from audit.blobs.refusals import AttachmentRefused
from audit.blobs.scanner import NoScanner
from audit.blobs.store import BlobStore
from audit.vault.uploads import Uploads
from tests.stores import actor
from workflows.ports.uploads import Uploaded


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (AttachmentLimits(max_total_bytes=199), "attachment-total"),
        (AttachmentLimits(max_count=1), "attachment-count"),
        (AttachmentLimits(max_total_bytes=200, max_count=2), None),
    ],
)
def test_attachments_are_limited_together(store, tmp_path, limits, code):
    uploads, owner = Uploads(store.vault, store.clock.now), actor()
    intake = Intake(BlobStore(tmp_path), uploads, NoScanner(), limits)
    ids = (uuid4(), uuid4())
    for one in ids:
        uploaded = Uploaded(id=one, ciphertext_sha256="0" * 64, media_type="application/pdf", size=100)
        uploads.keep(owner, uuid4(), uploaded, b"k" * 32, b"fingerprint", store.clock.now())
    if code is None:
        intake.check_together(owner, ids)
        return
    with pytest.raises(AttachmentRefused) as refused:
        intake.check_together(owner, ids)
    assert refused.value.code == code
