"""What of the settings a data protection officer must know. No secret and no path stands here."""

from typing import Literal

import msgspec

KeySource = Literal["file", "environment", "command", "generated"]
"""Where the key that wraps all keys comes from."""


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """A plain summary of the settings of one installation.

    `mail_host`, `scanner_host` and `issuer_hosts` are the names of other machines, None where there is none
    or it is this machine. `faults`: the stable codes of what production would refuse to start with.
    """

    environment: str
    store: Literal["sqlite", "postgres"]
    durable: bool
    key_source: KeySource
    scanner: str
    scanner_host: str | None
    mail_host: str | None
    mail_security: str
    issuer_hosts: tuple[str, ...]
    development_issuer: bool
    test_persons: bool
    simulated_log: bool
    rate_limit_per_minute: int
    faults: tuple[str, ...]
