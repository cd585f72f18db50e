"""kill -9 in the midst of submissions, then retries with the same keys: nothing lost, nothing twice."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from api.bootstrap import Overgang
from api.settings import Settings
from domain.handover.commands import OpenDocument
from tests.crash.clients import Book, Client, ask_again, register, run_all
from tests.crash.servers import ENVIRONMENT, Server, servers, two_databases
from tests.journeys.cast import (
    caseworker,
)
from tests.journeys.checks import check_all, events_of
from workflows.handlers.read import open_for_reading
from workflows.handlers.services import Context

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS", "1"))
CLIENTS = 4


@contextmanager
def _opened(data: Path, environment: Mapping[str, str]) -> Iterator[Overgang]:
    """The store in this process, once no server has it."""
    named = {**ENVIRONMENT, **environment}
    wanted = {name.removeprefix("OVERGANG_").lower(): value for name, value in named.items()}
    overgang = Overgang(Settings(data_dir=data, **wanted))
    try:
        overgang.vault.unlock()
        yield overgang
    finally:
        overgang.close()


def _check(overgang: Overgang, book: Book, numbers: range) -> None:
    assert book.faults == []
    for key, answers in book.answers.items():
        assert len(set(answers)) == 1, f"{key} was answered in {len(set(answers))} ways"
    events = events_of(overgang.log)
    steps = Counter(event.header.event for event in events)
    sent = {UUID(book.answers[f"send-{number}"][0][0].rpartition("/")[2]) for number in numbers}
    cases = check_all(overgang)
    assert len(sent) == len(numbers), "one handover a key"
    assert set(cases) == sent, "nothing lost, nothing twice"
    assert steps["handover-submitted"] == steps["handover-delivered"] == len(numbers)
    assert steps["document-read"] == len(numbers), "a retried reading is the same reading"
    assert steps["handover-opened"] == len(numbers)
    expected = Counter({0: "opened", 1: "acknowledged", 2: "taken_over"}[number % 3] for number in numbers)
    assert Counter(state.status for state in cases.values()) == expected
    assert overgang.projector.parked() == []
    for handover in random.sample(sorted(sent), 5):
        command = OpenDocument(handover=handover, purpose="handover")
        context = Context(actor=caseworker(), correlation_id=overgang.ids.uuid())
        assert open_for_reading(overgang.services, context, command).document is not None


def _kill_often(victims: Sequence[Server], book: Book, kills: int, total: int) -> int:
    """Kill a server when so much has been answered, and start it again; returns how often."""
    for kill in range(kills):
        wanted = (kill + 1) * total // (kills + 2)
        while book.count < wanted and not book.faults:
            time.sleep(0.002)
        time.sleep(random.random() * 0.05)
        victim = victims[kill % len(victims)]
        victim.kill()
        victim.start()
        victim.await_ready()
    return kills


def test_a_server_killed_in_the_midst_loses_nothing_and_does_nothing_twice(tmp_path):
    kills, each = 2 * ROUNDS, 12 * ROUNDS
    numbers = range(CLIENTS * each)
    book = Book()
    with servers(tmp_path / "data", {}) as [server]:
        register(server)
        clients = [Client(n, [server], numbers[n * each : (n + 1) * each], book) for n in range(CLIENTS)]
        run_all(clients, lambda: _kill_often([server], book, kills, 2 * len(numbers)))
        assert book.faults == [], server.log()
        assert book.unanswered > 0, "it was killed while somebody waited"
        ask_again([server], book, numbers)
        server.stop()
    with _opened(tmp_path / "data", {}) as overgang:
        _check(overgang, book, numbers)


def test_one_of_two_servers_killed_the_clients_go_on_with_the_other(tmp_path, postgres):
    kills, each = 2 * ROUNDS - 1, 10 * ROUNDS
    numbers = range(CLIENTS * each)
    book = Book()
    with two_databases(postgres) as environment:
        with servers(tmp_path / "data", environment, count=2) as both:
            register(both[0])
            clients = [Client(n, both, numbers[n * each : (n + 1) * each], book) for n in range(CLIENTS)]
            run_all(clients, lambda: _kill_often(both, book, kills, 2 * len(numbers)))
            assert book.faults == [], both[0].log() + both[1].log()
            ask_again(both, book, numbers)
            for server in both:
                server.stop()
        with _opened(tmp_path / "data", environment) as overgang:
            _check(overgang, book, numbers)
