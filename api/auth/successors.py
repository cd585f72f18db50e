"""Tokens of an organisation that has been succeeded count as its successor's (OVL; design section 5).

The successions are read from the view now and then, never for each request.
"""

import dataclasses
import time
from collections.abc import Callable
from threading import Lock

from api.auth.claims import Caller
from domain.events.instant import to_instant
from workflows.ports.clock import Clock
from workflows.ports.lists import SuccessionRow, Worklists

FRESH_SECONDS = 2.0
"""How old what was read may be."""


class Successors:
    """Puts the successor in the place of the authority and unit that a token states."""

    def __init__(
        self, worklists: Worklists, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._worklists = worklists
        self._clock = clock
        self._monotonic = monotonic
        self._lock = Lock()
        self._read_at = -FRESH_SECONDS
        self._known: dict[tuple[str, str | None], SuccessionRow] = {}

    def __call__(self, caller: Caller) -> Caller:
        """The caller as she stands now."""
        known = self._successions()
        if not known:
            return caller
        authority, unit = caller.authority, caller.unit
        for _ in range(len(known)):
            found = known.get((authority, unit)) or known.get((authority, None))
            if found is None:
                break
            authority = found.successor_authority
            # A unit that nobody has named a successor for stays what it is, and is then outside every case.
            unit = found.successor_unit if found.unit is not None else unit
        if (authority, unit) == (caller.authority, caller.unit):
            return caller
        return dataclasses.replace(
            caller, authority=authority, unit=unit, formerly=(caller.authority, caller.unit)
        )

    def _successions(self) -> dict[tuple[str, str | None], SuccessionRow]:
        with self._lock:
            now = self._monotonic()
            if now - self._read_at >= FRESH_SECONDS:
                rows = self._worklists.successions(to_instant(self._clock.now()))
                self._known = {(row.authority, row.unit): row for row in rows}
                self._read_at = now
            return self._known
