"""Access packages: what a citizen gets on a request that her authority has granted, whole or in part."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, Field

from api.bootstrap import Overgang
from api.http import fields as f
from api.http import requests as r
from api.http.answers import creating
from api.http.call import Anyone, HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.problems import problem_responses
from api.http.strictjson import StrictRoute
from audit.access.package import make_package
from domain.rights.access import AccessDecided, AccessGiven
from domain.rights.codes import codes
from domain.rights.commands import MakePackage, OpenPackage, Passage
from workflows.handlers.access_reading import PackageKey, open_package
from workflows.ports.log import Outcome

router = APIRouter(prefix="/v1", tags=["rights"], route_class=StrictRoute)
MAX_PASSAGES = 500
POINTER = "^/sections/[a-z_]{1,40}(?:/[A-Za-z0-9._-]{1,64}){0,4}$"
ZIP: dict[str, Any] = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
RequestId = Annotated[f.Id, Path(description="The id of the request for access.")]
_WAYS = codes(AccessGiven, "way") or {}
_GROUNDS = codes(AccessDecided, "grounds") or {}
OPENING = problem_responses(
    "role-not-allowed", "outside-unit", "not-found", "refused", "conflict", "gone", "reading-expired"
)


class PassageIn(r.Request):
    """A passage that is left out: where, and on which ground of the decision."""

    document: Annotated[
        str,
        AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid")),
        Field(json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}),
    ]
    pointer: Annotated[
        str,
        AfterValidator(f.whole(POINTER)),
        Field(
            max_length=300,
            json_schema_extra={"pattern": POINTER},
            description="A section, a field, a member, or an assertion by its id, as in"
            " /sections/risiko/assertions/r1. Never the document as a whole.",
        ),
    ]
    ground: Annotated[
        str,
        AfterValidator(f.listed(_GROUNDS)),
        Field(
            json_schema_extra=f.enum(_GROUNDS),
            description="; ".join(f"{code}: {label}" for code, label in _GROUNDS.items()) + ".",
        ),
    ]


class PackageRequest(r.Request):
    """How the package is made. What is left out rests on the grounds that the decision names."""

    model_config = r.examples({"way": "in-person", "others_shown": True})

    way: Annotated[
        str,
        AfterValidator(f.listed(_WAYS)),
        Field(
            json_schema_extra=f.enum(_WAYS),
            description="; ".join(f"{code}: {label}" for code, label in _WAYS.items()) + ".",
        ),
    ]
    addressee: Literal["citizen", "representative"] = Field(
        default="citizen", description="Who gets it; a representative is not shown a protected address."
    )
    others_shown: bool = Field(
        default=False,
        description="It was assessed that she may see what is said of other persons (relatives, a guardian).",
    )
    working_shown: bool = Field(
        default=False, description="The authority's own working documents are given too (FVL §10)."
    )
    withheld_elsewhere: bool = Field(
        default=False,
        description="What a partial refusal withholds does not stand in Overgang; nothing is left out here.",
    )
    passages: list[PassageIn] = Field(default_factory=list, max_length=MAX_PASSAGES)
    outside_reason: f.OutsideReason | None = None


class PackageReading(r.Request):
    """The opening of a package; outside the unit that has the case a reason is needed."""

    model_config = r.examples({})

    outside_reason: f.OutsideReason | None = None


class PackageMade(BaseModel):
    """A package stands ready: its hash is on the log, its content sealed."""

    id: UUID
    version: int
    position: int = Field(description="Of the event that access was given.")
    package_sha256: str = Field(description="SHA-256 of the ZIP file.")


@router.post(
    "/handovers/{handover_id}/access/{request_id}/package",
    status_code=201,
    responses={201: {"model": PackageMade}, **OPENING},
)
def make_access_package(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    request_id: RequestId,
    package: PackageRequest,
    key: IdempotencyKey = None,
) -> Response:
    """Make the documents ready for the citizen, once access is decided: one ZIP file with texts in Danish and
    JSON beside, journal, readings, and an index that names what is not in it and on which ground."""
    overgang = overgang_of(request)
    context = create_context(request, caller, key, package.model_dump())
    command = MakePackage(
        handover=handover_id,
        request=request_id,
        way=package.way,
        addressee=package.addressee,
        others_shown=package.others_shown,
        working_shown=package.working_shown,
        withheld_elsewhere=package.withheld_elsewhere,
        passages=tuple(
            Passage(document=UUID(one.document), pointer=one.pointer, ground=one.ground)
            for one in package.passages
        ),
        outside_reason=package.outside_reason,
    )
    return creating(
        lambda: make_package(overgang.log, overgang.blobs, overgang.services, context, command).outcome,
        lambda outcome: _made(overgang, outcome),
    )


def _made(overgang: Overgang, outcome: Outcome) -> dict[str, Any]:
    assert outcome.position is not None, "a package that was made stands on the log"
    event = overgang.log.at([outcome.position])[outcome.position].event
    assert isinstance(event, AccessGiven)
    return {"position": outcome.position, "package_sha256": event.package_sha256}


@router.post(
    "/handovers/{handover_id}/access/{request_id}/package/readings",
    status_code=201,
    responses={201: ZIP, **OPENING},
)
def open_access_package(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    request_id: RequestId,
    reading: PackageReading,
    key: IdempotencyKey = None,
) -> Response:
    """Open the newest package of a request, to hand it to the citizen. It is a reading of what is hers."""
    overgang = overgang_of(request)
    context = create_context(request, caller, key, reading.model_dump())
    command = OpenPackage(handover=handover_id, request=request_id, outside_reason=reading.outside_reason)
    found = open_package(overgang.services, context, command)
    return streamed(overgang, found, f"/v1/handovers/{handover_id}/readings")


def streamed(overgang: Overgang, opened: PackageKey, location: str) -> StreamingResponse:
    """The ZIP file, chunk by chunk; no byte leaves before its chunk's tag holds."""
    reader = overgang.blobs.open(opened.file, opened.key, opened.file.bytes)
    return StreamingResponse(
        reader,
        201,
        media_type="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="aktindsigt.zip"',
            "Location": location,
        },
    )
