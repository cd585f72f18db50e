"""The drop folder of Digital Post: a file for each message, named by its UUID alone, whole or not there.

Another program sends what lies here, and removes it. A message holds a CPR number and a letter, so the folder
is the server's own (mode 0700) unless the operator has made it and lets a group read.
"""

import contextlib
import os
from pathlib import Path
from typing import Final
from uuid import UUID

from audit.blobs.temporary import create_locked, sweep_unlocked, write_all
from audit.exports.export import fsync_folder

SUFFIX: Final = ".xml"
_MODE: Final = 0o640


class DropClash(Exception):
    """Another message lies in the folder under this id; what is sealed as sent is never written over."""

    code: Final = "drop-clash"

    def __init__(self) -> None:
        super().__init__("another message lies in the drop folder under this id")


class DropFolder:
    """The folder that messages are put into."""

    def __init__(self, folder: Path) -> None:
        """Make `folder` where it is missing, and delete what dead processes left half written. OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        sweep_unlocked(folder)

    def put(self, message_id: UUID, message: bytes) -> None:
        """Put a message where the sender looks; on disk when this returns.

        Once more with the same bytes changes nothing, so a put that nobody heard the end of is done again.
        Raises DropClash for other bytes under the same id while the first lie there, OSError.
        """
        path = self._folder / f"{message_id}{SUFFIX}"
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() != message:
                raise DropClash
            return
        descriptor, temporary = create_locked(self._folder)
        try:
            write_all(descriptor, message)
            os.fchmod(descriptor, _MODE)
            os.fsync(descriptor)
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        fsync_folder(self._folder)
