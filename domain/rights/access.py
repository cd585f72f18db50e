"""Access to documents (aktindsigt): under FVL as a party, SUL of the record, OFL, and GDPR art. 15."""

from uuid import UUID

from domain.events.model import Code, Sha256
from domain.rights.model import Day, RightsEvent, SealedLetter


class AccessRequested(RightsEvent, frozen=True, kw_only=True):
    """The citizen, or whoever acts for her, asked for access. The time is that of its receipt.

    `regime`: fvl, sul, ofl or gdpr; each has its own clock and exceptions (law.md 1.7).
    """

    NAME = "access-requested"

    request: UUID
    regime: Code
    means: Code
    form: Code


class AccessDelayNotified(RightsEvent, frozen=True, kw_only=True):
    """She was told why it takes longer, and until when (FVL §16(2), SUL §38, OFL §36(2), GDPR art. 12(3))."""

    NAME = "access-delay-notified"

    request: UUID
    reason: Code
    promised_on: Day
    written: SealedLetter | None = None


class AccessDecided(RightsEvent, frozen=True, kw_only=True):
    """The authority decided a request: granted, partly or refused (FVL §16(1)).

    `grounds`: the provisions that what is left out rests on. `extra_considered`: more than the law demands
    was considered (FVL §10). `guidance`: the tracks of appeal that she was told of (FVL §16(4), §25).
    """

    NAME = "access-decided"

    request: UUID
    regime: Code
    outcome: Code
    grounds: tuple[Code, ...] = ()
    reasons_given: bool
    extra_considered: bool
    guidance: tuple[Code, ...] = ()
    written: SealedLetter | None = None


class AccessGiven(RightsEvent, frozen=True, kw_only=True):
    """She got the documents, in the form she wanted where it could be (FVL §16(3)).

    Of a package that Overgang made, `note` is its sealed index; the file lies beside (`package_file_of`).
    """

    NAME = "access-given"

    request: UUID
    way: Code
    addressee: Code = "citizen"
    """Whom it was made for: a representative is not shown a protected address."""
    package_sha256: Sha256 | None = None


class AccessWithdrawn(RightsEvent, frozen=True, kw_only=True):
    """She no longer asks for access."""

    NAME = "access-withdrawn"

    request: UUID
    means: Code
