"""How often, and for how long, the one who follows a handover up is not the one with the duty to treat.

The two timelines are derived for each handover from header and facts, as they are in the replay (design
section 5). Internal: small numbers are not hidden.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from audit.projector.table import table_of
from audit.replay.source import StoredLog
from domain.course.responsibility import difference, duty_timeline, ended_at, held_by_timeline
from domain.course.spans import value_at
from domain.handover.streams import facts_of
from workflows.views.volume import VOLUME


class Apart(msgspec.Struct, frozen=True, kw_only=True):
    """Handovers of a municipality whose two timelines differ now, and the hours that they have differed.

    What has ended differs no more, and its hours are those until then. A handover counts whose duty is
    nobody's, or unresolved, as one that differs.
    """

    municipality: str | None
    handovers: int
    differ_now: int
    hours: int


def apart(log: StoredLog, until: str) -> list[Apart]:
    """The differences up to an instant, by municipality."""
    found: dict[str | None, tuple[int, int, timedelta]] = {}
    with log.snapshot() as snapshot:
        for key, municipality, counts in snapshot.keyed(table_of(VOLUME), "key", "municipality", "counts"):
            if not counts:
                continue
            case = [*snapshot.stream(UUID(key)), *snapshot.stream(facts_of(UUID(key)))]
            duty, held_by = duty_timeline(case), held_by_timeline(case)
            ended = ended_at(case)
            goes_on = ended is None or until < ended
            differs = goes_on and value_at(duty, until).authority != value_at(held_by, until)
            number, now, total = found.get(municipality, (0, 0, timedelta()))
            found[municipality] = (number + 1, now + differs, total + difference(duty, held_by, until, ended))
    return [
        Apart(municipality=code, handovers=number, differ_now=now, hours=int(total.total_seconds() // 3600))
        for code, (number, now, total) in sorted(found.items(), key=lambda one: one[0] or "")
    ]
