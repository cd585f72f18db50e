"""Rights that are kept by a letter: hearing, answer on access, notice of delay, decision. One call each."""

from fastapi import APIRouter, Request, Response

from api.http import models as m
from api.http.answers import answer, creating
from api.http.call import Anyone, HandoverId, IdempotencyKey, context_of, create_context, overgang_of
from api.http.problems import problem_responses
from api.http.rights import models as rm
from api.http.rights.letter_requests import LetterRequest
from api.http.strictjson import StrictRoute
from domain.events.refusal import Refused
from workflows.handlers.letters import preview_letter, send_letter
from workflows.letters.letter import as_text
from workflows.letters.values import LetterRefused

router = APIRouter(prefix="/v1", tags=["rights"], route_class=StrictRoute)
_PROBLEMS = problem_responses("role-not-allowed", "not-found", "refused")
FAULTS = {
    "missing": ("Missing", "Mangler"),
    "malformed": ("Of another form", "Har en anden form"),
    "too-long": ("Too long", "For langt"),
    "unprintable": ("With signs that cannot be printed", "Har tegn, der ikke kan trykkes"),
    "code-unknown": ("With a code that the letter does not know", "Har en kode, som brevet ikke kender"),
    "no-place": ("Without a place in this letter", "Har ingen plads i dette brev"),
    "unknown-part": ("No part of this letter", "Er ingen del af dette brev"),
    "not-in-force": ("Of a template that is not in force", "Skabelonen gælder ikke i dag"),
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


def _refused(refused: LetterRefused) -> Refused:
    """Which parts are missing or wrong, as the letter's template names and labels them; never a value."""
    names: dict[str, list[str]] = {}
    labels: dict[str, list[str]] = {}
    for one in refused.faults:
        names.setdefault(one.code, []).append(one.part or "values")
        labels.setdefault(one.code, []).append(one.label or one.part or "values")
    told = (f"{FAULTS[code][0]}: {', '.join(parts)}." for code, parts in names.items())
    told_da = (f"{FAULTS[code][1]}: {', '.join(parts)}." for code, parts in labels.items())
    return Refused(
        "letter-incomplete",
        f"The letter cannot be made. {' '.join(told)}",
        f"Brevet kan ikke laves. {' '.join(told_da)}",
    )
