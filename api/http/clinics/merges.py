"""A replacement number and a real CPR number turn out to be one citizen."""

from fastapi import APIRouter, Request, Response

from api.http import models as m
from api.http.answers import creating
from api.http.call import Anyone, IdempotencyKey, create_context, overgang_of
from api.http.problems import FieldError, Problem, problem_responses
from domain.identity.errors import IdentityError
from domain.identity.person import PersonId, parse_person_id
from workflows.handlers.merge import merge_replacement_number

router = APIRouter(prefix="/v1", tags=["clinics"])


@router.post(
    "/citizens/merges",
    status_code=201,
    responses={
        201: {"model": m.Created},
        **problem_responses(
            "malformed-json", "token-missing", "role-not-allowed", "replacement-number-unknown",
            "body-too-large", "media-type-unsupported", "validation-failed", "rate-limited",
        ),
    },
)  # fmt: skip
def merge_numbers(
    request: Request, caller: Anyone, merge: m.MergeRequest, key: IdempotencyKey = None
) -> Response:
    """Join a replacement number with the real CPR number. History is not rewritten."""
    context = create_context(request, caller, key, merge.model_dump())
    replacement = _number(request, caller.authority, merge.replacement, "/replacement")
    real = _number(request, caller.authority, merge.real, "/real")
    if real.is_replacement or not replacement.is_replacement:
        raise Problem.of(
            "validation-failed",
            errors=[
                FieldError(
                    "/real/type" if real.is_replacement else "/replacement/type",
                    "wrong-number-type",
                    "A replacement number is merged with a real CPR number.",
                    "Et erstatningsnummer forenes med et rigtigt CPR-nummer.",
                )
            ],
        )
    services = overgang_of(request).services
    return creating(lambda: merge_replacement_number(services, context, replacement, real))


def _number(request: Request, authority: str, number: m.PersonNumber, pointer: str) -> PersonId:
    issuer = (number.issuer or authority) if number.type == "local" else number.issuer
    try:
        return parse_person_id(
            number.type,
            number.value,
            issuer=issuer,
            allow_test_numbers=overgang_of(request).settings.allow_test_persons,
        )
    except IdentityError as error:
        raise Problem.of(
            "validation-failed",
            errors=[
                FieldError(
                    f"{pointer}/value", error.code, error.message, "Personnummeret er ikke gyldigt."
                )
            ],
        ) from None
