"""What comes in for main mailboxes, successions and publications, as OpenAPI shows it."""

from pydantic import Field

from api.http import fields as f
from api.http.register import fields as g
from api.http.requests import CENTRE, TOWN, Request, examples

_FROM = "2025-01-01T00:00:00.000000Z"
_DAY = "2025-01-02"


class AskedEntry(Request):
    """The secretariat asked an authority for its main mailbox."""

    model_config = examples({"means": "letter", "asked_on": _DAY})

    means: g.Means
    asked_on: g.Day


class ChannelEntry(Request):
    """A way to reach the mailbox. Overgang delivers over `overgang-mailbox`; the others are kept as data."""

    channel: g.ChannelCode
    address: g.Address


class MailboxEntry(Request):
    """A main mailbox (hovedpostkasse) as one person proposes it; another must confirm it."""

    model_config = examples(
        {
            "served_by": CENTRE,
            "channels": [
                {"channel": "overgang-mailbox", "address": "hovedpostkasse@naestved.example"},
                {"channel": "secure-mail", "address": "sikkerpost@naestved.example"},
            ],
            "receiver_kind": "mixed",
            "kle": ["27.51.04", "29.24.04"],
            "owner": CENTRE,
            "telephone": "55667788",
            "valid_from": _FROM,
        }
    )

    unit: f.UnitId | None = Field(None, description="None: the authority's own main mailbox.")
    served_by: f.UnitId = Field(
        description="The unit that opens it; everybody else is outside. For a unit's mailbox, the unit."
    )
    channels: list[ChannelEntry] = Field(min_length=1, max_length=8, description="In the order of use.")
    receiver_kind: g.ReceiverKind
    kle: list[g.Kle] = Field(default_factory=list, max_length=20, description="KLE numbers.")
    owner: f.UnitId = Field(description="The unit that answers for the mailbox; a unit, never a person.")
    deputy: f.UnitId | None = Field(
        None, description="The unit that is turned to when the owner does not react."
    )
    telephone: g.Telephone | None = None
    valid_from: f.Instant
    valid_to: f.Instant | None = Field(None, description="Exclusive.")
    replaces: g.MailboxRef | None = Field(
        None, description="The main mailbox that ends where this one begins, by the same confirmation."
    )


class MailboxConfirmation(Request):
    """On what evidence somebody vouches for an entry."""

    model_config = examples({"evidence": "telephone-call", "evidence_on": _DAY})

    evidence: g.Evidence
    evidence_on: g.Day


class ConfirmationWithdrawal(Request):
    """Why nobody vouches for it any more, and since when."""

    model_config = examples({"reason": "not-read"})

    reason: g.Doubt
    since: f.Instant | None = Field(None, description="Now, unless given; not in the future.")


class ProposalWithdrawal(Request):
    """Why what was proposed is taken back."""

    model_config = examples({"reason": "mistyped"})

    reason: g.Withdrawn


class MailboxEnd(Request):
    """When a main mailbox ends, and how one knows."""

    model_config = examples(
        {"valid_to": "2099-01-01T00:00:00.000000Z", "evidence": "letter", "evidence_on": _DAY}
    )

    valid_to: f.Instant
    evidence: g.Evidence
    evidence_on: g.Day


class SuccessionEntry(Request):
    """Who succeeds an authority (no units) or one of its units (both units)."""

    model_config = examples(
        {
            "unit": CENTRE,
            "successor_authority": TOWN,
            "successor_unit": "rusmiddelcenter-naestved-ny",
            "valid_from": "2099-01-01T00:00:00.000000Z",
            "basis": "organisation-change",
        }
    )

    unit: f.UnitId | None = None
    successor_authority: f.AuthorityCode
    successor_unit: f.UnitId | None = None
    valid_from: f.Instant
    basis: g.Basis


class ProcessingTimeEntry(Request):
    """A municipality has published its time from application to decision (RSL §3(2), §3a)."""

    model_config = examples(
        {
            "legal_basis": "sel:101",
            "length": 4,
            "unit": "weeks",
            "valid_from": _DAY,
            "source": "municipal-website",
        }
    )

    legal_basis: g.LegalBasis
    length: g.Length
    unit: g.LengthUnit
    valid_from: g.FromDay
    source: g.Source


class ReferrerEntry(Request):
    """A region has published that this type of referrer may refer (RSY §11(2))."""

    model_config = examples({"referrer": "municipality-health", "valid_from": _FROM})

    referrer: g.Referrer
    valid_from: f.Instant
    valid_to: f.Instant | None = Field(None, description="Exclusive.")
