"""Two ways in which bodies are opened in bulk: a body replay, and an authority that takes its data out."""

from domain.events.model import Count, Facts


class BodiesReplayed(Facts, frozen=True, kw_only=True):
    """Bodies of entries in a range of positions are opened and checked; nobody reads them.

    The entry commits before the first key is released, and every release names it.
    """

    NAME = "bodies-replayed"

    first_position: Count
    last_position: Count


class AuthorityExported(Facts, frozen=True, kw_only=True):
    """An authority takes out all that it controls, to leave Overgang or to keep a copy (GDPR art. 28(3)(g)).

    The entry commits before the first key is released, and every release names it.
    """

    NAME = "authority-exported"

    first_position: Count
    last_position: Count
