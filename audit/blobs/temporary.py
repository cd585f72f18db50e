"""Temporary files that die with the process that writes them.

The writer holds ``flock`` on its file, which the kernel releases when the process ends, however it ends.
So a leftover is told from a live file by trying the lock, without guessing an age and without a clock, and
several server processes may share one folder.
"""

import fcntl
import os
import secrets
from pathlib import Path
from typing import Final

SUFFIX: Final = ".part"


def create_locked(folder: Path) -> tuple[int, Path]:
    """Create a file of mode 0600 in ``folder`` and lock it; returns descriptor and path."""
    while True:
        path = folder / f"{secrets.token_hex(16)}{SUFFIX}"
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if os.fstat(fd).st_nlink:
                return fd, path
        except BaseException:
            os.close(fd)
            path.unlink(missing_ok=True)
            raise
        os.close(fd)  # a sweep took it in the instant between creation and lock


def sweep_unlocked(folder: Path) -> int:
    """Delete the temporary files in ``folder`` that no living process holds; returns how many."""
    swept = 0
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:  # gone meanwhile, or no file of ours
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
            swept += 1
        except BlockingIOError:
            pass
        finally:
            os.close(fd)
    return swept


def write_all(fd: int, data: bytes) -> None:
    """Write every byte (``os.write`` may write fewer)."""
    view = memoryview(data)
    while len(view):
        view = view[os.write(fd, view) :]


def private_folder(path: Path) -> None:
    """Make ``path`` a folder of mode 0700; ``PermissionError`` if it belongs to another user."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.stat(follow_symlinks=False)
    if status.st_uid != os.geteuid():
        raise PermissionError("the folder for attachments belongs to another user")
    if status.st_mode & 0o077:
        path.chmod(0o700)
