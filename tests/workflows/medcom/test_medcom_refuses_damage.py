"""A damaged copy is refused, with the reason."""

import json

import pytest

from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.parse import MAX_IN_PROCESS, parse_new_message
from workflows.delivery.medcom.terminology import terminology

from .damages import DAMAGES
from .damaging import Damage
from .medcom_support import encode, own_raw, rich_bundle


def test_the_undamaged_message_is_accepted_without_a_word() -> None:
    assert parse_new_message(encode(rich_bundle())).warnings == ()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_each_kind_of_damage_is_refused_with_its_code(damage: Damage) -> None:
    bundle = rich_bundle()
    damage.apply(bundle)
    with pytest.raises(MedComRefused) as refused:
        parse_new_message(encode(bundle))
    errors = {issue.code for issue in refused.value.issues if issue.severity == "error"}
    assert damage.code in errors
    assert all(issue.expression.startswith("Bundle") for issue in refused.value.issues)


def test_no_two_kinds_of_damage_have_one_name() -> None:
    assert len({damage.name for damage in DAMAGES}) == len(DAMAGES) > 100


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "MSG_BAD_SYNTAX"),
        (b"{", "MSG_BAD_SYNTAX"),
        (b"\xff\xfe{}", "MSG_BAD_SYNTAX"),
        (b"\xef\xbb\xbf{}", "MSG_BAD_SYNTAX"),
        (b'{"total": NaN}', "MSG_BAD_SYNTAX"),
        (b'{"total": ' + b"9" * 5000 + b"}", "MSG_BAD_SYNTAX"),
        (b"<Bundle/>", "MSG_BAD_SYNTAX"),
        (b"[]", "MSG_JSON_OBJECT"),
        (b'"Bundle"', "MSG_JSON_OBJECT"),
        (b"null", "MSG_JSON_OBJECT"),
        (b'{"id": "a", "id": "b"}', "duplicate"),
        (b"[" * 100_000 + b"]" * 100_000, "structure"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "structure"),
        (b"{}", "MSG_UNKNOWN_TYPE"),
        (b'{"resourceType": "Bundle"}', "required"),
        (b'{"resourceType": "Bundle", "id": "\\ud800"}', "value"),
        (b'{"a": [' + b"[]," * 600_000 + b"[]]}", "too-costly"),
        (b" " * (MAX_IN_PROCESS + 1), "too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_strict_json_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(MedComRefused) as refused:
        parse_new_message(raw)
    assert [issue.code for issue in refused.value.issues] == [code]


def test_a_duplicate_member_deep_inside_is_refused() -> None:
    raw = own_raw().replace(b'"family": "Elmer"', b'"family": "Elmer", "family": "Elmer"')
    with pytest.raises(MedComRefused) as refused:
        parse_new_message(raw)
    assert refused.value.issues[0].code == "duplicate"


def test_a_sor_check_digit_is_only_a_warning() -> None:
    bundle = json.loads(own_raw())
    for entry in bundle["entry"]:
        for identifier in entry["resource"].get("identifier", []):
            if identifier.get("value") == "265161000016000":
                identifier["value"] = "265161000016001"
    header = bundle["entry"][0]["resource"]
    header["source"]["endpoint"] = "https://sor2.sum.dsdn.dk/#id=265161000016001"
    warnings = parse_new_message(encode(bundle)).warnings
    assert [warning.code for warning in warnings] == ["sor-check-digit"]


def test_both_forms_of_the_gln_system_are_read() -> None:
    raw = own_raw().replace(b"https://www.gs1.org/gln", b"http://www.gs1.org/gln")
    assert parse_new_message(raw).sender.gln == "5790000209354"


def test_every_medcom_or_hl7_code_in_use_is_in_the_published_value_set() -> None:
    known = terminology().acknowledgement_error.codes | terminology().operation_outcome.codes
    used = {damage.code for damage in DAMAGES if damage.code.startswith("MSG_")}
    assert used <= known
    assert len(used) >= 10


def test_a_message_with_more_faults_names_each() -> None:
    bundle = rich_bundle()
    for damage in DAMAGES:
        if damage.name in {"gln check digit", "unknown category", "title missing", "no source"}:
            damage.apply(bundle)
    with pytest.raises(MedComRefused) as refused:
        parse_new_message(encode(bundle))
    errors = {issue.code for issue in refused.value.issues}
    assert {"gln-modulus-10", "MSG_VALUESET_VALUE_UNKNOWN", "required"} <= errors
    assert str(refused.value).count(" at Bundle") >= 4
