"""Data keys and content keys as rows: one data key for each (citizen, controller, retention class),
one content key a document wrapped once for each data key that may reach it."""

import os
from collections.abc import Iterable
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.database.port import Rows
from audit.vault.installation import EPOCH
from audit.vault.keys import KEY_BYTES, content_purpose, unwrap, wrap
from workflows.ports.vault import Holder

MAX_MARKS = 500
"""At most so many values in one statement."""


class HeldKey(msgspec.Struct, frozen=True):
    """A data key that was read in this transaction, or made in it."""

    id: str
    aead: AESGCM

    def __repr__(self) -> str:
        return f"HeldKey({self.id})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class Keyring:
    """The keys of all citizens, wrapped by the epoch key."""

    def __init__(self, epoch: AESGCM) -> None:
        self._epoch = epoch

    def held(self, rows: Rows, subject: UUID, holder: Holder) -> HeldKey | None:
        """A holder's data key for a citizen. Raises KeyUnusable."""
        row = rows.execute(
            "SELECT key_id, wrapped, epoch FROM data_key"
            " WHERE subject_id = ? AND controller = ? AND retention = ?",
            (str(subject), holder.controller, holder.retention),
        ).fetchone()
        return HeldKey(str(row[0]), self._open(*row)) if row else None

    def make(self, rows: Rows, subject: UUID, holder: Holder) -> HeldKey:
        """Make a data key; when another server process was first, that one is it."""
        key_id, key = uuid4().hex, os.urandom(KEY_BYTES)
        made = rows.execute(
            "INSERT INTO data_key VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING key_id",
            (
                key_id,
                str(subject),
                holder.controller,
                holder.retention,
                EPOCH,
                wrap(self._epoch, key, _purpose(key_id, EPOCH)),
            ),
        ).fetchone()
        found = HeldKey(key_id, AESGCM(key)) if made else self.held(rows, subject, holder)
        assert found is not None, "a data key that could not be made is there already"
        return found

    def _open(self, key_id: str, wrapped: bytes, epoch: int) -> AESGCM:
        return AESGCM(unwrap(self._epoch, bytes(wrapped), _purpose(key_id, epoch)))

    def data_key(self, rows: Rows, key_id: str) -> AESGCM | None:
        """A data key, or None when it has been destroyed. Raises KeyUnusable."""
        # Never cached: a key that another server process has destroyed must be gone here too.
        row = rows.execute("SELECT wrapped, epoch FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
        return self._open(key_id, *row) if row else None

    def holder(self, rows: Rows, key_id: str) -> Holder | None:
        """Who holds a data key, and under which retention class."""
        row = rows.execute(
            "SELECT controller, retention FROM data_key WHERE key_id = ?", (key_id,)
        ).fetchone()
        return Holder(controller=row[0], retention=row[1]) if row else None

    def unwrap_from(self, rows: Rows, document: UUID, key_id: str) -> None:
        """A data key no longer reaches a document."""
        rows.execute("DELETE FROM content_key WHERE document_id = ? AND key_id = ?", (str(document), key_id))

    def controllers(self, rows: Rows, key_ids: Iterable[str]) -> dict[str, str]:
        """The controller of each data key that exists."""
        wanted = list(key_ids)
        found: dict[str, str] = {}
        for first in range(0, len(wanted), MAX_MARKS):
            some = wanted[first : first + MAX_MARKS]
            marks = ", ".join("?" * len(some))
            found.update(
                rows.execute(
                    f"SELECT key_id, controller FROM data_key WHERE key_id IN ({marks})", some
                ).fetchall()
            )
        return found

    def wrap_content(self, rows: Rows, document: UUID, key: HeldKey, content_key: bytes) -> None:
        """Let a data key reach a document."""
        rows.execute(
            "INSERT INTO content_key VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (str(document), key.id, wrap(key.aead, content_key, content_purpose(document, key.id))),
        )

    def wrapped_content(self, rows: Rows, document: UUID) -> dict[str, bytes]:
        """A document's content key as each data key has it wrapped."""
        found = rows.execute(
            "SELECT key_id, wrapped FROM content_key WHERE document_id = ?", (str(document),)
        ).fetchall()
        return {str(key_id): bytes(wrapped) for key_id, wrapped in found}

    def content_key(self, rows: Rows, document: UUID, keys: dict[str, AESGCM]) -> bytes | None:
        """A document's content key, where one of these data keys reaches it. Raises KeyUnusable."""
        for key_id, aead in keys.items():
            row = rows.execute(
                "SELECT wrapped FROM content_key WHERE document_id = ? AND key_id = ?",
                (str(document), key_id),
            ).fetchone()
            if row is not None:
                return unwrap(aead, bytes(row[0]), content_purpose(document, key_id))
        return None


def _purpose(key_id: str, epoch: int) -> str:
    """What a data key is wrapped for: itself, under one epoch key."""
    return f"data:{key_id}:{epoch}"
