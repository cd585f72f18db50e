"""How far an authority has come with its main mailbox: not asked, asked, answered, confirmed."""

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.register.state import Register

NOT_ASKED, ASKED, ANSWERED, CONFIRMED = "not-asked", "asked", "answered", "confirmed"
STANDINGS = (NOT_ASKED, ASKED, ANSWERED, CONFIRMED)


def standing(register: Register | None, purpose: str, instant: str, unit: str | None = None) -> str:
    """Where an authority, or a unit of it, stood at an instant.

    *Confirmed* where a document would go; *answered* where there was an entry that nobody vouched for
    yet, or any more, or one that begins later; *asked* where the secretariat had asked the authority
    and there was none.
    """
    if register is None:
        return NOT_ASKED
    if register.main_mailbox(unit, purpose, instant):
        return CONFIRMED
    if _answered(register, purpose, instant, unit):
        return ANSWERED
    asked = register.asked.get(purpose)
    today = danish_day(from_instant(instant)).isoformat()
    return ASKED if asked is not None and asked.asked_on <= today else NOT_ASKED


def _answered(register: Register, purpose: str, instant: str, unit: str | None) -> bool:
    proposed = any(
        (proposal.entry.unit, proposal.entry.purpose) == (unit, purpose) and proposal.entered_at <= instant
        for proposal in register.proposals.values()
    )
    return proposed or any(
        (mailbox.unit, mailbox.purpose) == (unit, purpose)
        and (mailbox.confirmed_at or "") <= instant
        and (mailbox.valid_to is None or instant < mailbox.valid_to)
        for mailbox in register.mailboxes.values()
    )
