"""When nobody says yes: what follows a return or an insistence, in the same commit (design section 5)."""

from datetime import datetime

import msgspec

from domain.handover.decide_steps import decide_unresolved
from domain.handover.state import Handover
from workflows.handlers.case import Planned
from workflows.handlers.services import SYSTEM


def after_return(state: Handover, now: datetime) -> list[Planned]:
    """The second return leaves responsibility unresolved."""
    returns = state.returns + 1
    after = msgspec.structs.replace(state, status="returned", returns=returns, resolved_to=None)
    return _unresolved(after, now)


def after_insisting(state: Handover, now: datetime) -> list[Planned]:
    """A no to a no leaves responsibility unresolved."""
    return _unresolved(msgspec.structs.replace(state, insisted=True), now)


def _unresolved(after: Handover, now: datetime) -> list[Planned]:
    if after.reason_unresolved is None:
        return []
    return [Planned(decided=decide_unresolved(after, now), actor=SYSTEM)]
