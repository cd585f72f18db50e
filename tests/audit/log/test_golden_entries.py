"""The entry format, fixed by golden files and held on both stores (design section 4)."""

import hashlib
import json
from pathlib import Path

import msgspec
import pytest
import rfc8785

from audit.log.entry import EntryDamaged, decode_entry, leaf_hash, open_body, sealed_body
from domain.events.catalogue import EVENT_TYPES, SchemaTooNew, UnknownEvent
from domain.events.header import ENVELOPE
from domain.register.events import UnitRegistered
from tests.audit.log.history import (
    HISTORY,
    MUNICIPALITY_KEY,
    OTHER_KEY,
    REGION_KEY,
    file_name,
    fixed_ids,
    moment,
    openers,
    record,
)
from tests.audit.log.make_golden import GOLDEN, LEAVES, GoldenExists, entries, write
from tests.stores import FrozenClock, make_store

FILES = sorted(
    (path.name for path in GOLDEN.glob("[0-9]*.json")), key=lambda name: int(name.partition("-")[0])
)
SEALED = [name for name in FILES if (GOLDEN / name).read_bytes()[:12] != b'{"body":null']


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def test_every_event_type_has_a_golden_entry_under_every_schema_ever_written():
    held = {
        (entry["header"]["event"], entry["header"]["schema"]) for entry in map(json.loads, map(golden, FILES))
    }
    written = {(name, schema) for name, kind in EVENT_TYPES.items() for schema in range(1, kind.schema + 1)}
    assert held == written
    assert [file_name(index) for index in range(len(HISTORY))] == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_golden_entry_has_its_leaf_hash(name):
    leaves = json.loads((GOLDEN / LEAVES).read_text())
    entry = golden(name)
    assert sorted(leaves) == sorted(FILES)
    assert leaf_hash(entry) == hashlib.sha256(b"\x00" + entry).digest() == bytes.fromhex(leaves[name])


@pytest.mark.parametrize("name", FILES)
def test_a_golden_entry_is_canonical_json_by_the_reference_implementation(name):
    assert rfc8785.dumps(json.loads(golden(name))) == golden(name)


@pytest.mark.parametrize("index", range(len(HISTORY)))
def test_a_golden_entry_says_what_was_recorded(index):
    recorded, new = decode_entry(golden(file_name(index))), HISTORY[index]
    header = recorded.header
    assert header.position == index
    assert header.stream_version == 1 + sum(earlier.stream == new.stream for earlier in HISTORY[:index])
    assert header.recorded_at == moment(index).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert header.occurred_at == (new.decided.occurred_at or header.recorded_at)
    assert (header.envelope, header.event) == (1, new.decided.event.NAME)
    assert (header.controller, header.visible_to) == (new.controller, new.visible_to)
    assert {ref.key_id: ref.n for ref in header.subjects} == {
        key: 1 + sum(key in earlier.subjects for earlier in HISTORY[:index]) for key in new.subjects
    }
    assert [ref.key_id for ref in header.subjects] == sorted(new.subjects)
    if EVENT_TYPES[header.event].schema == type(new.decided.event).SCHEMA:
        assert recorded.event == new.decided.event


def test_an_older_schema_is_upcast():
    recorded = decode_entry(golden("01-unit-registered-1.json"))
    assert recorded.header.schema == 1
    assert b"offers_dual_diagnosis" not in recorded.entry
    assert isinstance(recorded.event, UnitRegistered)
    assert recorded.event.offers_dual_diagnosis is False
    assert recorded.event.sor == "325421000016001"


@pytest.mark.parametrize("name", FILES)
def test_a_golden_body_opens_under_the_fixed_keys(name):
    body = HISTORY[FILES.index(name)].decided.body
    assert open_body(golden(name), openers()) == body


def test_a_field_about_another_person_stays_shut_without_its_own_key():
    body = open_body(golden("04-handover-submitted-1.json"), openers(REGION_KEY))
    assert body.person.person_id == "7001014321"
    assert body.representative is None
    with pytest.raises(KeyError):
        open_body(golden("04-handover-submitted-1.json"), openers(OTHER_KEY, MUNICIPALITY_KEY))


@pytest.mark.parametrize("name", SEALED)
def test_a_golden_entry_holds_no_name_and_no_number_in_the_clear(name):
    for secret in ("7001014321", "Testborger", "Værge", "værge"):
        assert secret.encode() not in golden(name)
        assert json.dumps(secret).strip('"').encode() not in golden(name)


def test_the_recorder_writes_the_golden_bytes_on_both_stores(request, kind_and_place):
    clock = FrozenClock()
    store = make_store(*kind_and_place, clock, fixed_ids())
    try:
        written = record(store.log, clock)
        with store.log_database.read() as rows:
            stored = rows.execute("SELECT state, leaf FROM stored_events ORDER BY position").fetchall()
    finally:
        store.close()
    assert [entry.entry for entry in written] == [golden(name) for name in FILES]
    assert [(bytes(state), bytes(leaf)) for state, leaf in stored] == [
        (golden(name), leaf_hash(golden(name))) for name in FILES
    ]


@pytest.fixture(params=["sqlite", "postgres"])
def kind_and_place(request, tmp_path):
    place = tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres_place")
    return request.param, place


def _opened(entry: bytes) -> tuple[object, object, object]:
    recorded = decode_entry(entry)
    return recorded.header, recorded.event, open_body(entry, openers())


@pytest.mark.parametrize("name", SEALED)
def test_a_changed_byte_anywhere_in_a_sealed_entry_is_detected_on_opening(name):
    """Header, facts and body alike; the few that only shut the separate field are told apart."""
    entry = golden(name)
    leaf, whole = leaf_hash(entry), _opened(entry)
    for at in range(0, len(entry), 3):
        damaged = bytearray(entry)
        damaged[at] ^= 1 << (at % 7)
        assert leaf_hash(bytes(damaged)) != leaf
        try:
            header, event, body = _opened(bytes(damaged))
        except (EntryDamaged, UnknownEvent, SchemaTooNew, KeyError):
            continue
        # The separate field's key id names a key that is not here: it stays shut, never altered.
        assert _key_id_span(entry, at), f"byte {at} was changed and nobody noticed"
        assert (header, event, body.person, body.representative) == (*whole[:2], whole[2].person, None)


def _key_id_span(entry: bytes, at: int) -> bool:
    sealed = sealed_body(entry)
    for field in sealed.fields:
        start = entry.index(field.key_id.encode())
        if start <= at < start + len(field.key_id):
            return True
    return False


@pytest.mark.parametrize("name", [name for name in FILES if name not in SEALED])
def test_a_changed_byte_in_an_entry_without_a_body_changes_its_leaf(name):
    entry = golden(name)
    for at in range(0, len(entry), 5):
        damaged = entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :]
        assert leaf_hash(damaged) != leaf_hash(entry)


def test_another_spelling_of_the_same_ciphertext_is_damage():
    entry = golden("08-handover-delivered-1.json")
    ciphertext = sealed_body(entry).ciphertext
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    assert ciphertext.endswith("=")
    last = ciphertext.rstrip("=")[-1]
    other = alphabet[alphabet.index(last) ^ 1]
    stem = ciphertext.rstrip("=")
    spelled = stem[:-1] + other + ciphertext[len(stem) :]
    with pytest.raises(EntryDamaged):
        open_body(entry.replace(ciphertext.encode(), spelled.encode()), openers())


def test_a_body_cannot_be_moved_to_another_entry():
    donor, host = golden("04-handover-submitted-1.json"), golden("08-handover-delivered-1.json")
    moved = donor[: donor.index(b',"facts":')] + host[host.index(b',"facts":') :]
    with pytest.raises(EntryDamaged):
        open_body(moved, openers())


def test_spaces_between_the_members_are_damage():
    with pytest.raises(EntryDamaged):
        decode_entry(golden(FILES[0]).replace(b'{"body":null,', b'{"body":null, ', 1))


@pytest.mark.parametrize(
    "damaged", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"body":null,"facts":{},"header":{}}']
)
def test_bytes_that_are_no_entry_are_damage(damaged):
    with pytest.raises(EntryDamaged):
        decode_entry(damaged)


def test_a_higher_schema_is_refused():
    entry = golden("02-unit-registered-2.json").replace(b'"schema":2', b'"schema":3')
    with pytest.raises(SchemaTooNew):
        decode_entry(entry)


@pytest.mark.parametrize("schema", [b"0", b"-1"])
def test_a_schema_that_was_never_written_is_damage(schema):
    with pytest.raises(EntryDamaged):
        decode_entry(golden("02-unit-registered-2.json").replace(b'"schema":2', b'"schema":' + schema))


def test_a_higher_envelope_is_refused_even_when_its_fields_are_others():
    number = str(ENVELOPE + 1).encode()
    higher = golden(FILES[0]).replace(b'"envelope":1', b'"envelope":' + number)
    with pytest.raises(SchemaTooNew):
        decode_entry(higher)
    with pytest.raises(SchemaTooNew):
        decode_entry(higher.replace(b'"stream_version"', b'"version_of_stream"'))


def test_an_unknown_event_is_refused():
    with pytest.raises(UnknownEvent) as refused:
        decode_entry(golden(FILES[0]).replace(b'"event":"authority-registered"', b'"event":"7001014321"'))
    assert "7001014321" not in str(refused.value)


def test_facts_outside_the_allow_list_are_damage():
    entry = golden("07-handover-sent-1.json").replace(b'"attempt":1', b'"attempt":1,"note":"free text"')
    with pytest.raises(EntryDamaged):
        decode_entry(entry)


def test_the_script_refuses_to_overwrite_a_golden_entry(tmp_path: Path):
    made = entries()
    assert write(tmp_path, made) == list(made)
    assert write(tmp_path, made) == []
    for name, entry in made.items():
        assert (tmp_path / name).read_bytes() == entry == golden(name)
    changed = {**made, FILES[3]: made[FILES[3]].replace(b'"unit":null', b'"unit":"x"')}
    with pytest.raises(GoldenExists):
        write(tmp_path, changed)
    assert (tmp_path / FILES[3]).read_bytes() == made[FILES[3]]
    (tmp_path / FILES[3]).unlink()
    with pytest.raises(GoldenExists):
        write(tmp_path, changed)
    assert not (tmp_path / FILES[3]).exists()


def test_the_facts_of_every_event_refuse_fields_that_are_not_listed():
    for kind in EVENT_TYPES.values():
        assert kind.facts.__struct_config__.forbid_unknown_fields
        assert kind.facts.__struct_config__.frozen
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"name": "free text"}, type=kind.facts)
