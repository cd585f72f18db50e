"""The epoch key comes from outside the database: a file, a command, or made for development."""

import os
import shlex
import stat
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from audit.vault.epoch import (
    EpochKeyMissing,
    epoch_key_from_command,
    epoch_key_from_file,
    generated_epoch_key,
    parse_epoch_key,
)

KEY = bytes(range(200, 232))


@pytest.mark.parametrize("text", [KEY, b64encode(KEY), b64encode(KEY) + b"\n"])
def test_a_key_is_32_bytes_or_their_base64(tmp_path, text):
    path = tmp_path / "key"
    path.write_bytes(text)
    assert parse_epoch_key(text) == epoch_key_from_file(path) == KEY
    program = 'import sys; sys.stdout.buffer.write(open(sys.argv[1], "rb").read())'
    command = shlex.join([sys.executable, "-c", program, str(path)])
    assert epoch_key_from_command(command) == KEY


@pytest.mark.parametrize(
    "text", [b"", b"secret-31", KEY[:31], KEY + b"\n", b64encode(KEY[:16]), b64encode(KEY * 2)]
)
def test_anything_else_is_refused_without_being_shown(text):
    with pytest.raises(EpochKeyMissing) as refused:
        parse_epoch_key(text)
    assert not text or repr(text) not in str(refused.value)


@pytest.mark.parametrize(
    "command", ["false", "no-such-command-anywhere", f"{shlex.quote(sys.executable)} -c 'print(1)'"]
)
def test_a_command_that_gives_no_key_is_refused(command):
    with pytest.raises(EpochKeyMissing):
        epoch_key_from_command(command)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(EpochKeyMissing):
        epoch_key_from_file(tmp_path / "absent")


def test_a_generated_key_stays_the_same_and_is_its_owners_only(tmp_path):
    folder = tmp_path / "keys"
    key = generated_epoch_key(folder)
    assert len(key) == 32
    assert generated_epoch_key(folder) == key
    assert generated_epoch_key(tmp_path / "other") != key
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_generated_key_is_on_disk_with_its_name_before_it_is_used(tmp_path, monkeypatch):
    """Lost in a power cut, it would take everything with it that was sealed since."""
    synced = []
    fsync = os.fsync

    def watched(descriptor):
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    generated_epoch_key(tmp_path / "keys")
    assert synced == [tmp_path.name, "epoch-1.key", "keys"]
