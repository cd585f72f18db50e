"""Write the pages about every workflow definition into `docs/workflow/`, or check that they are up to date.

`python -m workflows.machines.generate [--check] [--docs DIR]`; exit status 0 when written or up to date, 1
when `--check` found a page missing or different, 2 on wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from workflows.machines.diagram import diagram_page
from workflows.machines.installed import definitions
from workflows.machines.procedure import procedure

DOCS = Path(__file__).resolve().parents[2] / "docs" / "workflow"


def pages() -> dict[str, str]:
    """Return every generated page: file name -> text."""
    found: dict[str, str] = {}
    for definition in definitions():
        found[f"{definition.name}-{definition.version}.md"] = diagram_page(definition)
        found[f"arbejdsgang-{definition.name}-{definition.version}.md"] = procedure(definition)
    return found


def outdated(docs: Path) -> list[str]:
    """Return the names of pages that are missing in `docs`, or differ from what is generated."""
    return [
        name
        for name, text in pages().items()
        if not (docs / name).is_file() or (docs / name).read_bytes() != text.encode()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m workflows.machines.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a page is out of date"
    )
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="DIR", help="where the pages are kept")
    options = parser.parse_args(arguments)
    if options.check:
        stale = outdated(options.docs)
        for name in stale:
            print(f"out of date: {name}", file=sys.stderr)
        return 1 if stale else 0
    options.docs.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (options.docs / name).write_bytes(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
