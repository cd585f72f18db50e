"""Configuration from the environment (`OVERGANG_…`), and what production refuses to start with.

Values are never quoted in an error: a data source name holds a password. Nothing is read from a `.env` file.
"""

import base64
import binascii
import os
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

Environment = Literal["development", "test", "production"]
PREFIX = "OVERGANG_"
#: Names with our prefix that are not settings of the server: rounds of the long tests, their database.
OTHER_NAMES: frozenset[str] = frozenset({"OVERGANG_ROUNDS", "OVERGANG_TEST_POSTGRES"})


class ConfigurationRefused(Exception):
    """The configuration cannot be run. `faults` are "code: plain words"; no value is quoted."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("configuration refused: " + "; ".join(self.faults))

    @property
    def codes(self) -> list[str]:
        """The stable codes of the faults; these, not the words, may stand in the log."""
        return [fault.partition(":")[0] for fault in self.faults]


def _key_bytes(value: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(value.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
    if len(key) != 32:
        raise ValueError("not 32 bytes")
    return value


class TrustedIssuer(BaseModel):
    """An issuer whose tokens are taken: its URL, and its public keys as a file or inline (one of them)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    issuer: str = Field(min_length=1, max_length=500, description="The `iss` claim, exactly.")
    audience: str | None = Field(
        None, description="The `aud` its tokens must name; the server's own unless given."
    )
    jwks_file: Path | None = Field(None, description="File with a JWKS; read again when it changes.")
    jwks: dict[str, Any] | None = Field(None, description="JWKS inline.")


class Settings(BaseSettings):
    """The settings of one server, each from `OVERGANG_` and its name in capitals. Use `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, env_ignore_empty=True, extra="forbid"
    )

    environment: Environment = "development"
    data_dir: Path = Path("data")
    read_only: bool = Field(False, description="Take no changes; reading, replay and export go on.")

    store: Literal["sqlite", "postgres"] = "sqlite"
    sqlite_synchronous: Literal["FULL", "EXTRA", "NORMAL", "OFF"] = "FULL"
    postgres_dsn: SecretStr | None = None
    vault_dsn: SecretStr | None = Field(None, description="The vault's own DSN and role (store `postgres`).")
    simulated_log: bool = Field(False, description="A log that keeps nothing; for exercises only.")

    epoch_key_file: Path | None = Field(None, description="File with the 32 bytes that wrap every data key.")
    epoch_key: Annotated[SecretStr, AfterValidator(_key_bytes)] | None = Field(None, description="As base64.")
    epoch_key_command: str | None = Field(None, description="Command that prints the key as base64.")

    audience: str = Field("overgang", min_length=1, description="The `aud` that tokens must name.")
    issuers: tuple[TrustedIssuer, ...] = Field((), description="Trusted issuers, as a JSON list.")
    dev_issuer: bool = Field(
        default_factory=lambda data: data.get("environment") != "production",
        description="The development issuer; on outside production unless said otherwise.",
    )
    allow_test_persons: bool = Field(
        default_factory=lambda data: data.get("environment") != "production",
        description="Take impossible and MedCom test CPR numbers.",
    )

    scanner: Literal["clamd", "none"] = "none"
    clamd: str | None = Field(None, description="`host:port` or the absolute path of a unix socket.")

    mail_host: str | None = None
    mail_port: int = Field(587, ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"

    rate_limit_per_minute: int = Field(
        6000, ge=0, description="Requests per caller and minute; 0 is no limit."
    )
    max_body_bytes: int = Field(2 * 1024 * 1024, ge=1024, description="Largest JSON body.")
    max_attachment_bytes: int = Field(50 * 1024 * 1024, ge=1024, description="Largest attachment.")
    trusted_hosts: tuple[str, ...] = Field(
        (), description="Host names served, as a JSON list; none means any."
    )
    digital_post_out: Path | None = Field(
        None, description="Folder that letters leave by (docs/digital-post.md)."
    )
    digital_post_in: Path | None = Field(None, description="Folder that receipts of letters come in by.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def clamd_address(self) -> tuple[str, int] | Path | None:
        """Where clamd listens: (host, port) or the path of its socket; None when not set or not readable."""
        if self.clamd is None:
            return None
        if self.clamd.startswith("/"):
            return Path(self.clamd)
        host, _, port = self.clamd.rpartition(":")
        return (host.strip("[]"), int(port)) if host and port.isdecimal() and 0 < int(port) < 65536 else None

    @property
    def epoch_key_argv(self) -> list[str] | None:
        """The epoch key command split into arguments; it is run without a shell."""
        return None if self.epoch_key_command is None else shlex.split(self.epoch_key_command)

    @property
    def epoch_key_sources(self) -> int:
        """How many sources of the epoch key are set; with none, a key is generated in the data folder."""
        return sum(
            source is not None for source in (self.epoch_key_file, self.epoch_key, self.epoch_key_command)
        )

    def faults(self) -> list[str]:
        """What keeps this configuration from running in any environment, as "code: plain words"."""
        checks = (
            (self.epoch_key_sources > 1, "several-epoch-keys: name one source of the epoch key, not several"),
            (not self.dev_issuer and not self.issuers, "no-trusted-issuer: without an issuer nobody gets in"),
            (any((issuer.jwks is None) == (issuer.jwks_file is None) for issuer in self.issuers),
             "issuer-keys: each issuer needs either a key set or a file with one"),
            (self.store == "postgres" and (self.postgres_dsn is None or self.vault_dsn is None),
             "postgres-dsn-missing: the store postgres needs a DSN for the log and one for the vault"),
            ((self.digital_post_out is None) != (self.digital_post_in is None),
             "digital-post: the folder that letters leave by and that of receipts are set together"),
            (self.scanner == "clamd" and self.clamd_address is None,
             "clamd-address: the scanner clamd needs host:port or the absolute path of its socket"),
        )  # fmt: skip
        return [text for broken, text in checks if broken]

    def production_faults(self) -> list[str]:
        """What production refuses to start with (design 6), as "code: plain words"."""
        return [text for broken, text in self._production_checks() if broken]

    def _production_checks(self) -> Iterable[tuple[bool, str]]:
        key_file = self.epoch_key_file
        yield (
            self.dev_issuer,
            "development-issuer: the development issuer is on; anyone on the machine could be anyone",
        )
        yield (
            self.epoch_key_sources == 0,
            (
                "generated-epoch-key: the key that wraps all keys would be generated beside the data; give it"
                " by file, environment or command"
            ),
        )
        yield (
            key_file is not None
            and key_file.absolute().resolve().is_relative_to(self.data_dir.absolute().resolve()),
            "epoch-key-beside-data: the epoch key's file lies in the data folder, and so in its backups",
        )
        yield self.scanner == "none", "no-malware-scanner: attachments would be taken without being scanned"
        yield self.allow_test_persons, "test-persons-allowed: test persons could be mixed with citizens"
        yield (
            self.mail_host is not None and self.mail_security == "none",
            ("plain-text-mail: mail would leave without encryption"),
        )
        yield self.simulated_log, "simulated-log: nothing would be kept, and nothing could be proven"
        yield (
            self.store == "sqlite" and self.sqlite_synchronous not in ("FULL", "EXTRA"),
            (
                "sqlite-not-durable: an answer could come before its event is on the disk;"
                " synchronous must be FULL"
            ),
        )
        yield (
            (
                self.store == "postgres"
                and self.vault_dsn is not None
                and self.postgres_dsn is not None
                and self.vault_dsn.get_secret_value() == self.postgres_dsn.get_secret_value()
            ),
            "vault-not-apart: the vault must have a database and role of its own",
        )
        yield (
            any(not issuer.issuer.startswith("https://") for issuer in self.issuers),
            ("issuer-not-https: an issuer is not named by an https address (RFC 9068 section 4)"),
        )
        yield self.rate_limit_per_minute == 0, "no-rate-limit: one caller could take all there is"


def check_start(settings: Settings) -> None:
    """The check before the server starts. Raises ConfigurationRefused with every fault."""
    faults = settings.faults()
    if settings.environment == "production":
        faults += settings.production_faults()
    if faults:
        raise ConfigurationRefused(faults)


def load_settings(**given: Any) -> Settings:
    """The settings from the environment; `given` (the command line's) go before it.

    Raises ConfigurationRefused for a value of the wrong form and for an unknown `OVERGANG_` name: a
    misspelt OVERGANG_ENVIRONMENT would otherwise start production as development.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | OTHER_NAMES
    unknown = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    if unknown:
        raise ConfigurationRefused(
            f"unknown-setting: {name} is no setting of this program" for name in unknown
        )
    try:
        return Settings(**given)
    except ValidationError as fault:
        # A default that depends on a bad value is reported beside it, and is no fault of its own.
        names = sorted(
            {
                str(error["loc"][0])
                for error in fault.errors(include_input=False)
                if error["type"] != "default_factory_not_called"
            }
        )
    except SettingsError as fault:
        # Its text names the field and the source, not the value; its cause, which holds that, is dropped.
        names = sorted(name for name in Settings.model_fields if f'"{name}"' in str(fault))
    raise ConfigurationRefused(
        f"bad-setting: {PREFIX + name.upper()} does not have the form it must have" for name in names
    )
