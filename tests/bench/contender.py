"""What the comparison asks of each side, and the one way a round is run for both."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.bench.fsync import FsyncRate, measure_fsync
from tests.bench.load import Cycle, RoundResult, run_round
from tests.bench.server import Server


@dataclass(frozen=True)
class Load:
    """The size of a round: client processes, timed cycles for each, untimed cycles for each."""

    clients: int
    cycles: int
    warmup: int


class Contender(Protocol):
    """A server that can be started on a data directory of ours and driven by a cycle."""

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    def prepare(self, template: Path, earlier: int) -> None:
        """Make `template` (exists, empty) a store holding `earlier` acknowledged messages."""
        ...

    def serve(self, data: Path, log: Path) -> AbstractContextManager[tuple[Server, Cycle]]:
        """Run the server on `data` for the block, with its output to `log`."""
        ...


@contextmanager
def work_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder in `parent` (else the temporary one) for stores and logs.

    Removed after a clean run; after a fault it stays, because the fault names a log in it.
    """
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def prepared(contender: Contender, parent: Path, earlier: int) -> Iterator[Path]:
    """A store with `earlier` messages, made once and copied for each round."""
    template = parent / f"{contender.name}-{earlier}"
    template.mkdir()
    try:
        contender.prepare(template, earlier)
        yield template
    finally:
        shutil.rmtree(template, ignore_errors=True)


def fresh_round(contender: Contender, template: Path, load: Load) -> tuple[RoundResult, FsyncRate]:
    """One round on a new server over a fresh copy of `template`, so that no round inherits another's.

    The disk's dirty pages are written out first: one side never fsyncs, and its debt must not fall
    due in the other's round. The fsync rate is measured just before.
    """
    data = template.with_name(template.name + "-round")
    log = template.with_name(f"{contender.name}.log")
    shutil.copytree(template, data)
    try:
        os.sync()
        rate = measure_fsync(data, 100)
        with contender.serve(data, log) as (server, cycle):
            return (
                run_round(cycle, server, clients=load.clients, cycles=load.cycles, warmup=load.warmup),
                rate,
            )
    finally:
        shutil.rmtree(data, ignore_errors=True)
