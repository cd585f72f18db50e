"""The folder that receipts come in by: read, removed once they stand on the log, or set aside.

Nothing is deleted that was not taken in. A file that cannot be read is moved to `set-aside` beneath, and told
of by its name alone. Whoever puts receipts here writes under a name that begins with a full stop or ends in
`.part` or `.tmp`, and renames.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from audit.exports.export import fsync_folder
from workflows.letters.digital_post.receipt import MAX_RECEIPT, Receipt, read_receipt
from workflows.letters.digital_post.refusal import DigitalPostRefused

SET_ASIDE: Final = "set-aside"
_UNFINISHED: Final = (".part", ".tmp")


class Taken(msgspec.Struct, frozen=True):
    """A receipt that was read. Its file stays until `done`, so that a restart reads it again."""

    name: str
    receipt: Receipt
    content: bytes
    """The file itself: what proves arrival, to be sealed as it came."""


class Refused(msgspec.Struct, frozen=True):
    """A file that was set aside: its name, with a question mark for what cannot be shown, and the fault."""

    name: str
    code: str


class Reading(msgspec.Struct, frozen=True):
    """What one look into the folder gave."""

    taken: tuple[Taken, ...]
    refused: tuple[Refused, ...]


class ReceiptFolder:
    """The folder that receipts come in by."""

    def __init__(self, folder: Path) -> None:
        """Make `folder`, and `set-aside` beneath it, where they are missing. OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / SET_ASIDE).mkdir(mode=0o700, exist_ok=True)
        self._folder = folder

    def read(self, most: int = 500) -> Reading:
        """The first `most` files by name, each taken or set aside. Raises OSError where the folder fails.

        Each that is taken is then `done` or `set_aside` by the caller, or it comes again.
        """
        taken: list[Taken] = []
        refused: list[Refused] = []
        for name in sorted(self._waiting())[:most]:
            try:
                content = self._content(name)
                taken.append(Taken(name, read_receipt(content), content))
            except FileNotFoundError:
                continue  # another server process was here first
            except DigitalPostRefused as fault:
                refused.append(self._refuse(name, fault.code))
            except OSError:
                refused.append(self._refuse(name, "unreadable"))
        return Reading(tuple(taken), tuple(refused))

    def done(self, name: str) -> None:
        """Remove a receipt that stands on the log. Harmless when it is gone already. OSError."""
        self._path(name).unlink(missing_ok=True)
        fsync_folder(self._folder)

    def set_aside(self, name: str) -> None:
        """Move a file out of the way, over no other: a receipt for a letter nobody knows, say. OSError."""
        path, aside = self._path(name), self._folder / SET_ASIDE
        if not os.path.lexists(path):
            return
        try:
            _reserve(aside / name)
        except FileExistsError:
            aside = aside / secrets.token_hex(8)
            aside.mkdir(mode=0o700)
            _reserve(aside / name)
        try:
            path.rename(aside / name)
        except FileNotFoundError:  # another server process has moved it
            (aside / name).unlink()
        fsync_folder(aside)
        fsync_folder(self._folder)

    def _waiting(self) -> Iterator[str]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                unfinished = entry.name.startswith(".") or entry.name.endswith(_UNFINISHED)
                if not unfinished and not entry.is_dir(follow_symlinks=False):
                    yield entry.name

    def _content(self, name: str) -> bytes:
        path = self._path(name)
        if not stat.S_ISREG(path.lstat().st_mode):  # a pipe would never end, a link may lead anywhere
            raise OSError("not a file")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(MAX_RECEIPT + 1)

    def _refuse(self, name: str, code: str) -> Refused:
        self.set_aside(name)
        return Refused("".join(sign if sign.isprintable() else "?" for sign in name), code)

    def _path(self, name: str) -> Path:
        if name in ("", ".", "..") or os.sep in name:
            raise ValueError("not the name of a file in this folder")
        return self._folder / name


def _reserve(path: Path) -> None:
    """Take a name that nobody has, so that the rename over it loses nothing. FileExistsError otherwise."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
