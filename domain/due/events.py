"""A deadline comes near, or has passed, and somebody was told by role."""

from uuid import UUID, uuid5

from domain.events.instant import Day, Instant
from domain.events.model import Code, Count, Facts, UnitId

_NAMESPACE = UUID("8b1f3c52-6f0e-5d0e-9a4b-2f6f3f0c7a10")


class DeadlineWarned(Facts, frozen=True, kw_only=True):
    """An obligation's date comes near, or has passed; `to` are the roles that were told (law.md 3.16, 9.5).

    The obligation is told by `rule`, `matter` (None: the rule names none), `since`, the moment it was
    triggered, and `about_position`, the entry that triggered it, where one did. `due` is the day that `level`
    is about; `unit` the one that has the case there, where that is known.
    """

    NAME = "deadline-warned"

    handover: UUID
    rule: Code
    matter: UUID | None
    about_position: Count | None
    since: Instant
    level: Code
    due: Day
    unit: UnitId | None
    to: tuple[Code, ...]

    @property
    def claim(self) -> str:
        """What this warning takes for itself on the log, so that it comes once."""
        return f"deadline:{uuid5(_NAMESPACE, f'{self.obligation}:{self.level}:{self.due}')}"

    @property
    def obligation(self) -> UUID:
        """The id of the obligation that it is about."""
        return obligation_id(self.handover, self.rule, self.matter, self.about_position, self.since)


def obligation_id(handover: UUID, rule: str, matter: UUID | None, trigger: int | None, since: str) -> UUID:
    """The id of an obligation: the same for the same rule, matter and trigger, whoever owes it by now."""
    return uuid5(_NAMESPACE, f"obligation:{handover}:{rule}:{matter}:{trigger}:{since}")
