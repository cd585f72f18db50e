"""Letters as they were sent, opened for an auditor: each by a reading that stands on the log first.

The reading is one of the case's, under the key of the authority whose letter it is, so that it stands on the
citizen's list with actor, time and purpose (GDPR art. 15). A letter of a case that is shut stays shut, and
one whose key is gone is nobody's any more.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from audit.exports.papers import Kind, Paper
from audit.vault.vault import Vault
from domain.events.model import Decided
from domain.handover.events import DocumentRead
from domain.handover.streams import readings_of
from workflows.handlers.documents import DocumentDamaged, open_document
from workflows.handlers.envelope import own_event
from workflows.handlers.read import AUDIT
from workflows.ports.clock import Ids
from workflows.ports.log import Actor, Append, Log
from workflows.ports.vault import KeyDestroyed


class OpenedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter and the entry of its reading. `content` is None where it could not be opened."""

    id: UUID
    read_at: int
    content: Any

    def __repr__(self) -> str:
        return f"OpenedLetter(read_at={self.read_at})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def open_letters(
    log: Log, vault: Vault, handover: UUID, papers: Iterable[Paper], actor: Actor, ids: Ids
) -> list[OpenedLetter]:
    """Open the letters among a case's papers, after a reading of each."""
    letters = [paper for paper in papers if paper.kind is Kind.LETTER and paper.key_ids]
    if not letters:
        return []
    recorded = log.append(
        Append(
            events=tuple(
                own_event(
                    Decided(event=DocumentRead(handover=handover, document_id=letter.id)),
                    stream=readings_of(handover),
                    authority=letter.authority,
                    purpose=AUDIT,
                    subjects=letter.key_ids,
                )
                for letter in letters
            ),
            actor=actor,
            correlation_id=ids.uuid(),
        )
    )
    opened = []
    for letter, reading in zip(letters, recorded, strict=True):
        content, ciphertext = None, log.document(letter.id)
        try:
            key = vault.release(reading, (letter.id,)).content_key(letter.id)
            if ciphertext is not None:
                content = open_document(letter.id, ciphertext, key)
        except (KeyDestroyed, DocumentDamaged):
            pass
        opened.append(OpenedLetter(id=letter.id, read_at=reading.header.position, content=content))
    return opened
