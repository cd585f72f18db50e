"""Consent, objection, and disclosure without consent (SUL §§41-44, RSL §11a, GDPR art. 13-14)."""

from uuid import UUID

from domain.events.model import AuthorityCode, Code
from domain.rights.model import Day, RightsEvent, SealedLetter


class ConsentGiven(RightsEvent, frozen=True, kw_only=True):
    """She consented: to what, in what form, and until when (JFB §29)."""

    NAME = "consent-given"

    consent: UUID
    scope: Code
    basis: Code
    form: Code
    giver: Code
    given_on: Day
    lapses_on: Day | None = None


class ConsentWithdrawn(RightsEvent, frozen=True, kw_only=True):
    """She took consent back. `scope` says what for; further legs stop."""

    NAME = "consent-withdrawn"

    scope: Code
    means: Code


class ObjectionRegistered(RightsEvent, frozen=True, kw_only=True):
    """She objects to disclosure or look-up (SUL §41(3), §42a(5)); JFB §29: and what she was told of it."""

    NAME = "objection-registered"

    scope: Code
    consequences_explained: bool
    means: Code


class ObjectionLifted(RightsEvent, frozen=True, kw_only=True):
    """She no longer objects."""

    NAME = "objection-lifted"

    scope: Code
    means: Code


class DisclosedWithoutConsent(RightsEvent, frozen=True, kw_only=True):
    """A named professional disclosed without consent, for a reason (SUL §41(2), §43(2)).

    Who it was stands in the header as the actor; the name is sealed with the letter or note.
    """

    NAME = "disclosed-without-consent"

    disclosure: UUID
    to: AuthorityCode
    basis: Code
    reason: Code


class CitizenInformed(RightsEvent, frozen=True, kw_only=True):
    """She was told what the law says that she must be told: of a disclosure, of data held (GDPR art. 13-14),
    of a breach, of date, place and free choice (RSY §12).

    `matter` is the disclosure, or the handover itself.
    """

    NAME = "citizen-informed"

    matter: UUID
    of: Code
    way: Code
    written: SealedLetter | None = None
