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
    current: Change[V] | None = None
    spans: list[Span[V]] = []
    for change in changes:
        if current is not None and change.at > max(beginning, current.at) and change.value != current.value:
            spans.append(_span(beginning, current, change.at))
        if current is None or change.value != current.value:
            current = change
    if current is None:
        raise ValueError("a timeline needs a first value")
    spans.append(_span(beginning, current, None))
    return tuple(spans)


def _span(beginning: str, change: Change[V], end: str | None) -> Span[V]:
    return Span(start=max(beginning, change.at), end=end, value=change.value, cause=change.cause)


def value_at(spans: Sequence[Span[V]], instant: str) -> V:
    """The value at an instant; before the beginning, the first."""
    for span in spans:
        if span.end is None or instant < span.end:
            return span.value
    raise AssertionError("the last span has no end")
