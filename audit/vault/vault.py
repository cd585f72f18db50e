"""The vault: a citizen's random id, the sealed mapping from her numbers, and her keys.

One data key for each (citizen, controller, retention class), one content key a document wrapped
once per controller, all under an epoch key from outside. New keys commit before anything uses
them. A key is released only against a committed event, and every release names it for good.
"""

import os
from collections.abc import Callable, Iterable
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.database.port import Database, Rows, create
from audit.vault.citizens import Citizens
from audit.vault.installation import Installation
from audit.vault.keyring import HeldKey, Keyring
from audit.vault.keys import KEY_BYTES, DataKeyOpener, DataKeySealer, unwrap, wrap
from audit.vault.schema import STATEMENTS
from domain.events.catalogue import event_type
from domain.events.model import Recorded
from workflows.ports.vault import Holder, KeyDestroyed, Opener, Person, Provisioned, Sealer


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
    """The vault over a database of its own. Satisfies `workflows.ports.vault.Subjects`."""

    def __init__(self, database: Database, epoch_key: bytes) -> None:
        self.database = database
        self._epoch = AESGCM(epoch_key)
        self._installation = Installation(self._epoch)
        self._citizens = Citizens(self._installation)
        self._keys = Keyring(self._epoch)

    def migrate(self) -> None:
        """Create the tables and the installation's own keys; a step of its own."""

        def work(rows: Rows) -> None:
            create(rows, self.database.dialect, STATEMENTS)
            self._installation.make(rows)

        self.database.write(work)
        self.unlock()

    def unlock(self) -> None:
        """Check the epoch key and open the installation's keys. Raises KeyUnusable."""
        with self.database.read() as rows:
            self._installation.open(rows)

    def fingerprint(self, content: bytes) -> bytes:
        """HMAC-SHA-256 of content under the installation's fingerprint key."""
        return self._installation.fingerprint(content)

    def lookup(self, person: Person) -> bytes:
        """The keyed index value of a person's number: HMAC-SHA-256 under the pepper."""
        return self._citizens.lookup(person)

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
        subject = self._citizens.subject(rows, person, key_id)
        if subject is None:
            return None
        keys = {holder.controller: self._keys.held(rows, subject, holder) for holder in holders}
        known = {controller: key for controller, key in keys.items() if key is not None}
        return None if len(known) < len(keys) else _provisioned(subject, known)

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
        subject = self._citizens.subject(rows, person, key_id)
        if subject is None:
            subject = self._citizens.new(rows, person)
        # In one order, so that two server processes that meet the same citizen cannot deadlock.
        keys = {
            holder.controller: self._keys.held(rows, subject, holder)
            or self._keys.make(rows, subject, holder)
            for holder in sorted(holders, key=lambda holder: (holder.controller, holder.retention))
        }
        content = {document: os.urandom(KEY_BYTES) for document in documents}
        content |= {upload: self._upload_key(rows, upload) for upload in uploads}
        for document, key in content.items():
            for held_by in keys.values():
                self._keys.wrap_content(rows, document, held_by, key)
        others = tuple(
            self._keys.make(rows, self._citizens.new(rows, None), holders[0]) for _ in range(other_persons)
        )
        return _provisioned(subject, keys, content, others)

    def _upload_key(self, rows: Rows, upload: UUID) -> bytes:
        row = rows.execute("SELECT wrapped FROM upload WHERE id = ?", (str(upload),)).fetchone()
        if row is None:
            raise KeyDestroyed("the uploaded attachment has expired")
        return unwrap(self._epoch, bytes(row[0]), f"upload:{upload}")

    def sealer(self, key_id: str) -> Sealer:
        """A key that can only seal. Raises KeyDestroyed."""
        with self.database.read() as rows:
            aead = self._keys.data_key(rows, key_id)
        if aead is None:
            raise KeyDestroyed("the citizen's key does not exist any more")
        return DataKeySealer(key_id, aead)

    def release(self, recorded: Recorded, documents: tuple[UUID, ...] = ()) -> Release:
        """Release the keys of a committed reading's or delivery's subjects. Raises NotAReading."""
        return self.database.write(lambda rows: self._release(rows, recorded, documents), durable=False)

    def _release(self, rows: Rows, recorded: Recorded, documents: tuple[UUID, ...]) -> Release:
        kind = event_type(recorded.header.event)
        if not (kind.reading or kind.delivery):
            raise NotAReading("keys are released against a reading or a delivery only")
        keys = self._release_keys(rows, recorded, [subject.key_id for subject in recorded.header.subjects])
        found = {document: self._keys.content_key(rows, document, keys) for document in documents}
        return Release(
            {key_id: DataKeyOpener(key_id, aead) for key_id, aead in keys.items()},
            {document: key for document, key in found.items() if key is not None},
        )

    def _release_keys(self, rows: Rows, recorded: Recorded, key_ids: Iterable[str]) -> dict[str, AESGCM]:
        """Those of the keys that exist, each with a row that names the event it was released for."""
        keys = {key_id: aead for key_id in key_ids if (aead := self._keys.data_key(rows, key_id)) is not None}
        rows.executemany(
            "INSERT INTO release VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(recorded.header.position, key_id) for key_id in keys],
        )
        return keys

    def replay_openers(self, recorded: Recorded, key_ids: set[str]) -> dict[str, DataKeyOpener]:
        """Release keys against a body replay: those of its controller's, and only such as exist.

        Raises NotAReading.
        """
        if not event_type(recorded.header.event).replay:
            raise NotAReading("the event is no body replay")

        def work(rows: Rows) -> dict[str, DataKeyOpener]:
            controllers = self._keys.controllers(rows, sorted(key_ids))
            own = [key for key, controller in controllers.items() if controller == recorded.header.controller]
            keys = self._release_keys(rows, recorded, sorted(own))
            return {key_id: DataKeyOpener(key_id, aead) for key_id, aead in keys.items()}

        return self.database.write(work, durable=False)

    def wrapped_content(self, document: UUID) -> dict[str, bytes]:
        """A document's content key as each data key has it wrapped; nothing is opened."""
        with self.database.read() as rows:
            return self._keys.wrapped_content(rows, document)

    def controllers(self) -> tuple[str, ...]:
        """Every controller that has a data key."""
        with self.database.read() as rows:
            found = rows.execute("SELECT DISTINCT controller FROM data_key ORDER BY controller").fetchall()
        return tuple(str(controller) for (controller,) in found)

    def controllers_of(self, key_ids: Iterable[str]) -> dict[str, str]:
        """The controller of each data key; a key that does not exist is not among them."""
        with self.database.read() as rows:
            return self._keys.controllers(rows, key_ids)

    def share(self, recorded: Recorded, documents: tuple[UUID, ...], to: str) -> Release:
        """Release against a delivery, and wrap the documents' content keys for the receiver's key.

        Raises AnotherCitizen when the receiver's key is not of one of the event's citizens.
        """

        def work(rows: Rows) -> Release:
            release = self._release(rows, recorded, documents)
            citizens = {self._citizens.of_key(rows, one.key_id) for one in recorded.header.subjects}
            if self._citizens.of_key(rows, to) not in citizens:
                raise AnotherCitizen("the receiver's key belongs to another citizen")
            key = self._keys.data_key(rows, to)
            if key is None:
                raise KeyDestroyed("the receiver's key does not exist any more")
            for document in documents:
                self._keys.wrap_content(rows, document, HeldKey(to, key), release.content_key(document))
            return release

        return self.database.write(work)

    def rekey(self, documents: tuple[UUID, ...], key_ids: tuple[str, ...]) -> None:
        """See `workflows.ports.vault.Subjects.rekey`."""

        def work(rows: Rows) -> None:
            hers = {self._citizens.of_key(rows, key_id) for key_id in key_ids} - {None}
            reaching: dict[str, list[UUID]] = {}
            for document in documents:
                for key_id in self._keys.wrapped_content(rows, document):
                    # Any key of hers: a delivery that a crash cut short has left one that no event names.
                    if self._citizens.of_key(rows, key_id) in hers:
                        reaching.setdefault(key_id, []).append(document)
            for key_id, moved in sorted(reaching.items()):
                key, holder = self._keys.data_key(rows, key_id), self._keys.holder(rows, key_id)
                if key is None or holder is None:
                    continue
                nobody = self._keys.make(rows, self._citizens.new(rows, None), holder)
                for document in moved:
                    content = self._keys.content_key(rows, document, {key_id: key})
                    if content is not None:
                        self._keys.wrap_content(rows, document, nobody, content)
                        self._keys.unwrap_from(rows, document, key_id)

        self.database.write(work)

    def numbers(self, recorded: Recorded, key_id: str) -> tuple[bytes, ...]:
        """The numbers of a committed reading's or delivery's citizen, as they were sealed.

        Raises NotAReading, and KeyDestroyed for a key that is gone or not among the event's.
        """

        def work(rows: Rows) -> tuple[bytes, ...]:
            released = self._release(rows, recorded, ()).openers()
            citizen = self._citizens.of_key(rows, key_id) if key_id in released else None
            if citizen is None:
                raise KeyDestroyed("no key of this reading reaches the citizen")
            return self._citizens.numbers(rows, citizen)

        return self.database.write(work, durable=False)

    def concerns(self, key_id: str, person: Person) -> bool:
        """Whether a key is of this citizen, after all merges. An unknown number concerns nobody."""
        with self.database.read() as rows:
            subject = self._citizens.subject(rows, person, None)
            citizen = self._citizens.of_key(rows, key_id)
            return subject is not None and citizen == UUID(self._citizens.merged(rows, str(subject)))

    def propose_alias(self, person: Person, of: Person, by: str) -> UUID:
        """Prepare that `person` (the real number) is the citizen known as `of`; returns the alias.

        Raises SubjectUnknown when the authority `by` has no key of a citizen with that number,
        whether or not others have: who knows a citizen is told to nobody.
        """
        return self.database.write(lambda rows: self._citizens.propose(rows, person, of, by))

    def activate_alias(self, alias: UUID) -> None:
        """Make a proposed alias count; again is harmless."""
        self.database.write(lambda rows: self._citizens.activate(rows, alias))

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


def _provisioned(
    subject: UUID,
    keys: dict[str, HeldKey],
    content_keys: dict[UUID, bytes] | None = None,
    others: tuple[HeldKey, ...] = (),
) -> Provisioned:
    return Provisioned(
        subject=subject,
        keys={controller: key.id for controller, key in keys.items()},
        content_keys=content_keys or {},
        other_persons=tuple(key.id for key in others),
        sealers={key.id: DataKeySealer(key.id, key.aead) for key in (*keys.values(), *others)},
    )
