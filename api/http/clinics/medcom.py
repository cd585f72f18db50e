"""MedCom CareCommunication 5.0 as FHIR JSON: a new message comes in and needs completion.

The message is spooled and, above 1 MiB, parsed in a limited child process; its attachments pass
the same checks as any other. Replies, forwards and acknowledgements come with the full exchange.
"""

import shutil
from pathlib import Path as FilePath
from uuid import UUID, uuid5

import msgspec
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from api.auth.claims import Caller
from api.auth.guard import check_organisation
from api.bootstrap import Overgang
from api.http import models as m
from api.http.answers import answer, creating
from api.http.call import Anyone, IdempotencyKey, create_context, overgang_of
from api.http.clinics.message_schema import MESSAGE_SCHEMA
from api.http.documents import warnings_of, written_from
from api.http.problems import Problem, problem_responses
from audit.blobs.spool import Spool
from domain.calendar.working_days import danish_day
from domain.document.loader import get_template
from domain.document.validate import ValidatedDocument, validate_document
from domain.document.values import standard_checks
from domain.handover.commands import MedComOrigin, SubmitHandover
from workflows.delivery.medcom.document import TEMPLATE, TEMPLATE_VERSION, to_document
from workflows.delivery.medcom.message import Attachment, CareCommunication
from workflows.delivery.medcom.spool import MAX_MESSAGE, parse_spooled
from workflows.handlers.services import Context
from workflows.handlers.submit import submit
from workflows.ports.log import Outcome

router = APIRouter(prefix="/v1/medcom", tags=["clinics"])
MAX_MESSAGE_BYTES = MAX_MESSAGE
IN_PROCESS_BYTES = 1024 * 1024
MEDIA_TYPES = ("application/fhir+json", "application/json")
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/fhir+json": {"schema": {"$ref": f"#/components/schemas/{MESSAGE_SCHEMA}"}}},
    }
}
_REFUSED = ("role-not-allowed", "organisation-mismatch", "medcom-refused", "unavailable")
_NOT_TAKEN = (
    "register-clash",
    "attachment-refused",
    "malware-found",
    "validation-failed",
    "scanner-unavailable",
)


@router.post(
    "/messages/validate",
    responses={200: {"model": m.Validation}, **problem_responses(*_REFUSED, "validation-failed")},
    openapi_extra=_BODY,
)
async def validate_message(request: Request, caller: Anyone) -> Response:
    """Check a message; stores nothing."""
    spool = await _spooled(request)
    try:
        return await run_sync(_validate, request, caller, spool)
    finally:
        await run_sync(spool.close)


@router.post(
    "/messages",
    status_code=201,
    responses={201: {"model": m.Created}, **problem_responses(*_REFUSED, *_NOT_TAKEN)},
    openapi_extra=_BODY,
)
async def submit_message(request: Request, caller: Anyone, key: IdempotencyKey = None) -> Response:
    """Take a new message in: move unknown, needs completion, routed by the receiver's SOR and GLN."""
    spool = await _spooled(request)
    try:
        return await run_sync(_submit, request, caller, key, spool)
    finally:
        await run_sync(spool.close)


async def _spooled(request: Request) -> Spool:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise Problem.of("media-type-unsupported")
    spool = await run_sync(overgang_of(request).spools.spool, MAX_MESSAGE_BYTES)
    try:
        async for chunk in request.stream():
            await run_sync(spool.write, chunk)
    except BaseException:
        await run_sync(spool.close)
        raise
    return spool


class _Parsed:
    """A parsed message whose attachments lie in a private folder until the block ends."""

    def __init__(self, overgang: Overgang, caller: Caller, spool: Spool) -> None:
        self._folder = FilePath(f"{spool.path}.medcom")
        self._folder.mkdir(mode=0o700)
        try:
            self.message: CareCommunication = parse_spooled(
                spool.path, self._folder, in_process_up_to=IN_PROCESS_BYTES
            )
            check_organisation(caller, sor=self.message.sender.sor, gln=self.message.sender.gln)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._overgang = overgang

    def __enter__(self) -> "_Parsed":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def document(self, authority: str, stored: dict[str, UUID]) -> ValidatedDocument:
        """The message under its template. Raises DocumentRefused."""
        return validate_document(
            to_document(self.message, stored, authority),
            get_template(TEMPLATE, TEMPLATE_VERSION),
            today=danish_day(self._overgang.clock.now()),
            checks=standard_checks(allow_test_numbers=self._overgang.settings.allow_test_persons),
        )


def _validate(request: Request, caller: Caller, spool: Spool) -> Response:
    overgang = overgang_of(request)
    with _Parsed(overgang, caller, spool) as parsed:
        found = parsed.document(caller.authority, {})
        warnings = [
            {
                "in": "body",
                "pointer": issue.expression,
                "code": issue.code,
                "detail": issue.text,
                "detail_da": issue.text,
            }
            for issue in parsed.message.warnings
        ]
        return answer({"valid": True, "warnings": [*warnings, *warnings_of(found)]})


def _submit(request: Request, caller: Caller, key: str | None, spool: Spool) -> Response:
    overgang = overgang_of(request)
    context = create_context(request, caller, key, spool.sha256)
    with _Parsed(overgang, caller, spool) as parsed:
        return creating(lambda: _carry_out(overgang, context, parsed))


def _carry_out(overgang: Overgang, context: Context, parsed: _Parsed) -> Outcome:
    message = parsed.message
    parsed.document(context.actor.authority, {})
    overgang.intake.limits.check_set([one.size for one in message.attachments if one.path is not None])
    stored = {
        one.identifier: _store(overgang, context, one) for one in message.attachments if one.path is not None
    }
    document = written_from(
        overgang, parsed.document(context.actor.authority, stored), authority=context.actor.authority
    )
    return submit(
        overgang.services,
        context,
        SubmitHandover(
            document=document,
            attachments=tuple(stored.values()),
            medcom=MedComOrigin(
                message=UUID(message.header_id),
                envelope=_envelope(message),
                thread=UUID(message.thread_id.removeprefix("urn:uuid:")),
                receiver_sor=message.receiver.sor,
                receiver_gln=message.receiver.gln,
            ),
        ),
    )


def _envelope(message: CareCommunication) -> UUID:
    """The envelope id; MedCom's own examples hold one that is no UUID, which only warns."""
    try:
        return UUID(message.bundle_id)
    except ValueError:
        return uuid5(UUID(message.header_id), message.bundle_id)


def _store(overgang: Overgang, context: Context, attachment: Attachment) -> UUID:
    """Take a message's attachment in like any other, under an id of its own within the request."""
    assert attachment.path is not None and context.idempotency is not None
    with overgang.spools.spool(overgang.intake.limits.max_bytes) as spool:
        with open(attachment.path, "rb") as file:
            while chunk := file.read(256 * 1024):
                spool.write(chunk)
        uploaded = overgang.intake.take(
            context.actor,
            spool,
            attachment.media_type or "",
            uuid5(context.idempotency.id, attachment.identifier),
            overgang.vault.fingerprint(msgspec.json.encode([attachment.media_type, spool.sha256])),
            overgang.clock.now(),
        )
    return uploaded.id
