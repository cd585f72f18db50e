"""A body replay: an auditor has every body of a range opened, to see that it opens under its header."""

from domain.events.model import Count, Facts


class BodiesReplayed(Facts, frozen=True, kw_only=True):
    """Bodies of entries in a range of positions are opened and checked; nobody reads them.

    The entry commits before the first key is released, and every release names it.
    """

    NAME = "bodies-replayed"

    first_position: Count
    last_position: Count
