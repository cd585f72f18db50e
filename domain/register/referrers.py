"""Whether a referral counts as one: a setting per region and type of referrer (RSY §11(2); law.md 2.1)."""

from collections.abc import Iterable

import msgspec

from domain.law.referral_rules import may_refer_by_law

BY_LAW, PUBLISHED, NOT_PUBLISHED = "by-law", "published", "not-published"


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """A region has published that this type may refer, for a time; `valid_to` is exclusive."""

    referrer: str
    valid_from: str
    valid_to: str | None

    def valid_at(self, instant: str) -> bool:
        """Whether it holds at an instant."""
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


class MayRefer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a henvisning of such a referrer counts, and by which rule."""

    counts: bool
    rule: str


def may_refer(publications: Iterable[Publication], referrer: str, instant: str) -> MayRefer:
    """Whether a referrer of this type may refer to the region at an instant."""
    if may_refer_by_law(referrer):
        return MayRefer(counts=True, rule=BY_LAW)
    published = any(one.referrer == referrer and one.valid_at(instant) for one in publications)
    return MayRefer(counts=published, rule=PUBLISHED if published else NOT_PUBLISHED)
