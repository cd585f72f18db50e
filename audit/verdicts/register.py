"""Was the register kept as the local agreement says? What was valid when, and that two persons changed it.

What a guard refuses at run time is found here when the guard was not there (design section 3, idea 2).
"""

from collections.abc import Iterator
from uuid import UUID

from domain.events.model import Recorded
from domain.register import mailbox_events as m
from domain.register import succession_events as s
from domain.register.events import MainMailboxEnded
from domain.register.fold import fold
from domain.register.mailbox import MainMailbox
from domain.register.state import Register

CHANGED_BY_ONE = "mailbox-changed-by-one-person"


class RegisterChecks:
    """The registers as far as they have been replayed."""

    def __init__(self) -> None:
        self._registers: dict[str, Register] = {}
        self._mailboxes: dict[UUID, str] = {}

    def take(self, recorded: Recorded) -> Iterator[str]:
        """Judge an event of the register before it is taken; yields the codes of what was not kept."""
        authority = str(getattr(recorded.event, "authority", ""))
        before = self._registers.get(authority)
        if before is not None and not _by_two(before, recorded):
            yield CHANGED_BY_ONE
        after = fold(before, [recorded])
        if after is not None:
            self._registers[authority] = after
            self._mailboxes |= dict.fromkeys(after.mailboxes, authority)

    def mailbox(self, mailbox: UUID) -> MainMailbox | None:
        """A main mailbox as it stands so far."""
        found = self._registers.get(self._mailboxes.get(mailbox, ""))
        return found.mailboxes.get(mailbox) if found else None


def _by_two(before: Register, recorded: Recorded) -> bool:
    """Whether what takes a second person has one (decision 0016)."""
    event, actor = recorded.event, recorded.header.actor
    if isinstance(event, m.MainMailboxConfirmed):
        proposal, known = before.proposals.get(event.mailbox), before.mailboxes.get(event.mailbox)
        entered_by = proposal.entered_by if proposal else known.entered_by if known else None
        return entered_by is not None and actor != entered_by
    if isinstance(event, MainMailboxEnded):
        end, known = before.end_proposals.get(event.mailbox), before.mailboxes.get(event.mailbox)
        if end is not None:
            return actor != end.entered_by and event.valid_to == end.valid_to
        # In the first years one person entered and ended them; such an entry names no owner.
        return known is None or known.owner is None
    if isinstance(event, s.AuthoritySucceeded | s.UnitSucceeded):
        succession = before.succession_proposals.get(event.proposal)
        return succession is not None and actor != succession.entered_by
    return True
