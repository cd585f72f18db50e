"""A letter as the API takes it: what it does, what it says, who signs, and how it leaves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Union
from uuid import UUID

from fastapi import Body
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.http import fields as f
from api.http.requests import Request
from api.http.rights.requests import MODELS, RightBody, example
from domain.document import formats
from domain.rights.decisions import DecisionMade
from domain.rights.letter_commands import Dispatch, SendLetter, Signature
from domain.rights.rule import rights_register
from workflows.letters.for_rights import TEMPLATES
from workflows.letters.loader import letter_template
from workflows.letters.template import Field as LetterField
from workflows.letters.template import LetterTemplate

_BY_LETTER = tuple(model for model in MODELS if model.__name__ in {one.__name__ for one in TEMPLATES})
_LINE = Annotated[
    str,
    AfterValidator(f.whole(formats.TEXT_ONE_LINE)),
    Field(min_length=1, max_length=200, json_schema_extra={"pattern": formats.TEXT_ONE_LINE}),
]
_WAYS, _CARRIERS, _ADDRESSEES = (
    rights_register().values[name] for name in ("letter_way", "carrier", "addressee")
)
SIGNATURE = {"caseworker": "Kim Larsen", "title": "sagsbehandler", "contact": ["telefon 00 00 00 00"]}

if TYPE_CHECKING:
    LetterRight = RightBody
else:
    LetterRight = Annotated[Union[_BY_LETTER], Field(discriminator="event")]  # noqa: UP007


def _fields_told() -> str:
    """Each letter's own fields, with the members of its items, and what they are called in Danish."""
    told = []
    for event, name in TEMPLATES.items():
        fields = ", ".join(_field_told(one) for one in letter_template(name, 1).fields)
        told.append(f"`{event.NAME}`: {fields}.")
    return " ".join(told)


def _field_told(field: LetterField) -> str:
    members = f" [{{{', '.join(one.name for one in field.members)}}}]" if field.members else ""
    return f"{field.name}{members} ({field.label})"


class SignatureBody(BaseModel):
    """Who signs (FVL §32b), and how the citizen reaches the authority."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    caseworker: _LINE
    title: _LINE
    contact: Annotated[list[_LINE], Field(min_length=1, max_length=10)]


class LetterRequest(Request):
    """What a letter does (`right`), what it says (`values`, by its template), and how it leaves.

    What follows from the case stands in the letter by itself: name, address, dates, guidance on appeal.
    """

    right: LetterRight
    values: dict[str, Any] = Field(description=f"By the names of the letter's fields. {_fields_told()}")
    signature: SignatureBody
    way: Annotated[str, AfterValidator(f.listed(_WAYS)), Field(json_schema_extra=f.enum(_WAYS))]
    carrier: (
        Annotated[str, AfterValidator(f.listed(_CARRIERS)), Field(json_schema_extra=f.enum(_CARRIERS))] | None
    ) = None
    addressee: Annotated[
        str, AfterValidator(f.listed(_ADDRESSEES)), Field(json_schema_extra=f.enum(_ADDRESSEES))
    ] = "citizen"
    recipient: Annotated[list[_LINE], Field(max_length=10)] = Field(
        default=[], description="Name and address, where they are not those of the document."
    )
    about: _LINE | None = None

    def command(self, handover: UUID) -> SendLetter:
        """What is asked of the case."""
        signature = self.signature
        return SendLetter(
            right=self.right.right(handover),
            values=self.values,
            signature=Signature(
                caseworker=signature.caseworker, title=signature.title, contact=tuple(signature.contact)
            ),
            dispatch=Dispatch(
                way=self.way,
                carrier=self.carrier,
                addressee=self.addressee,
                recipient=tuple(self.recipient),
                about=self.about,
            ),
        )


_STEPS = {"complaint-forwarded": "forwarded-late"}


def _like(template: LetterTemplate, step: str | None) -> Mapping[str, Any]:
    """The first example of a letter, or the first of a step."""
    return next(one.values for one in template.examples if step is None or one.values.get("step") == step)


def _examples() -> dict[str, Any]:
    found = {}
    for event, name in TEMPLATES.items():
        template = letter_template(name, 1)
        right = {
            key: value
            for key, value in example(event).items()
            if key not in ("outside", "occurred_at", "text")
        }
        if event is DecisionMade:
            right |= {"adverse": False, "agreed": False}  # a grant
        found[event.NAME] = {
            "summary": rights_register().events[event.NAME],
            "value": {
                "right": right,
                "values": dict(_like(template, _STEPS.get(event.NAME))),
                "signature": SIGNATURE,
                "way": "in-person",
            },
        }
    return found


if not TYPE_CHECKING:
    LetterRequest = Annotated[LetterRequest, Body(openapi_examples=_examples())]
