"""A replacement number and a real CPR number turn out to be one citizen."""

from fastapi import APIRouter, Request, Response

from api.http import models as m
from api.http import requests as r
from api.http.answers import creating
from api.http.call import Anyone, IdempotencyKey, create_context, overgang_of
from api.http.problems import FieldError, Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.identity.errors import IdentityError, fault
from domain.identity.person import PersonId, parse_person_id
from workflows.handlers.merge import merge_replacement_number

router = APIRouter(prefix="/v1", tags=["clinics"], route_class=StrictRoute)


@router.post(
    "/citizens/merges",
    status_code=201,
    responses={
        201: {"model": m.Created},
        **problem_responses("role-not-allowed", "replacement-number-unknown"),
    },
)  # fmt: skip
def merge_numbers(
    request: Request, caller: Anyone, merge: r.MergeRequest, key: IdempotencyKey = None
) -> Response:
    """Join a replacement number with the real CPR number. History is not rewritten."""
    context = create_context(request, caller, key, merge.model_dump())
    replacement = _number(request, caller.authority, merge.replacement, "/replacement")
    real = _number(request, caller.authority, merge.real, "/real")
    services = overgang_of(request).services
    return creating(lambda: merge_replacement_number(services, context, replacement, real))


def _number(
    request: Request,
    authority: str,
    number: r.NationalReplacement | r.LocalReplacement | r.CprNumber,
    pointer: str,
) -> PersonId:
    """The number, in the canonical form that alone may be sent: one person, one spelling."""
    try:
        found = parse_person_id(
            number.type,
            number.value,
            issuer=authority if isinstance(number, r.LocalReplacement) else None,
            allow_test_numbers=overgang_of(request).settings.allow_test_persons,
        )
        if found.value != number.value:
            raise fault(f"{number.type}-format")
    except IdentityError as error:
        raise Problem.of(
            "validation-failed",
            errors=[
                FieldError(f"{pointer}/value", error.code, error.message, "Personnummeret er ikke gyldigt.")
            ],
        ) from None
    return found
