"""`overgang audit sample`: cases for review, drawn at random so that anybody can draw them again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from api.cli import show
from api.cli.asking import AsOf, AtIndex, Authority, authority_code, instant
from api.cli.store import Data, Json, reading
from audit.replay.danish import danish_number
from audit.replay.source import Snapshot, StoredLog, parties
from audit.verdicts.rights import Head, Rights, ask, head
from audit.verdicts.rows import Summary
from audit.verdicts.sample import METHOD, draw, ranking
from domain.events.instant import to_instant
from domain.rights.verdict import State
from domain.rights.words import STATES


def sample(
    data: Data,
    seed: Annotated[int, typer.Option("--seed", help="Any whole number; name it in the report.")],
    count: Annotated[int, typer.Option("--count", min=1, max=10_000, help="How many cases.")] = 20,
    authority: Authority = None,
    at_index: AtIndex = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Draw cases at random, and count what became of the rights in each.

    The sample follows from the seed, the number of entries and their root hash: the same question gives the
    same cases. Later, when the log has grown, repeat it with the --at-index that is told.
    """
    code, moment = authority_code(authority), instant(as_of)
    with reading(data) as database, StoredLog(database).snapshot() as log:
        now = to_instant(datetime.now(UTC))
        asked = ask(log, now, at_index=at_index, as_of=moment)
        about = head(asked, log.root(asked.at_index))
        population, drawn = _drawn(log, about, seed, count, code)
        rights = Rights(log, asked)
        cases = [_counted(rights, handover) for handover in drawn]
    found = {"method": METHOD, "seed": seed, "count": count, "authority": code, "population": population}
    if json:
        show.as_json({"head": about, **found, "cases": cases})
        return
    for line in _told(about, found, cases):
        show.out.print(line)


def _drawn(log: Snapshot, about: Head, seed: int, count: int, code: str | None) -> tuple[int, list[UUID]]:
    assert about.root_hash is not None
    population = 0

    def cases() -> Iterator[UUID]:
        nonlocal population
        for _, handover in log.cases(until=about.at_index):
            if code is None or code in parties(log.stream(handover, about.at_index)):
                population += 1
                yield handover

    drawn = draw(cases(), count, ranking(seed, about.at_index + 1, about.root_hash))
    return population, drawn


def _counted(rights: Rights, handover: UUID) -> dict[str, Any]:
    counts = Summary()
    counts.take(rights.case(handover).rows)
    return {"handover": handover, "not_kept": counts.not_kept, "by_state": counts.by_state}


def _told(about: Head, found: dict[str, Any], cases: list[dict[str, Any]]) -> Iterator[str]:
    of = danish_number(found["population"])
    yield f"Stikprøve: {danish_number(len(cases))} af {of} overgange. Frø: {found['seed']}."
    yield f"Rodhash (RFC 6962) til og med post {about.at_index}: {about.root_hash}"
    again = (
        f"overgang audit sample --seed {found['seed']} --count {found['count']} --at-index {about.at_index}"
    )
    yield f"Træk den igen: {again}" + (f" --authority {found['authority']}" if found["authority"] else "")
    for case in cases:
        states = case["by_state"]
        told = ", ".join(f"{states[state]} {STATES[state]}" for state in State if state in states)
        yield f"  {case['handover']}: {told or 'ingen rettighed er udløst'}"
