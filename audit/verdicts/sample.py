"""A random sample of cases that anybody can draw again (`overgang audit sample`).

The method: K = SHA-256 of the lines `overgang-sample-1`, the seed, the number of entries, and their root hash
(hex). A case ranks by SHA-256 of K and the 16 bytes of its id, and the lowest ranks are drawn, in that order.
So a sample follows from the seed and the log alone; nobody who wrote the log before the seed was chosen could
know which cases it would be, and a smaller sample is the beginning of a larger one.
"""

import heapq
from collections.abc import Callable, Iterable
from hashlib import sha256
from uuid import UUID

METHOD = "overgang-sample-1"


def ranking(seed: int, entries: int, root_hash: str) -> Callable[[UUID], bytes]:
    """How cases of a log rank under a seed."""
    key = sha256(f"{METHOD}\n{seed}\n{entries}\n{root_hash}".encode()).digest()
    return lambda handover: sha256(key + handover.bytes).digest()


def draw(cases: Iterable[UUID], count: int, rank: Callable[[UUID], bytes]) -> list[UUID]:
    """The `count` cases of lowest rank, lowest first; memory grows with `count` alone."""
    return heapq.nsmallest(count, cases, key=rank)
