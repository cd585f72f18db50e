"""A projector in a process of its own."""

from typing import Any

from audit.projector.projector import Projector
from tests.stores import FrozenClock, RandomIds, make_log, open_databases
from workflows.views.installed import COMMITTED, FOLLOWING


def follow_to_the_end(place: Any, until: int) -> tuple[int, int]:
    """Follow the log until it holds `until` events; returns how many were applied, in how many steps."""
    log_database, vault_database = open_databases(place)
    try:
        log = make_log(log_database, FrozenClock(), RandomIds())
        projector = Projector(log_database, log, FOLLOWING, COMMITTED)
        applied = steps = 0
        while log.length() < until or projector.lag():
            taken = projector.step()
            applied += taken
            steps += taken > 0
        return applied, steps
    finally:
        log_database.close()
        vault_database.close()
