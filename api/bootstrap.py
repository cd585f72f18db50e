"""The composition root: the one place where ports meet their adapters (design section 2)."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from api import __version__
from api.settings import Settings, check_start
from audit.blobs.clamd import ClamdScanner
from audit.blobs.intake import Intake
from audit.blobs.limits import AttachmentLimits
from audit.blobs.scanner import NoScanner, Scanner
from audit.blobs.spool import SpoolFolder
from audit.blobs.store import BlobStore
from audit.database.port import Database
from audit.database.sqlite import SqliteDatabase
from audit.letters.post import FolderPost
from audit.log.application import EventLog
from audit.log.recorder import Recorder
from audit.projector.cursor import DurableCursor
from audit.projector.projector import Projector
from audit.projector.worklists import Worklists
from audit.vault.drafts import Drafts
from audit.vault.epoch import (
    epoch_key_from_command,
    epoch_key_from_file,
    generated_epoch_key,
    parse_epoch_key,
)
from audit.vault.uploads import Uploads
from audit.vault.vault import Vault
from domain.law.loader import rules_hash
from workflows.handlers.services import Services
from workflows.ports.clock import Clock, Ids
from workflows.ports.post import Post
from workflows.views.installed import COMMITTED, FOLLOWING


class StoreBusy(Exception):
    """Another process has the store's lock: a server is running, or a command that writes."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class RandomIds:
    """Random ids and key material from the operating system."""

    def uuid(self) -> UUID:
        """A random UUID."""
        return uuid4()

    def random_bytes(self, length: int) -> bytes:
        """Unpredictable bytes."""
        return os.urandom(length)


def software() -> str:
    """This program's name and version, as it stands in every header."""
    return f"overgang/{__version__}"


class Overgang:
    """One installation, wired: log, vault, views, services. Close it when done."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        ids: Ids | None = None,
        exclusive: bool = True,
    ) -> None:
        """Open the store. `exclusive` takes the lock file of an embedded store. Raises StoreBusy."""
        check_start(settings)
        self.settings = settings
        self.clock = clock or SystemClock()
        self.ids = ids or RandomIds()
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock_file = _lock(settings.data_dir) if exclusive and settings.store == "sqlite" else None
        self.database, vault_database = _databases(settings)
        self.vault = Vault(vault_database, _epoch_key(settings))
        recorder = Recorder(
            self.database,
            clock=self.clock,
            ids=self.ids,
            software=software(),
            rules=rules_hash(),
            in_transaction=lambda rows, events: self.projector.in_transaction(rows, events),
        )
        self.recorder = recorder
        self.log = EventLog(recorder)
        self.projector = Projector(self.database, self.log, FOLLOWING, COMMITTED)
        self.cursor = DurableCursor(self.database, "relay")
        self.worklists = Worklists(self.database)
        self.uploads = Uploads(self.vault, self.clock.now)
        self.drafts = Drafts(self.vault)
        self.blobs = BlobStore(settings.data_dir / "attachments")
        self.spools = SpoolFolder(settings.data_dir / "spool")
        self.intake = Intake(
            self.blobs,
            self.uploads,
            _scanner(settings),
            AttachmentLimits(max_bytes=settings.max_attachment_bytes),
        )
        self.services = Services(
            log=self.log,
            subjects=self.vault,
            uploads=self.uploads,
            worklists=self.worklists,
            clock=self.clock,
            ids=self.ids,
            post=_post(settings),
        )

    def migrate(self) -> None:
        """Create what is missing in both databases, and open the vault."""
        self.recorder.migrate()
        self.projector.migrate()
        self.cursor.migrate()
        self.vault.migrate()

    def is_attachment_known(self, blob: UUID) -> bool:
        """Whether the log or a waiting upload names an attachment's file."""
        return self.log.claimant(f"attachment:{blob}") is not None or self.uploads.is_waiting(blob)

    def close(self) -> None:
        """Close the databases and let go of the lock."""
        self.database.close()
        self.vault.database.close()
        if self._lock_file is not None:
            self._lock_file.close()


def _databases(settings: Settings) -> tuple[Database, Database]:
    if settings.store == "postgres":
        from audit.database.postgres import PostgresDatabase

        assert settings.postgres_dsn is not None and settings.vault_dsn is not None
        return (
            PostgresDatabase(settings.postgres_dsn.get_secret_value()),
            PostgresDatabase(settings.vault_dsn.get_secret_value()),
        )
    return SqliteDatabase(settings.data_dir / "log.db"), SqliteDatabase(settings.data_dir / "vault.db")


def _epoch_key(settings: Settings) -> bytes:
    if settings.epoch_key_file is not None:
        return epoch_key_from_file(settings.epoch_key_file)
    if settings.epoch_key is not None:
        return parse_epoch_key(settings.epoch_key.get_secret_value().encode())
    if settings.epoch_key_command is not None:
        return epoch_key_from_command(settings.epoch_key_command)
    data = settings.data_dir.resolve()
    return generated_epoch_key(data.with_name(f"{data.name}.keys"))


def _scanner(settings: Settings) -> Scanner:
    if settings.scanner == "clamd":
        assert settings.clamd_address is not None
        return ClamdScanner(settings.clamd_address)
    return NoScanner()


def _post(settings: Settings) -> Post | None:
    if settings.digital_post_out is None or settings.digital_post_in is None:
        return None
    return FolderPost(settings.digital_post_out, settings.digital_post_in)


def _lock(folder: Path) -> IO[str]:
    """One process writes to an embedded store (design section 7)."""
    file = (folder / "overgang.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StoreBusy("another process has this store open") from None
    return file
