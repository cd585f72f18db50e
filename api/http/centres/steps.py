"""For the receiver: ask, return, decline, forward, distribute, assign; and what either party reports."""

from uuid import UUID

from fastapi import APIRouter

from api.http import step_requests as r
from api.http.notes import QUESTION, note_of, remark_of
from api.http.steps import StepRoute, add_steps
from api.http.strictjson import StrictRoute
from audit.log.entry import open_body
from domain.handover import step_commands as c
from workflows.handlers.readdress import forward

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)

STEPS = (
    StepRoute(
        path="questions",
        name="ask",
        doc="Ask the sender for what is missing. It is no return, and no clock stops.",
        body=r.QuestionRequest,
        build=lambda o, h, v, b: c.AskQuestion(
            handover=h,
            expected_version=v,
            sections=tuple(b.concerns),
            note=note_of(o, QUESTION, concerns=b.concerns, text=b.text),
        ),
    ),
    StepRoute(
        path="return",
        name="return",
        doc="Send it back: wrong recipient. Only an address is judged, never the citizen.",
        body=r.ReturnRequest,
        build=lambda o, h, v, b: c.ReturnHandover(
            handover=h,
            expected_version=v,
            reason=b.reason,
            suggested=b.suggested,
            note=remark_of(o, b.remark),
        ),
    ),
    StepRoute(
        path="decline",
        name="decline",
        doc="Say that the citizen cannot be taken. It stays here, clocks run, both leaders are told.",
        body=r.DeclineRequest,
        build=lambda o, h, v, b: c.DeclineHandover(
            handover=h, expected_version=v, reason=b.reason, note=remark_of(o, b.remark)
        ),
    ),
    StepRoute(
        path="forwarding",
        name="forward",
        doc="Pass it on to another authority; to one that the basis does not cover it goes back instead.",
        body=r.ForwardingRequest,
        build=lambda o, h, v, b: c.ForwardHandover(
            handover=h,
            expected_version=v,
            receiver_authority=b.receiver_authority,
            receiver_unit=b.receiver_unit,
            note=remark_of(o, b.remark),
        ),
        take=lambda services, context, command: forward(services, context, command, open_body),
    ),
    StepRoute(
        path="distribution",
        name="distribute",
        doc="Give it to another unit of one's own authority (fordele).",
        body=r.DistributionRequest,
        build=lambda o, h, v, b: c.DistributeHandover(handover=h, expected_version=v, unit=b.unit),
    ),
    StepRoute(
        path="assignment",
        name="assign",
        doc="Give it to a member of one's own staff (tildele).",
        body=r.AssignmentRequest,
        build=lambda o, h, v, b: c.AssignHandover(handover=h, expected_version=v, assignee=UUID(b.assignee)),
    ),
    StepRoute(
        path="withdrawal-confirmation",
        name="confirm_withdrawal",
        doc="Confirm that the sender takes it back.",
        build=lambda o, h, v, b: c.ConfirmWithdrawal(handover=h, expected_version=v),
    ),
    StepRoute(
        path="withdrawal-refusal",
        name="refuse_withdrawal",
        doc="Go on with it all the same.",
        body=r.WithdrawalRefusal,
        build=lambda o, h, v, b: c.RefuseWithdrawal(
            handover=h, expected_version=v, reason=b.reason, note=remark_of(o, b.remark)
        ),
    ),
    StepRoute(
        path="import-confirmation",
        name="confirm_import",
        doc="Confirm that an imported case has been taken over.",
        build=lambda o, h, v, b: c.ConfirmImport(handover=h, expected_version=v),
    ),
    StepRoute(
        path="import-denial",
        name="deny_import",
        doc="Say that an imported case is not one's own.",
        body=r.MisdirectionReport,
        build=lambda o, h, v, b: c.DenyImport(handover=h, expected_version=v, note=remark_of(o, b.remark)),
    ),
    StepRoute(
        path="resolution",
        name="resolve",
        doc="A leader registers who has the responsibility, and who settled it.",
        body=r.ResolutionRequest,
        build=lambda o, h, v, b: c.ResolveResponsibility(
            handover=h,
            expected_version=v,
            authority=b.authority,
            decided_by=b.decided_by,
            note=remark_of(o, b.remark),
        ),
    ),
    StepRoute(
        path="misdirection",
        name="report_misdirected",
        doc="Report that it is with a wrong receiver: shut at once, assessed as a breach within 72 hours.",
        body=r.MisdirectionReport,
        build=lambda o, h, v, b: c.ReportMisdirected(
            handover=h, expected_version=v, note=remark_of(o, b.remark)
        ),
    ),
    StepRoute(
        path="wrong-person",
        name="report_wrong_person",
        doc="Report that the document is about another citizen: shut at once and kept out of every package.",
        build=lambda o, h, v, b: c.ReportWrongPerson(handover=h, expected_version=v),
    ),
)
add_steps(router, STEPS)
