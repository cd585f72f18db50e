"""Who may see an event: the lane says which authorities, the roles say which persons there.

The region sees nothing of the municipality's internal steps and the municipality nothing of the
region's; both see what passes between them. Within an authority, the roles are those that work
with the case; an auditor of that authority sees every header of it.
"""

from enum import StrEnum


class Lane(StrEnum):
    """Where an event belongs in a handover between two authorities."""

    SHARED = "shared"
    """What passes between the two: both parties see it."""

    OWN = "own"
    """A step inside one authority: only its controller sees it."""

    PUBLIC_REGISTER = "public-register"
    """Public facts about authorities, units and main mailboxes: every signed-in caller."""


CASE_ROLES = frozenset({"clinician", "caseworker", "leader", "integration", "auditor"})
"""Those who work with or review cases in their own authority."""

LEAD_ROLES = frozenset({"leader", "auditor"})
"""Those who answer for how a unit's staff use the system."""

REGISTER_ROLES = frozenset(
    {"clinician", "caseworker", "leader", "integration", "auditor", "registrar", "steering", "operator"}
)

KEEPER_ROLES = frozenset({"registrar", "auditor"})
"""Those who keep the register and those who review it: what is proposed is theirs until it is confirmed."""


def may_see(
    *, lane: Lane, roles: frozenset[str], visible_to: tuple[str, ...], role: str, authority: str
) -> bool:
    """Whether a caller of `authority` with `role` may see an event's header and facts."""
    if role not in roles:
        return False
    return lane is Lane.PUBLIC_REGISTER or authority in visible_to
