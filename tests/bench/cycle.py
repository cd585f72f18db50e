"""Overgang beside its peer: the same journey, client library, disk and run, in turn.

By hand: `python -m tests.bench.cycle --help`; the targets are in the design, section 8. Every round has
a fresh server on a fresh copy of the store, and the sides take turns at going first.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.contender import Contender, Load, fresh_round, prepared, work_folder
from tests.bench.floor import Floor
from tests.bench.fsync import FsyncRate, measure_fsync
from tests.bench.load import RoundResult
from tests.bench.overgang import Overgang
from tests.bench.peer_mesh import PEER, PEER_VERSION, MeshSandbox, peer_python
from tests.bench.report import Spread, machine, spread, table
from tests.bench.server import BenchError


@dataclass(frozen=True)
class Row:
    """One round of one contender, with the disk's fsync rate just before it."""

    contender: str
    earlier: int
    round: int
    result: RoundResult
    fsync: FsyncRate


@dataclass(frozen=True)
class Ratio:
    """A contender's rate by the peer's in the same round, over the rounds of one setting."""

    contender: str
    clients: int
    earlier: int
    rate: Spread
    server_cpu: Spread


def compare(
    contenders: list[Contender], folder: Path, *, loads: list[Load], earlier: list[int], rounds: int
) -> Iterator[Row]:
    """Run every setting, the contenders in turn, and yield each round as it ends."""
    for messages in earlier:
        with ExitStack() as stores:
            templates = {
                one.name: stores.enter_context(prepared(one, folder, messages)) for one in contenders
            }
            for load in loads:
                for number in range(rounds):
                    for one in contenders if number % 2 == 0 else contenders[::-1]:
                        result, rate = fresh_round(one, templates[one.name], load)
                        yield Row(one.name, messages, number, result, rate)


def _settings(rows: list[Row]) -> list[tuple[int, int]]:
    return sorted({(row.earlier, row.result.clients) for row in rows})


def ratios(rows: list[Row], ours: str, theirs: str) -> list[Ratio]:
    """Round by round, ours by theirs; above 1 we are faster. Server CPU likewise: below 1 we need less."""
    found = []
    for earlier, clients in _settings(rows):
        by_round: dict[int, dict[str, RoundResult]] = {}
        for row in rows:
            if (row.earlier, row.result.clients) == (earlier, clients):
                by_round.setdefault(row.round, {})[row.contender] = row.result
        pairs = [(both[ours], both[theirs]) for both in by_round.values() if {ours, theirs} <= both.keys()]
        if pairs:
            rates = [our.cycles_per_second / their.cycles_per_second for our, their in pairs]
            cpu = [our.server_cpu_ms_per_request / their.server_cpu_ms_per_request for our, their in pairs]
            found.append(Ratio(ours, clients, earlier, spread(rates), spread(cpu)))
    return found


def text(rows: list[Row], found: list[Ratio]) -> str:
    """The tables a person reads: each setting, then the ratios; least / median / greatest over rounds."""
    lines = []
    for earlier, clients in _settings(rows):
        for name in sorted({row.contender for row in rows}):
            mine = [
                row
                for row in rows
                if (row.earlier, row.result.clients, row.contender) == (earlier, clients, name)
            ]
            if not mine:
                continue
            results = [row.result for row in mine]
            lines.append(
                [
                    name,
                    str(clients),
                    str(earlier),
                    spread([result.cycles_per_second for result in results]).text(),
                    spread([result.p50_ms for result in results]).text(),
                    spread([result.p95_ms for result in results]).text(),
                    f"{spread([result.server_cpu_ms_per_request for result in results]).median:.2f}",
                    f"{spread([result.client_cpu_ms_per_request for result in results]).median:.2f}",
                    f"{max(result.peak_rss_mib for result in results):.0f}",
                    f"{spread([row.fsync.per_second for row in mine]).median:.0f}",
                ]
            )
    header = ["server", "clients", "earlier", "cycles/s", "p50 ms", "p95 ms"]
    header += ["CPU ms/req", "client CPU", "MiB", "fsync/s"]
    parts = [table(header, lines)]
    if found:
        shown = [
            [
                f"{one.contender} : mesh",
                str(one.clients),
                str(one.earlier),
                one.rate.text(2),
                one.server_cpu.text(2),
            ]
            for one in found
        ]
        parts.append(table(["ratio", "clients", "earlier", "rate", "server CPU"], shown))
    return "\n\n".join(parts)


def _numbers(given: str) -> list[int]:
    return [int(part) for part in given.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="send -> list -> open -> acknowledge, Overgang beside MESH")
    parser.add_argument("--peer-python", type=Path, help=f"an interpreter that has {PEER} {PEER_VERSION}")
    parser.add_argument("--dir", type=Path, help="a folder on the disk to measure (else the temporary one)")
    parser.add_argument("--clients", type=_numbers, default=[1, 8], metavar="N,N")
    parser.add_argument("--cycles", type=int, default=400, help="timed cycles of a round, over all clients")
    parser.add_argument("--warmup", type=int, default=20, help="untimed cycles of each client")
    parser.add_argument("--earlier", type=_numbers, default=[0], metavar="N,N", help="acknowledged before")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("overgang", "mesh"), help="one side alone")
    parser.add_argument("--floor", action="store_true", help="also the empty server (tests.bench.floor)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def measure(
    parent: Path | None,
    peer: Path | None,
    *,
    clients: list[int],
    cycles: int,
    warmup: int,
    earlier: list[int],
    rounds: int,
    only: str | None = None,
    floor: bool = False,
) -> tuple[list[Row], FsyncRate]:
    """Run every setting on the disk of `parent` (else the temporary folder's); `peer` has the sandbox.

    Raises BenchError when any round fails: a rate with faults in it is no rate.
    """
    loads = [Load(count, -(-cycles // count), warmup) for count in clients]
    rows = []
    with ExitStack() as stack:
        contenders: list[Contender] = []
        if only != "mesh":
            contenders.append(Overgang())
            if floor:
                contenders.append(Floor())
        if only != "overgang":
            contenders.append(MeshSandbox(stack.enter_context(peer_python(peer))))
        folder = stack.enter_context(work_folder(parent))
        disk = measure_fsync(folder)
        for row in compare(contenders, folder, loads=loads, earlier=earlier, rounds=rounds):
            rows.append(row)
            print(
                f"{row.contender}: {row.result.clients} clients, {row.earlier} earlier, "
                f"round {row.round + 1} of {rounds}: {row.result.cycles_per_second:.1f} cycles/s",
                file=sys.stderr,
            )
    return rows, disk


def main() -> int:
    """Measure, print, and exit 1 when any round fails (a rate with faults in it is no rate)."""
    arguments = _parser().parse_args()
    before = machine()
    try:
        rows, disk = measure(
            arguments.dir,
            arguments.peer_python,
            clients=arguments.clients,
            cycles=arguments.cycles,
            warmup=arguments.warmup,
            earlier=arguments.earlier,
            rounds=arguments.rounds,
            only=arguments.only,
            floor=arguments.floor,
        )
    except BenchError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    found = [*ratios(rows, "overgang", "mesh"), *ratios(rows, "floor", "mesh")]
    if arguments.json:
        whole: dict[str, Any] = {
            "machine": before,
            "peer": f"{PEER} {PEER_VERSION}",
            "fsync": asdict(disk),
            "rows": [asdict(row) for row in rows],
            "ratios": [asdict(one) for one in found],
        }
        print(msgspec.json.encode(whole).decode())
        return 0
    print(text(rows, found))
    print(
        f"\nfsync ({disk.filesystem}): median {disk.median_ms:.3f} ms, {disk.per_second:.0f}/s; "
        f"{before['cores']} cores, Python {before['python']}, load {before['load_1_min']} at the start. "
        "Least / median / greatest over the rounds."
    )
    if not disk.durable:
        print("this filesystem lives in memory: give --dir on a disk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
