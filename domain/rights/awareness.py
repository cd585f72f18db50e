"""What is asked before an adverse decision, and of what (FVL §19(1)).

Detriment and weight are asked once such a decision is drafted, and only of assertions of which she is not
known to be aware that the authority holds them. A copy of the document says whom it is sent to: who was given
one is aware of every assertion in it.
"""

from collections.abc import Iterable

import msgspec

from domain.document.template import Template
from domain.events.model import Recorded
from domain.handover.events import DocumentFacts
from domain.rights.decisions import DecisionDrafted

COPY, GIVEN = "rettigheder.copy", "given"


class HearingQuestions(msgspec.Struct, frozen=True, kw_only=True):
    """What a caseworker is asked: nothing (`because` says why), or of each assertion in these sections."""

    asked: bool
    because: str
    sections: tuple[str, ...] = ()


def hearing_questions(
    lane: Iterable[Recorded], decision: object, facts: DocumentFacts, template: Template
) -> HearingQuestions:
    """What is asked about a decision that is being prepared."""
    drafts = [
        one.event for one in lane if isinstance(one.event, DecisionDrafted) and one.event.decision == decision
    ]
    if not drafts or not drafts[-1].adverse:
        return HearingQuestions(asked=False, because="not-adverse")
    if facts.get(COPY) == GIVEN:
        return HearingQuestions(asked=False, because="copy-given")
    sections = tuple(
        section.id
        for section in template.sections
        if any(field.kind == "assertions" for field in section.fields)
    )
    return HearingQuestions(asked=True, because="adverse-and-not-known-to-be-aware", sections=sections)
