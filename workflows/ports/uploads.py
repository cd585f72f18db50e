"""Attachments that were uploaded and wait for their handover, as the workflows see them."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

import msgspec

from workflows.ports.lists import Place
from workflows.ports.log import Actor


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment that was uploaded and examined, and waits for its handover."""

    id: UUID
    ciphertext_sha256: str
    media_type: str
    size: int


class Uploads(Protocol):
    """Attachments that wait for their handover, each its owner's only."""

    def waiting(
        self, owner: Actor, ids: tuple[UUID, ...], taken: Collection[Place] = ()
    ) -> dict[UUID, Uploaded]:
        """Those of `ids` that this owner's unit, or one whose place it has `taken`, has uploaded; none of
        them about to expire."""
