"""Large messages are read in a child process with limits."""

import json
import resource
from pathlib import Path

import pytest

from workflows.delivery.medcom import spool
from workflows.delivery.medcom.check import check_file
from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.parse import MAX_IN_PROCESS, parse_new_message
from workflows.delivery.medcom.spool import SpoolFailed, SpoolLimits, parse_spooled

from .medcom_support import PDF, encode, own_raw, rich_bundle

MIB = 1024 * 1024


@pytest.fixture
def private(tmp_path: Path) -> Path:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder


def spooled(tmp_path: Path, raw: bytes) -> Path:
    path = tmp_path / "message.json"
    path.write_bytes(raw)
    return path


def test_a_small_message_is_read_here_with_the_same_result(tmp_path: Path, private: Path) -> None:
    raw = encode(rich_bundle())
    here = parse_spooled(spooled(tmp_path, raw), private)
    child = parse_spooled(spooled(tmp_path, raw), private, in_process_up_to=0)
    for message in (here, child):
        (attachment,) = message.attachments
        assert attachment.path is not None
        assert Path(attachment.path).read_bytes() == PDF
    assert here.attachments[0].sha256 == child.attachments[0].sha256
    known = parse_new_message(raw)
    for field in set(known.__struct_fields__) - {"attachments"}:
        assert getattr(known, field) == getattr(here, field) == getattr(child, field), field


def test_a_large_message_leaves_this_process_small(tmp_path: Path, private: Path) -> None:
    pdf = PDF + bytes(range(256)) * (40 * MIB // 256)
    path = spooled(tmp_path, own_raw().replace(*_data(own_raw(), pdf)))
    assert path.stat().st_size > 5 * MAX_IN_PROCESS
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (attachment,) = parse_spooled(path, private).attachments
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # KiB
    assert grown < 5 * 1024
    assert attachment.path is not None
    assert Path(attachment.path).stat().st_size == attachment.size == len(pdf)
    with Path(attachment.path).open("rb") as file:
        assert file.read(len(PDF)) == PDF


def _data(raw: bytes, pdf: bytes) -> tuple[bytes, bytes]:
    import base64

    return base64.b64encode(PDF), base64.b64encode(pdf)


def test_a_refusal_in_the_child_is_the_same_refusal_and_leaves_nothing(tmp_path: Path, private: Path) -> None:
    bundle = rich_bundle()
    bundle["entry"][1]["resource"]["identifier"][0]["value"] = "7001014321"
    path = spooled(tmp_path, encode(bundle))
    with pytest.raises(MedComRefused) as refused:
        parse_spooled(path, private, in_process_up_to=0)
    with pytest.raises(MedComRefused) as known:
        parse_new_message(path.read_bytes())
    assert refused.value.issues == known.value.issues
    assert list(private.iterdir()) == []


@pytest.mark.parametrize(
    "limits",
    [
        SpoolLimits(memory=300 * MIB),
        SpoolLimits(wall_seconds=0.05),
        SpoolLimits(reply=100),
    ],
    ids=["memory", "time", "reply"],
)
def test_what_costs_too_much_is_refused_and_leaves_nothing(
    tmp_path: Path, private: Path, limits: SpoolLimits
) -> None:
    path = spooled(tmp_path, own_raw().replace(*_data(own_raw(), bytes(60 * MIB))))
    with pytest.raises(MedComRefused) as refused:
        parse_spooled(path, private, limits=limits)
    assert [issue.code for issue in refused.value.issues] == ["too-costly"]
    assert list(private.iterdir()) == []


def test_more_than_medcom_allows_is_refused_unread(tmp_path: Path, private: Path) -> None:
    path = tmp_path / "message.json"
    with path.open("wb") as file:
        file.truncate(spool.MAX_MESSAGE + 1)
    with pytest.raises(MedComRefused) as refused:
        parse_spooled(path, private)
    assert refused.value.issues[0].code == "too-long"


def test_a_child_that_cannot_work_is_no_fault_of_the_message(
    tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(SpoolFailed):
        parse_spooled(spooled(tmp_path, own_raw()), private, in_process_up_to=0)
    assert list(private.iterdir()) == []


def test_the_child_gets_nothing_of_our_environment(
    tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "child"
    script.write_text(f"#!/bin/sh\nenv > {tmp_path}/environment\nexit 1\n")
    script.chmod(0o700)
    monkeypatch.setenv("OVERGANG_KEK", "secret")
    monkeypatch.setattr("sys.executable", str(script))
    with pytest.raises(SpoolFailed):
        parse_spooled(spooled(tmp_path, own_raw()), private, in_process_up_to=0)
    assert "OVERGANG" not in (tmp_path / "environment").read_text()


def test_a_large_file_is_checked_too(tmp_path: Path) -> None:
    raw = own_raw().replace(*_data(own_raw(), bytes(12 * MIB)))
    result = check_file(spooled(tmp_path, raw))
    assert (result.valid, result.kind) == (True, "CareCommunication")
    damaged = json.loads(raw)
    damaged["type"] = "collection"
    result = check_file(spooled(tmp_path, encode(damaged)))
    assert (result.valid, [issue.code for issue in result.issues]) == (False, ["value"])
