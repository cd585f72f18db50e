"""Turns rounds into figures a person reads: spreads, tables, and what the machine was."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The least, the median and the greatest of some rounds."""

    least: float
    median: float
    greatest: float

    def text(self, digits: int = 1) -> str:
        """As `least / median / greatest`."""
        return " / ".join(f"{value:.{digits}f}" for value in (self.least, self.median, self.greatest))


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value; ValueError when there is none."""
    if not values:
        raise ValueError("a spread needs at least one value")
    return Spread(min(values), statistics.median(values), max(values))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain-text table: first column to the left, figures to the right."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def machine() -> dict[str, str | int | float]:
    """What the figures depend on: cores, Python, kernel, and the load others put on the machine."""
    return {
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load_1_min": round(os.getloadavg()[0], 2),
    }
