"""How fast the disk makes an append durable: the yardstick beside every figure that fsyncs.

By hand: `python -m tests.bench.fsync [DIR]`.
"""

import argparse
import math
import os
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

BLOCK_BYTES = 4096
_MEMORY_FILESYSTEMS = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True)
class FsyncRate:
    """What `rounds` appends of 4 kB, each followed by fsync, took on one filesystem."""

    rounds: int
    median_ms: float
    p95_ms: float
    per_second: float
    filesystem: str

    @property
    def durable(self) -> bool:
        """False where fsync reaches no disk, so that the figure says nothing."""
        return self.filesystem not in _MEMORY_FILESYSTEMS


def percentile(samples: list[float], share: float) -> float:
    """The nearest-rank percentile; `share` in (0, 1]. Raises ValueError when there are no samples."""
    if not samples or not 0 < share <= 1:
        raise ValueError("a percentile needs samples and a share in (0, 1]")
    ranked = sorted(samples)
    rank = math.ceil(share * len(ranked) - 1e-9)  # 0.95 * 20 must be 19, whatever the float says
    return ranked[max(rank, 1) - 1]


def filesystem_of(directory: Path) -> str:
    """The filesystem type that holds `directory`, from /proc/mounts; "unknown" where there is none."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    resolved = directory.resolve()
    best, kind = -1, "unknown"
    for line in mounts:
        fields = line.split()
        point = Path(fields[1].replace("\\040", " "))
        # >= : a later mount on the same point hides the earlier one
        if resolved.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def measure_fsync(directory: Path, rounds: int = 200) -> FsyncRate:
    """Append 4 kB and fsync, `rounds` times, in a file of its own that is removed afterwards.

    Times are milliseconds; `per_second` is rounds by total time. Raises OSError when the directory
    cannot be written, ValueError when `rounds` is below 1.
    """
    if rounds < 1:
        raise ValueError("rounds must be at least 1")
    block = os.urandom(BLOCK_BYTES)
    took: list[float] = []
    handle, name = tempfile.mkstemp(prefix="fsync-", dir=directory)
    try:
        for _ in range(rounds):
            start = time.perf_counter()
            os.write(handle, block)
            os.fsync(handle)
            took.append((time.perf_counter() - start) * 1000)
    finally:
        os.close(handle)
        os.unlink(name)
    return FsyncRate(
        rounds=rounds,
        median_ms=statistics.median(took),
        p95_ms=percentile(took, 0.95),
        per_second=rounds / (sum(took) / 1000),
        filesystem=filesystem_of(directory),
    )


def main() -> None:
    """Print the fsync rate of a directory."""
    parser = argparse.ArgumentParser(description="4 kB append + fsync: median and rate of a directory's disk")
    parser.add_argument("directory", nargs="?", type=Path, default=Path.cwd())
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rate = measure_fsync(arguments.directory, arguments.rounds)
    if arguments.json:
        print(msgspec.json.encode(asdict(rate)).decode())
        return
    print(
        f"fsync on {rate.filesystem}: median {rate.median_ms:.3f} ms, p95 {rate.p95_ms:.3f} ms, "
        f"{rate.per_second:.0f}/s over {rate.rounds} rounds"
    )
    if not rate.durable:
        print("this filesystem lives in memory: the figure says nothing about a disk")


if __name__ == "__main__":
    main()
