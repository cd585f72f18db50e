"""The register as JSON. Who entered and who confirmed stands on the log, not here."""

from typing import Any

from msgspec.structs import asdict

from domain.law.mailbox_rules import counts_as
from domain.register.mailbox import MainMailbox
from domain.register.standing import standing
from domain.register.state import Register
from domain.register.succession import Succession
from workflows.handlers.services import MAILBOX_PURPOSE


def mailbox_of(mailbox: MainMailbox) -> dict[str, Any]:
    """A main mailbox, with what its receivers count as by the rules on disclosure."""
    shown = {name: value for name, value in asdict(mailbox).items() if name != "entered_by"}
    return shown | {"counts_as": counts_as(mailbox.receiver_kind)}


def authority_of(found: Register, now: str) -> dict[str, Any]:
    """An authority: what is confirmed of it."""
    return {
        "authority": found.authority,
        "kind": found.kind,
        "name": found.name,
        "cvr": found.cvr,
        "version": found.version,
        "state": standing(found, MAILBOX_PURPOSE, now),
        "units": list(found.units.values()),
        "mailboxes": [mailbox_of(mailbox) for mailbox in found.mailboxes.values()],
        "successions": [_succession(one) for one in found.successions.values()],
        "referrers": list(found.publications.values()),
        "processing_times": list(found.processing_times.values()),
    }


def proposals_of(found: Register) -> dict[str, Any]:
    """What waits for another person."""
    return {
        "mailboxes": [
            {
                **{name: value for name, value in asdict(one.entry).items() if name != "authority"},
                "version": one.version,
                "entered_at": one.entered_at,
            }
            for one in found.proposals.values()
        ],
        "ends": [
            {name: value for name, value in asdict(one).items() if name != "entered_by"}
            for one in found.end_proposals.values()
        ],
        "successions": [
            {**_succession(one.succession), "proposal": one.id, "entered_at": one.entered_at}
            for one in found.succession_proposals.values()
        ],
    }


def _succession(one: Succession) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "version"}
