"""Request bodies of the steps beside the first line of a handover. Nothing unknown passes."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http import fields as f
from api.http.codes import OneOf
from api.http.requests import (
    NEW_CENTRE,
    OTHER_TOWN,
    TODAY,
    TOWN,
    Document,
    Request,
    example_submission,
    examples,
)
from api.http.validation import register_field_texts
from domain.document import formats
from domain.document.loader import get_template

NO_RECEIVER = "receiver-missing"
register_field_texts(
    {
        NO_RECEIVER: (
            "A unit or an authority must be named as receiver.",
            "Angiv en enhed eller en myndighed som modtager.",
        )
    }
)
SECTIONS = tuple(value.code for value in get_template("spoergsmaal", 1).values("section"))

Text = Annotated[
    str,
    AfterValidator(f.whole(formats.TEXT)),
    Field(
        min_length=1,
        max_length=4000,
        json_schema_extra={"pattern": formats.TEXT},
        description="Sealed; both parties can open it. No CPR number or address: they stand in the document.",
    ),
]
Concerned = Annotated[str, AfterValidator(f.listed(SECTIONS)), Field(json_schema_extra=f.enum(SECTIONS))]


class Remarked(Request):
    """A step that may have a remark."""

    remark: Text | None = None


class CorrectionSubmission(Request):
    """A corrected document, and why."""

    model_config = examples({"document": example_submission(), "reason": "error"})

    document: Document
    reason: Annotated[str, OneOf("correct", "reason")]


class QuestionRequest(Request):
    """What is missing, and in which sections."""

    model_config = examples(
        {"concerns": ["medicin"], "text": "Hvem udleverer medicinen i ugen efter skiftet?"}
    )

    concerns: list[Concerned] = Field(
        min_length=1, max_length=len(SECTIONS), json_schema_extra={"uniqueItems": True}
    )
    text: Text


class AnswerRequest(Request):
    """The answer to a question."""

    model_config = examples({"text": "Ambulatoriet udleverer den til og med søndag."})

    text: Text


class ReturnRequest(Remarked):
    """Why it is sent back, and where it seems to belong."""

    model_config = examples({"reason": "not-acting-municipality", "suggested": OTHER_TOWN})

    reason: Annotated[str, OneOf("return", "reason")]
    suggested: f.AuthorityCode | None = Field(None, description="The authority it seems to belong to.")


class DeclineRequest(Remarked):
    """Why the citizen cannot be taken."""

    model_config = examples({"reason": "at-capacity"})

    reason: Annotated[str, OneOf("decline", "reason")]


class InsistRequest(Remarked):
    """The sender holds its ground."""

    model_config = examples({})


class ResolutionRequest(Remarked):
    """Who has the responsibility, and who settled it."""

    model_config = examples({"authority": TOWN, "decided_by": "own-authority"})

    authority: f.AuthorityCode = Field(
        description="The sender's or the receiver's. One's own goes with own-authority, the other's with"
        " whoever has settled it."
    )
    decided_by: Annotated[str, OneOf("resolve", "decided_by")]


def _either(*names: str) -> Any:
    """In OpenAPI: one of these members at least."""
    return {"anyOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]}


class Readdressing(Request):
    """Another receiver: a unit, or the main mailbox of an authority."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"receiver_authority": OTHER_TOWN}],
            **_either("receiver_authority", "receiver_unit"),
        }
    )

    receiver_authority: f.AuthorityCode | None = Field(
        None, description="Its main mailbox. May be left out where a unit is named."
    )
    receiver_unit: f.UnitId | None = Field(None, description="A unit's own main mailbox.")

    @model_validator(mode="after")
    def _addressed(self) -> "Readdressing":
        if self.receiver_authority is None and self.receiver_unit is None:
            raise PydanticCustomError(NO_RECEIVER, "no receiver is named")
        return self


class ForwardingRequest(Readdressing, Remarked):
    """Another receiver, perhaps with a remark to the sender; the new receiver does not see it."""


class DistributionRequest(Request):
    """Another unit of the receiving authority."""

    model_config = examples({"unit": NEW_CENTRE})

    unit: f.UnitId


class AssignmentRequest(Request):
    """A member of one's own staff, by the pseudonym in her token."""

    model_config = examples({"assignee": "6f1c2c1e-7d7a-4a7e-9d0b-0b8a8b6f2f11"})

    assignee: Annotated[str, AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid"))] = Field(
        json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}
    )


class WithdrawalRequest(Remarked):
    """Why it should be taken back."""

    model_config = examples({"reason": "citizen-declines"})

    reason: Annotated[str, OneOf("request_withdrawal", "reason")]


class WithdrawalRefusal(Remarked):
    """Why it goes on all the same."""

    model_config = examples({"reason": "citizen-has-approached"})

    reason: Annotated[str, OneOf("refuse_withdrawal", "reason")]


class Withdrawal(Remarked):
    """Why it is taken back where there is nobody to confirm."""

    model_config = examples({"reason": "no-longer-relevant"})

    reason: Annotated[str, OneOf("withdraw", "reason")]


class MisdirectionReport(Remarked):
    """It is with a wrong receiver."""

    model_config = examples({})


class ErrorReport(Request):
    """Why it should never have been made."""

    model_config = examples({"reason": "duplicate"})

    reason: Annotated[str, OneOf("enter_in_error", "reason")]


class OtherMeans(Remarked):
    """How it was handed over, to whom and when."""

    model_config = examples(
        {
            "means": "telephone",
            "authority": TOWN,
            "occurred_at": f"{TODAY - timedelta(days=1)}T09:00:00.000000Z",
        }
    )

    means: Annotated[str, OneOf("complete_otherwise", "means")]
    authority: f.AuthorityCode
    occurred_at: f.Instant
