"""Uploads under inspection: private, bounded, gone afterwards."""

import hashlib
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from audit.blobs.limits import AttachmentLimits
from audit.blobs.refusals import MESSAGES, AttachmentRefused, RefusalCode, is_refusal_code
from audit.blobs.spool import SpoolFolder


def test_an_upload_lies_in_a_private_file_and_is_gone_after(tmp_path: Path) -> None:
    folder = SpoolFolder(tmp_path / "spool")
    with folder.spool(1000) as spool:
        spool.write(b"abc")
        spool.write(b"def")
        assert spool.path.read_bytes() == b"abcdef"
        assert b"".join(spool.chunks()) == b"abcdef"
        assert spool.sha256 == hashlib.sha256(b"abcdef").hexdigest()
        assert spool.size == 6
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(spool.path.parent.stat().st_mode) == 0o700
    assert list((tmp_path / "spool").iterdir()) == []
    spool.close()


def test_an_upload_is_gone_also_when_the_work_on_it_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), SpoolFolder(tmp_path).spool(10) as spool:
        spool.write(b"abc")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_the_limit_holds_before_the_first_byte_too_many(tmp_path: Path) -> None:
    with SpoolFolder(tmp_path).spool(10) as spool:
        spool.write(b"x" * 10)
        with pytest.raises(AttachmentRefused) as refused:
            spool.write(b"y")
        assert refused.value.code == "attachment-too-large"
        assert spool.path.stat().st_size == 10


def test_a_folder_others_may_read_is_closed(tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    SpoolFolder(open_folder)
    assert stat.S_IMODE(open_folder.stat().st_mode) == 0o700


def test_a_start_sweeps_what_the_dead_left_and_spares_what_the_living_hold(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from audit.blobs.spool import SpoolFolder
        with SpoolFolder(Path(sys.argv[1])).spool(100) as spool:
            spool.write(b"left behind")
            print("written", flush=True)
            signal.pause()
    """)
    first = SpoolFolder(tmp_path)
    assert first.swept == 0
    repository = Path(__file__).resolve().parents[3]
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=repository, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    with other, first.spool(100) as mine:
        try:
            assert other.stdout.readline() == b"written\n"
            mine.write(b"alive")
            assert SpoolFolder(tmp_path).swept == 0
        finally:
            other.kill()
        other.wait()
        assert SpoolFolder(tmp_path).swept == 1
        assert mine.path.read_bytes() == b"alive"


def test_the_set_of_attachments_is_limited_in_count_and_sum() -> None:
    limits = AttachmentLimits(max_bytes=100, max_total_bytes=150, max_count=3)
    limits.check_set([])
    limits.check_set([50, 50, 50])
    wrong: dict[RefusalCode, list[int]] = {
        "attachment-count": [1, 1, 1, 1],
        "attachment-too-large": [101],
        "attachment-total": [100, 51],
    }
    for code, sizes in wrong.items():
        with pytest.raises(AttachmentRefused) as refused:
            limits.check_set(sizes)
        assert refused.value.code == code
        assert refused.value.message == str(refused.value) == MESSAGES[code]


def test_every_code_has_its_text_and_only_codes_are_codes() -> None:
    assert all(is_refusal_code(code) for code in MESSAGES)
    assert not is_refusal_code("something-else")
    assert not is_refusal_code(3)
