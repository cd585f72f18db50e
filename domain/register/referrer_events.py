"""Who may refer to a region's treatment beside those who may by law (RSY §11(2))."""

from domain.events.instant import Instant
from domain.events.model import AuthorityCode, Code, Facts


class ReferrerPublished(Facts, frozen=True, kw_only=True):
    """A region has published that referrers of this type may refer, from an instant on.

    `authority` is the region. `valid_to` is exclusive. A later publication of the same type from the
    same instant stands in the place of the earlier one.
    """

    NAME = "referrer-published"

    authority: AuthorityCode
    referrer: Code
    valid_from: Instant
    valid_to: Instant | None
