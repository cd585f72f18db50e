"""What is not claimed on a word alone: it has its reason, its letter, its package or its receipt."""

from domain.events.refusal import Refused
from domain.law.arrival import needs_receipt
from domain.rights.commands import RecordRight
from domain.rights.letters import LetterArrived
from domain.rights.model import RightsEvent
from workflows.handlers.refusals import refusal

NEEDS_REASON = frozenset(
    {
        "hearing-assessed",
        "hearing-omitted",
        "statement-refused",
        "disclosed-without-consent",
        "representative-refused",
        "rights-fact-retracted",
    }
)
"""What is not done without saying why, in words that are sealed (FVL §§8, 19(2), 21(2); SUL §41(2))."""


MADE_BY_OVERGANG = {"letter-sent": "letter-missing", "access-given": "package-missing"}
"""What is recorded when Overgang sends or makes it, and never on anybody's word -> why it is refused."""


def without_reason(command: RecordRight) -> Refused | None:
    """Why an act is refused that says no reason."""
    missing = command.event.NAME in NEEDS_REASON and command.note is None
    return refusal("reason-missing") if missing else None


def without_letter(event: RightsEvent) -> Refused | None:
    """What is kept by a letter is not claimed without one, unless it happened outside (FVL §§22-25, §32b)."""
    if event.NAME in MADE_BY_OVERGANG:
        return refusal(MADE_BY_OVERGANG[event.NAME])
    oral = getattr(event, "way", None) in ("oral", "in-person")
    needs = "written" in event.__struct_fields__ and not oral
    return refusal("letter-missing") if needs else None


def without_receipt(event: RightsEvent) -> Refused | None:
    """A receipt without an id proves nothing; without proof of arrival no period runs (DPL §10)."""
    if isinstance(event, LetterArrived) and needs_receipt(event.evidence) and event.receipt is None:
        return refusal("receipt-missing")
    return None
