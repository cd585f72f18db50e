"""Attachments: streamed in before their handover, streamed out against a reading.

Limits: 50 MiB each unless configured otherwise, 20 a handover; PDF without JavaScript or embedded
files, PNG, JPEG, TIFF; parsed in full and scanned for malware before anything is stored.
"""

from collections.abc import Iterator
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import fields as f
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer
from api.http.call import Anyone, HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from audit.blobs.spool import Spool
from domain.handover.commands import OpenDocument
from workflows.handlers.read import open_for_reading
from workflows.ports.uploads import Uploaded

router = APIRouter(prefix="/v1", tags=["clinics"], route_class=StrictRoute)
MEDIA_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/tiff")
_BINARY = {"schema": {"type": "string", "format": "binary"}}
Writer = Annotated[Caller, Depends(require_role("clinician", "caseworker", "leader", "integration"))]


@router.post(
    "/attachments",
    status_code=201,
    responses={
        201: {"model": m.UploadedAttachment},
        **problem_responses(
            "role-not-allowed", "attachment-refused", "malware-found", "scanner-unavailable"
        ),
    },
    openapi_extra={
        "requestBody": {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _BINARY)}
    },
)  # fmt: skip
async def upload_attachment(request: Request, caller: Writer, key: IdempotencyKey = None) -> Response:
    """Upload an attachment; its id goes into the submission within 23 hours."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared not in MEDIA_TYPES:
        raise Problem.of("media-type-unsupported")
    overgang = overgang_of(request)
    spool = await run_sync(overgang.spools.spool, overgang.intake.limits.max_bytes)
    try:
        async for chunk in request.stream():
            await run_sync(spool.write, chunk)
        uploaded = await run_sync(_take, request, caller, key, spool, declared)
    finally:
        await run_sync(spool.close)
    return answer(uploaded, 201, {"Location": f"/v1/attachments/{uploaded.id}"})


def _take(request: Request, caller: Caller, key: str | None, spool: Spool, declared: str) -> Uploaded:
    overgang = overgang_of(request)
    context = create_context(request, caller, key, [declared, spool.sha256])
    assert context.idempotency is not None
    return overgang.intake.take(
        context.actor,
        spool,
        declared,
        context.idempotency.id,
        context.idempotency.fingerprint,
        overgang.clock.now(),
    )


@router.post(
    "/handovers/{handover_id}/attachments/{attachment_id}/readings",
    status_code=201,
    responses={
        201: {"content": dict.fromkeys(MEDIA_TYPES, _BINARY)},
        **problem_responses(
            "role-not-allowed", "outside-unit", "not-found", "reading-expired", "refused", "gone"
        ),
    },
)  # fmt: skip
def open_attachment(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    attachment_id: Annotated[f.Id, Path(description="The attachment's id.")],
    reading: r.ReadingRequest,
    key: IdempotencyKey = None,
) -> Response:
    """Open an attachment; it streams, and no byte leaves before its chunk's tag holds."""
    context = create_context(request, caller, key, reading.model_dump())
    overgang = overgang_of(request)
    found = open_for_reading(
        overgang.services,
        context,
        OpenDocument(
            handover=handover_id,
            attachment=attachment_id,
            purpose=reading.purpose,
            outside_reason=reading.outside_reason,
        ),
    )
    assert found.attachment is not None and found.attachment_key is not None
    reader = overgang.blobs.open(attachment_id, found.attachment_key, attachment_id.bytes)

    def chunks() -> Iterator[bytes]:
        with reader:
            yield from reader

    return StreamingResponse(
        chunks(),
        201,
        media_type=found.attachment.media_type,
        headers={
            "Content-Disposition": "attachment",
            "Location": f"/v1/handovers/{handover_id}/readings",
        },
    )
