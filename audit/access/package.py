"""An access package made, sealed and recorded: documents, journal, readings, and what is not in it.

One for each authority and regime, after that authority's own decision (FVL §§9-16, SUL §§36-38).
"""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol
from uuid import UUID

import msgspec

from audit.access.archive import Archive, Packed
from audit.access.index import index_json, index_text
from audit.access.texts import (
    OTHER_PERSONS,
    PASSAGE,
    Exempted,
    OthersNotDecided,
    Text,
    address_protected,
    text_of,
)
from audit.blobs.store import BlobMissing, BlobReader, BlobReceipt
from audit.log.application import EventLog
from audit.replay.own_view import names_of
from audit.replay.replay import replay_handover
from audit.replay.sightings import sightings
from domain.document.masking import Audience, ProtectionNotStated
from domain.document.redaction import PassageUnknown
from domain.handover.events import AttachmentFact
from domain.handover.streams import register_of
from domain.rights.commands import MakePackage
from workflows.handlers.access import (
    Opened,
    Prepared,
    new_package,
    open_contents,
    others_ground,
    prepare,
    record_package,
    refuse_access,
    withholds_nothing,
)
from workflows.handlers.access_contents import DOCUMENT, LETTER, NOTE, Item
from workflows.handlers.documents import open_document
from workflows.handlers.services import Context, Services
from workflows.ports.log import Outcome

TEMPLATE = "access-package"
FOLDERS = {DOCUMENT: "dokumenter", NOTE: "noter", LETTER: "breve"}
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif"}


class Blobs(Protocol):
    """Where attachments are read, and packages are kept."""

    def put(self, blob_id: UUID, chunks: Iterable[bytes], key: bytes, associated_data: bytes) -> BlobReceipt:
        """Seal and store; when it returns, it survives a power cut."""

    def open(self, blob_id: UUID, key: bytes, associated_data: bytes) -> BlobReader:
        """The plaintext, chunk by chunk. Raises BlobMissing, BlobDamaged."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A package that was made: what the request for it answered, and what it holds."""

    outcome: Outcome
    sha256: str
    bytes: int
    files: tuple[Packed, ...]
    exempted: int


def make_package(
    log: EventLog, blobs: Blobs, services: Services, context: Context, command: MakePackage
) -> Made:
    """Make it. Raises CaseNotFound, Refused, IdempotentReplay, StreamConflict, KeyDestroyed, OSError."""
    prepared = prepare(services, context, command)
    opened = open_contents(services, context, prepared, command)
    texts, forgotten = _texts(services, context, prepared, opened, command)
    package = new_package(services, prepared)
    archive = Archive()
    files = _Files(log, blobs, prepared, opened, texts, forgotten, archive)
    key = package.keys[package.file]
    receipt = blobs.put(package.file, archive.chunks(files.all()), key, package.file.bytes)
    index = _sealed_index(archive, receipt)
    outcome = record_package(services, context, prepared, command, package, index, archive.sha256)
    return Made(
        outcome=outcome,
        sha256=archive.sha256,
        bytes=archive.size,
        files=tuple(archive.packed),
        exempted=sum(len(text.exempted) for text in texts),
    )


def _texts(
    services: Services, context: Context, prepared: Prepared, opened: Opened, command: MakePackage
) -> tuple[list[Text], list[Item]]:
    """The texts as she gets them, and those whose key is gone. Raises Refused."""
    texts, code, audience = list[Text](), "", Audience(command.addressee)
    documents, forgotten = _documents(services, prepared, opened)
    try:
        address_shown = _shows_address([document for _, document in documents], audience)
    except ProtectionNotStated:
        refuse_access(services, context, prepared.state, ProtectionNotStated.code)
    for item, document in documents:
        try:
            texts.append(
                text_of(
                    item,
                    document,
                    [one for one in command.passages if one.document == item.id],
                    audience=audience,
                    address_shown=address_shown,
                    others_shown=command.others_shown,
                    others_ground=others_ground(prepared),
                )
            )
        except PassageUnknown:
            code = "passage-unknown"
        except OthersNotDecided:
            code = "others-not-decided"
        except ProtectionNotStated:
            code = ProtectionNotStated.code
        if code:
            refuse_access(services, context, prepared.state, code)
    left_out = any(one.why in (PASSAGE, OTHER_PERSONS) for text in texts for one in text.exempted)
    if not left_out and withholds_nothing(prepared, command):
        refuse_access(services, context, prepared.state, "nothing-withheld")
    return texts, forgotten


def _shows_address(documents: Iterable[dict[str, Any]], audience: Audience) -> bool:
    """Whether the audience may see where a letter went: another than herself only where the documents say
    that the address is not protected. Raises ProtectionNotStated."""
    if audience is Audience.CITIZEN:
        return True
    protected = {address_protected(document, audience) for document in documents}
    return False in protected and True not in protected


def _documents(
    services: Services, prepared: Prepared, opened: Opened
) -> tuple[list[tuple[Item, dict[str, Any]]], list[Item]]:
    """The documents opened, and those whose key is gone."""
    found, forgotten = list[tuple[Item, dict[str, Any]]](), list[Item]()
    for item in prepared.contents.items:
        ciphertext = services.log.document(item.id)
        if item.id not in opened.keys or ciphertext is None:
            forgotten.append(item)
        else:
            found.append((item, open_document(item.id, ciphertext, opened.keys[item.id])))
    return found, forgotten


def _sealed_index(archive: Archive, receipt: BlobReceipt) -> bytes:
    """What is kept sealed on the log beside the file: its hashes and what it holds."""
    stated = {
        "sha256": archive.sha256,
        "bytes": archive.size,
        "file_sha256": receipt.sha256,
        "files": archive.packed,
    }
    return msgspec.json.encode(
        {"template": TEMPLATE, "template_version": 1, "sections": {TEMPLATE: stated}}, order="sorted"
    )


class _Files:
    """The files of a package, one after the other; the index last, since it names them all."""

    def __init__(
        self,
        log: EventLog,
        blobs: Blobs,
        prepared: Prepared,
        opened: Opened,
        texts: list[Text],
        forgotten: list[Item],
        archive: Archive,
    ) -> None:
        self._log, self._blobs, self._archive = log, blobs, archive
        self._prepared, self._opened = prepared, opened
        self._texts, self._forgotten = texts, forgotten
        self._missing: list[AttachmentFact] = []
        self._names: dict[str, Item] = {}

    def all(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Names and contents."""
        for number, text in enumerate(self._texts, start=1):
            name = f"{FOLDERS[text.item.kind]}/{number:02d}-{text.name}"
            self._names[f"{name}.txt"] = text.item
            yield f"{name}.txt", [text.plain.encode()]
            yield f"{name}.json", [_json(text.data)]
        for number, attachment in enumerate(self._prepared.contents.attachments, start=1):
            yield from self._attachment(number, attachment)
        yield from self._journal()
        yield from self._readings()
        yield from self._index()

    def _attachment(self, number: int, attachment: AttachmentFact) -> Iterator[tuple[str, Iterable[bytes]]]:
        key = self._opened.keys.get(attachment.id)
        if key is None:
            self._missing.append(attachment)
            return
        try:
            reader = self._blobs.open(attachment.id, key, attachment.id.bytes)
        except BlobMissing:
            self._missing.append(attachment)
            return
        with reader:
            yield f"bilag/{number:02d}.{_ENDINGS.get(attachment.media_type, 'bin')}", reader

    def _journal(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """The authority's own journal of the case: its steps, and what passed between the two (FVL §9(2))."""
        ours = self._prepared.ours
        replayed = replay_handover(
            self._log,
            self._prepared.state.id,
            at_index=self._opened.position,
            visible=lambda recorded: not ours.isdisjoint(recorded.header.visible_to),
        )
        lines = replayed.events if replayed is not None else ()
        yield "journal.txt", ["".join(f"{line.text}\n" for line in lines).encode()]
        yield "journal.json", [_json(lines)]

    def _readings(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        found = sightings(
            self._log.stream,
            self._log.counted,
            self._prepared.state.id,
            until=self._opened.position,
            of=self._prepared.ours,
        )
        told = [one.text for one in found.items] + [one.text for one in found.counted]
        yield "laesninger.txt", ["".join(f"{line}\n" for line in told).encode()]
        yield "laesninger.json", [_json(found)]

    def _index(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        names = names_of(list(self._log.stream(register_of(self._prepared.lane.authority))))
        exempted: list[Exempted] = [one for text in self._texts for one in text.exempted]
        stated: dict[str, Any] = {
            "authority": self._prepared.lane.authority,
            "authority_name": names.authority(self._prepared.lane.authority),
            "handover": self._prepared.state.id,
            "regime": self._prepared.regime,
            "decision": self._prepared.decided.header.position,
            "as_of_position": self._opened.position,
            "files": list(self._archive.packed),
            "texts": {name: {"id": one.id, "at": one.at} for name, one in self._names.items()},
            "exempted": exempted,
            "left_out": self._prepared.contents.left_out,
            "forgotten": [*self._forgotten, *self._missing],
        }
        yield "indeks.json", [index_json(stated)]
        yield "indeks.txt", [index_text(stated, self._names).encode()]


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted")) + b"\n"
