"""Write golden entries that do not exist yet: `python -m tests.audit.log.make_golden`.

An existing golden file is never written again: it fixes the entry format (design section 4).
"""

import json
import sys
import tempfile
from pathlib import Path

from audit.log.entry import leaf_hash
from tests.audit.log.history import file_name, fixed_ids, record
from tests.stores import FrozenClock, make_store

GOLDEN = Path(__file__).parent / "golden"
LEAVES = "leaves.json"


class GoldenExists(Exception):
    """A golden file would be changed."""


def entries() -> dict[str, bytes]:
    """The entries of the fixed history, by file name, as the recorder writes them on SQLite."""
    clock = FrozenClock()
    with tempfile.TemporaryDirectory() as folder:
        store = make_store("sqlite", Path(folder), clock, fixed_ids())
        try:
            recorded = record(store.log, clock)
        finally:
            store.close()
    return {file_name(index): entry.entry for index, entry in enumerate(recorded)}


def write(folder: Path, made: dict[str, bytes]) -> list[str]:
    """Write the missing ones and add their leaf hashes. Raises GoldenExists before it writes."""
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / LEAVES
    leaves: dict[str, str] = json.loads(index.read_bytes()) if index.exists() else {}
    for name, entry in made.items():
        path = folder / name
        if path.exists() and path.read_bytes() != entry:
            raise GoldenExists(name)
        if name in leaves and leaves[name] != leaf_hash(entry).hex():
            raise GoldenExists(f"{LEAVES}: {name}")
    missing = [name for name in made if not (folder / name).exists()]
    for name in missing:
        with (folder / name).open("xb") as file:
            file.write(made[name])
        leaves[name] = leaf_hash(made[name]).hex()
    index.write_text(json.dumps(leaves, indent=1, sort_keys=True) + "\n")
    return missing


def main() -> int:
    """Write, and say what was written."""
    try:
        missing = write(GOLDEN, entries())
    except GoldenExists as refused:
        print(f"refused: {refused} exists and would change; a golden entry is never edited", file=sys.stderr)
        return 1
    print("\n".join(missing) or "nothing is missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
