"""One run of entries judged by itself; what must be judged across runs is summed up for `merge`.

This is the part that is spread over processes: it needs no store, no key and no earlier run.
Each check reads the stored bytes; nothing that is judged is ever written a second time.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec

from audit.log.canonical import canonical
from audit.log.entry import (
    MAX_ENTRY_BYTES,
    EntryDamaged,
    RawEntry,
    SealedBody,
    decode_header,
    leaf_hash,
    split,
)
from audit.replay.faults import Fault
from audit.replay.lean import Read, read_in_order
from audit.replay.merkle import Node, aligned_nodes
from audit.replay.source import Row, read_fault
from domain.events.catalogue import (
    EVENT_TYPES,
    EventType,
    SchemaTooNew,
    UnknownEvent,
    decode_facts,
    event_type,
)
from domain.events.header import Header
from domain.events.model import Facts
from domain.handover import events as e
from domain.handover.exits import HandoverWrongPerson
from domain.handover.steps import HandoverCorrected, HandoverMigrated
from workflows.machines.installed import definitions


class StreamRun(msgspec.Struct, array_like=True):
    """A stream's entries in one run. The lists are empty where no workflow is named.

    `workflow` is the version after the last of them; `versions` has that of each, for a case may move.
    """

    first_version: int
    first_offset: int
    last_version: int
    workflow: tuple[str, int] | None
    offsets: list[int] = []
    events: list[str] = []
    roles: list[str] = []
    versions: list[int] = []


class KeyRun(msgspec.Struct, array_like=True):
    """A subject's counter in one run."""

    first_n: int
    first_offset: int
    last_n: int


class Named(msgspec.Struct, array_like=True, frozen=True):
    """A document or an attachment that an entry names, with the hash it says."""

    offset: int
    kind: str
    id: UUID
    sha256: str
    key_id: str
    """The citizen's key under which it must open."""


class Summary(msgspec.Struct):
    """What a run holds, up to its first fault. Offsets count from `first`."""

    first: int
    count: int = 0
    bytes: int = 0
    fault: Fault | None = None
    nodes: list[Node] = []
    recorded_first: str = ""
    recorded_last: str = ""
    streams: dict[UUID, StreamRun] = {}
    keys: dict[str, KeyRun] = {}
    named: list[Named] = []
    readings: dict[int, tuple[str, ...]] = {}
    replays: list[int] = []
    bodies: list[int] = []
    idempotent: dict[str, int] = {}
    shut: list[UUID] = []
    """Documents that were put out of their citizen's reach: they were about somebody else."""


MIGRATED = HandoverMigrated.NAME


class _Found(Exception):
    """The fault at the entry in hand."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _FloatFound(Exception):
    pass


def _no_float(text: str) -> float:
    raise _FloatFound


_SEALED = msgspec.json.Decoder(SealedBody)
_ANY = msgspec.json.Decoder(float_hook=_no_float)


def examine(
    first: int, entries: Iterable[bytes], rows: Sequence[Row] | None = None, leaves: bytes = b""
) -> Summary:
    """Judge a run of entries that should begin at position `first`.

    `rows` are the table's own words about the same entries; `leaves` the leaf hashes that were
    stored with them, one after another. Stops at the first fault.
    """
    summary = Summary(first=first)
    hashes: list[bytes] = []
    for offset, entry in enumerate(entries):
        try:
            hashes.append(_entry(summary, offset, entry, rows[offset] if rows else None, leaves))
        except _Found as found:
            summary.fault = Fault(code=found.code, position=first + offset)
            break
        summary.count += 1
        summary.bytes += len(entry)
    summary.nodes = aligned_nodes(first, hashes)
    return summary


def _entry(summary: Summary, offset: int, entry: bytes, row: Row | None, leaves: bytes) -> bytes:
    if row is not None and row.position != summary.first + offset:
        raise _Found("position-gap")
    if len(entry) > MAX_ENTRY_BYTES:
        raise _Found("entry-too-large")
    leaf = leaf_hash(entry)
    if (row is not None and row.leaf != leaf) or (leaves and leaves[offset * 32 : offset * 32 + 32] != leaf):
        raise _Found("leaf-hash")
    read = read_in_order(entry) or _read(entry)
    header = read.header
    _place(summary, offset, header, row)
    key_ids = _subjects(header, read.body)
    _run(summary, offset, header, read.kind, key_ids)
    if read.kind.facts in _NAMING:
        _names(summary, offset, read.facts, key_ids)
    if read.kind.facts is HandoverWrongPerson:
        shut: Any = read.facts
        summary.shut.extend(shut.documents)
    if read.body is not None:
        summary.bodies.append(offset)
    return leaf


def _read(entry: bytes) -> Read:
    """Read by the ordinary types, which name the fault; also what is older and must be upcast."""
    try:
        raw = split(entry)
        header = decode_header(raw.header)
        kind = event_type(header.event)
    except (EntryDamaged, SchemaTooNew, UnknownEvent) as error:
        raise _Found(read_fault(error)) from None
    facts = _facts(kind, header, raw)
    sealed = _sealed(kind, raw)
    _canonical(entry)
    return Read(sealed, facts, header, kind)


def _place(summary: Summary, offset: int, header: Header, row: Row | None) -> None:
    """The header stands where the row, or the line, stands."""
    position = summary.first + offset
    if row is None:
        if header.position != position:
            raise _Found("position-gap")
    elif (header.position, str(header.stream), header.stream_version, header.event) != (
        position,
        row.stream,
        row.stream_version,
        row.event,
    ):
        raise _Found("row-differs")


def _facts(kind: EventType, header: Header, raw: RawEntry) -> Facts:
    try:
        return decode_facts(kind, header.schema, raw.facts)
    except SchemaTooNew:
        raise _Found("schema-too-new") from None
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
        raise _Found("facts-damaged") from None


def _sealed(kind: EventType, raw: RawEntry) -> SealedBody | None:
    if bytes(raw.body) == b"null":
        return None
    try:
        sealed = _SEALED.decode(raw.body)
    except (msgspec.MsgspecError, ValueError):
        raise _Found("entry-damaged") from None
    if kind.body is None:
        raise _Found("entry-damaged")
    return sealed


def _canonical(entry: bytes) -> None:
    """RFC 8785. What was read is written again and compared; only the comparison is kept."""
    try:
        plain = canonical(_ANY.decode(entry))
    except (_FloatFound, msgspec.MsgspecError, ValueError):
        raise _Found("not-canonical") from None
    if plain != entry:
        raise _Found("not-canonical")


def _subjects(header: Header, sealed: SealedBody | None) -> tuple[str, ...]:
    if header.controller not in header.visible_to:
        raise _Found("controller-not-visible")
    key_ids = tuple(subject.key_id for subject in header.subjects)
    if len(key_ids) > 1 and any(a >= b for a, b in pairwise(key_ids)):
        raise _Found("subjects-unsorted")
    if sealed is not None and not {sealed.key_id, *(field.key_id for field in sealed.fields)} <= set(key_ids):
        # A body under a key that no reading could be shown to release.
        raise _Found("body-key")
    return key_ids


def _run(summary: Summary, offset: int, header: Header, kind: EventType, key_ids: tuple[str, ...]) -> None:
    """What `merge` needs, with the order inside this run judged at once."""
    if header.recorded_at < summary.recorded_last:
        raise _Found("recorded-at-backwards")
    workflow = (header.workflow.name, header.workflow.version) if header.workflow else None
    run = summary.streams.get(header.stream)
    if run is not None and header.stream_version != run.last_version + 1:
        raise _Found("stream-version-gap")
    if run is not None and workflow != run.workflow:
        if workflow is None:
            raise _Found("workflow-missing")
        if header.event != MIGRATED:
            raise _Found("workflow-changed")
        run.workflow = workflow
    for subject in header.subjects:
        key = summary.keys.get(subject.key_id)
        if key is None:
            summary.keys[subject.key_id] = KeyRun(subject.n, offset, subject.n)
        elif subject.n != key.last_n + 1:
            raise _Found("subject-counter-gap")
        else:
            key.last_n = subject.n
    if run is None:
        version = header.stream_version
        run = summary.streams[header.stream] = StreamRun(version, offset, version, workflow)
    run.last_version = header.stream_version
    if workflow is not None or header.event in WORKFLOW_EVENTS:
        run.offsets.append(offset)
        run.events.append(header.event)
        run.roles.append(header.role)
        run.versions.append(workflow[1] if workflow else 0)
    if kind.reading or kind.delivery:
        summary.readings[offset] = key_ids
    if kind.replay:
        summary.replays.append(offset)
    if header.idempotency_id is not None:
        summary.idempotent.setdefault(str(header.idempotency_id), offset)
    if not summary.recorded_first:
        summary.recorded_first = header.recorded_at
    summary.recorded_last = header.recorded_at


_NAMING: frozenset[type[Facts]] = frozenset(
    {
        e.HandoverSubmitted,
        e.HandoverDelivered,
        e.HandoverCompleted,
        *(
            kind.facts
            for kind in EVENT_TYPES.values()
            if {"note", "written"} & set(kind.facts.__struct_fields__)
        ),
        HandoverCorrected,
    }
)
"""Events whose facts name a document, a note or a letter."""


def _names(summary: Summary, offset: int, facts: Any, key_ids: tuple[str, ...]) -> None:
    key_id = getattr(facts, "citizen_key", None) or next(iter(key_ids), "")
    written = getattr(facts, "note", None), getattr(facts, "written", None)
    for one in (facts if hasattr(facts, "document_sha256") else None, *written):
        if one is not None:
            summary.named.append(Named(offset, "document", one.document_id, one.document_sha256, key_id))
    for one in getattr(facts, "attachments", ()):
        summary.named.append(Named(offset, "attachment", one.id, one.ciphertext_sha256, key_id))


WORKFLOW_EVENTS = frozenset(event for found in definitions() for event in found.events)
"""Steps of a workflow: each names the version that its case runs under."""
