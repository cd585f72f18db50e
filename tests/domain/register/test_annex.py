"""The annex of main mailboxes, and how far an authority is."""

from uuid import UUID

import pytest

from domain.register import mailbox_events as m
from domain.register.annex import annex
from domain.register.events import AuthorityRegistered, MainMailboxEnded, UnitRegistered
from domain.register.fold import fold
from domain.register.mailbox import Gap
from domain.register.standing import standing
from tests.domain.register.recorded import ANOTHER, SOMEBODY, stream

PURPOSE = "dual-diagnosis-handover"
MAILBOX = UUID(int=7)


def at(month: int) -> str:
    return f"2026-{month:02d}-01T12:00:00.000000Z"


ENTRY = {
    "mailbox": MAILBOX,
    "authority": "0370",
    "unit": None,
    "served_by": "centre",
    "purpose": PURPOSE,
    "channels": (m.Channel(channel="overgang-mailbox", address="post@naestved.example"),),
    "receiver_kind": "mixed",
    "kle": ("27.51.04",),
    "owner": "centre",
    "deputy": None,
    "telephone": "55667788",
    "valid_from": at(4),
    "valid_to": None,
    "replaces": None,
}


def unit(name, authority="0370", offers=True):
    return UnitRegistered(
        authority=authority,
        unit=name,
        kind="other",
        name=name.capitalize(),
        sor=None,
        gln=None,
        offers_dual_diagnosis=offers,
    )


HISTORY = [
    (AuthorityRegistered(authority="0370", kind="municipality", name="Næstved", cvr="29189625"), at(1)),
    (unit("centre"), at(1)),
    (m.MainMailboxAsked(authority="0370", purpose=PURPOSE, means="letter", asked_on="2026-02-01"), at(2)),
    (m.MainMailboxProposed(**ENTRY), at(3)),
    (m.MainMailboxConfirmed(**ENTRY, evidence="letter", evidence_on="2026-03-20"), at(4)),
    (m.MainMailboxUnconfirmed(mailbox=MAILBOX, authority="0370", reason="not-read", since=at(6)), at(6)),
    (m.MainMailboxConfirmed(**ENTRY, evidence="test-letter", evidence_on="2026-06-20"), at(7)),
    (MainMailboxEnded(mailbox=MAILBOX, authority="0370", valid_to=at(9)), at(8)),
]


def known(until: int):
    """The register as known in a month."""
    return fold(None, stream([(event, moment, SOMEBODY) for event, moment in HISTORY if moment <= at(until)]))


@pytest.mark.parametrize(
    ("month", "state"),
    [
        (1, "not-asked"),
        (2, "asked"),
        (3, "answered"),
        (4, "confirmed"),
        (6, "answered"),
        (7, "confirmed"),
        (8, "confirmed"),
        (9, "asked"),
    ],
)
def test_how_far_it_is_from_month_to_month(month, state):
    assert standing(known(month), PURPOSE, at(month)) == state


def test_who_is_not_registered_was_not_asked():
    assert standing(None, PURPOSE, at(1)) == "not-asked"


def test_the_state_on_a_day_as_known_later():
    assert standing(known(12), PURPOSE, at(1)) == "not-asked"
    assert standing(known(12), PURPOSE, at(2)) == "asked"
    assert standing(known(12), PURPOSE, at(5)) == "confirmed"
    # Proposed in March and not yet confirmed; doubted in June, though confirmed again in July.
    assert standing(known(12), PURPOSE, "2026-03-15T12:00:00.000000Z") == "answered"
    assert standing(known(12), PURPOSE, at(6)) == "answered"
    assert standing(known(12), PURPOSE, at(7)) == "confirmed"


def test_nobody_vouched_for_it_in_june_as_known_ever_since():
    mailbox = known(12).mailboxes[MAILBOX]
    valid = [month for month in range(1, 13) if mailbox.valid_at(at(month))]
    assert valid == [4, 5, 7, 8]
    assert mailbox.gaps == (Gap(since=at(6), until=at(7), reason="not-read"),)
    assert [month for month in (5, 6) if known(5).mailboxes[MAILBOX].valid_at(at(month))] == [5, 6]


def test_an_answer_stays_one_of_its_time_whatever_becomes_of_it():
    """Asked in February, proposed in March, confirmed in May, valid from August; and one taken back."""
    later = {**ENTRY, "valid_from": at(8)}
    withdrawn = {**ENTRY, "mailbox": UUID(int=8), "unit": "centre"}
    back = m.MainMailboxProposalWithdrawn(mailbox=UUID(int=8), authority="0370", reason="mistyped")
    rest = [
        (m.MainMailboxProposed(**later), at(3), SOMEBODY),
        (m.MainMailboxProposed(**withdrawn), at(3), SOMEBODY),
        (m.MainMailboxConfirmed(**later, evidence="letter", evidence_on="2026-05-01"), at(5), ANOTHER),
        (back, at(5), ANOTHER),
    ]
    register = fold(known(2), stream(rest))
    months = (1, 2, 3, 4, 5, 7, 8)
    assert [standing(register, PURPOSE, at(month)) for month in months] == [
        "not-asked", "asked", "answered", "answered", "answered", "answered", "confirmed",
    ]  # fmt: skip
    of_centre = [standing(register, PURPOSE, at(month), "centre") for month in (4, 5)]
    assert of_centre == ["answered", "asked"]


def test_asked_again_it_had_been_asked_before():
    """The request of June tells nothing of April; one that is noted late counts from its day."""
    days = ("2026-06-01", "2026-02-01", "2026-05-20")
    asked = [
        m.MainMailboxAsked(authority="0370", purpose=PURPOSE, means="letter", asked_on=day) for day in days
    ]
    register = fold(known(1), stream([(event, at(6), SOMEBODY) for event in asked]))
    expected = {1: ("not-asked", None), 4: ("asked", "2026-02-01"), 6: ("asked", "2026-06-01")}
    for month, (state, day) in expected.items():
        assert standing(register, PURPOSE, at(month)) == state
        found = annex({"0370": register}.get, PURPOSE, at(month), None)
        [naestved] = [one for one in found.municipalities if one.authority == "0370"]
        assert (naestved.state, naestved.asked_on) == (state, day)


def test_a_proposal_for_a_unit_is_no_answer_of_the_authority():
    proposal = m.MainMailboxProposed(**{**ENTRY, "unit": "centre"})
    register = fold(known(1), stream([(proposal, at(3), ANOTHER)]))
    assert standing(register, PURPOSE, at(3)) == "not-asked"
    assert standing(register, PURPOSE, at(3), "centre") == "answered"


def test_the_17_municipalities_stand_in_order_of_code_and_those_without_one_too():
    registers = {"0370": known(12)}
    found = annex(registers.get, PURPOSE, at(5), None)
    assert len(found.municipalities) == 17
    assert [one.authority for one in found.municipalities] == sorted(
        one.authority for one in found.municipalities
    )
    [naestved] = [one for one in found.municipalities if one.mailbox is not None]
    assert (naestved.authority, naestved.state, naestved.cvr) == ("0370", "confirmed", "29189625")
    assert naestved.mailbox.telephone == "55667788"
    assert naestved.mailbox.owner.name == "Centre"
    assert naestved.offers_dual_diagnosis, "the unit that opens it does"
    assert {one.state for one in found.municipalities if one is not naestved} == {"not-asked"}
    assert found.ambulatories == ()


def test_of_the_region_the_ambulatories_that_offer_it_stand_there():
    region = fold(
        None,
        stream(
            [
                (
                    AuthorityRegistered(authority="1085", kind="region", name="Region", cvr=None),
                    at(1),
                    SOMEBODY,
                ),
                (unit("amb-b", "1085"), at(1), SOMEBODY),
                (unit("amb-a", "1085"), at(1), SOMEBODY),
                (unit("amb-c", "1085", offers=False), at(1), SOMEBODY),
            ]
        ),
    )
    found = annex({"1085": region}.get, PURPOSE, at(5), None)
    assert [(one.unit.unit, one.state, one.mailbox) for one in found.ambulatories] == [
        ("amb-a", "not-asked", None),
        ("amb-b", "not-asked", None),
    ]
    # And from New Year they are another region's.
    assert annex({"1085": region}.get, PURPOSE, "2027-01-01T00:00:00.000000Z", None).ambulatories == ()
