"""What comes in, as OpenAPI shows it: strict, nothing unknown, examples that work when sent."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.auth.claims import MAX_HANDOVERS, REPRESENTATIONS
from api.http import fields as f
from api.http.codes import OneOf
from domain.calendar.working_days import danish_day
from domain.document import formats
from domain.document.example import example_document
from domain.document.loader import template_on

TODAY = danish_day(datetime.now(UTC))
"""The day that the examples are of, so that no consent and no moment in them lies wrong when pasted."""
TEMPLATE = template_on("overgangsdokument", TODAY)
"""The version that new documents are made under; those of another version in force are taken in too."""
DOCUMENT_SCHEMA = "Overgangsdokument"
"""Name of the template's schema among the OpenAPI components; `api.http.openapi` puts it there."""
CPR_SCHEMA = "CprNumberValue"
"""Likewise, of a CPR number as this environment takes it."""
COMPONENT = "x-component"
"""Marks a value whose schema is one of those two."""

REGION = "1085"
TOWN = "0370"
OTHER_TOWN = "0330"
AMBULATORY = "ambulatorium-naestved"
CENTRE = "rusmiddelcenter-naestved"
NEW_CENTRE = "rusmiddelcenter-naestved-ny"
LOCAL_NUMBER = {"type": "local", "value": "AMB-2044", "issuer": "ambulatorium-naestved"}


def example_submission(**person: Any) -> dict[str, Any]:
    """The template's example as of today: its consent is given and has not lapsed, so that it is sent on."""
    made = example_document(TEMPLATE, today=TODAY)
    made["sections"]["stamoplysninger"] |= person
    return made


def examples(*bodies: dict[str, Any]) -> ConfigDict:
    """Examples in OpenAPI; a test sends each of them."""
    return ConfigDict(json_schema_extra={"examples": list(bodies)})


class Request(BaseModel):
    """Base of requests: nothing unknown, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


Document = Annotated[dict[str, Any], Field(json_schema_extra={COMPONENT: DOCUMENT_SCHEMA})]
_TextId = Annotated[
    str,
    AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid")),
    Field(json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}),
]


class Sender(Request):
    """Who sends; must be what the token says."""

    authority: f.AuthorityCode
    unit: f.UnitId
    sor: f.Sor | None = None
    gln: f.Gln | None = None


class HandoverSubmission(Request):
    """A finished document and where it goes."""

    model_config = examples(
        {"sender": {"authority": REGION, "unit": AMBULATORY}, "document": example_submission()},
        {
            "sender": {"authority": REGION, "unit": AMBULATORY},
            "document": example_submission(person_id=LOCAL_NUMBER),
        },
    )

    sender: Sender
    document: Document
    receiver_unit: f.UnitId | None = Field(
        None, description="A unit of another authority; without it the handlekommune decides."
    )
    attachments: list[_TextId] = Field(
        default_factory=list, max_length=20, description="Ids of uploaded attachments, each once."
    )


class CompletionSubmission(Request):
    """The overgangsdokument of a message that came without one."""

    model_config = examples({"document": example_submission()})

    document: Document


class ReadingRequest(Request):
    """Why a document is opened. On one's own work list the purpose is preset."""

    model_config = examples({"purpose": "handover"})

    purpose: f.Purpose = "handover"
    outside_reason: f.OutsideReason | None = None
    document: _TextId | None = Field(
        None,
        description="An earlier document of the case, or a note; without it the one that counts now.",
    )


class ClosureRequest(Request):
    """How the handover ended."""

    model_config = examples({"outcome": "treatment-started"})

    outcome: Annotated[str, OneOf("close", "outcome")]


class NationalReplacement(Request):
    """A national replacement number (X-eCPR)."""

    type: Literal["x-ecpr"]
    value: Annotated[
        str,
        AfterValidator(f.whole(formats.PERSON_NUMBERS["x-ecpr"])),
        Field(json_schema_extra={"pattern": formats.PERSON_NUMBERS["x-ecpr"]}),
    ]


class LocalReplacement(Request):
    """A local replacement number of one's own authority, under which alone it is unique."""

    type: Literal["local"]
    value: Annotated[
        str,
        AfterValidator(f.whole(formats.PERSON_NUMBERS["local"])),
        Field(json_schema_extra={"pattern": formats.PERSON_NUMBERS["local"]}),
    ]


class CprNumber(Request):
    """A CPR number: ten digits."""

    type: Literal["cpr"]
    value: Annotated[str, Field(json_schema_extra={COMPONENT: CPR_SCHEMA})]


class MergeRequest(Request):
    """A replacement number and the real CPR number of the same citizen."""

    model_config = examples(
        {
            "replacement": {"type": "local", "value": LOCAL_NUMBER["value"]},
            "real": {"type": "cpr", "value": "7001014321"},
        }
    )

    replacement: Annotated[NationalReplacement | LocalReplacement, Field(discriminator="type")]
    real: CprNumber


class DraftContent(Request):
    """A draft: whatever the clinic has so far; it is validated at submission."""

    model_config = examples(
        {"document": {"template": TEMPLATE.name, "template_version": TEMPLATE.version, "sections": {}}}
    )

    document: dict[str, Any] = Field(description="Not yet validated.")


class AuthorityEntry(Request):
    """An authority in the register."""

    model_config = examples(
        {"authority": TOWN, "name": "Næstved Kommune"},
        {"authority": REGION, "name": "Region Sjælland"},
        {"authority": OTHER_TOWN, "name": "Slagelse Kommune"},
    )

    authority: f.AuthorityCode
    name: f.Name
    cvr: f.Cvr | None = None


class UnitEntry(Request):
    """A unit in the register."""

    model_config = examples(
        {
            "unit": CENTRE,
            "kind": "municipal-centre",
            "name": "Rusmiddelcenter Næstved",
            "sor": "953741000016009",
            "gln": "5790001348120",
        },
        {
            "unit": NEW_CENTRE,
            "kind": "municipal-centre",
            "name": "Nyt Rusmiddelcenter Næstved",
        },
        {
            "unit": AMBULATORY,
            "kind": "ambulatory",
            "name": "Ambulatorium for dobbeltdiagnose Næstved",
            "sor": "265161000016000",
            "gln": "5790000209354",
            "offers_dual_diagnosis": True,
        },
    )

    unit: f.UnitId
    kind: Literal["ambulatory", "municipal-centre", "intake", "other"]
    name: f.Name
    sor: f.Sor | None = None
    gln: f.Gln | None = None
    offers_dual_diagnosis: bool = False


_Subject = (
    Annotated[
        str,
        AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid")),
        Field(json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}),
    ]
    | None
)


class TokenRequest(Request):
    """Whom of an authority's staff a test token should speak for."""

    role: Literal[
        "clinician", "caseworker", "leader", "registrar", "auditor", "steering", "operator", "integration"
    ]
    authority: Annotated[
        str, AfterValidator(f.whole("^[0-9]{4}$")), Field(json_schema_extra={"pattern": "^[0-9]{4}$"})
    ]
    unit: f.UnitId | None = None
    sor: f.Sor | None = None
    gln: (
        Annotated[str, AfterValidator(f.whole(f.GLN)), Field(json_schema_extra={"pattern": f.GLN})] | None
    ) = None
    subject: _Subject = None


_Handovers = Annotated[
    list[_TextId],
    Field(min_length=1, max_length=MAX_HANDOVERS, description="The handovers that the token opens."),
]


class CitizenTokenRequest(Request):
    """A citizen's test token: it opens the handovers that it names, and nothing else."""

    role: Literal["citizen"]
    handovers: _Handovers
    subject: _Subject = None


class RepresentativeTokenRequest(Request):
    """A representative's test token: it works as long as the appointment holds."""

    role: Literal["representative"]
    handovers: _Handovers
    representative: Annotated[_TextId, Field(description="The id of the appointment on the case.")]
    representation: Annotated[
        str,
        AfterValidator(f.listed(REPRESENTATIONS)),
        Field(json_schema_extra=f.enum(sorted(REPRESENTATIONS))),
    ]
    subject: _Subject = None


_TOKENS: dict[str, dict[str, Any]] = {
    "clinician": {
        "role": "clinician",
        "authority": REGION,
        "unit": AMBULATORY,
        "sor": "265161000016000",
        "gln": "5790000209354",
    },
    "caseworker": {"role": "caseworker", "authority": TOWN, "unit": CENTRE},
    "leader": {"role": "leader", "authority": TOWN, "unit": CENTRE},
    "registrar": {"role": "registrar", "authority": "0000"},
    "citizen": {"role": "citizen", "handovers": ["0b54ad4e-4a52-4d57-9f04-2d3b1f0c5e21"]},
    "representative": {
        "role": "representative",
        "handovers": ["0b54ad4e-4a52-4d57-9f04-2d3b1f0c5e21"],
        "representative": "8f6b8c0a-1df4-4c0f-9a53-4a7f3b1b9e10",
        "representation": "whole-case",
    },
}
AnyToken = Annotated[
    TokenRequest | CitizenTokenRequest | RepresentativeTokenRequest,
    Field(discriminator="role"),
    Body(openapi_examples={name: {"value": value} for name, value in _TOKENS.items()}),
]
"""Any of them; OpenAPI shows an example of each."""
