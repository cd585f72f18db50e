"""What is not claimed on a word alone: it has its reason, its letter, its package or its receipt."""

from collections.abc import Sequence

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.events.refusal import Refused
from domain.law.arrival import needs_receipt, proves
from domain.rights.commands import RecordRight
from domain.rights.disclosure import CitizenInformed
from domain.rights.letters import LetterArrived, LetterSent
from domain.rights.model import RightsEvent
from workflows.handlers.refusals import refusal

NEEDS_WORDS = frozenset(
    {
        "hearing-assessed",
        "hearing-omitted",
        "statement-refused",
        "disclosed-without-consent",
        "representative-refused",
        "rights-fact-retracted",
        "access-withdrawn",
        "complaint-withdrawn",
        "hearing-answered",
        "statement-made",
        "note-made",
        "guidance-given",
    }
)
"""What staff do not do, or register of what she did, without words that are sealed: the reason (FVL §§8,
19(2), 21(2); SUL §41(2)), what she said, what was noted (OFL §13) or what guidance was given (FVL §7)."""


MADE_BY_OVERGANG = {"letter-sent": "letter-missing", "access-given": "package-missing"}
"""What is recorded when Overgang sends or makes it, and never on anybody's word -> why it is refused."""


def without_reason(command: RecordRight) -> Refused | None:
    """Why an act is refused that says no reason."""
    missing = needs_words(command.event) and command.note is None
    return refusal("reason-missing") if missing else None


def needs_words(event: RightsEvent) -> bool:
    """Whether it is nothing without words: also what she was told, where no letter has it."""
    told = isinstance(event, CitizenInformed) and event.written is None
    return told or event.NAME in NEEDS_WORDS


def without_letter(event: RightsEvent) -> Refused | None:
    """What is kept by a letter is not claimed without one, unless it happened outside (FVL §§22-25, §32b)."""
    if event.NAME in MADE_BY_OVERGANG:
        return refusal(MADE_BY_OVERGANG[event.NAME])
    oral = getattr(event, "way", None) in ("oral", "in-person")
    needs = "written" in event.__struct_fields__ and not oral
    return refusal("letter-missing") if needs else None


def arrival_fault(event: RightsEvent, lane: Sequence[Recorded], occurred_at: str) -> str | None:
    """Why an arrival cannot be its letter's: before it was sent, or with the evidence of another way."""
    if not isinstance(event, LetterArrived):
        return None
    sent = (one.event for one in lane if isinstance(one.event, LetterSent))
    letter = next((one for one in sent if one.letter == event.letter), None)
    if letter is None:
        return None
    if danish_day(from_instant(occurred_at)).isoformat() < letter.dispatched_on:
        return "arrived-before-sent"
    return None if proves(letter.way, event.evidence) else "evidence-of-another-way"


def without_receipt(event: RightsEvent) -> Refused | None:
    """A receipt without an id proves nothing; without proof of arrival no period runs (DPL §10)."""
    if isinstance(event, LetterArrived) and needs_receipt(event.evidence) and event.receipt is None:
        return refusal("receipt-missing")
    return None
