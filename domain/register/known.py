"""What was known of the register at a moment: the bitemporal question (valid time, registered time).

Valid time is what the entries say; registered time is when they came on the log, which is the only
evidence of what anybody could have known.
"""

from collections.abc import Callable, Iterable
from itertools import takewhile
from uuid import UUID

from domain.events.model import Recorded
from domain.handover.streams import register_of
from domain.register.fold import fold
from domain.register.resolve import Registers
from domain.register.state import Register

Read = Callable[[UUID], Iterable[Recorded]]
"""A stream's events in order."""


def as_known(events: Iterable[Recorded], known: str) -> Register | None:
    """What the events recorded by an instant say, that instant included. Later ones change nothing of it."""
    return fold(None, takewhile(lambda recorded: recorded.header.recorded_at <= known, events))


def registers_as_known(read: Read, known: str | None) -> Registers:
    """Registers by authority as known at an instant, or now; each is read once."""
    found: dict[str, Register | None] = {}

    def register(authority: str) -> Register | None:
        if authority not in found:
            events = read(register_of(authority))
            found[authority] = fold(None, events) if known is None else as_known(events, known)
        return found[authority]

    return register
