"""What the workflows raise, as problems over HTTP."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response

from api.http.catalogue import is_problem_code, problem_type
from api.http.problems import FieldError, Problem, problem_response
from audit.blobs.intake import MalwareFound
from audit.blobs.refusals import AttachmentRefused
from audit.blobs.scanner import ScannerUnavailable
from audit.log.entry import EntryTooLarge
from audit.vault.drafts import DraftNotFound
from domain.document.problems import DocumentRefused
from domain.events.refusal import Refused
from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.spool import SpoolFailed
from workflows.handlers.entries import AuthorityNotFound
from workflows.handlers.guard import CaseNotFound
from workflows.handlers.mailbox import MailboxNotFound
from workflows.handlers.read import AttachmentNotFound, ReadingExpired
from workflows.handlers.submit import UnknownUpload
from workflows.ports.log import IdempotencyMismatch, RegisterClash, StreamConflict
from workflows.ports.vault import KeyDestroyed, SubjectUnknown


def _refused(refused: Refused) -> Problem:
    if refused.code == "not-a-party":
        return Problem.of("not-found")
    if is_problem_code(refused.code):
        return Problem.of(refused.code)
    return Problem.of(
        "refused",
        detail=refused.detail,
        detail_da=refused.detail_da,
        errors=[FieldError("", refused.code, refused.detail, refused.detail_da)],
    )


def _document(refused: DocumentRefused) -> Problem:
    return Problem.of(
        "validation-failed",
        errors=[
            FieldError(f"/document{one.pointer}", one.code, one.detail_en, one.detail)
            for one in refused.problems
        ],
    )


def _attachment(refused: AttachmentRefused) -> Problem:
    if refused.code == "attachment-too-large":
        return Problem.of("body-too-large")
    return Problem.of("attachment-refused", errors=[FieldError("", refused.code, str(refused), str(refused))])


def _medcom(refused: MedComRefused) -> Problem:
    return Problem.of(
        "medcom-refused",
        errors=[
            FieldError(issue.expression or "", issue.code, issue.text, issue.text)
            for issue in refused.issues[:100]
        ],
    )


def _constant(code: str) -> Callable[[Any], Problem]:
    problem_type(code)
    return lambda _: Problem.of(code)


FAULTS: dict[type[Exception], Callable[[Any], Problem]] = {
    Refused: _refused,
    DocumentRefused: _document,
    AttachmentRefused: _attachment,
    MedComRefused: _medcom,
    CaseNotFound: _constant("not-found"),
    MailboxNotFound: _constant("not-found"),
    AuthorityNotFound: _constant("not-found"),
    AttachmentNotFound: _constant("not-found"),
    DraftNotFound: _constant("not-found"),
    UnknownUpload: _constant("attachment-unknown"),
    ReadingExpired: _constant("reading-expired"),
    SubjectUnknown: _constant("replacement-number-unknown"),
    KeyDestroyed: _constant("gone"),
    IdempotencyMismatch: _constant("idempotency-key-reused"),
    StreamConflict: _constant("conflict"),
    RegisterClash: _constant("register-clash"),
    EntryTooLarge: _constant("body-too-large"),
    MalwareFound: _constant("malware-found"),
    ScannerUnavailable: _constant("scanner-unavailable"),
    SpoolFailed: _constant("unavailable"),
}
"""Fault -> problem, the whole list."""


def install_faults(app: FastAPI, on_problem: Callable[[str], None]) -> None:
    """Answer every fault of the workflows with its problem."""

    def handler_of(to_problem: Callable[[Any], Problem]) -> Callable[[Request, Exception], Response]:
        def handle(request: Request, fault: Exception) -> Response:
            problem = to_problem(fault)
            if isinstance(fault, StreamConflict) and "if-match" in request.headers:
                # The client said which version it saw; otherwise two commands met, and a retry will do.
                problem = Problem.of("version-mismatch")
            on_problem(problem.code)
            return problem_response(problem, request.scope["state"].get("correlation_id"))

        return handle

    for fault, to_problem in FAULTS.items():
        app.add_exception_handler(fault, handler_of(to_problem))
