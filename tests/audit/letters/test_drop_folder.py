"""The drop folder of Digital Post: whole messages under their UUID alone, and no receipt is lost."""

import os
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from audit.blobs import temporary
from audit.letters import drop, receipts
from audit.letters.drop import DropClash, DropFolder
from audit.letters.receipts import SET_ASIDE, ReceiptFolder, Refused
from tests.workflows.letters.letter_support import CPR, MESSAGE, a_letter, a_status
from workflows.letters.digital_post.build import build_memo
from workflows.letters.digital_post.read import read_memo
from workflows.letters.digital_post.receipt import MAX_RECEIPT


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "digital-post" / "out"


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    return tmp_path / "digital-post" / "receipts"


@pytest.fixture
def folder(incoming: Path) -> ReceiptFolder:
    return ReceiptFolder(incoming)


def test_given_a_letter_then_it_lies_whole_under_its_uuid_alone_and_for_no_stranger(out):
    DropFolder(out).put(MESSAGE, build_memo(a_letter()))
    assert names(out) == [f"{MESSAGE}.xml"]
    assert CPR not in names(out)[0]
    assert read_memo((out / f"{MESSAGE}.xml").read_bytes()) == a_letter()
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert stat.S_IMODE((out / f"{MESSAGE}.xml").stat().st_mode) == 0o640


def test_given_a_put_that_nobody_heard_the_end_of_then_once_more_changes_nothing(out):
    folder = DropFolder(out)
    folder.put(MESSAGE, b"letter")
    before = (out / f"{MESSAGE}.xml").stat()
    folder.put(MESSAGE, b"letter")
    assert (out / f"{MESSAGE}.xml").stat() == before


def test_given_another_letter_under_the_same_id_then_the_first_is_not_written_over(out):
    folder = DropFolder(out)
    folder.put(MESSAGE, b"letter")
    with pytest.raises(DropClash):
        folder.put(MESSAGE, b"another")
    assert (out / f"{MESSAGE}.xml").read_bytes() == b"letter"
    folder.put(uuid4(), b"another")
    assert len(names(out)) == 2


@pytest.mark.parametrize("step", ["write_all", "os.fsync", "os.fchmod"])
def test_given_a_disk_that_fails_at_any_step_then_no_half_letter_lies_there(out, monkeypatch, step):
    folder = DropFolder(out)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(f"audit.letters.drop.{step}", fail)
        with pytest.raises(OSError, match="disk full"):
            folder.put(MESSAGE, b"letter")
    assert names(out) == []
    folder.put(MESSAGE, b"letter")
    assert names(out) == [f"{MESSAGE}.xml"]


def test_given_a_letter_then_its_bytes_are_on_disk_before_it_has_its_name(out, monkeypatch):
    folder, order = DropFolder(out), []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(drop.os, "fsync", lambda fd: (order.append("fsync"), fsync(fd))[1])
    monkeypatch.setattr(Path, "rename", lambda old, new: (order.append("rename"), rename(old, new))[1])
    folder.put(MESSAGE, b"letter")
    assert order == ["fsync", "rename", "fsync"]


def test_given_what_a_killed_process_left_then_the_next_start_sweeps_it_and_no_letter(out):
    folder = DropFolder(out)
    folder.put(MESSAGE, b"letter")
    descriptor, half = temporary.create_locked(out)
    os.close(descriptor)  # as the kernel does when the process ends
    DropFolder(out)
    assert not half.exists() and names(out) == [f"{MESSAGE}.xml"]


def test_given_a_folder_that_the_operator_made_then_its_mode_stays(out):
    out.mkdir(parents=True)
    out.chmod(0o2750)
    DropFolder(out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o2750


def test_given_a_receipt_then_it_comes_again_until_it_is_done_and_then_no_more(folder, incoming):
    (incoming / "a.xml").write_bytes(a_status())
    for _ in range(2):
        (taken,) = folder.read().taken
        assert taken.name == "a.xml" and taken.content == a_status()
        assert taken.receipt.message_id == MESSAGE
    folder.done("a.xml")
    folder.done("a.xml")
    assert folder.read().taken == () and names(incoming) == [SET_ASIDE]


def test_given_a_damaged_receipt_then_it_is_set_aside_whole_named_and_stops_no_other(folder, incoming):
    (incoming / "a.xml").write_bytes(a_status(MessageUUID="610190-1234"))
    (incoming / "b.xml").write_bytes(a_status())
    reading = folder.read()
    assert [taken.name for taken in reading.taken] == ["b.xml"]
    assert reading.refused == (Refused("a.xml", "message-id"),)
    assert (incoming / SET_ASIDE / "a.xml").read_bytes() == a_status(MessageUUID="610190-1234")
    assert "1234" not in repr(reading.refused)
    assert folder.read().refused == ()


def test_given_two_damaged_receipts_of_one_name_then_neither_is_written_over(folder, incoming):
    for content in (b"first", b"second", b"third"):
        (incoming / "a.xml").write_bytes(content)
        assert folder.read().refused == (Refused("a.xml", "not-xml"),)
    kept = {path.read_bytes() for path in (incoming / SET_ASIDE).rglob("a.xml")}
    assert kept == {b"first", b"second", b"third"}


def test_given_a_receipt_for_a_letter_nobody_knows_then_it_can_be_set_aside(folder, incoming):
    (incoming / "a.xml").write_bytes(a_status())
    folder.set_aside("a.xml")
    folder.set_aside("a.xml")
    assert folder.read().taken == ()
    assert names(incoming / SET_ASIDE) == ["a.xml"]
    assert (incoming / SET_ASIDE / "a.xml").read_bytes() == a_status()


def test_given_a_file_that_is_still_being_written_then_it_is_left_alone(folder, incoming):
    for name in (".a.xml", "a.xml.part", "a.tmp"):
        (incoming / name).write_bytes(a_status()[:20])
    reading = folder.read()
    assert (reading.taken, reading.refused) == ((), ())
    assert names(incoming) == [".a.xml", "a.tmp", "a.xml.part", SET_ASIDE]


def test_given_what_is_no_plain_file_then_it_is_set_aside_unread(folder, incoming, tmp_path):
    secret = tmp_path / "elsewhere.xml"
    secret.write_bytes(a_status())
    (incoming / "link.xml").symlink_to(secret)
    os.mkfifo(incoming / "pipe.xml")
    (incoming / "folder.xml").mkdir()
    reading = folder.read()
    assert reading.taken == ()
    assert reading.refused == (Refused("link.xml", "unreadable"), Refused("pipe.xml", "unreadable"))
    assert names(incoming) == ["folder.xml", SET_ASIDE] and secret.read_bytes() == a_status()


def test_given_an_endless_file_then_no_more_of_it_is_read_than_is_taken(folder, incoming):
    with (incoming / "a.xml").open("wb") as file:
        file.truncate(64 * MAX_RECEIPT)
    assert folder.read().refused == (Refused("a.xml", "too-long"),)
    assert (incoming / SET_ASIDE / "a.xml").stat().st_size == 64 * MAX_RECEIPT


def test_given_a_name_that_cannot_be_shown_then_it_is_told_with_question_marks_and_moved_all_the_same(
    folder, incoming
):
    with open(os.fsencode(incoming) + b"/\xff\n.xml", "wb") as file:
        file.write(b"damaged")
    assert folder.read().refused == (Refused("??.xml", "not-xml"),)
    assert os.listdir(os.fsencode(incoming / SET_ASIDE)) == [b"\xff\n.xml"]


def test_given_a_disk_that_cannot_read_one_file_then_the_others_are_read(folder, incoming, monkeypatch):
    (incoming / "a.xml").write_bytes(a_status())
    (incoming / "b.xml").write_bytes(a_status())
    real = os.open

    def failing(path: object, *rest: int) -> int:
        if str(path).endswith("receipts/a.xml"):
            raise OSError("input/output error")
        return real(path, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(receipts.os, "open", failing)
        reading = folder.read()
    assert [taken.name for taken in reading.taken] == ["b.xml"]
    assert reading.refused == (Refused("a.xml", "unreadable"),)
    assert (incoming / SET_ASIDE / "a.xml").read_bytes() == a_status()


def test_given_another_process_took_the_file_meanwhile_then_nothing_is_told(folder, incoming, monkeypatch):
    (incoming / "a.xml").write_bytes(a_status())
    monkeypatch.setattr(ReceiptFolder, "_waiting", lambda self: iter(["a.xml", "gone.xml"]))
    reading = folder.read()
    assert [taken.name for taken in reading.taken] == ["a.xml"] and reading.refused == ()
    folder.set_aside("gone.xml")
    assert names(incoming / SET_ASIDE) == []


def test_given_many_receipts_then_a_look_takes_so_many_and_the_next_goes_on(folder, incoming):
    for number in range(5):
        (incoming / f"{number}.xml").write_bytes(a_status())
    first = folder.read(most=3)
    assert [taken.name for taken in first.taken] == ["0.xml", "1.xml", "2.xml"]
    for taken in first.taken:
        folder.done(taken.name)
    assert [taken.name for taken in folder.read(most=3).taken] == ["3.xml", "4.xml"]


@pytest.mark.parametrize("name", ["", ".", "..", "../a.xml", "/etc/passwd"])
def test_given_a_name_that_leads_elsewhere_then_nothing_is_removed_or_moved(folder, name):
    for act in (folder.done, folder.set_aside):
        with pytest.raises(ValueError):
            act(name)
