"""Issues found in a message, and the refusal that carries them.

A text is a constant of this package and an expression names elements that the standard knows: nothing
of the input is ever repeated. `code` is the most specific stable code there is: a MedCom acknowledgement
code or HL7 operation-outcome code (MedCom's value set `acknowledgement-issue-details`), the key of an
official invariant, or else an HL7 issue-type code. `issue_type` is always the last, as
OperationOutcome.issue.code needs it.
"""

from typing import Final, Literal

import msgspec

IssueType = Literal[
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "not-supported",
    "duplicate",
    "not-found",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "incomplete",
    "conflict",
]
Severity = Literal["error", "warning"]

VALUESET: Final = "MSG_VALUESET_VALUE_UNKNOWN"
DATATYPE: Final = "MSG_Datatype_Wrong"
TOO_LONG: Final = "MSG_Element_To_Long"
DAMAGED: Final = "MSG_Damaged_durin_transport"  # spelt so by MedCom
MESSAGE_TYPE: Final = "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE"
RECEIVER_MISSING: Final = "MSG_Receiver_Identifier_MISSING"
DATE: Final = "MSG_DATE_FORMAT"
SYNTAX: Final = "MSG_BAD_SYNTAX"
JSON_OBJECT: Final = "MSG_JSON_OBJECT"
NO_EXIST: Final = "MSG_NO_EXIST"
TYPE_MISMATCH: Final = "MSG_RESOURCE_TYPE_MISMATCH"
ID_MISMATCH: Final = "MSG_RESOURCE_ID_MISMATCH"
DUPLICATE_ID: Final = "MSG_DUPLICATE_ID"
UNKNOWN_TYPE: Final = "MSG_UNKNOWN_TYPE"
RESOURCE_REQUIRED: Final = "MSG_RESOURCE_REQUIRED"
NO_REPEAT: Final = "MSG_PARAM_NO_REPEAT"
INVALID_ID: Final = "MSG_INVALID_ID"

_MAX_ISSUES: Final = 100  # a broken message needs no more to be mended, and the answer stays small


class Issue(msgspec.Struct, frozen=True):
    """One finding. `expression` is FHIRPath-like and ends at the last known element."""

    code: str
    expression: str
    text: str
    issue_type: IssueType
    severity: Severity = "error"


class MedComRefused(Exception):
    """The message cannot be taken in. `issues` holds at least one error; none repeats the input."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.issues = issues

    def __str__(self) -> str:
        errors = [issue for issue in self.issues if issue.severity == "error"]
        return "; ".join(f"{issue.code} at {issue.expression}: {issue.text}" for issue in errors)


class Findings:
    """Collects issues over the rules, at most a hundred."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def error(self, code: str, expression: str, text: str, issue_type: IssueType) -> None:
        """Add an error: the message will be refused."""
        self._add(Issue(code, expression, text, issue_type))

    def warn(self, code: str, expression: str, text: str, issue_type: IssueType) -> None:
        """Add a warning: the message is taken in and a person may look."""
        self._add(Issue(code, expression, text, issue_type, "warning"))

    def invariant(self, key: str, expression: str, text: str) -> None:
        """Add an error for a broken official invariant, named by its key."""
        self._add(Issue(key, expression, text, "invariant"))

    def required(self, expression: str, text: str) -> None:
        """Add an error for an element that must be there."""
        self._add(Issue("required", expression, text, "required"))

    def has(self, expression: str) -> bool:
        """Whether an issue at this expression has been found already."""
        return any(issue.expression == expression for issue in self.issues)

    def raise_if_refused(self) -> None:
        """Raise MedComRefused with all issues so far, if one of them is an error."""
        if any(issue.severity == "error" for issue in self.issues):
            raise MedComRefused(self.issues)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """The warnings so far."""
        return tuple(issue for issue in self.issues if issue.severity == "warning")

    def _add(self, issue: Issue) -> None:
        # The first error always gets in, however many warnings came before it.
        if len(self.issues) < _MAX_ISSUES or (
            issue.severity == "error" and not any(i.severity == "error" for i in self.issues)
        ):
            self.issues.append(issue)


def refuse(code: str, expression: str, text: str, issue_type: IssueType) -> MedComRefused:
    """A refusal with a single error."""
    return MedComRefused([Issue(code, expression, text, issue_type)])
