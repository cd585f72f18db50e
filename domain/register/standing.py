"""How far an authority has come with its main mailbox: not asked, asked, answered, confirmed."""

from domain.register.state import Register

NOT_ASKED, ASKED, ANSWERED, CONFIRMED = "not-asked", "asked", "answered", "confirmed"
STANDINGS = (NOT_ASKED, ASKED, ANSWERED, CONFIRMED)


def standing(register: Register | None, purpose: str, instant: str, unit: str | None = None) -> str:
    """Where an authority, or a unit of it, stood at an instant.

    *Confirmed* where a document would go; *answered* where there was an entry that nobody vouched for
    yet, or just then, or one that begins later; *asked* where the secretariat had asked the authority
    and there was none. What has become of the entry since does not change what it was.
    """
    if register is None:
        return NOT_ASKED
    if register.main_mailbox(unit, purpose, instant):
        return CONFIRMED
    if register.answered(unit, purpose, instant):
        return ANSWERED
    return ASKED if register.last_asked(purpose, instant) else NOT_ASKED
