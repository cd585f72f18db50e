"""The port to a malware scanner, and the scanner that is none."""

from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec


class Verdict(StrEnum):
    """What a scanner said of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not-scanned"


class ScanResult(msgspec.Struct, frozen=True):
    """A verdict and who gave it."""

    verdict: Verdict
    engine: str
    """Engine and signature version as the scanner states them; ``none`` without one."""
    signature_code: str | None = None
    """Name of the signature that matched; never content."""

    @property
    def clean(self) -> bool:
        """True only when a scanner has looked and found nothing."""
        return self.verdict is Verdict.CLEAN


class Scanner(Protocol):
    """Looks for malware in a file."""

    @property
    def production_ready(self) -> bool:
        """False for a scanner that does not scan: production mode refuses to start with it."""
        ...

    def scan(self, path: Path) -> ScanResult:
        """Scan the file. Raises ``ScannerUnavailable`` whenever there is no clear answer."""
        ...


UnavailableReason = Literal["unreachable", "timeout", "disconnected", "size-limit", "error", "garbled"]

_TEXTS: Final[dict[UnavailableReason, str]] = {
    "unreachable": "the malware scanner cannot be reached",
    "timeout": "the malware scanner did not answer in time",
    "disconnected": "the malware scanner broke the connection off",
    "size-limit": "the file is larger than the malware scanner accepts; raise its StreamMaxLength",
    "error": "the malware scanner reports an error",
    "garbled": "the malware scanner's answer is not understood",
}


class ScannerUnavailable(Exception):
    """No verdict: the file is neither taken in nor called infected. The sender may try again later.

    ``code`` is always ``scanner-unavailable``; ``reason`` is for the operator.
    """

    code: Final = "scanner-unavailable"

    def __init__(self, reason: UnavailableReason) -> None:
        super().__init__(_TEXTS[reason])
        self.reason: UnavailableReason = reason


class NoScanner:
    """For development only: says ``not-scanned``, which is not *clean*."""

    production_ready: Final = False

    def scan(self, path: Path) -> ScanResult:
        """Look at nothing."""
        return ScanResult(verdict=Verdict.NOT_SCANNED, engine="none")
