"""The vault: a citizen's random id, the sealed mapping from her number, and her keys.

One data key for each (citizen, controller, retention class), one content key a document wrapped
once per controller, all under an epoch key from outside. New keys commit before anything uses
them. A key is released only against a committed event, and every release names it for good.
"""

import hmac
import os
from collections.abc import Callable
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.database.port import Database, Rows, create
from audit.vault.keys import KEY_BYTES, DataKeyOpener, DataKeySealer, KeyUnusable, unwrap, wrap
from audit.vault.schema import STATEMENTS
from domain.events.catalogue import event_type
from domain.events.model import Recorded
from workflows.ports import (
    Holder,
    KeyDestroyed,
    Opener,
    Person,
    Provisioned,
    Sealer,
    SubjectUnknown,
)

EPOCH = 1
PROOF = b"overgang epoch proof"


class NotAReading(Exception):
    """The event is neither a reading nor a delivery: nothing is released against it."""


class AnotherCitizen(Exception):
    """A document would be shared with a key that belongs to another citizen."""


class Release:
    """Keys released against one committed event."""

    def __init__(self, openers: dict[str, DataKeyOpener], content: dict[UUID, bytes]) -> None:
        self._openers = openers
        self._content = content

    def openers(self) -> dict[str, Opener]:
        """Openers of bodies by key id; a destroyed key is not among them."""
        return dict(self._openers)

    def content_key(self, document: UUID) -> bytes:
        """The content key of a document. Raises KeyDestroyed when no released key reaches it."""
        try:
            return self._content[document]
        except KeyError:
            raise KeyDestroyed("no key of this reading reaches the document") from None


class Vault:
    """The vault over a database of its own. Satisfies `workflows.ports.Subjects`."""

    def __init__(self, database: Database, epoch_key: bytes) -> None:
        self.database = database
        self._epoch = AESGCM(epoch_key)
        self._installation: dict[str, bytes] = {}

    def migrate(self) -> None:
        """Create the tables and the installation's own keys; a step of its own."""

        def work(rows: Rows) -> None:
            create(rows, self.database.dialect, STATEMENTS)
            rows.execute(
                "INSERT INTO epoch VALUES (?, ?) ON CONFLICT DO NOTHING",
                (EPOCH, wrap(self._epoch, PROOF, "epoch")),
            )
            for name in ("pepper", "fingerprint", "identity"):
                rows.execute(
                    "INSERT INTO installation_key VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (name, wrap(self._epoch, os.urandom(KEY_BYTES), f"installation:{name}")),
                )

        self.database.write(work)
        self.unlock()

    def unlock(self) -> None:
        """Check the epoch key and open the installation's keys. Raises KeyUnusable."""
        with self.database.read() as rows:
            proof = rows.execute("SELECT proof FROM epoch WHERE n = ?", (EPOCH,)).fetchone()
            if proof is None:
                raise KeyUnusable("the vault has not been set up")
            unwrap(self._epoch, bytes(proof[0]), "epoch")
            wrapped = rows.execute("SELECT name, wrapped FROM installation_key").fetchall()
        self._installation = {
            name: unwrap(self._epoch, bytes(key), f"installation:{name}") for name, key in wrapped
        }

    def fingerprint(self, content: bytes) -> bytes:
        """HMAC-SHA-256 of content under the installation's fingerprint key."""
        return hmac.digest(self._installation["fingerprint"], content, "sha256")

    def lookup(self, person: Person) -> bytes:
        """The keyed index value of a person's number: HMAC-SHA-256 under the pepper."""
        return hmac.digest(self._installation["pepper"], person.lookup.encode(), "sha256")

    def provision(
        self,
        *,
        person: Person | None = None,
        key_id: str | None = None,
        holders: tuple[Holder, ...],
        documents: tuple[UUID, ...] = (),
        uploads: tuple[UUID, ...] = (),
        other_persons: int = 0,
    ) -> Provisioned:
        """Find or make a citizen's data keys, and content keys wrapped for every holder."""
        if not (documents or uploads or other_persons):
            with self.database.read() as rows:
                found = self._find(rows, person, key_id, holders)
            if found is not None:
                return found
        return self.database.write(
            lambda rows: self._provision(rows, person, key_id, holders, documents, uploads, other_persons)
        )

    def _find(
        self, rows: Rows, person: Person | None, key_id: str | None, holders: tuple[Holder, ...]
    ) -> Provisioned | None:
        subject = self._subject(rows, person, key_id)
        if subject is None:
            return None
        keys = {holder.controller: self._key_of(rows, subject, holder) for holder in holders}
        known = {controller: key for controller, key in keys.items() if key is not None}
        if len(known) < len(keys):
            return None
        return Provisioned(subject=subject, keys=known, content_keys={})

    def _provision(
        self,
        rows: Rows,
        person: Person | None,
        key_id: str | None,
        holders: tuple[Holder, ...],
        documents: tuple[UUID, ...],
        uploads: tuple[UUID, ...],
        other_persons: int,
    ) -> Provisioned:
        subject = self._subject(rows, person, key_id)
        if subject is None:
            subject = self._new_citizen(rows, person)
        # In one order, so that two server processes that meet the same citizen cannot deadlock.
        keys = {
            holder.controller: self._key_of(rows, subject, holder) or self._new_key(rows, subject, holder)
            for holder in sorted(holders, key=lambda holder: (holder.controller, holder.retention))
        }
        content = {document: os.urandom(KEY_BYTES) for document in documents}
        content |= {upload: self._upload_key(rows, upload) for upload in uploads}
        for document, key in content.items():
            for held_by in keys.values():
                self._wrap_content(rows, document, held_by, key)
        others = tuple(
            self._new_key(rows, self._new_citizen(rows, None), holders[0]) for _ in range(other_persons)
        )
        return Provisioned(subject=subject, keys=keys, content_keys=content, other_persons=others)

    def _upload_key(self, rows: Rows, upload: UUID) -> bytes:
        row = rows.execute("SELECT wrapped FROM upload WHERE id = ?", (str(upload),)).fetchone()
        if row is None:
            raise KeyDestroyed("the uploaded attachment has expired")
        return unwrap(self._epoch, bytes(row[0]), f"upload:{upload}")

    def _subject(self, rows: Rows, person: Person | None, key_id: str | None) -> UUID | None:
        if key_id is not None:
            row = rows.execute("SELECT subject_id FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
            if row is None:
                raise KeyDestroyed("the citizen's key does not exist any more")
            return UUID(row[0])
        if person is None:
            return None
        row = rows.execute(
            "SELECT subject_id FROM identity_index WHERE lookup = ?", (self.lookup(person),)
        ).fetchone()
        return UUID(row[0]) if row else None

    def _new_citizen(self, rows: Rows, person: Person | None) -> UUID:
        """A random id; without a person it stands for somebody else in a citizen's case."""
        subject = uuid4()
        sealed = b""
        if person is not None:
            sealed = wrap(AESGCM(self._installation["identity"]), person.sealed, f"citizen:{subject}")
            # Two server processes may meet the same new citizen: the first commit wins.
            rows.execute(
                "INSERT INTO identity_index VALUES (?, ?) ON CONFLICT DO NOTHING",
                (self.lookup(person), str(subject)),
            )
            found = self._subject(rows, person, None)
            if found is not None and found != subject:
                return found
        rows.execute("INSERT INTO citizen VALUES (?, ?, NULL)", (str(subject), sealed))
        return subject

    def _key_of(self, rows: Rows, subject: UUID, holder: Holder) -> str | None:
        row = rows.execute(
            "SELECT key_id FROM data_key WHERE subject_id = ? AND controller = ? AND retention = ?",
            (str(subject), holder.controller, holder.retention),
        ).fetchone()
        return str(row[0]) if row else None

    def _new_key(self, rows: Rows, subject: UUID, holder: Holder) -> str:
        key_id = uuid4().hex
        rows.execute(
            "INSERT INTO data_key VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                key_id,
                str(subject),
                holder.controller,
                holder.retention,
                EPOCH,
                wrap(self._epoch, os.urandom(KEY_BYTES), f"data:{key_id}:{EPOCH}"),
            ),
        )
        return self._key_of(rows, subject, holder) or key_id

    def _wrap_content(self, rows: Rows, document: UUID, key_id: str, content_key: bytes) -> None:
        aead = self._data_key(rows, key_id)
        if aead is None:
            raise KeyDestroyed("the citizen's key does not exist any more")
        rows.execute(
            "INSERT INTO content_key VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (str(document), key_id, wrap(aead, content_key, f"content:{document}:{key_id}")),
        )

    def _data_key(self, rows: Rows, key_id: str) -> AESGCM | None:
        # Never cached: a key that another server process has destroyed must be gone here too.
        row = rows.execute("SELECT wrapped, epoch FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
        if row is None:
            return None
        return AESGCM(unwrap(self._epoch, bytes(row[0]), f"data:{key_id}:{row[1]}"))

    def sealer(self, key_id: str) -> Sealer:
        """A key that can only seal. Raises KeyDestroyed."""
        with self.database.read() as rows:
            aead = self._data_key(rows, key_id)
        if aead is None:
            raise KeyDestroyed("the citizen's key does not exist any more")
        return DataKeySealer(key_id, aead)

    def release(self, recorded: Recorded, documents: tuple[UUID, ...] = ()) -> Release:
        """Release the keys of a committed reading's or delivery's subjects. Raises NotAReading."""
        return self.database.write(lambda rows: self._release(rows, recorded, documents))

    def _release(self, rows: Rows, recorded: Recorded, documents: tuple[UUID, ...]) -> Release:
        kind = event_type(recorded.header.event)
        if not (kind.reading or kind.delivery):
            raise NotAReading("keys are released against a reading or a delivery only")
        key_ids = [subject.key_id for subject in recorded.header.subjects]
        keys = {key_id: aead for key_id in key_ids if (aead := self._data_key(rows, key_id)) is not None}
        rows.executemany(
            "INSERT INTO release VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(recorded.header.position, key_id) for key_id in keys],
        )
        content: dict[UUID, bytes] = {}
        for document in documents:
            for key_id, aead in keys.items():
                row = rows.execute(
                    "SELECT wrapped FROM content_key WHERE document_id = ? AND key_id = ?",
                    (str(document), key_id),
                ).fetchone()
                if row is not None:
                    content[document] = unwrap(aead, bytes(row[0]), f"content:{document}:{key_id}")
        return Release({key_id: DataKeyOpener(key_id, aead) for key_id, aead in keys.items()}, content)

    def replay_openers(self, recorded: Recorded, key_ids: set[str]) -> dict[str, Opener]:
        """Release keys against a body replay; a destroyed key is not among them. Raises NotAReading."""
        if not event_type(recorded.header.event).replay:
            raise NotAReading("the event is no body replay")

        def work(rows: Rows) -> dict[str, Opener]:
            keys = {key_id: aead for key_id in key_ids if (aead := self._data_key(rows, key_id)) is not None}
            rows.executemany(
                "INSERT INTO release VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(recorded.header.position, key_id) for key_id in sorted(keys)],
            )
            return {key_id: DataKeyOpener(key_id, aead) for key_id, aead in keys.items()}

        return self.database.write(work)

    def share(self, recorded: Recorded, documents: tuple[UUID, ...], to: str) -> Release:
        """Release against a delivery, and wrap the documents' content keys for the receiver's key.

        Raises AnotherCitizen when the receiver's key is not of one of the event's citizens.
        """

        def work(rows: Rows) -> Release:
            release = self._release(rows, recorded, documents)
            citizens = {self._citizen_of(rows, subject.key_id) for subject in recorded.header.subjects}
            if self._citizen_of(rows, to) not in citizens:
                raise AnotherCitizen("the receiver's key belongs to another citizen")
            for document in documents:
                self._wrap_content(rows, document, to, release.content_key(document))
            return release

        return self.database.write(work)

    def concerns(self, key_id: str, person: Person) -> bool:
        """Whether a key is of this citizen, after all merges. An unknown number concerns nobody."""
        with self.database.read() as rows:
            subject = self._subject(rows, person, None)
            citizen = self._citizen_of(rows, key_id)
            return subject is not None and citizen == UUID(self._merged(rows, str(subject)))

    def _citizen_of(self, rows: Rows, key_id: str) -> UUID | None:
        """The citizen a key belongs to, after all merges."""
        row = rows.execute("SELECT subject_id FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
        return UUID(self._merged(rows, row[0])) if row else None

    def _merged(self, rows: Rows, subject: str) -> str:
        """The subject that this one has been merged into, or itself."""
        while True:
            row = rows.execute("SELECT merged_into FROM citizen WHERE subject_id = ?", (subject,)).fetchone()
            if row is None or row[0] is None:
                return subject
            subject = row[0]

    def propose_alias(self, person: Person, of: Person) -> tuple[UUID, bool]:
        """Prepare that `person` (the real number) is the citizen known as `of`.

        Returns the alias and whether both numbers were known. Raises SubjectUnknown when the
        replacement number is not known.
        """

        def work(rows: Rows) -> tuple[UUID, bool]:
            known = self._subject(rows, of, None)
            if known is None:
                raise SubjectUnknown("the replacement number is not known here")
            real = self._subject(rows, person, None)
            alias = uuid4()
            lookup, subject = (self.lookup(person), known) if real is None else (self.lookup(of), real)
            rows.execute("INSERT INTO alias VALUES (?, ?, ?, 0)", (str(alias), lookup, str(subject)))
            return alias, real is not None

        return self.database.write(work)

    def activate_alias(self, alias: UUID) -> None:
        """Make a proposed alias count; again is harmless."""

        def work(rows: Rows) -> None:
            row = rows.execute(
                "SELECT lookup, subject_id, active FROM alias WHERE alias_id = ?", (str(alias),)
            ).fetchone()
            if row is None or row[2]:
                return
            # Resolved now, not when it was proposed: two aliases must never merge in a circle.
            lookup, subject = bytes(row[0]), self._merged(rows, row[1])
            before = rows.execute(
                "SELECT subject_id FROM identity_index WHERE lookup = ?", (lookup,)
            ).fetchone()
            rows.execute(
                "INSERT INTO identity_index VALUES (?, ?) ON CONFLICT (lookup)"
                " DO UPDATE SET subject_id = excluded.subject_id",
                (lookup, subject),
            )
            if before is not None and before[0] != subject:
                # Whatever other numbers led to the merged citizen lead to the one she is now.
                rows.execute(
                    "UPDATE identity_index SET subject_id = ? WHERE subject_id = ?", (subject, before[0])
                )
                rows.execute(
                    "UPDATE citizen SET merged_into = ? WHERE subject_id = ?", (subject, before[0])
                )
            rows.execute("UPDATE alias SET active = 1 WHERE alias_id = ?", (str(alias),))

        self.database.write(work)

    def wrap_for_epoch(self, key: bytes, purpose: str) -> bytes:
        """Wrap a key that belongs to no citizen yet (an upload, a draft)."""
        return wrap(self._epoch, key, purpose)

    def unwrap_for_epoch(self, wrapped: bytes, purpose: str) -> bytes:
        """Unwrap such a key. Raises KeyUnusable."""
        return unwrap(self._epoch, wrapped, purpose)

    def destroy(self, keep: Callable[[str], bool] = lambda _: False) -> int:
        """Destroy every data key that is not to be kept, for good; returns how many."""

        def work(rows: Rows) -> int:
            held = rows.execute("SELECT key_id FROM data_key").fetchall()
            doomed = [key_id for (key_id,) in held if not keep(key_id)]
            for key_id in doomed:
                rows.execute("DELETE FROM content_key WHERE key_id = ?", (key_id,))
                rows.execute("DELETE FROM data_key WHERE key_id = ?", (key_id,))
            return len(doomed)

        return self.database.write(work)

    def releases(self) -> set[tuple[int, str]]:
        """Every release ever made, as (position of the event, key id): for the auditor."""
        with self.database.read() as rows:
            found = rows.execute("SELECT position, key_id FROM release").fetchall()
        return {(int(position), str(key_id)) for position, key_id in found}
