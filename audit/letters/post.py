"""Digital Post by two folders: messages out, receipts in (docs/digital-post.md)."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from audit.letters.drop import DropFolder
from audit.letters.receipts import ReceiptFolder
from workflows.letters.digital_post.receipt import PostStatus
from workflows.ports.post import PostReceipt


class FolderPost:
    """The folders of one installation."""

    def __init__(self, out: Path, receipts: Path) -> None:
        """Make the folders where they are missing. Raises OSError."""
        self._out = DropFolder(out)
        self._in = ReceiptFolder(receipts)

    def put(self, message: UUID, content: bytes) -> None:
        """Put a message where the sender looks."""
        self._out.put(message, content)

    def receipts(self) -> Sequence[PostReceipt]:
        """What came back, but for what only says that Digital Post has taken it in."""
        found = []
        for taken in self._in.read().taken:
            if taken.receipt.status is PostStatus.RECEIVED:
                self._in.done(taken.name)
                continue
            available = taken.receipt.available_at
            found.append(
                PostReceipt(
                    name=taken.name,
                    letter=taken.receipt.message_id,
                    receipt_id=taken.receipt.receipt_id,
                    available_at=available,
                    failed=taken.receipt.status is PostStatus.FAILED,
                )
            )
        return found

    def done(self, name: str) -> None:
        """Remove a receipt that stands on the log."""
        self._in.done(name)

    def set_aside(self, name: str) -> None:
        """Keep one that is about no letter of ours."""
        self._in.set_aside(name)
