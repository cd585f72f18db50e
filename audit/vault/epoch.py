"""The epoch key: it wraps every key in the vault and never lies in the database or its backups.

It comes from a file, the environment, or a command (an HSM's or KMS's client), as 32 bytes or
as their base64.
"""

import os
import shlex
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

from audit.vault.keys import KEY_BYTES

COMMAND_TIMEOUT_SECONDS = 30


class EpochKeyMissing(Exception):
    """No usable epoch key was found where the configuration points."""


def parse_epoch_key(text: bytes) -> bytes:
    """Read 32 raw bytes or their base64. Raises EpochKeyMissing."""
    if len(text) == KEY_BYTES:
        return text
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError:
        raise EpochKeyMissing("the epoch key is neither 32 bytes nor their base64") from None
    if len(key) != KEY_BYTES:
        raise EpochKeyMissing("the epoch key must be 32 bytes")
    return key


def epoch_key_from_file(path: Path) -> bytes:
    """Read the key from a file. Raises EpochKeyMissing."""
    try:
        return parse_epoch_key(path.read_bytes())
    except OSError:
        raise EpochKeyMissing("the epoch key file cannot be read") from None


def epoch_key_from_command(command: str) -> bytes:
    """Read the key from a command's standard output. Raises EpochKeyMissing."""
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, timeout=COMMAND_TIMEOUT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        raise EpochKeyMissing("the epoch key command failed") from None
    return parse_epoch_key(done.stdout)


def generated_epoch_key(folder: Path) -> bytes:
    """Make or read a generated key for development, in a folder beside the store.

    Production mode refuses a generated key.
    """
    path = folder / "epoch-1.key"
    if path.exists():
        return epoch_key_from_file(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _fsync_folder(folder.parent)
    key = os.urandom(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(key))
        file.flush()
        os.fsync(file.fileno())
    # Its name too must survive a power cut: everything in the vault is sealed under it from now on.
    _fsync_folder(folder)
    return key


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
