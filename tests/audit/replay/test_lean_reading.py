"""The quick reading of an entry passes nothing that the ordinary types would not."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.log.canonical import canonical
from audit.log.entry import EntryDamaged, decode_entry, sealed_body
from audit.replay.lean import read_in_order
from domain.events.catalogue import SchemaTooNew, UnknownEvent, event_type

GOLDEN = sorted((Path(__file__).parents[1] / "log" / "golden").glob("*-*.json"))
ENTRIES = [path.read_bytes().rstrip(b"\n") for path in GOLDEN]


def in_order(entry: bytes) -> bool:
    """By the ordinary types."""
    try:
        read = decode_entry(entry)
        sealed = sealed_body(entry)
    except (EntryDamaged, SchemaTooNew, UnknownEvent):
        return False
    if sealed is not None and event_type(read.header.event).body is None:
        return False
    return canonical(json.loads(entry)) == entry


@pytest.mark.parametrize("entry", ENTRIES, ids=[path.stem for path in GOLDEN])
def test_every_golden_entry_of_the_current_schema_is_read_alike(entry):
    ordinary = decode_entry(entry)
    kind = event_type(ordinary.header.event)
    read = read_in_order(entry)
    if ordinary.header.schema != kind.schema:
        assert read is None, "an older schema is upcast by the ordinary way"
        return
    assert read is not None
    assert canonical(read.header) == canonical(ordinary.header)
    assert canonical(read.facts) == canonical(ordinary.event)
    assert read.body == sealed_body(entry) or canonical(read.body) == canonical(sealed_body(entry))
    assert read.kind is kind


def places(value, path=()):
    """Every place in an entry."""
    yield path
    if not isinstance(value, dict | list):
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from places(inner, (*path, key))


def changed(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["7001014321", "700101-4321", "0370", "0370\n", "A", "a b", "1085", "", "handover-sent"]),
    st.sampled_from(["2026-11-23T07:14:00.000000Z", "2026-11-23T07:14:00Z", "f" * 64, "f" * 63, "f" * 32]),
    st.integers(-5, 99),
    st.booleans(),
    st.none(),
    st.just([]),
    st.just({}),
    st.dictionaries(st.sampled_from(["a.b", "citizen.note", "x", "A.b"]), st.text(max_size=12), max_size=2),
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_is_changed_anywhere_is_judged_alike(data):
    entry = json.loads(data.draw(st.sampled_from(ENTRIES)))
    path = data.draw(st.sampled_from(list(places(entry))))
    try:
        forged = canonical(changed(entry, path, data.draw(ODD)))
    except UnicodeEncodeError:
        return
    if read_in_order(forged) is not None:
        assert in_order(forged)


@given(st.sampled_from(ENTRIES), st.data())
def test_a_changed_byte_is_judged_alike(entry, data):
    at = data.draw(st.integers(0, len(entry) - 1))
    forged = entry[:at] + bytes([data.draw(st.integers(0, 255))]) + entry[at + 1 :]
    if read_in_order(forged) is not None:
        assert in_order(forged)


def test_a_value_that_has_matched_for_one_event_is_not_taken_for_another():
    entry = next(json.loads(entry) for entry in ENTRIES if b'"event":"handover-closed"' in entry)
    for outcome, holds in (("moved", True), ("7001014321", False), ("moved", True), ("Moved", False)):
        entry["facts"]["outcome"] = outcome
        assert (read_in_order(canonical(entry)) is not None) is holds
