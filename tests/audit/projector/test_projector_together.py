"""Several projectors, rebuilds and writers at once: each event once, and none lost."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from audit.projector import projector as module
from tests.audit.projector.following import follow_to_the_end
from tests.journeys.cast import (
    caseworker,
    clinician,
)
from tests.journeys.checks import check_all, check_cases
from tests.journeys.house import House
from tests.journeys.papers import cpr, document
from tests.stores import make_log
from workflows.views.installed import FOLLOWING

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS", "1"))


def _work(house, start, count):
    for n in range(start, start + count):
        handover = house.submit(clinician(), document(cpr(n)))
        house.open(caseworker(), handover)
        house.acknowledge(caseworker(), handover)


def test_two_processes_apply_each_event_once(postgres_store, monkeypatch):
    house = House(postgres_store)
    house.two_authorities()
    _work(house, 0, 40)
    until = len(house.events()) + 20 * 7
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        followers = [pool.submit(follow_to_the_end, postgres_store.place, until) for _ in range(2)]
        _work(house, 100, 20)
        applied = [follower.result(timeout=60) for follower in followers]
    assert len(house.events()) == until
    assert sum(taken for taken, _ in applied) == until * len(FOLLOWING), "each view, each event once"
    assert house.projector.lag() == 0
    check_all(house)


def test_many_threads_step_and_apply_each_event_once(house, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 5)
    house.two_authorities()
    _work(house, 0, 10)

    def follow(_):
        applied = 0
        while house.projector.lag():
            applied += house.projector.step()
        return applied

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(follow, range(4))) == len(FOLLOWING) * len(house.events())
    check_all(house)


def test_a_rebuild_while_appends_go_on_loses_nothing(house, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 5)
    house.two_authorities()
    _work(house, 0, 8)
    done = threading.Event()
    faults = []

    def follow():
        while not done.is_set():
            try:
                house.projector.step()
            except Exception as fault:
                faults.append(fault)

    projector = threading.Thread(target=follow)
    projector.start()
    try:
        with ThreadPoolExecutor(3) as pool:
            writers = [pool.submit(_work, house, 100 * (n + 1), 6 + 4 * ROUNDS) for n in range(2)]
            rebuilt = 0
            while not all(writer.done() for writer in writers):
                for view in house.projector.views:
                    house.projector.rebuild(view)
                    rebuilt += 1
            for writer in writers:
                writer.result()
    finally:
        done.set()
        projector.join()
    assert rebuilt >= 3
    assert faults == []
    assert house.projector.parked() == []
    check_cases(house, house.events())
    check_all(house)


def test_a_rebuild_that_died_leaves_the_live_table_and_starts_afresh(house, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 5)
    house.two_authorities()
    _work(house, 0, 6)
    house.project()
    live = house.rows("worklist")

    class Died(BaseException):
        pass

    def die(done, total):
        if done > 10:
            raise Died

    with pytest.raises(Died):
        house.projector.rebuild("worklist", die)
    assert house.rows("worklist") == live
    _work(house, 50, 1)
    check_all(house)


def test_a_second_server_process_reads_its_own_writes_in_the_view(postgres_store):
    house = House(postgres_store)
    mailbox = house.two_authorities()
    connections = postgres_store.connect()
    postgres_store.opened += list(connections)
    second = House(postgres_store, connections=connections)
    handover = second.submit(clinician())
    assert house.show(caseworker(), mailbox).listed[0].row.handover == handover
    house.acknowledge(caseworker(), handover)
    assert [one.row.handover for one in second.show(caseworker(), mailbox, "acknowledged").listed] == [
        handover
    ]
    assert make_log(connections[0], postgres_store.clock, postgres_store.ids).length() == len(house.events())
