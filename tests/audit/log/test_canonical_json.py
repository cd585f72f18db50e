"""Our canonical JSON is RFC 8785's, byte for byte, for all that an entry may hold."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit.log.canonical import canonical
from tests.audit.log.history import HISTORY

NAMES = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=20)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=30,
)


@given(VALUES)
def test_canonical_bytes_are_those_of_the_reference_implementation(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(NAMES, WHOLE, max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_a_value_was_built_leaves_no_trace(value, random):
    names = list(value)
    random.shuffle(names)
    assert canonical({name: value[name] for name in names}) == canonical(value)


def test_every_character_of_a_string_is_written_as_rfc_8785_demands():
    for code in (*range(0x300), 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF):
        assert canonical([chr(code)]) == rfc8785.dumps([chr(code)])


def test_half_a_character_is_refused():
    with pytest.raises(UnicodeEncodeError):
        canonical("\ud800")


@pytest.mark.parametrize("new", HISTORY, ids=lambda new: new.decided.event.NAME)
def test_the_facts_of_every_event_are_canonical_and_named_in_ascii(new):
    encoded = canonical(new.decided.event)
    assert rfc8785.dumps(json.loads(encoded)) == encoded

    def names(value):
        if isinstance(value, dict):
            yield from value
            for inner in value.values():
                yield from names(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from names(inner)

    assert all(name.isascii() for name in names(json.loads(encoded)))
