"""With every guard gone, the replay finds what one person did alone."""

from uuid import UUID

import pytest

from audit.verdicts.checks import violations
from domain.register import events as e
from domain.register import mailbox_events as m
from domain.register import succession_events as s
from tests.domain.register.recorded import ANOTHER, SOMEBODY, stream

MAILBOX, PROPOSAL = UUID(int=7), UUID(int=8)
AT = "2026-11-01T12:00:00.000000Z"
ENTRY = {
    "mailbox": MAILBOX,
    "authority": "0370",
    "unit": None,
    "served_by": "centre",
    "purpose": "dual-diagnosis-handover",
    "channels": (m.Channel(channel="overgang-mailbox", address="post@naestved.example"),),
    "receiver_kind": "mixed",
    "kle": (),
    "owner": "centre",
    "deputy": None,
    "telephone": None,
    "valid_from": AT,
    "valid_to": None,
    "replaces": None,
}
AUTHORITY = e.AuthorityRegistered(authority="0370", kind="municipality", name="Næstved", cvr=None)
PROPOSED = m.MainMailboxProposed(**ENTRY)
CONFIRMED = m.MainMailboxConfirmed(**ENTRY, evidence="letter", evidence_on="2026-11-01")
END_PROPOSED = m.MainMailboxEndProposed(
    mailbox=MAILBOX, authority="0370", valid_to="2026-12-01T12:00:00.000000Z", evidence="letter",
    evidence_on="2026-11-01",
)  # fmt: skip
ENDED = e.MainMailboxEnded(mailbox=MAILBOX, authority="0370", valid_to="2026-12-01T12:00:00.000000Z")
SOONER = e.MainMailboxEnded(mailbox=MAILBOX, authority="0370", valid_to="2026-11-02T12:00:00.000000Z")
SUCCESSION_PROPOSED = s.SuccessionProposed(
    proposal=PROPOSAL, authority="0370", unit=None, successor_authority="0330", successor_unit=None,
    valid_from=AT, basis="organisation-change",
)  # fmt: skip
SUCCEEDED = s.AuthoritySucceeded(
    proposal=PROPOSAL, authority="0370", successor="0330", valid_from=AT, basis="organisation-change"
)
FIRST_YEARS = e.MainMailboxRegistered(
    mailbox=MAILBOX, authority="0370", unit=None, served_by="centre", purpose="dual-diagnosis-handover",
    channel="overgang-mailbox", address="post@naestved.example", valid_from=AT, valid_to=None,
)  # fmt: skip

BY_TWO = [(PROPOSED, SOMEBODY), (CONFIRMED, ANOTHER)]


@pytest.mark.parametrize(
    ("history", "found"),
    [
        (BY_TWO, []),
        ([(PROPOSED, SOMEBODY), (CONFIRMED, SOMEBODY)], [2]),
        ([(CONFIRMED, ANOTHER)], [1]),
        ([*BY_TWO, (CONFIRMED, SOMEBODY)], [3]),
        ([*BY_TWO, (CONFIRMED, ANOTHER)], []),
        ([*BY_TWO, (END_PROPOSED, SOMEBODY), (ENDED, ANOTHER)], []),
        ([*BY_TWO, (END_PROPOSED, SOMEBODY), (ENDED, SOMEBODY)], [4]),
        ([*BY_TWO, (END_PROPOSED, SOMEBODY), (SOONER, ANOTHER)], [4]),
        ([*BY_TWO, (ENDED, ANOTHER)], [3]),
        ([(SUCCESSION_PROPOSED, SOMEBODY), (SUCCEEDED, ANOTHER)], []),
        ([(SUCCESSION_PROPOSED, SOMEBODY), (SUCCEEDED, SOMEBODY)], [2]),
        ([(SUCCEEDED, ANOTHER)], [1]),
        ([(FIRST_YEARS, SOMEBODY), (ENDED, SOMEBODY)], []),
    ],
    ids=[
        "entered and confirmed by two",
        "confirmed by the one who entered it",
        "confirmed though nobody had entered it",
        "confirmed again by the one who entered it",
        "confirmed again by the other",
        "ended by two",
        "ended by one",
        "ended otherwise than proposed",
        "ended though nobody had proposed it",
        "succeeded by two",
        "succeeded by one",
        "succeeded though nobody had proposed it",
        "as it was in the first years",
    ],
)
def test_what_takes_two_persons_is_found_where_there_was_one(history, found):
    events = stream([(AUTHORITY, AT, SOMEBODY), *((event, AT, by) for event, by in history)])
    judged = violations(events)
    assert [one.position for one in judged] == found
    assert {one.code for one in judged} <= {"mailbox-changed-by-one-person"}
