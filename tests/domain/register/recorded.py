"""Events of a register as they would stand on the log, without one."""

from collections.abc import Iterable
from uuid import UUID

from domain.events.header import ENVELOPE, Header
from domain.events.model import Facts, Recorded

SOMEBODY, ANOTHER, THIRD = (UUID(int=number, version=4) for number in (1, 2, 3))


def recorded(event: Facts, version: int, at: str, by: UUID = SOMEBODY) -> Recorded:
    """An event with the header that folding looks at."""
    header = Header(
        envelope=ENVELOPE,
        position=version - 1,
        stream=UUID(int=0),
        stream_version=version,
        event=event.NAME,
        schema=event.SCHEMA,
        workflow=None,
        occurred_at=at,
        recorded_at=at,
        actor=by,
        role="registrar",
        unit=None,
        authority="0000",
        controller="0370",
        visible_to=("0370",),
        legal_basis=(),
        purpose="register",
        subjects=(),
        correlation_id=UUID(int=9),
        causation_id=None,
        idempotency_id=None,
        software="test",
        rules="0" * 64,
    )
    return Recorded(header=header, event=event, entry=b"")


def stream(events: Iterable[tuple[Facts, str, UUID]]) -> list[Recorded]:
    """A stream of events, each with its moment and its person."""
    return [recorded(event, number, at, by) for number, (event, at, by) in enumerate(events, start=1)]
