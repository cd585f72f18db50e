"""The core of `overgang medcom check`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workflows.delivery.medcom.check import check_bytes, check_file

from .damaging import cut, put, without
from .medcom_support import Json, encode, official, official_example, own_raw

ACK = "ack-Bundle-bc9535ef"


def test_every_official_example_is_valid() -> None:
    kinds = {}
    for path in sorted(official("examples").glob("*.json")):
        result = check_file(path)
        assert result.valid, path.name
        kinds[path.name[:8]] = result.kind
    assert set(kinds.values()) == {"CareCommunication", "Acknowledgement"}
    assert all((kind == "Acknowledgement") == name.startswith("ack-") for name, kind in kinds.items())


def test_a_reply_says_that_its_thread_was_not_checked() -> None:
    result = check_bytes(official_example("Bundle-3dcb5618"))
    assert [(issue.severity, issue.code) for issue in result.issues] == [("warning", "not-supported")]


def test_our_own_message_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "message.json"
    path.write_bytes(own_raw())
    result = check_file(path)
    assert (result.valid, result.kind, result.issues) == (True, "CareCommunication", ())


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (cut("MessageHeader", "response"), "required"),
        (cut("MessageHeader", "response", "identifier"), "required"),
        (put("MessageHeader", "response", "code", value="bad"), "MSG_VALUESET_VALUE_UNKNOWN"),
        (without("OperationOutcome"), "medcom-acknowledgement-1"),
        (
            put("MessageHeader", "response", "details", "reference", value="OperationOutcome/none"),
            "MSG_NO_EXIST",
        ),
        (put("MessageHeader", "meta", "profile", value=["http://x.example/p"]), "medcom-acknowledgement-2"),
        (
            put("OperationOutcome", "issue", 0, "details", "coding", 0, "code", value="X"),
            "MSG_VALUESET_VALUE_UNKNOWN",
        ),
        (without("Provenance"), "medcom-messaging-2"),
        (put("Organization", "identifier", 0, "value", value="5790001348121"), "gln-modulus-10"),
        (put("Bundle", "timestamp", value="2022"), "MSG_DATE_FORMAT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_acknowledgement_is_not_valid(damage: Callable[[Json], None], code: str) -> None:
    bundle = json.loads(official_example(ACK))
    damage(bundle)
    result = check_bytes(encode(bundle))
    assert not result.valid
    assert result.kind in ("Acknowledgement", "unknown")
    assert code in {issue.code for issue in result.issues if issue.severity == "error"}


def test_an_acknowledgement_of_another_activity_is_not_valid() -> None:
    bundle = json.loads(official_example(ACK))
    bundle["entry"][2]["resource"]["activity"]["coding"][0]["code"] = "new-message"
    assert "business-rule" in {issue.code for issue in check_bytes(encode(bundle)).issues}


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"resourceType": "Patient"}'])
def test_what_is_no_message_is_unknown(raw: bytes) -> None:
    result = check_bytes(raw)
    assert (result.valid, result.kind) == (False, "unknown")
    assert len(result.issues) == 1


def test_another_kind_of_message_is_unknown() -> None:
    raw = own_raw().replace(b"care-communication-message", b"hospital-notification-message")
    result = check_bytes(raw)
    assert (result.valid, result.kind) == (False, "unknown")
    assert [issue.code for issue in result.issues] == ["not-supported"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_file(tmp_path / "none.json")
