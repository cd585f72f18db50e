"""How long a municipality takes to decide, as it has published it (RSL §3(2), §3a)."""

from domain.events.instant import Day
from domain.events.model import AuthorityCode, Code, Count, Facts


class ProcessingTimePublished(Facts, frozen=True, kw_only=True):
    """A municipality has published its time from application to decision (sagsbehandlingsfrist).

    `legal_basis`: of which decisions. `unit`: a `DayUnit` of `domain.calendar.counting`. `source`: where it
    stands published. A later publication from the same day stands in the place of the earlier one.
    """

    NAME = "processing-time-published"

    authority: AuthorityCode
    legal_basis: Code
    length: Count
    unit: Code
    valid_from: Day
    source: Code
