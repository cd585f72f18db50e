"""Opening a store for a command: reading ones make nothing and lock nothing, writing ones take the lock.

A reading command stands beside a running server. It opens no vault unless it says so, and needs
no key: header and facts are enough (design idea 4).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid5

import typer

from api.bootstrap import Overgang
from api.settings import Settings, load_settings
from audit.blobs.store import BlobMissing, BlobReader, BlobStore
from audit.database.port import Database
from audit.replay.readonly import NoStore, ReadOnlySqlite
from audit.vault.epoch import EpochKeyMissing
from workflows.ports.log import Actor

Data = Annotated[Path, typer.Option("--data", help="The store's folder.", show_default=False)]
_ACTORS = UUID("5f3d5c7e-6f1c-5a5b-8d0a-2a1f7c1c9b40")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@contextmanager
def reading(data: Path) -> Iterator[Database]:
    """The log's database, for reading. Raises NoStore, ConfigurationRefused."""
    database = _log(load_settings(data_dir=data))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def reading_vault(data: Path) -> Iterator[Database]:
    """The vault's database, for reading what was released; nothing is opened."""
    settings = load_settings(data_dir=data)
    database: Database
    if settings.store == "postgres":
        database = _postgres(settings, vault=True)
    else:
        database = ReadOnlySqlite(data / "vault.db")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def writing(data: Path) -> Iterator[Overgang]:
    """The whole store under its lock. Raises NoStore, EpochKeyMissing, StoreBusy, ConfigurationRefused.

    A mistyped folder must not become a new store, nor a lost key a new key.
    """
    settings = load_settings(data_dir=data)
    with reading(data):
        pass
    generated = data.resolve().with_name(f"{data.resolve().name}.keys") / "epoch-1.key"
    if settings.epoch_key_sources == 0 and not generated.is_file():
        raise EpochKeyMissing("the generated key is not beside the store")
    overgang = Overgang(settings)
    try:
        overgang.vault.unlock()
        yield overgang
    finally:
        overgang.close()


def operator(role: str) -> Actor:
    """Whoever is logged in on this machine, under a pseudonym that stays the same."""
    actor = uuid5(_ACTORS, f"operating system user {os.getuid()}")
    return Actor(id=actor, role=role, unit=None, authority="0000")


class StoredAttachments:
    """The attachments' files, for `verify`; a folder that is not there is not made."""

    def __init__(self, data: Path) -> None:
        self._root = data / "attachments"
        self._blobs: BlobStore | None = None

    def verify(self, blob_id: UUID, sha256: str) -> int:
        """Compare with a hash. Raises BlobMissing, BlobDamaged."""
        return self._store().verify(blob_id, sha256)

    def open(self, blob_id: UUID, key: bytes, associated_data: bytes) -> BlobReader:
        """The plaintext, chunk by chunk. Raises BlobMissing, BlobDamaged."""
        return self._store().open(blob_id, key, associated_data)

    def _store(self) -> BlobStore:
        if self._blobs is None:
            if not self._root.is_dir():
                raise BlobMissing
            self._blobs = BlobStore(self._root)
        return self._blobs


def _log(settings: Settings) -> Database:
    if settings.store == "postgres":
        if not settings.data_dir.is_dir():
            raise NoStore("the folder is not there")
        return _postgres(settings, vault=False)
    return ReadOnlySqlite(settings.data_dir / "log.db")


def _postgres(settings: Settings, *, vault: bool) -> Database:
    from audit.database.postgres import PostgresDatabase

    dsn = settings.vault_dsn if vault else settings.postgres_dsn
    if dsn is None:
        raise NoStore("no data source name is configured")
    return PostgresDatabase(dsn.get_secret_value(), pool_size=2)
