"""The development issuer over HTTP: test tokens for demo and tests. Production refuses to have it."""

from fastapi import APIRouter, Request, Response

from api.auth.claims import ClaimRefused
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer
from api.http.problems import FieldError, Problem
from api.http.strictjson import StrictRoute

router = APIRouter(prefix="/dev", tags=["development"], route_class=StrictRoute)


@router.post(
    "/token",
    responses={
        200: {"model": m.Token},
    },
)
def token(request: Request, wanted: r.AnyToken) -> Response:
    """A test token for an hour."""
    try:
        minted = request.app.state.dev_issuer.mint(**wanted.model_dump())
    except (ValueError, ClaimRefused):
        raise Problem.of(
            "validation-failed",
            errors=[FieldError("", "invalid", "Not a caller.", "Ikke en gyldig kalder.")],
        ) from None
    return answer({"access_token": minted, "token_type": "Bearer", "expires_in": 3600})


@router.get("/jwks.json", responses={200: {"model": m.KeySet}})
def jwks(request: Request) -> Response:
    """The development issuer's public keys."""
    return answer(request.app.state.dev_issuer.jwks())
