"""The part of the golden history about the register: main mailboxes by two persons, successions, referrers.

Only ever appended, like the rest (`tests.audit.log.history`).
"""

from typing import Any
from uuid import UUID, uuid5

from domain.events.model import Decided, Facts
from domain.register import mailbox_events as m
from domain.register import referrer_events as r
from domain.register import succession_events as s
from workflows.ports.log import NewEvent

REGION, MUNICIPALITY = "1085", "0370"
NEW_YEAR = "2026-12-31T23:00:00.000000Z"
_SPACE = UUID("c3a1f6de-52f8-4a1e-8d55-4a70b1c6e9f2")


def _id(name: str) -> UUID:
    return uuid5(_SPACE, name)


def _entry(event: Facts, authority: str = MUNICIPALITY, *, proposed: bool = False) -> NewEvent:
    """An entry; what is only proposed is seen by the authority and the secretariat."""
    return NewEvent(
        decided=Decided(event=event),
        stream=_id(f"register {authority}"),
        expected_version=None,
        controller=authority,
        visible_to=("0000", authority) if proposed else (authority,),
        purpose="register",
        legal_basis=("lokal-aftale:hovedpostkasse",),
    )


_MAILBOX: dict[str, Any] = {
    "mailbox": _id("mailbox"),
    "authority": MUNICIPALITY,
    "unit": None,
    "served_by": "rusmiddelcenter",
    "purpose": "dual-diagnosis-handover",
    "channels": (
        m.Channel(channel="overgang-mailbox", address="overgang@naestved.example"),
        m.Channel(channel="medcom", address="5798003500001"),
        m.Channel(channel="digital-post", address="0f0c7d5e-90a4-4c0b-9f3a-2b1f5a7c6d10"),
    ),
    "receiver_kind": "mixed",
    "kle": ("27.51.04", "29.24.04"),
    "owner": "rusmiddelcenter",
    "deputy": "borgerservice",
    "telephone": "55667788",
    "valid_from": NEW_YEAR,
    "valid_to": None,
    "replaces": _id("mailbox before"),
}

REGISTER_HISTORY: tuple[NewEvent, ...] = (
    _entry(
        m.MainMailboxAsked(
            authority=MUNICIPALITY, purpose="dual-diagnosis-handover", means="letter", asked_on="2026-10-01"
        )
    ),
    _entry(m.MainMailboxProposed(**_MAILBOX), proposed=True),
    _entry(m.MainMailboxConfirmed(**_MAILBOX, evidence="test-letter", evidence_on="2026-11-01")),
    _entry(
        m.MainMailboxUnconfirmed(
            mailbox=_id("mailbox"),
            authority=MUNICIPALITY,
            reason="not-read",
            since="2027-01-04T08:00:00.000000Z",
        )
    ),
    _entry(
        m.MainMailboxEndProposed(
            mailbox=_id("mailbox"),
            authority=MUNICIPALITY,
            valid_to="2027-06-30T22:00:00.000000Z",
            evidence="e-mail",
            evidence_on="2026-11-02",
        ),
        proposed=True,
    ),
    _entry(
        m.MainMailboxProposalWithdrawn(mailbox=_id("mailbox"), authority=MUNICIPALITY, reason="mistyped"),
        proposed=True,
    ),
    _entry(
        s.SuccessionProposed(
            proposal=_id("succession"),
            authority=REGION,
            unit=None,
            successor_authority="1099",
            successor_unit=None,
            valid_from=NEW_YEAR,
            basis="ovl-2026",
        ),
        REGION,
        proposed=True,
    ),
    _entry(
        s.AuthoritySucceeded(
            proposal=_id("succession"),
            authority=REGION,
            successor="1099",
            valid_from=NEW_YEAR,
            basis="ovl-2026",
        ),
        REGION,
    ),
    _entry(
        s.UnitSucceeded(
            proposal=_id("succession of a unit"),
            authority=REGION,
            unit="ambulatorium-1",
            successor_authority="1099",
            successor_unit="ambulatorium-1-oest",
            valid_from=NEW_YEAR,
            basis="jfb:45",
        ),
        REGION,
    ),
    _entry(
        r.ReferrerPublished(
            authority=REGION,
            referrer="municipality-health",
            valid_from="2026-11-30T23:00:00.000000Z",
            valid_to=NEW_YEAR,
        ),
        REGION,
    ),
)
