"""Who may refer to a region's integrated treatment, as data (SUL §82c, RSY §11(2))."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "henvisning-1.json"


@cache
def _referrers() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("domain.law.data").joinpath(FILE).read_bytes())["referrers"]
    return found


def referrers() -> tuple[str, ...]:
    """The types of referrer, as codes."""
    return tuple(_referrers())


def may_refer_by_law(referrer: str) -> bool:
    """Whether this type may refer though the region has published nothing (U)."""
    found = _referrers().get(referrer)
    return bool(found and found["by_law"])
