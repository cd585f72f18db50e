"""Every benchmark of the design's section 8 in one run: tables to read, and one JSON file.

`make bench`, or by hand `python -m tests.bench.all [--peer-python P] [--quick] [--json FILE]`. Nothing
else should run on the machine: the figures that are not ratios depend on it.
"""

import argparse
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tests.bench import append, bodies, cycle, replay, verdicts
from tests.bench.report import machine
from tests.bench.server import BenchError

PARTS = ("cycle", "append", "replay", "verdicts", "memory")


def _cycle(arguments: argparse.Namespace) -> tuple[str, Any]:
    quick = arguments.quick
    rows, _ = cycle.measure(
        arguments.dir,
        arguments.peer_python,
        clients=[1, 8],
        cycles=200 if quick else 400,
        warmup=10 if quick else 20,
        earlier=[0] if quick else [0, 8_000, 32_000],
        rounds=1 if quick else 5,
        only=arguments.only,
        floor=True,
    )
    found = [*cycle.ratios(rows, "overgang", "mesh"), *cycle.ratios(rows, "floor", "mesh")]
    whole = {"rows": [asdict(row) for row in rows], "ratios": [asdict(one) for one in found]}
    return cycle.text(rows, found), whole


def _append(arguments: argparse.Namespace) -> tuple[str, Any]:
    count, rounds = (50, 3) if arguments.quick else (200, 9)
    found, _ = append.run(arguments.dir, count=count, rounds=rounds, postgres=not arguments.quick)
    return f"{append.text(found)}\n\n{append.TARGETS}", [asdict(one) for one in found]


def _replay(arguments: argparse.Namespace) -> tuple[str, Any]:
    found = replay.run(arguments.dir, handovers=1_000 if arguments.quick else 30_000)
    return replay.text(found), [asdict(one) for one in found]


def _verdicts(arguments: argparse.Namespace) -> tuple[str, Any]:
    found = verdicts.run(arguments.dir, events=50_000 if arguments.quick else 1_000_000)
    return replay.text(found, "verdicts"), [asdict(one) for one in found]


def _memory(arguments: argparse.Namespace) -> tuple[str, Any]:
    found = bodies.run(arguments.dir, clients=8, quick=arguments.quick)
    return bodies.text(found), [asdict(one) for one in found]


def main() -> int:
    """Run the parts in turn, print each as it ends; exit 1 when one could not be measured."""
    parser = argparse.ArgumentParser(description="all benchmarks: tables on standard output, JSON to a file")
    parser.add_argument("--peer-python", type=Path, help="an interpreter with the peer (else a new one)")
    parser.add_argument("--only", choices=("overgang", "mesh"), help="leave the other out of the comparison")
    parser.add_argument("--dir", type=Path, help="a folder on the disk to measure (else the temporary one)")
    parser.add_argument("--quick", action="store_true", help="a few minutes: does it run, not how fast is it")
    parser.add_argument("--parts", default=",".join(PARTS), metavar="PART,…", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures go")
    arguments = parser.parse_args()
    parts = arguments.parts.split(",")
    if not set(parts) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    measured: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    print(" ".join(f"{name}={value}" for name, value in measured["machine"].items()), flush=True)
    disk = append.disk(arguments.dir)
    measured["fsync"] = asdict(disk)
    print(f"fsync on {disk.filesystem}: median {disk.median_ms:.3f} ms, {disk.per_second:.0f}/s")
    failed = False
    runs = {"cycle": _cycle, "append": _append, "replay": _replay, "verdicts": _verdicts, "memory": _memory}
    for part in parts:
        started = time.monotonic()
        try:
            shown, measured[part] = runs[part](arguments)
        except BenchError as fault:
            print(f"\n{part}: error: {fault}", file=sys.stderr)
            failed = True
            continue
        print(f"\n## {part} ({time.monotonic() - started:.0f} s)\n\n{shown}", flush=True)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(measured), indent=1))
    print(f"\nleast / median / greatest over the rounds; figures in {arguments.json}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
