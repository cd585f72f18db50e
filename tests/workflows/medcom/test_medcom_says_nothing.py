"""No issue, exception or repr repeats anything of a message; no damage brings anything but a refusal."""

import json
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from workflows.delivery.medcom.check import check_bytes
from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.message import CareCommunication
from workflows.delivery.medcom.parse import parse_new_message

from .damages import DAMAGES
from .damaging import Damage
from .medcom_support import Json, encode, rich_bundle

Path = tuple[str | int, ...]
BIRD = "Kanarie" + "fugl"  # in two, since a traceback shows the lines of this file
CANARY = f"7001014321-{BIRD}"


def nodes(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every node below the root."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield (*path, name)
        yield from nodes(member, (*path, name))


def at(bundle: Json, path: Path) -> Any:
    node: Any = bundle
    for step in path:
        node = node[step]
    return node


RICH = rich_bundle()
NODES = list(nodes(RICH))
# Values that are codes or addresses of the standard stand in the texts of the issues, rightly.
VALUES = {
    value
    for path in NODES
    if isinstance(value := at(RICH, path), str)
    and len(value) > 3
    and path[-1] not in {"resourceType", "system", "code", "url", "use", "role", "status", "type", "profile"}
    and "profile" not in path
}


def told(error: MedComRefused) -> str:
    """All that could reach a log."""
    return "\n".join(
        [str(error), repr(error), "".join(traceback.format_exception(error)), pretty_repr(error.issues)]
    )


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_refusal_repeats_no_value_of_the_message(damage: Damage) -> None:
    bundle = rich_bundle()
    damage.apply(bundle)
    with pytest.raises(MedComRefused) as refused:
        parse_new_message(encode(bundle))
    text = told(refused.value)
    assert [value for value in VALUES if value in text] == []


def test_a_canary_in_any_value_is_never_repeated() -> None:
    refusals = 0
    for path in NODES:
        if isinstance(at(RICH, path), dict | list):
            continue
        bundle = rich_bundle()
        at(bundle, path[:-1])[path[-1]] = CANARY
        try:
            assert BIRD not in repr(parse_new_message(encode(bundle)))
        except MedComRefused as refused:
            refusals += 1
            assert BIRD not in told(refused), path
    assert refusals > 100


def test_a_canary_as_a_member_is_never_repeated() -> None:
    for path in [(), *(path for path in NODES if isinstance(at(RICH, path), dict))]:
        bundle = rich_bundle()
        at(bundle, path)[CANARY] = {BIRD: "x"}
        with pytest.raises(MedComRefused) as refused:
            parse_new_message(encode(bundle))
        assert BIRD not in told(refused.value), path


def carriers(value: Any) -> Iterator[Any]:
    if hasattr(value, "__struct_fields__"):
        yield value
        for name in value.__struct_fields__:
            yield from carriers(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from carriers(item)


def test_no_carrier_shows_what_it_carries() -> None:
    message = parse_new_message(encode(rich_bundle()))
    found = list(carriers(message))
    assert {type(one).__name__ for one in found} >= {
        "CareCommunication",
        "Organisation",
        "Patient",
        "PatientIdentifier",
        "Address",
        "Telecom",
        "TextSegment",
        "Author",
        "Attachment",
    }
    for one in found:
        for shown in (repr(one), str(one), f"{one!r}", pretty_repr(one)):
            assert [value for value in VALUES if value in shown] == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(NODES), min_size=1, max_size=3))
def test_deleting_anything_brings_a_message_or_a_refusal(paths: list[Path]) -> None:
    bundle = rich_bundle()
    for path in paths:
        try:
            del at(bundle, path[:-1])[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
    judge(bundle)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NODES), JSON)
def test_putting_anything_anywhere_brings_a_message_or_a_refusal(path: Path, value: Any) -> None:
    bundle = rich_bundle()
    at(bundle, path[:-1])[path[-1]] = value
    judge(bundle)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NODES), st.sampled_from(NODES))
def test_moving_anything_anywhere_brings_a_message_or_a_refusal(source: Path, target: Path) -> None:
    bundle = rich_bundle()
    at(bundle, target[:-1])[target[-1]] = json.loads(json.dumps(at(bundle, source)))
    judge(bundle)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_at_all_bring_a_refusal(raw: bytes) -> None:
    with pytest.raises(MedComRefused):
        parse_new_message(raw)


def judge(bundle: Json) -> None:
    raw = encode_any(bundle)
    try:
        message = parse_new_message(raw)
    except MedComRefused as refused:
        assert any(issue.severity == "error" for issue in refused.issues)
        assert not check_bytes(raw).valid or refused.issues[0].code == "not-supported"
    else:
        assert isinstance(message, CareCommunication)
        assert message.sender.sor and message.receiver.gln and message.patient.family and message.texts
        assert check_bytes(raw).valid


def encode_any(bundle: Json) -> bytes:
    # Lone surrogates become escapes, as an attacker would send them.
    return json.dumps(bundle).encode()
