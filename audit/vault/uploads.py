"""Attachments that were uploaded before their handover: whose they are, and their content key.

The key is wrapped by the epoch key until submission wraps it for the citizen's holders. Uploads
that no handover takes within a day expire with their file. A submission takes none that is about
to: between its look and its append nothing that it names may be swept away.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from audit.database.port import Database, Rows
from audit.vault.vault import Vault
from domain.events.instant import to_instant
from workflows.ports.lists import Place
from workflows.ports.log import Actor, IdempotencyMismatch
from workflows.ports.uploads import Uploaded

TAKEN_WITHIN = timedelta(hours=23)
"""A handover may name an upload for this long."""

EXPIRES_AFTER = timedelta(hours=24)
"""Then it is forgotten."""

SWEPT_AFTER = timedelta(hours=48)
"""And its file, which by then nobody can be about to name."""


def _now() -> datetime:
    return datetime.now(UTC)


class Uploads:
    """The waiting attachments. Satisfies `workflows.ports.uploads.Uploads`."""

    def __init__(self, vault: Vault, now: Callable[[], datetime] = _now) -> None:
        self._vault = vault
        self._now = now
        self._database: Database = vault.database

    def keep(
        self,
        owner: Actor,
        request: UUID,
        uploaded: Uploaded,
        content_key: bytes,
        fingerprint: bytes,
        now: datetime,
    ) -> Uploaded:
        """Remember an upload of the owner's unit under the id of the request that made it.

        When the same request came in twice at once, the first to commit wins and is returned.
        """
        wrapped = self._vault.wrap_for_epoch(content_key, f"upload:{uploaded.id}")
        self._database.write(
            lambda rows: rows.execute(
                "INSERT INTO upload VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    str(uploaded.id),
                    str(request),
                    owner.authority,
                    owner.unit or "",
                    uploaded.media_type,
                    uploaded.size,
                    uploaded.ciphertext_sha256,
                    to_instant(now),
                    fingerprint,
                    wrapped,
                ),
            )
        )
        return self.earlier(request, fingerprint) or uploaded

    def earlier(self, request: UUID, fingerprint: bytes) -> Uploaded | None:
        """The upload that a request made. Raises IdempotencyMismatch when its content was another."""
        with self._database.read() as rows:
            row = rows.execute(
                "SELECT id, ciphertext_sha256, media_type, size, fingerprint FROM upload WHERE request = ?",
                (str(request),),
            ).fetchone()
        if row is None:
            return None
        if bytes(row[4]) != fingerprint:
            raise IdempotencyMismatch("the key was used before with other content")
        return Uploaded(id=UUID(row[0]), ciphertext_sha256=row[1], media_type=row[2], size=int(row[3]))

    def is_waiting(self, upload: UUID) -> bool:
        """Whether an upload still waits for its handover."""
        with self._database.read() as rows:
            return rows.execute("SELECT 1 FROM upload WHERE id = ?", (str(upload),)).fetchone() is not None

    def waiting(
        self, owner: Actor, ids: tuple[UUID, ...], taken: Collection[Place] = ()
    ) -> dict[UUID, Uploaded]:
        """Those of `ids` that the owner's unit has uploaded, or one whose place it has `taken`, and not so
        long ago that they expire soon."""
        if not ids:
            return {}
        oldest = to_instant(self._now() - TAKEN_WITHIN)
        places = {(owner.authority, owner.unit), *taken}
        with self._database.read() as rows:
            found = rows.execute(
                "SELECT id, ciphertext_sha256, media_type, size FROM upload"
                f" WHERE ({' OR '.join(['authority = ? AND unit = ?'] * len(places))}) AND uploaded_at >= ?"
                f" AND id IN ({', '.join('?' * len(ids))})",
                (
                    *(part for authority, unit in places for part in (authority, unit or "")),
                    oldest,
                    *map(str, ids),
                ),
            ).fetchall()
        return {
            UUID(row[0]): Uploaded(
                id=UUID(row[0]), ciphertext_sha256=row[1], media_type=row[2], size=int(row[3])
            )
            for row in found
        }

    def expire(self, now: datetime) -> int:
        """Forget uploads older than a day; returns how many. Their files become orphans."""
        limit = to_instant(now - EXPIRES_AFTER)

        def work(rows: Rows) -> int:
            count = len(rows.execute("SELECT id FROM upload WHERE uploaded_at < ?", (limit,)).fetchall())
            rows.execute("DELETE FROM upload WHERE uploaded_at < ?", (limit,))
            return count

        return self._database.write(work)
