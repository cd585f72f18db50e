"""The register of one authority: units, main mailboxes in time, successions, and what it has published."""

from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.register.mailbox import EndProposal, MainMailbox, Proposal
from domain.register.processing_times import ProcessingTime
from domain.register.referrers import MayRefer, Publication, may_refer
from domain.register.succession import Succession, SuccessionProposal


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as registered last."""

    id: str
    authority: str
    kind: str
    name: str
    sor: str | None
    gln: str | None
    offers_dual_diagnosis: bool


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The secretariat asked for the main mailbox on this day, by these means."""

    version: int
    means: str
    asked_on: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a main mailbox came in, and was perhaps taken back before anybody confirmed it."""

    unit: str | None
    purpose: str
    entered_at: str
    withdrawn_at: str | None = None

    def stood_at(self, instant: str) -> bool:
        """Whether it was there at an instant; when it is taken back it no longer is."""
        return self.entered_at <= instant and (self.withdrawn_at is None or instant < self.withdrawn_at)


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """What the register knows of one authority. Proposals count for nothing until they are confirmed."""

    authority: str
    kind: str
    name: str
    cvr: str | None
    version: int
    units: dict[str, Unit] = {}
    mailboxes: dict[UUID, MainMailbox] = {}
    proposals: dict[UUID, Proposal] = {}
    end_proposals: dict[UUID, EndProposal] = {}
    asked: dict[str, tuple[Asked, ...]] = {}
    """By purpose, every time, in the order in which it was noted."""
    answers: dict[UUID, Answer] = {}
    """By main mailbox, every entry: what was answered is still known once it is confirmed or taken back."""
    successions: dict[str | None, Succession] = {}
    """By unit; under None that of the authority itself."""
    succession_proposals: dict[UUID, SuccessionProposal] = {}
    publications: dict[tuple[str, str], Publication] = {}
    """By type of referrer and the instant from which it holds."""
    processing_times: dict[tuple[str, str], ProcessingTime] = {}
    """By legal basis and the day from which it holds."""

    def last_asked(self, purpose: str, instant: str) -> Asked | None:
        """When the authority had been asked last at an instant; its Danish day is included."""
        day = danish_day(from_instant(instant)).isoformat()
        asked = [one for one in self.asked.get(purpose, ()) if one.asked_on <= day]
        return max(asked, key=lambda one: (one.asked_on, one.version), default=None)

    def answered(self, unit: str | None, purpose: str, instant: str) -> bool:
        """Whether an entry stood there at an instant, confirmed or not, that had not ended by then."""
        return any(
            (answer.unit, answer.purpose) == (unit, purpose)
            and answer.stood_at(instant)
            and not (mailbox in self.mailboxes and self.mailboxes[mailbox].has_ended(instant))
            for mailbox, answer in self.answers.items()
        )

    def main_mailbox(self, unit: str | None, purpose: str, instant: str) -> MainMailbox | None:
        """The main mailbox of a unit (or of the authority itself) valid at an instant."""
        for mailbox in self.mailboxes.values():
            if mailbox.unit == unit and mailbox.purpose == purpose and mailbox.valid_at(instant):
                return mailbox
        return None

    def overlapping(
        self,
        unit: str | None,
        purpose: str,
        valid_from: str,
        valid_to: str | None,
        but: UUID | None = None,
    ) -> MainMailbox | None:
        """A main mailbox, `but` that one, that is valid at any instant of the given time, or None."""
        for mailbox in self.mailboxes.values():
            if (
                mailbox.id != but
                and (mailbox.unit, mailbox.purpose) == (unit, purpose)
                and mailbox.valid_within(valid_from, valid_to)
            ):
                return mailbox
        return None

    def succession(self, unit: str | None, instant: str) -> Succession | None:
        """Who stands in the place of a unit (or of the authority itself) at an instant."""
        found = self.successions.get(unit)
        return found if found is not None and found.holds_at(instant) else None

    def may_refer(self, referrer: str, instant: str) -> MayRefer:
        """Whether a henvisning of this type of referrer counts here at an instant (RSY §11(2))."""
        return may_refer(self.publications.values(), referrer, instant)
