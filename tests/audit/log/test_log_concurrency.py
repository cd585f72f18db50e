"""Many writers and a follower at once: no gap, nothing twice, nothing missed (stack.md traps 1-3)."""

import multiprocessing
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

from domain.events.model import Recorded
from domain.handover import events as h
from tests.audit.log.appender import SystemClock, append_many, append_to, refuse_every_seventh
from tests.stores import RandomIds, append, make_log, make_store, new_event

SHARED = UUID(int=77)


def _follow(log, running) -> list[Recorded]:
    """Read as a follower does: what comes after the last position, until the writers are done."""
    seen: list[Recorded] = []
    while True:
        last_round = not running()
        batch = log.read(len(seen) - 1, 50)
        assert [entry.header.position for entry in batch] == list(range(len(seen), len(seen) + len(batch)))
        seen += batch
        if last_round and not batch:
            return seen


def _hold(seen: list[Recorded], committed: int) -> None:
    assert len(seen) == committed
    counters: dict[str, list[int]] = defaultdict(list)
    versions: dict[UUID, list[int]] = defaultdict(list)
    for entry in seen:
        versions[entry.header.stream].append(entry.header.stream_version)
        for ref in entry.header.subjects:
            counters[ref.key_id].append(ref.n)
    for numbers in (*counters.values(), *versions.values()):
        assert numbers == list(range(1, len(numbers) + 1))
    assert len(versions[SHARED]) > committed / 3
    times = [entry.header.recorded_at for entry in seen]
    assert times == sorted(times)
    assert max(Counter((entry.event.channel, entry.event.attempt) for entry in seen).values()) <= 2


def test_threads_append_densely_and_a_follower_misses_nothing(store):
    log = make_log(store.log_database, SystemClock(), RandomIds(), refuse_every_seventh)

    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(append_to, log, worker, 40, SHARED) for worker in range(6)]
        seen = _follow(log, lambda: not all(future.done() for future in futures))
        _hold(seen, sum(future.result() for future in futures))


def test_server_processes_append_densely_and_a_follower_misses_nothing(postgres_store):
    place = postgres_store.place
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(append_many, place, worker, 60, SHARED) for worker in range(3)]
        seen = _follow(postgres_store.log, lambda: not all(future.done() for future in futures))
        _hold(seen, sum(future.result() for future in futures))
    assert len({entry.event.channel for entry in seen}) == 3
    workers = [entry.event.channel for entry in seen]
    assert sum(one != next_ for one, next_ in pairwise(workers)) > 3, "they ran at once"


def test_many_first_starts_at_once_migrate_once(postgres_place):
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: make_store("postgres", postgres_place), range(6)))
    try:
        fingerprints = {store.vault.fingerprint(b"x") for store in stores}
        assert len(fingerprints) == 1, "one pepper and one fingerprint key an installation"
        for position, store in enumerate(stores):
            [entry] = store.log.append(append(new_event(h.HandoverSent(channel="x", attempt=1))))
            assert entry.header.position == position
    finally:
        for store in stores:
            store.close()
