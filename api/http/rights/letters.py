"""Rights that are kept by a letter: hearing, answer on access, notice of delay, decision. One call each."""

from fastapi import APIRouter, Request, Response

from api.http import models as m
from api.http.answers import answer, creating
from api.http.call import Anyone, HandoverId, IdempotencyKey, context_of, create_context, overgang_of
from api.http.problems import FieldError, Problem, problem_responses
from api.http.rights import models as rm
from api.http.rights.letter_requests import LetterRequest
from api.http.strictjson import StrictRoute
from workflows.handlers.letters import preview_letter, send_letter
from workflows.letters.letter import as_text
from workflows.letters.values import LetterFault, LetterRefused

router = APIRouter(prefix="/v1", tags=["rights"], route_class=StrictRoute)
_PROBLEMS = problem_responses("role-not-allowed", "not-found", "refused")
FAULTS = {
    "missing": ("The letter needs this part.", "Brevet mangler denne del."),
    "malformed": ("This part has another form.", "Denne del har en anden form."),
    "too-long": ("This part is too long.", "Denne del er for lang."),
    "unprintable": (
        "This part holds signs that cannot be printed.",
        "Denne del har tegn, der ikke kan trykkes.",
    ),
    "code-unknown": ("The code is not among those of the letter.", "Koden findes ikke i brevet."),
    "no-place": ("This letter has no place for this part.", "Der er ikke plads til denne del i brevet."),
    "unknown-part": ("The letter has no such part.", "Brevet har ingen sådan del."),
    "not-in-force": ("The letter's template is not in force.", "Brevets skabelon gælder ikke i dag."),
}
"""Code of a fault -> what is wrong, in English and Danish."""


@router.post(
    "/handovers/{handover_id}/letters/preview",
    responses={200: {"model": rm.LetterShown}, **_PROBLEMS},
)
def preview_case_letter(
    request: Request, caller: Anyone, handover_id: HandoverId, asked: LetterRequest
) -> Response:
    """The letter as the citizen would get it, or why it could not be sent. Nothing is sent."""
    services = overgang_of(request).services
    try:
        letter = preview_letter(services, context_of(request, caller), asked.command(handover_id))
    except LetterRefused as refused:
        raise _refused(refused) from None
    told = [{"track": one.track, "last_date": one.last_date} for one in letter.told]
    return answer(
        {
            "template": letter.template,
            "template_version": letter.template_version,
            "sha256": letter.sha256,
            "title": letter.title,
            "text": as_text(letter),
            "told": told,
        }
    )


@router.post(
    "/handovers/{handover_id}/letters",
    status_code=201,
    responses={201: {"model": m.Created}, **_PROBLEMS},
)
def send_case_letter(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    asked: LetterRequest,
    key: IdempotencyKey = None,
) -> Response:
    """Keep a right by a letter: it is sealed as sent, and what it does is recorded with it."""
    context = create_context(request, caller, key, asked.model_dump())
    services = overgang_of(request).services
    try:
        return creating(lambda: send_letter(services, context, asked.command(handover_id)))
    except LetterRefused as refused:
        raise _refused(refused) from None


def _refused(refused: LetterRefused) -> Problem:
    return Problem.of("validation-failed", errors=[_fault(one) for one in refused.faults])


def _fault(fault: LetterFault) -> FieldError:
    english, danish = FAULTS[fault.code]
    pointer = f"/values/{fault.part}" if fault.part else "/values"
    return FieldError(pointer, f"letter-{fault.code}", english, danish)
