"""The clear envelope of an entry (design section 4): who, when, on what basis, whose case.

A header holds codes, dates, ids and booleans only. Its field names are the entry format and
are fixed by the golden files: a new meaning gets a new envelope number, never a changed field.
"""

from uuid import UUID

import msgspec

from domain.events.instant import Instant

ENVELOPE = 1
"""The envelope number this code writes; a higher one is refused on reading."""


class SubjectRef(msgspec.Struct, frozen=True, kw_only=True):
    """One citizen's key under one controller, and that key's own count of entries.

    `n` starts at 1 and has no gaps, so that a citizen's list can be proven complete.
    """

    key_id: str
    n: int


class WorkflowRef(msgspec.Struct, frozen=True, kw_only=True):
    """The workflow definition that a case runs under; a case keeps the version it started with."""

    name: str
    version: int


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about an event that may stand in the clear."""

    envelope: int
    position: int
    stream: UUID
    stream_version: int
    event: str
    schema: int
    workflow: WorkflowRef | None
    occurred_at: Instant
    recorded_at: Instant
    actor: UUID
    role: str
    unit: str | None
    authority: str
    controller: str
    visible_to: tuple[str, ...]
    legal_basis: tuple[str, ...]
    purpose: str
    subjects: tuple[SubjectRef, ...]
    correlation_id: UUID
    causation_id: UUID | None
    idempotency_id: UUID | None
    software: str
    rules: str
