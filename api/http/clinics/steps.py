"""For the sender: answer, correct, insist, redirect, withdraw, annul, register what was done otherwise."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from api.bootstrap import Overgang
from api.http import models as m
from api.http import step_requests as r
from api.http.answers import creating
from api.http.call import (
    Anyone,
    HandoverId,
    IdempotencyKey,
    IfMatch,
    create_context,
    expected_version,
    overgang_of,
)
from api.http.documents import written
from api.http.fields import Id
from api.http.notes import ANSWER, note_of, remark_of
from api.http.steps import WRITING_PROBLEMS, StepRoute, add_steps
from api.http.strictjson import StrictRoute
from audit.log.entry import open_body
from domain.handover import step_commands as c
from workflows.handlers.correct import correct
from workflows.handlers.readdress import redirect
from workflows.handlers.steps import take_step

router = APIRouter(prefix="/v1", tags=["clinics"], route_class=StrictRoute)


@router.post(
    "/handovers/{handover_id}/questions/{question_id}/answer",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITING_PROBLEMS},
)
def answer_question(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    question_id: Annotated[Id, Path(description="The question's id.")],
    body: r.AnswerRequest,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Answer a question of the receiver's."""
    context = create_context(request, caller, key, body.model_dump())
    overgang = overgang_of(request)
    command = c.AnswerQuestion(
        handover=handover_id,
        expected_version=expected_version(if_match),
        question=question_id,
        note=note_of(overgang, ANSWER, text=body.text),
    )
    return creating(lambda: take_step(overgang.services, context, command))


@router.post(
    "/handovers/{handover_id}/correction",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITING_PROBLEMS},
)
def correct_handover(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    body: r.CorrectionSubmission,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Put a corrected document in place of the one before, which stays readable."""
    context = create_context(request, caller, key, body.model_dump())
    overgang = overgang_of(request)
    command = c.CorrectDocument(
        handover=handover_id,
        expected_version=expected_version(if_match),
        document=written(overgang, body.document, caller.authority),
        reason=body.reason,
    )
    return creating(lambda: correct(overgang.services, context, command))


def _withdrawal(kind: type[c.StepCommand]) -> Any:
    def build(o: Overgang, h: UUID, v: int, b: Any) -> c.StepCommand:
        given: dict[str, Any] = {"reason": b.reason, "note": remark_of(o, b.remark)}
        return kind(handover=h, expected_version=v, **given)

    return build


STEPS = (
    StepRoute(
        path="insistence",
        name="insist",
        doc="Hold that the citizen belongs with the receiver, which has declined.",
        body=r.InsistRequest,
        build=lambda o, h, v, b: c.InsistOnHandover(
            handover=h, expected_version=v, note=remark_of(o, b.remark)
        ),
    ),
    StepRoute(
        path="redirection",
        name="redirect",
        doc="Address it to another receiver after it came back.",
        body=r.Readdressing,
        build=lambda o, h, v, b: c.RedirectHandover(
            handover=h,
            expected_version=v,
            receiver_authority=b.receiver_authority,
            receiver_unit=b.receiver_unit,
        ),
        take=lambda services, context, command: redirect(services, context, command, open_body),
    ),
    StepRoute(
        path="withdrawal-request",
        name="request_withdrawal",
        doc="Ask the receiver that it be taken back.",
        body=r.WithdrawalRequest,
        build=_withdrawal(c.RequestWithdrawal),
    ),
    StepRoute(
        path="withdrawal",
        name="withdraw",
        doc="Take it back where there is nobody to confirm.",
        body=r.Withdrawal,
        build=_withdrawal(c.WithdrawHandover),
    ),
    StepRoute(
        path="annulment",
        name="enter_in_error",
        doc="Say that it should never have been made; it does not count.",
        body=r.ErrorReport,
        build=lambda o, h, v, b: c.EnterInError(handover=h, expected_version=v, reason=b.reason),
    ),
    StepRoute(
        path="other-means",
        name="complete_otherwise",
        doc="Register that it was handed over by other means, and when.",
        body=r.OtherMeans,
        build=lambda o, h, v, b: c.CompleteOtherwise(
            handover=h,
            expected_version=v,
            means=b.means,
            authority=b.authority,
            occurred_at=b.occurred_at,
            note=remark_of(o, b.remark),
        ),
    ),
)
add_steps(router, STEPS)
