"""All that an authority controls, opened, in files that a person and a program can read (docs/export.md).

An event in the authority's own lane commits first; against it only its own keys are released. What is
written holds personal data in the clear: the folder is for its owner's eyes only.

Of a case whose content is not the authority's to take (`Handover.withheld_from`) it leaves with the steps and
with nothing that a document says: no label, no text, no attachment, no coded field.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid5

import msgspec

from audit.blobs.chunked import BlobDamaged
from audit.blobs.store import BlobMissing, BlobReader
from audit.exports.export import OutNotEmpty, fsync_folder, write_file
from audit.log.application import EventLog
from audit.log.canonical import canonical
from audit.log.entry import is_sealed, leaf_hash, open_body, sealed_body
from audit.vault.keys import DataKeyOpener
from audit.vault.vault import Vault
from domain.events.catalogue import event_type
from domain.events.instant import to_instant
from domain.events.lanes import Lane
from domain.events.model import Decided, Recorded
from domain.handover.events import LabelBody
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.handover.streams import facts_of
from domain.proof.events import AuthorityExported
from workflows.handlers.documents import open_document
from workflows.handlers.envelope import own_event
from workflows.ports.clock import Ids
from workflows.ports.log import Actor, Append

FORMAT, VERSION = "overgang-authority-export", 1
BATCH = 500
REMEMBERED_KEYS = 10_000
_STREAMS = UUID("3f0a8a57-0f7c-5f0e-9d6e-0a9a4b7a2c11")
_ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
}

Progress = Callable[[int, int], None]


class Attachments(Protocol):
    """Where attachments are read."""

    def open(self, blob_id: UUID, key: bytes, associated_data: bytes) -> BlobReader:
        """The plaintext, chunk by chunk. Raises BlobMissing, BlobDamaged."""


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the export."""

    name: str
    bytes: int
    sha256: str


class AuthorityManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out. `forgotten`: bodies whose key is gone; `missing`: attachments without a file;
    `withheld`: cases of which only the steps were taken."""

    format: str
    version: int
    authority: str
    created: str
    last_position: int
    entries: int
    cases: int
    documents: int
    attachments: int
    forgotten: int
    missing: int
    withheld: int
    files: tuple[ExportedFile, ...]


class _Counts(msgspec.Struct):
    entries: int = 0
    documents: int = 0
    attachments: int = 0
    forgotten: int = 0
    missing: int = 0
    withheld: int = 0


class _Case(msgspec.Struct):
    """What the entries have said of a case so far: its label, and the keys that they name."""

    withheld: str | None
    label: LabelBody | None = None
    keys: set[str] = msgspec.field(default_factory=set)


class AuthorityExport:
    """One authority's data, written into a folder that is empty or not there."""

    def __init__(
        self, log: EventLog, vault: Vault, attachments: Attachments, authority: str, exported: Recorded
    ) -> None:
        self._log = log
        self._vault = vault
        self._attachments = attachments
        self._authority = authority
        self._exported = exported
        self._openers: OrderedDict[str, DataKeyOpener | None] = OrderedDict()
        self._cases: dict[UUID, _Case] = {}
        self._counts = _Counts()
        self._files: list[ExportedFile] = []

    def write(self, out: Path, created: datetime, progress: Progress) -> AuthorityManifest:
        """Write everything, the manifest last. Raises OutNotEmpty, OSError."""
        _make_folders(out)
        self._write(out, "entries.jsonl", self._entries(progress))
        for handover, case in self._cases.items():
            self._write_case(out, handover, case)
        for folder in (out / "cases", out / "attachments"):
            fsync_folder(folder)
        manifest = AuthorityManifest(
            format=FORMAT,
            version=VERSION,
            authority=self._authority,
            created=to_instant(created),
            last_position=self._exported.header.position,
            cases=len(self._cases),
            files=tuple(self._files),
            **msgspec.structs.asdict(self._counts),
        )
        write_file(out / "manifest.json", [canonical(manifest), b"\n"])
        fsync_folder(out)
        return manifest

    def _write(self, out: Path, name: str, parts: Iterator[bytes]) -> None:
        size, sha256 = write_file(out / name, parts)
        self._files.append(ExportedFile(name=name, bytes=size, sha256=sha256))

    def _entries(self, progress: Progress) -> Iterator[bytes]:
        after, last = -1, self._exported.header.position
        while after < last and (batch := self._log.read(after, BATCH)):
            for recorded in batch:
                if recorded.header.position <= last and self._sees(recorded):
                    yield self._line(recorded)
            after = batch[-1].header.position
            progress(min(after, last) + 1, last + 1)

    def _sees(self, recorded: Recorded) -> bool:
        header = recorded.header
        public = event_type(header.event).lane is Lane.PUBLIC_REGISTER
        return public or self._authority in header.visible_to

    def _line(self, recorded: Recorded) -> bytes:
        header, facts, case = recorded.header, recorded.event, self._case(recorded)
        withheld = case is not None and case.withheld is not None
        body = None if withheld else self._body(recorded)
        if case is not None and isinstance(body, LabelBody):
            case.label = body
        if withheld and hasattr(facts, "document_facts"):
            facts = msgspec.structs.replace(facts, document_facts={})
        self._counts.entries += 1
        return _json_line(
            {
                "position": header.position,
                "header": header,
                "facts": facts,
                "body": body,
                "leaf_hash": leaf_hash(recorded.entry).hex(),
            }
        )

    def _case(self, recorded: Recorded) -> _Case | None:
        """The case that an entry of a workflow stream belongs to."""
        header = recorded.header
        if header.workflow is None:
            return None
        if header.stream not in self._cases:
            self._cases[header.stream] = _Case(self._state(header.stream).withheld_from(self._authority))
        case = self._cases[header.stream]
        case.keys.update(subject.key_id for subject in header.subjects)
        return case

    def _state(self, handover: UUID) -> Handover:
        state = self._log.fold(handover, fold)
        assert state is not None, "an event of a workflow stream has a case"
        return state

    def _body(self, recorded: Recorded) -> Any:
        """The body, where it is sealed under a key of this authority and the key is there."""
        if not is_sealed(recorded.entry) or (sealed := sealed_body(recorded.entry)) is None:
            return None
        openers = self._own({sealed.key_id, *(field.key_id for field in sealed.fields)})
        if sealed.key_id not in openers:
            self._counts.forgotten += recorded.header.controller == self._authority
            return None
        return open_body(recorded.entry, dict(openers))

    def _own(self, key_ids: set[str]) -> dict[str, DataKeyOpener]:
        if missing := {key_id for key_id in key_ids if key_id not in self._openers}:
            self._openers |= dict.fromkeys(missing)
            self._openers |= self._vault.replay_openers(self._exported, missing)
        found = {key_id: opener for key_id in key_ids if (opener := self._openers[key_id]) is not None}
        while len(self._openers) > REMEMBERED_KEYS:
            self._openers.popitem(last=False)
        return found

    def _write_case(self, out: Path, handover: UUID, case: _Case) -> None:
        state = self._state(handover)
        self._counts.withheld += case.withheld is not None
        # Only keys that the case's own entries name: a document that was keyed anew is under none of them.
        keys = case.keys if case.withheld is None else set()
        written = {
            "handover": handover,
            "side": state.side_of(self._authority) or "former",
            "status": state.status,
            "withheld": case.withheld,
            "label": case.label,
            "documents": list(self._documents(state.documents, keys)),
            "notes": list(self._documents(state.notes, keys)),
            "attachments": list(self._files_of(out, state, keys)),
            "facts": [
                {"event": one.header.event, "occurred_at": one.header.occurred_at, "facts": one.event}
                for one in self._log.stream(facts_of(handover))
                if self._authority in one.header.visible_to
            ],
        }
        self._write(out, f"cases/{handover}.json", iter([_json_line(written)]))

    def _documents(self, documents: tuple[UUID, ...], keys: set[str]) -> Iterator[dict[str, Any]]:
        for document in documents:
            key, ciphertext = self._content_key(document, keys), self._log.document(document)
            if key is not None and ciphertext is not None:
                self._counts.documents += 1
                yield {"id": document, "content": open_document(document, ciphertext, key)}

    def _content_key(self, document: UUID, keys: set[str]) -> bytes | None:
        wrapped = self._vault.wrapped_content(document)
        for key_id, opener in self._own(keys & wrapped.keys()).items():
            return opener.content_key(document, wrapped[key_id])
        return None

    def _files_of(self, out: Path, state: Handover, keys: set[str]) -> Iterator[dict[str, Any]]:
        for attachment in state.attachments:
            key = self._content_key(attachment.id, keys)
            if key is None:
                continue
            name = f"attachments/{attachment.id}.{_ENDINGS.get(attachment.media_type, 'bin')}"
            try:
                with self._attachments.open(attachment.id, key, attachment.id.bytes) as reader:
                    self._write(out, name, iter(reader))
            except (BlobMissing, BlobDamaged):
                self._counts.missing += 1
                continue
            self._counts.attachments += 1
            yield {"id": attachment.id, "media_type": attachment.media_type, "file": name}


def _json_line(value: Any) -> bytes:
    """One line of JSON."""
    return msgspec.json.encode(value, order="deterministic") + b"\n"


def exports_of(authority: str) -> UUID:
    """The stream of an authority's own exports."""
    return uuid5(_STREAMS, authority)


def begin_export(log: EventLog, authority: str, actor: Actor, ids: Ids) -> Recorded:
    """Put on the log that all of an authority's bodies are about to be opened and taken out."""
    exported = AuthorityExported(first_position=0, last_position=max(0, log.length() - 1))
    (recorded,) = log.append(
        Append(
            events=(
                own_event(
                    Decided(event=exported),
                    stream=exports_of(authority),
                    authority=authority,
                    purpose="audit",
                ),
            ),
            actor=actor,
            correlation_id=ids.uuid(),
        )
    )
    return recorded


def _make_folders(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutNotEmpty("the directory to export to is not empty")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("cases", "attachments"):
        (out / name).mkdir(mode=0o700)
