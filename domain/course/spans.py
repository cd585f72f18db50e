"""A value over time: one at every instant, from the beginning on, with no hole and no overlap."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

import msgspec

V = TypeVar("V")


class Span(msgspec.Struct, Generic[V], frozen=True, kw_only=True):
    """From `start` up to, not including, `end`; the last one has no end. `cause`: position of the event."""

    start: str
    end: str | None
    value: V
    cause: int | None


class Change(msgspec.Struct, Generic[V], frozen=True, kw_only=True):
    """From an instant on, another value."""

    at: str
    value: V
    cause: int | None


def timeline(beginning: str, changes: Iterable[Change[V]]) -> tuple[Span[V], ...]:
    """The spans that changes in order of time make up from `beginning` on; equal neighbours are one.

    What changed before the beginning decides the first value. Raises ValueError where nothing did.
    """
    last: dict[str, Change[V]] = {}
    for change in changes:
        last[max(beginning, change.at)] = change  # of several at one instant the last one holds
    kept: list[tuple[str, Change[V]]] = []
    for start, change in last.items():
        if not kept or kept[-1][1].value != change.value:
            kept.append((start, change))
    if not kept:
        raise ValueError("a timeline needs a first value")
    ends = [start for start, _ in kept[1:]]
    return tuple(
        Span(start=start, end=end, value=change.value, cause=change.cause)
        for (start, change), end in zip(kept, [*ends, None], strict=True)
    )


def value_at(spans: Sequence[Span[V]], instant: str) -> V:
    """The value at an instant; before the beginning, the first."""
    for span in spans:
        if span.end is None or instant < span.end:
            return span.value
    raise AssertionError("the last span has no end")
