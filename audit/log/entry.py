"""The entry: header and facts in the clear, the body sealed under both (design section 4).

    {"body": null | {...}, "facts": {...}, "header": {...}}

as RFC 8785 bytes, at most 65,535 of them (C2SP tlog-tiles counts an entry's length in 16 bits).
The bytes are stored as written; the associated data and the leaf hash are taken from them, and
nothing is ever serialised a second time. Golden files in tests/audit/log/golden fix the format.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from audit.log.canonical import canonical
from domain.events.catalogue import SchemaTooNew, decode_facts, event_type
from domain.events.header import ENVELOPE, Header
from domain.events.model import Body, Facts, Recorded
from domain.events.padding import pad, unpad
from workflows.ports.vault import BodyKeys, Opener

MAX_ENTRY_BYTES = 65_535
NONCE_BYTES = 12


class EntryTooLarge(Exception):
    """The entry would exceed 65,535 bytes: the content belongs in a document, not in an event."""


class EntryDamaged(Exception):
    """Stored bytes are not an entry, or a body does not open under its header."""


class SealedField(msgspec.Struct, frozen=True, kw_only=True):
    """A field about another person, in an envelope of its own."""

    ciphertext: str
    key_id: str
    nonce: str
    pointer: str


class SealedBody(msgspec.Struct, frozen=True, kw_only=True):
    """The body as it stands in the entry."""

    alg: Literal["A256GCM"]
    ciphertext: str
    fields: tuple[SealedField, ...]
    key_id: str
    nonce: str


class Envelope(msgspec.Struct, frozen=True):
    """The envelope number alone: all that may be asked of a header from the future."""

    envelope: int


class RawEntry(msgspec.Struct, frozen=True):
    """An entry cut into its three members, each still the stored bytes."""

    body: msgspec.Raw
    facts: msgspec.Raw
    header: msgspec.Raw


_UNSEALED = b'{"body":null,"facts":{'
"""How an entry without a body begins."""
_RAW = msgspec.json.Decoder(RawEntry)
_HEADER = msgspec.json.Decoder(Header)
_ENVELOPE = msgspec.json.Decoder(Envelope)
_SEALED: msgspec.json.Decoder[SealedBody | None] = msgspec.json.Decoder(SealedBody | None)


def encode_entry(
    header: Header,
    facts: bytes,
    body: Body | None,
    keys: BodyKeys | None,
    random_bytes: Callable[[int], bytes],
) -> bytes:
    """Write an entry: seal the body under the bytes of header and facts.

    Raises EntryTooLarge, and ValueError for a body without a key or of another event's type.
    """
    if body is not None and type(body) is not event_type(header.event).body:
        raise ValueError("an event holds a body of its own type, or none")
    header_bytes = canonical(header)
    tail = b'"facts":' + facts + b',"header":' + header_bytes + b"}"
    if body is None:
        sealed = b"null"
    elif keys is None:
        raise ValueError("a body needs a key")
    else:
        sealed = canonical(_seal(body, keys, b"{" + tail, header_bytes, random_bytes))
    entry = b'{"body":' + sealed + b"," + tail
    if len(entry) > MAX_ENTRY_BYTES:
        raise EntryTooLarge(f"an entry is {len(entry)} bytes, the limit is {MAX_ENTRY_BYTES}")
    return entry


def _seal(
    body: Body,
    keys: BodyKeys,
    associated_data: bytes,
    header_bytes: bytes,
    random_bytes: Callable[[int], bytes],
) -> SealedBody:
    payload: Any = msgspec.to_builtins(body)
    fields = []
    for pointer, sealer in sorted(keys.others.items()):
        parent, name = _parent(payload, pointer)
        nonce = random_bytes(NONCE_BYTES)
        ciphertext = sealer.seal(
            nonce, pad(canonical(parent[name])), _field_data(header_bytes, pointer, sealer.key_id)
        )
        field = SealedField(
            pointer=pointer, key_id=sealer.key_id, nonce=_text(nonce), ciphertext=_text(ciphertext)
        )
        parent[name] = _place_of(field)
        fields.append(field)
    nonce = random_bytes(NONCE_BYTES)
    return SealedBody(
        alg="A256GCM",
        key_id=keys.main.key_id,
        nonce=_text(nonce),
        ciphertext=_text(keys.main.seal(nonce, pad(canonical(payload)), associated_data)),
        fields=tuple(fields),
    )


def _place_of(field: SealedField) -> dict[str, str]:
    """What stands in the sealed payload in place of a field: its digest binds the two together."""
    return {"sealed-field": hashlib.sha256(canonical(field)).hexdigest()}


def _field_data(header_bytes: bytes, pointer: str, key_id: str) -> bytes:
    return header_bytes + pointer.encode() + key_id.encode()


def _parent(payload: Any, pointer: str) -> tuple[Any, str]:
    *path, name = pointer.removeprefix("/").split("/")
    for step in path:
        payload = payload[step]
    return payload, name


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Base64 as `_text` writes it; another spelling of the same bytes is damage (ValueError)."""
    data = b64decode(text, validate=True)
    if _text(data) != text:
        raise ValueError("base64 in another spelling")
    return data


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def split(entry: bytes) -> RawEntry:
    """Cut an entry into its members. Raises EntryDamaged, also for a byte between the members."""
    try:
        raw = _RAW.decode(entry)
    except (msgspec.MsgspecError, ValueError):
        raise EntryDamaged("the stored bytes are not an entry") from None
    if b"".join((b'{"body":', raw.body, b',"facts":', raw.facts, b',"header":', raw.header, b"}")) != entry:
        raise EntryDamaged("the stored bytes are not an entry as it is written")
    return raw


def decode_header(raw: bytes | msgspec.Raw) -> Header:
    """Read a header. Raises EntryDamaged, or SchemaTooNew for a newer envelope."""
    try:
        header = _HEADER.decode(raw)
    except (msgspec.MsgspecError, ValueError):
        _refuse_newer(raw)
        raise EntryDamaged("the header cannot be read") from None
    if header.envelope != ENVELOPE:
        _refuse_newer(raw)
        raise EntryDamaged("the header has an envelope number that was never written")
    return header


def _refuse_newer(raw: bytes | msgspec.Raw) -> None:
    """A newer envelope may have other fields, so its number is asked for by itself."""
    try:
        number = _ENVELOPE.decode(raw).envelope
    except (msgspec.MsgspecError, ValueError):
        return
    if number > ENVELOPE:
        raise SchemaTooNew(f"envelope {number} is newer than this version reads ({ENVELOPE})")


def decode_entry(entry: bytes) -> Recorded:
    """Read header and facts; the body stays sealed.

    Raises EntryDamaged, UnknownEvent or SchemaTooNew.
    """
    raw = split(entry)
    header = decode_header(raw.header)
    kind = event_type(header.event)
    try:
        facts: Facts = decode_facts(kind, header.schema, raw.facts)
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
        raise EntryDamaged("the facts cannot be read") from None
    return Recorded(header=header, event=facts, entry=entry)


def is_sealed(entry: bytes) -> bool:
    """Whether an entry, as it is written, holds a body."""
    return not entry.startswith(_UNSEALED)


def sealed_body(entry: bytes) -> SealedBody | None:
    """The body as sealed, or None for an event without one. Raises EntryDamaged."""
    return sealed_of(split(entry))


def sealed_of(raw: RawEntry) -> SealedBody | None:
    """The body as sealed, of an entry that was cut. Raises EntryDamaged."""
    try:
        return _SEALED.decode(raw.body)
    except (msgspec.MsgspecError, ValueError):
        raise EntryDamaged("the body cannot be read") from None


def open_body(entry: bytes, openers: dict[str, Opener]) -> Body | None:
    """Open a body under the bytes of its header and facts with released keys.

    A field whose key is not among `openers` is None. Raises EntryDamaged when a tag does not
    hold or a field is not the one that was sealed with the body, and KeyError (of a key id) when
    the main key was not released.
    """
    raw = split(entry)
    sealed = sealed_of(raw)
    return None if sealed is None else open_sealed(raw, decode_header(raw.header), sealed, openers)


def open_sealed(raw: RawEntry, header: Header, sealed: SealedBody, openers: dict[str, Opener]) -> Body:
    """As `open_body`, of an entry whose members have been read."""
    body_type = event_type(header.event).body
    if body_type is None:
        raise EntryDamaged("an event without a body type holds a body")
    associated_data = b'{"facts":' + bytes(raw.facts) + b',"header":' + bytes(raw.header) + b"}"
    payload = _open(openers[sealed.key_id], sealed.nonce, sealed.ciphertext, associated_data)
    for field in sealed.fields:
        _open_field(payload, field, openers.get(field.key_id), bytes(raw.header))
    try:
        return msgspec.convert(payload, type=body_type)
    except msgspec.ValidationError:
        raise EntryDamaged("the opened body has another shape than its type") from None


def _open_field(payload: Any, field: SealedField, opener: Opener | None, header_bytes: bytes) -> None:
    """Put a field back in its place, or None without its key."""
    try:
        parent, name = _parent(payload, field.pointer)
        place = parent[name]
    except (KeyError, TypeError):
        place = None
    if place != _place_of(field):
        raise EntryDamaged("a sealed field is not the one that was sealed with its body")
    data = _field_data(header_bytes, field.pointer, field.key_id)
    parent[name] = None if opener is None else _open(opener, field.nonce, field.ciphertext, data)


def _open(opener: Opener, nonce: str, ciphertext: str, associated_data: bytes) -> Any:
    try:
        return msgspec.json.decode(unpad(opener.open(_bytes(nonce), _bytes(ciphertext), associated_data)))
    except ValueError:
        raise EntryDamaged("the opened body cannot be read") from None
