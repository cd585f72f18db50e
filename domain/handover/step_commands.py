"""What people ask for beside the first line of a handover, imperative."""

from typing import Any
from uuid import UUID

import msgspec

from domain.handover.commands import Command, WrittenDocument


class WrittenNote(msgspec.Struct, frozen=True, kw_only=True):
    """A validated text under a note template: a question, an answer, a remark."""

    template: str
    template_version: int
    sections: dict[str, Any]

    def __repr__(self) -> str:
        return f"WrittenNote({self.template}-{self.template_version})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class StepCommand(Command, frozen=True, kw_only=True):
    """A step on a case, built on the version of it that the caller saw, perhaps with a remark."""

    handover: UUID
    expected_version: int
    note: WrittenNote | None = None


class CorrectDocument(StepCommand, frozen=True, kw_only=True):
    """Put a corrected document in place of the one before (rette)."""

    document: WrittenDocument
    reason: str


class AskQuestion(StepCommand, frozen=True, kw_only=True):
    """Ask the sender for what is missing (spørge); the note is the question."""

    sections: tuple[str, ...]


class AnswerQuestion(StepCommand, frozen=True, kw_only=True):
    """Answer a question (svare); the note is the answer."""

    question: UUID


class ReturnHandover(StepCommand, frozen=True, kw_only=True):
    """Send it back: wrong recipient (sende retur)."""

    reason: str
    suggested: str | None = None


class DeclineHandover(StepCommand, frozen=True, kw_only=True):
    """Say that the citizen cannot be taken (afvise)."""

    reason: str


class InsistOnHandover(StepCommand, frozen=True, kw_only=True):
    """Hold that the citizen belongs with the receiver (fastholde)."""


class ResolveResponsibility(StepCommand, frozen=True, kw_only=True):
    """Register who has the responsibility (afklare)."""

    authority: str
    decided_by: str


class RedirectHandover(StepCommand, frozen=True, kw_only=True):
    """Address it to another receiver: a unit, or an authority's main mailbox."""

    receiver_authority: str | None = None
    receiver_unit: str | None = None


class ForwardHandover(StepCommand, frozen=True, kw_only=True):
    """Pass it on to another authority (sende videre)."""

    receiver_authority: str | None = None
    receiver_unit: str | None = None


class DistributeHandover(StepCommand, frozen=True, kw_only=True):
    """Give it to another unit of one's own authority (fordele)."""

    unit: str


class AssignHandover(StepCommand, frozen=True, kw_only=True):
    """Give it to a member of one's own staff (tildele)."""

    assignee: UUID


class RequestWithdrawal(StepCommand, frozen=True, kw_only=True):
    """Ask the receiver that it be taken back."""

    reason: str


class ConfirmWithdrawal(StepCommand, frozen=True, kw_only=True):
    """Confirm that it is taken back."""


class RefuseWithdrawal(StepCommand, frozen=True, kw_only=True):
    """Go on with it all the same."""

    reason: str


class WithdrawHandover(StepCommand, frozen=True, kw_only=True):
    """Take it back where there is nobody to confirm (trække tilbage)."""

    reason: str


class ReportMisdirected(StepCommand, frozen=True, kw_only=True):
    """Say that it is with a wrong receiver (melde fejlsendt)."""


class ReportWrongPerson(StepCommand, frozen=True, kw_only=True):
    """Say that the document is about another citizen."""


class EnterInError(StepCommand, frozen=True, kw_only=True):
    """Say that it should never have been made (annullere)."""

    reason: str


class CompleteOtherwise(StepCommand, frozen=True, kw_only=True):
    """Register that a held handover was handed over by other means, and when."""

    means: str
    authority: str
    occurred_at: str


class ConfirmImport(StepCommand, frozen=True, kw_only=True):
    """Confirm that an imported case has been taken over."""


class DenyImport(StepCommand, frozen=True, kw_only=True):
    """Say that an imported case is not one's own."""
