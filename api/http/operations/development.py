"""The development issuer over HTTP: test tokens for demo and tests. Production refuses to have it."""

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.auth.claims import ClaimRefused, Role
from api.http.answers import answer
from api.http.models import UNIT
from api.http.models import Request as StrictModel
from api.http.problems import FieldError, Problem, problem_responses

router = APIRouter(prefix="/dev", tags=["development"])
JSON_OBJECT: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}


class TokenRequest(StrictModel):
    """Who the test token should speak for."""

    role: Annotated[str, Field(json_schema_extra={"enum": list(get_args(Role))})]
    authority: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    unit: Annotated[str, Field(pattern=UNIT)] | None = None
    sor: Annotated[str, Field(pattern=r"^[0-9]{11,18}$")] | None = None
    gln: Annotated[str, Field(pattern=r"^[0-9]{13}$")] | None = None
    subject: Annotated[
        str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
    ] | None = None


@router.post(
    "/token",
    responses={
        200: JSON_OBJECT,
        **problem_responses("malformed-json", "body-too-large", "media-type-unsupported", "validation-failed"),
    },
)
def token(request: Request, wanted: TokenRequest) -> Response:
    """A test token for an hour."""
    try:
        minted = request.app.state.dev_issuer.mint(**wanted.model_dump())
    except (ValueError, ClaimRefused):
        raise Problem.of(
            "validation-failed",
            errors=[FieldError("", "invalid", "Not a caller.", "Ikke en gyldig kalder.")],
        ) from None
    return answer({"access_token": minted, "token_type": "Bearer", "expires_in": 3600})


@router.get("/jwks.json", responses={200: JSON_OBJECT})
def jwks(request: Request) -> Response:
    """The development issuer's public keys."""
    return answer(request.app.state.dev_issuer.jwks())
