"""The inspecting process: limited, without secrets, and not believed."""

import os
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from audit.blobs.inspection import inspect
from audit.blobs.limits import MIB, AttachmentLimits
from audit.blobs.refusals import AttachmentRefused, RefusalCode

LIMITS = AttachmentLimits()
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "upload.png"
    Image.new("RGB", (40, 40)).save(path)
    return path


def refusal(path: Path, declared: str, limits: AttachmentLimits = LIMITS) -> RefusalCode:
    with pytest.raises(AttachmentRefused) as refused:
        inspect(path, declared, limits)
    assert str(path) not in str(refused.value)
    return refused.value.code


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of the Python that would inspect (a parser taken over by its input)."""
    program = tmp_path / "stand-in"
    program.write_text("#!/bin/sh\n" + textwrap.dedent(script))
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.parametrize(
    "declared", ["image/gif", "text/html", "", "application/pdf; a=b", "image", "IMAGE/SVG+XML"]
)
def test_other_media_types_are_refused(png: Path, declared: str) -> None:
    assert refusal(png, declared) == "attachment-type"


def test_the_media_type_is_compared_without_case(png: Path) -> None:
    assert inspect(png, " Image/PNG ", LIMITS).media_type == "image/png"


@pytest.mark.parametrize("declared", ["application/pdf", "image/jpeg", "image/tiff"])
def test_a_declaration_the_first_bytes_deny_is_refused(png: Path, declared: str) -> None:
    assert refusal(png, declared) == "attachment-magic"


def test_a_pdf_header_must_stand_first(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    assert inspect(path, "application/pdf", LIMITS).pages == 1
    path.write_bytes(b"\n" + path.read_bytes())
    assert refusal(path, "application/pdf") == "attachment-magic"


def test_empty_and_oversized_files_are_refused(tmp_path: Path, png: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert refusal(empty, "image/png") == "attachment-empty"
    size = png.stat().st_size
    assert inspect(png, "image/png", AttachmentLimits(max_bytes=size)).size == size
    assert refusal(png, "image/png", AttachmentLimits(max_bytes=size - 1)) == "attachment-too-large"


def slow_pdf(path: Path) -> Path:
    """A PDF of a few kilobytes whose page draws 20 million operators."""
    with pikepdf.Pdf.new() as pdf:
        for number in range(20):
            pdf.add_blank_page()
            pdf.pages[number].Contents = pikepdf.Stream(pdf, b"0 0 m 1 1 l S\n" * 200_000)
        pdf.save(path)
    return path


def test_processor_time_is_limited(tmp_path: Path) -> None:
    path = slow_pdf(tmp_path / "slow.pdf")
    started = time.monotonic()
    assert refusal(path, "application/pdf", AttachmentLimits(cpu_seconds=1)) == "inspection-timeout"
    assert time.monotonic() - started < 30


def test_time_on_the_clock_is_limited(tmp_path: Path) -> None:
    path = slow_pdf(tmp_path / "slow.pdf")
    assert refusal(path, "application/pdf", AttachmentLimits(wall_seconds=0.2)) == "inspection-timeout"


def test_memory_is_limited(tmp_path: Path) -> None:
    """Given a page whose content unpacks from half a megabyte to 250 MiB."""
    path = tmp_path / "bomb.pdf"
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b" " * (250 * MIB))
        pdf.save(path)
    assert path.stat().st_size < MIB
    limits = AttachmentLimits(memory_bytes=150 * MIB)
    assert refusal(path, "application/pdf", limits) == "inspection-memory"


def test_the_child_may_write_no_file_and_dump_no_core(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import resource, sys
        from audit.blobs.inspector import confine
        from audit.blobs.limits import AttachmentLimits
        confine(AttachmentLimits(cpu_seconds=7, memory_bytes=300 << 20))
        print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_CORE))
        print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20 if sys.platform == "linux" else 300, flush=True)
        try:
            with open(sys.argv[1], "wb") as file:
                file.write(b"x")
        except OSError:
            print("no file")
        try:
            bytearray(400 << 20)
        except MemoryError:
            print("no memory")
    """)
    command = [sys.executable, "-c", program, str(tmp_path / "out")]
    told = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[:3] == ["(7, 8) (0, 0)", "300", "no file"]
    if sys.platform == "linux":
        assert told.splitlines()[3] == "no memory"


def test_the_child_runs_by_hand_as_documented(png: Path) -> None:
    command = [sys.executable, "-m", "audit.blobs.inspector"]
    good = subprocess.run([*command, str(png), "image/png"], cwd=REPOSITORY, capture_output=True, check=True)
    assert good.stdout == b'{"code":null,"pages":1}\n'
    wrong = subprocess.run([*command, str(png)], cwd=REPOSITORY, capture_output=True, check=False)
    assert wrong.returncode == 2


def test_the_child_does_not_see_the_servers_secrets(
    tmp_path: Path, png: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERGANG_KEY", "canary")
    out = tmp_path / "environment"
    stand_in(tmp_path, monkeypatch, f"env > {out}; ls -l /proc/self/fd > {out}.fd; echo '{{\"pages\":1}}'")
    secret = os.open(tmp_path / "secret", os.O_CREAT | os.O_RDWR)
    try:
        assert inspect(png, "image/png", LIMITS).pages == 1
    finally:
        os.close(secret)
    assert "canary" not in out.read_text()
    assert {line.split("=")[0] for line in out.read_text().splitlines()} <= {
        "PATH",
        "LD_LIBRARY_PATH",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    }
    assert "secret" not in Path(f"{out}.fd").read_text()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("echo garbage", "inspection-failed"),
        ("true", "inspection-failed"),
        ("echo '[]'", "inspection-failed"),
        ("""echo '{"pages": 0}'""", "inspection-failed"),
        ("""echo '{"pages": 100000}'""", "inspection-failed"),
        ("""echo '{"pages": "1"}'""", "inspection-failed"),
        ("""echo '{"pages": 1, "name": "x"}'""", "inspection-failed"),
        ("""echo '{"code": "0101014321"}'""", "inspection-failed"),
        ("""echo '{"code": "pdf-xfa"}'""", "pdf-xfa"),
        ("""echo '{"pages": 1}'; exit 1""", "inspection-failed"),
        ("""echo '{"pages": 1}'; kill -SEGV $$""", "inspection-failed"),
        ("""echo '{"pages": 1}'; kill -KILL $$""", "inspection-memory"),
        ("""echo '{"pages": 1}'; kill -XCPU $$""", "inspection-timeout"),
        ("yes", "inspection-failed"),
        ("""echo '{"pages": 1}'; exec >&-; exec sleep 60""", "inspection-timeout"),
        ("exec sleep 60", "inspection-timeout"),
    ],
)
def test_whatever_the_child_does_instead_is_a_refusal(
    tmp_path: Path, png: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: RefusalCode
) -> None:
    stand_in(tmp_path, monkeypatch, script)
    started = time.monotonic()
    assert refusal(png, "image/png", AttachmentLimits(wall_seconds=1.0)) == code
    assert time.monotonic() - started < 10


def test_an_inspection_leaves_the_file_as_it_was(png: Path) -> None:
    before = (png.read_bytes(), stat.S_IMODE(png.stat().st_mode), sorted(png.parent.iterdir()))
    inspect(png, "image/png", LIMITS)
    assert (png.read_bytes(), stat.S_IMODE(png.stat().st_mode), sorted(png.parent.iterdir())) == before
