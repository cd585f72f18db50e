"""What handlers work with, and in whose name."""

from uuid import UUID

import msgspec

from workflows.ports.clock import Clock, Ids
from workflows.ports.lists import Worklists
from workflows.ports.log import Actor, Idempotency, Log
from workflows.ports.post import Post
from workflows.ports.uploads import Uploads
from workflows.ports.vault import Subjects

SYSTEM = Actor(id=UUID("00000000-0000-4000-8000-00000000000a"), role="system", unit=None, authority="0000")
"""The system's own steps: routing, sending, delivering."""

WORKFLOW = "handover"
MAILBOX_PURPOSE = "dual-diagnosis-handover"


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """The ports, gathered by the composition root."""

    log: Log
    subjects: Subjects
    uploads: Uploads
    worklists: Worklists
    clock: Clock
    ids: Ids
    post: Post | None = None
    """Digital Post; None where the installation has none."""
    reading_replay_seconds: int = 600
    """How long a retried reading with the same idempotency key is answered again."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """One call: who acts, what it belongs to, and its idempotency."""

    actor: Actor
    correlation_id: UUID
    causation_id: UUID | None = None
    idempotency: Idempotency | None = None
