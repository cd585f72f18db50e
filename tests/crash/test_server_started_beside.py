"""A server process that starts beside others creates what is missing, and stops nobody's work."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.journeys.cast import AMBULATORY, REGION, caseworker, clinician
from tests.journeys.checks import check_all
from tests.journeys.house import House
from tests.journeys.papers import cpr, document, to_the_region
from tests.stores import make_log


def test_migrating_an_installation_at_work_waits_for_nobody_and_nobody_for_it(postgres_store):
    """Building an index that is there already must not lock its table: that once ended in deadlocks."""
    house = House(postgres_store)
    house.two_authorities()
    house.mailbox(REGION, AMBULATORY)
    connections = postgres_store.connect()
    postgres_store.opened += list(connections)
    starting = House(postgres_store, connections=connections)
    recorder = make_log(connections[0], postgres_store.clock, postgres_store.ids).recorder
    done = threading.Event()

    def start_again_and_again():
        starts = 0
        while not done.is_set():
            recorder.migrate()
            starting.projector.migrate()
            starting.cursor.migrate()
            starting.vault.migrate()
            starts += 1
        return starts

    def work(share):
        for n in share:
            handover = house.submit(clinician(), document(cpr(n)))
            house.open(caseworker(), handover)
            house.submit(caseworker(), to_the_region(cpr(n)), receiver_unit=AMBULATORY)
            house.project()

    with ThreadPoolExecutor(5) as pool:
        starts = pool.submit(start_again_and_again)
        workers = [pool.submit(work, range(20 * n, 20 * n + 20)) for n in range(4)]
        try:
            for worker in workers:
                worker.result()
        finally:
            done.set()
        assert starts.result() > 3
    assert len(check_all(house)) == 160
