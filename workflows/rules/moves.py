"""Whether a handover between two authorities can be the move that its document states (design section 5)."""

from domain.document.moves import AuthorityKind, Direction, Form, MoveRefused, check_move, direction_of
from domain.handover.events import DocumentFacts
from domain.handover.parties import kind_of

FROM, TO = "overgang.move_from", "overgang.move_to"
CHANGE = "overgang.change_of_handlekommune"


def move_fault(facts: DocumentFacts, sender: str, receiver: str | None) -> str | None:
    """The code of what forbids this move between these authorities, or None.

    A document that does not say whether the handlekommune changes says so by its parties. A form that is
    unknown forbids nothing, and neither does a receiver who is not found yet: that is held, and asked
    again when one is.
    """
    before, after = _form(facts, FROM), _form(facts, TO)
    sending, receiving = kind_of(sender), kind_of(receiver) if receiver is not None else None
    if Form.UNKNOWN in (before, after) or sending is None or receiving is None:
        return None
    try:
        direction = direction_of(AuthorityKind(sending), AuthorityKind(receiving))
        stated = facts.get(CHANGE)
        change = stated if isinstance(stated, bool) else direction is Direction.BETWEEN_MUNICIPALITIES
        check_move(before, after, direction, change_of_handlekommune=change)
    except MoveRefused as refused:
        return refused.code
    return None


def stated(move_from: str, move_to: str) -> DocumentFacts:
    """A move as a document would state it, for a case that has none."""
    return {FROM: move_from, TO: move_to}


def _form(facts: DocumentFacts, name: str) -> Form:
    value = facts.get(name)
    return Form(value) if isinstance(value, str) and value in tuple(Form) else Form.UNKNOWN
