"""Drafts: sealed rows outside the log, their owner's only, gone after 30 days (design section 4)."""

import os
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.database.port import Rows
from audit.vault.keys import KEY_BYTES, unwrap, wrap
from audit.vault.vault import Vault
from domain.events.instant import to_instant
from domain.events.padding import pad, unpad
from workflows.ports.log import Actor, IdempotencyMismatch, StreamConflict

KEPT_FOR = timedelta(days=30)


class DraftNotFound(Exception):
    """There is no such draft of this owner."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with its content; the version is its ETag."""

    id: UUID
    version: int
    updated_at: str
    expires_at: str
    content: Any = None

    def __repr__(self) -> str:
        return f"Draft({self.id}, version={self.version})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class Drafts:
    """The drafts of all owners, each sealed under a key of its own.

    A draft is its owner's with one authority. `taken`: authorities whose place that one has taken; what the
    owner kept with them is hers with it.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def create(
        self,
        owner: Actor,
        draft: UUID,
        fingerprint: bytes,
        content: Any,
        now: datetime,
        taken: Collection[str] = (),
    ) -> Draft:
        """Keep a new draft under an id; the same id and fingerprint again give the same draft.

        Raises IdempotencyMismatch for other content under the same id.
        """

        def work(rows: Rows) -> Draft:
            saved = self._insert(rows, owner, draft, 1, fingerprint, content, now)
            # Whoever was first has the id: this very request, an earlier one, or another's.
            row = rows.execute(
                "SELECT fingerprint, updated_at, expires_at, owner, authority FROM draft WHERE id = ?",
                (str(draft),),
            ).fetchone()
            assert row is not None
            own = row[3] == str(owner.id) and row[4] in (owner.authority, *taken)
            if bytes(row[0]) != fingerprint or not own:
                raise IdempotencyMismatch("the key was used before with other content")
            return msgspec.structs.replace(saved, updated_at=row[1], expires_at=row[2])

        return self._vault.database.write(work)

    def replace(
        self,
        owner: Actor,
        draft: UUID,
        version: int,
        content: Any,
        now: datetime,
        taken: Collection[str] = (),
    ) -> Draft:
        """Keep a new version of a draft. Raises DraftNotFound, StreamConflict."""

        def work(rows: Rows) -> Draft:
            found = self._row(rows, owner, draft, taken)
            if found[3] <= to_instant(now):
                raise DraftNotFound
            if found[1] != version:
                raise StreamConflict("the draft was changed in between")
            gone = rows.execute(
                "DELETE FROM draft WHERE id = ? AND version = ? RETURNING id", (str(draft), version)
            )
            if gone.fetchone() is None:
                # Another server process replaced it in the same moment.
                raise StreamConflict("the draft was changed in between")
            return self._insert(rows, owner, draft, version + 1, bytes(found[6]), content, now)

        return self._vault.database.write(work)

    def _insert(
        self,
        rows: Rows,
        owner: Actor,
        draft: UUID,
        version: int,
        fingerprint: bytes,
        content: Any,
        now: datetime,
    ) -> Draft:
        key = os.urandom(KEY_BYTES)
        saved = Draft(
            id=draft, version=version, updated_at=to_instant(now), expires_at=to_instant(now + KEPT_FOR)
        )
        rows.execute(
            "INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                str(draft),
                str(owner.id),
                owner.authority,
                version,
                saved.updated_at,
                saved.expires_at,
                fingerprint,
                self._vault.wrap_for_epoch(key, f"draft:{draft}"),
                wrap(AESGCM(key), pad(msgspec.json.encode(content)), f"draft-content:{draft}"),
            ),
        )
        return saved

    def get(self, owner: Actor, draft: UUID, now: datetime, taken: Collection[str] = ()) -> Draft:
        """A draft with its content. Raises DraftNotFound, also for another's or an expired one."""
        with self._vault.database.read() as rows:
            row = self._row(rows, owner, draft, taken)
        if row[3] <= to_instant(now):
            raise DraftNotFound
        key = self._vault.unwrap_for_epoch(bytes(row[4]), f"draft:{draft}")
        content = msgspec.json.decode(unpad(unwrap(AESGCM(key), bytes(row[5]), f"draft-content:{draft}")))
        return Draft(id=draft, version=row[1], updated_at=row[2], expires_at=row[3], content=content)

    def list(self, owner: Actor, now: datetime, limit: int, taken: Collection[str] = ()) -> list[Draft]:
        """The owner's drafts, newest first, without their content."""
        where, parameters = _owned(owner, taken)
        with self._vault.database.read() as rows:
            found = rows.execute(
                f"SELECT id, version, updated_at, expires_at FROM draft WHERE {where}"
                " AND expires_at > ? ORDER BY updated_at DESC LIMIT ?",
                (*parameters, to_instant(now), limit),
            ).fetchall()
        return [Draft(id=UUID(r[0]), version=r[1], updated_at=r[2], expires_at=r[3]) for r in found]

    def delete(self, owner: Actor, draft: UUID, taken: Collection[str] = ()) -> None:
        """Delete a draft for good, its key with it. Raises DraftNotFound."""

        def work(rows: Rows) -> None:
            self._row(rows, owner, draft, taken)
            rows.execute("DELETE FROM draft WHERE id = ?", (str(draft),))

        self._vault.database.write(work)

    def expire(self, now: datetime) -> int:
        """Delete drafts that are past their 30 days; returns how many."""

        def work(rows: Rows) -> int:
            limit = (to_instant(now),)
            count = len(rows.execute("SELECT id FROM draft WHERE expires_at <= ?", limit).fetchall())
            rows.execute("DELETE FROM draft WHERE expires_at <= ?", limit)
            return count

        return self._vault.database.write(work)

    def _row(self, rows: Rows, owner: Actor, draft: UUID, taken: Collection[str]) -> tuple[Any, ...]:
        where, parameters = _owned(owner, taken)
        row = rows.execute(
            "SELECT id, version, updated_at, expires_at, wrapped, sealed, fingerprint FROM draft"
            f" WHERE id = ? AND {where}",
            (str(draft), *parameters),
        ).fetchone()
        if row is None:
            raise DraftNotFound
        return row


def _owned(owner: Actor, taken: Collection[str]) -> tuple[str, list[str]]:
    """Which rows are an owner's: as whom she speaks now, or spoke before a succession."""
    authorities = sorted({owner.authority, *taken})
    marks = ", ".join("?" * len(authorities))
    return f"owner = ? AND authority IN ({marks})", [str(owner.id), *authorities]
