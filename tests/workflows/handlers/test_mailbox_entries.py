"""Main mailboxes: entered by one person, confirmed by another, with evidence."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.events.instant import to_instant
from domain.register import commands as c
from domain.register.mailbox_events import Channel
from tests.journeys.cast import (
    CENTRE,
    MUNICIPALITY,
    OTHER_CENTRE,
    REGION,
    clinician,
    person,
    secretariat,
)
from tests.journeys.house import MORNING, refused
from tests.workflows.handlers.mailbox_support import known, registered_in, valid
from workflows.handlers.mailbox import MailboxNotFound, find_mailbox
from workflows.handlers.mailbox_entries import (
    ask_for_main_mailbox,
    confirm_main_mailbox,
    withdraw_mailbox_proposal,
)
from workflows.handlers.services import MAILBOX_PURPOSE
from workflows.ports.log import IdempotentReplay, StreamConflict

DAY = timedelta(days=1)


@pytest.fixture
def registered(house):
    return registered_in(house)


@pytest.fixture
def embedded(sqlite_house):
    """Over SQLite alone, where the question is not the database's."""
    return registered_in(sqlite_house)


def test_nothing_goes_to_what_is_only_proposed(registered):
    mailbox = registered.propose_mailbox(MUNICIPALITY)
    handover = registered.submit(clinician())
    registered.relay()
    assert registered.state(handover).held_reason == "no-main-mailbox"
    with pytest.raises(MailboxNotFound):
        find_mailbox(registered.services, mailbox)
    # When another person confirms it
    registered.confirm_mailbox(mailbox)
    registered.relay()
    # Then it goes on, and names the version of the entry.
    state = registered.state(handover)
    assert (state.status, state.mailbox) == ("delivered", mailbox)
    assert state.mailbox_version == known(registered).mailboxes[mailbox].version


def test_whoever_entered_it_cannot_confirm_it(embedded):
    somebody = secretariat()
    mailbox = embedded.propose_mailbox(MUNICIPALITY, by=somebody)
    assert refused(lambda: embedded.confirm_mailbox(mailbox, by=somebody)) == "same-person"
    # Nor in another role, for it is the person that counts.
    again = replace(somebody, authority=MUNICIPALITY)
    assert refused(lambda: embedded.confirm_mailbox(mailbox, by=again)) == "same-person"
    assert embedded.refusals_by("0000") == [("confirm-main-mailbox", "same-person")]
    assert embedded.refusals_by(MUNICIPALITY) == [("confirm-main-mailbox", "same-person")]
    assert valid(embedded) is None


def test_the_entry_says_on_what_evidence_it_was_confirmed(embedded):
    mailbox = embedded.mailbox(MUNICIPALITY)
    found = known(embedded).mailboxes[mailbox]
    assert (found.evidence, found.evidence_on) == ("test-letter", "2026-11-23")
    assert found.confirmed_at == to_instant(MORNING)
    # When it is confirmed once more, on a newer test letter
    embedded.clock.advance(days=30)
    embedded.confirm_mailbox(mailbox)
    renewed = known(embedded).mailboxes[mailbox]
    assert (renewed.evidence_on, renewed.valid_from) == ("2026-12-23", found.valid_from)
    assert renewed.version > found.version


def test_evidence_of_tomorrow_is_none(embedded):
    mailbox = embedded.propose_mailbox(MUNICIPALITY)
    command = c.ConfirmMainMailbox(
        mailbox=mailbox,
        expected_version=embedded.version_of(mailbox),
        evidence="letter",
        evidence_on="2026-11-24",
    )
    work = lambda: confirm_main_mailbox(embedded.services, embedded.as_(secretariat()), command)  # noqa: E731
    assert refused(work) == "date-in-future"


def test_an_authoritys_registrar_keeps_its_own_entries_only(embedded):
    own, colleague = person("registrar", MUNICIPALITY), person("registrar", MUNICIPALITY)
    other = person("registrar", REGION)
    mailbox = embedded.propose_mailbox(MUNICIPALITY, by=own)
    for work in (
        lambda: embedded.propose_mailbox(MUNICIPALITY, by=other),
        lambda: embedded.confirm_mailbox(mailbox, by=other),
        lambda: embedded.confirm_mailbox(mailbox, by=person("leader", MUNICIPALITY, CENTRE)),
    ):
        assert refused(work) == "role-not-allowed"
    assert embedded.confirm_mailbox(mailbox, by=colleague) == valid(embedded)
    for work in (
        lambda: embedded.doubt_mailbox(mailbox, by=other),
        lambda: embedded.propose_end(mailbox, MORNING + DAY, by=other),
    ):
        assert refused(work) == "role-not-allowed"


def test_a_proposal_is_taken_back_and_then_cannot_be_confirmed(embedded):
    mailbox = embedded.propose_mailbox(MUNICIPALITY)
    command = c.WithdrawMailboxProposal(
        mailbox=mailbox, expected_version=embedded.version_of(mailbox), reason="mistyped"
    )
    withdraw_mailbox_proposal(embedded.services, embedded.as_(secretariat()), command)
    assert known(embedded).proposals == {}
    assert refused(lambda: embedded.confirm_mailbox(mailbox)) == "nothing-proposed"
    again = lambda: withdraw_mailbox_proposal(  # noqa: E731
        embedded.services, embedded.as_(secretariat()), command
    )
    assert refused(again) == "nothing-proposed"


def test_what_changed_since_it_was_seen_is_a_conflict(embedded):
    mailbox = embedded.propose_mailbox(MUNICIPALITY)
    seen = embedded.version_of(mailbox)
    embedded.confirm_mailbox(mailbox)
    late = c.ConfirmMainMailbox(
        mailbox=mailbox, expected_version=seen, evidence="letter", evidence_on="2026-11-01"
    )
    with pytest.raises(StreamConflict):
        confirm_main_mailbox(embedded.services, embedded.as_(secretariat()), late)


# What may be entered


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"served_by": "ukendt-enhed"}, "unit-unknown"),
        ({"unit": "ukendt-enhed"}, "unit-unknown"),
        ({"owner": "ukendt-enhed"}, "unit-unknown"),
        ({"deputy": "ukendt-enhed"}, "unit-unknown"),
        ({"deputy": CENTRE}, "deputy-is-owner"),
        ({"valid_to": MORNING}, "valid-time-empty"),
        ({"valid_to": MORNING - DAY}, "valid-time-empty"),
        ({"replaces": uuid4()}, "replaces-unknown"),
        ({"channels": (("secure-mail", "sikkerpost@naestved.example"),)}, "channel-does-not-deliver"),
        ({"channels": (("medcom", "post@naestved.example"),)}, "channel-address"),
        ({"channels": (("overgang-mailbox", "5790000000012"),)}, "channel-address"),
        ({"channels": (("telefax", "post@naestved.example"),)}, "channel-address"),
        ({"channels": (("overgang-mailbox", "att.kirsten@naestved.example"),)}, "personal-mailbox"),
        ({"channels": (("overgang-mailbox", "kirsten.hansen@naestved.example"),)}, "personal-mailbox"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(embedded, more, code):
    if "channels" in more:
        more["channels"] = tuple(Channel(channel=name, address=address) for name, address in more["channels"])
    given = {"valid_from": MORNING, "served_by": CENTRE} | more
    embedded.unit(MUNICIPALITY, OTHER_CENTRE)
    if given["served_by"] == "ukendt-enhed":
        given["served_by"], given["owner"] = CENTRE, "ukendt-enhed"
    assert refused(lambda: embedded.propose_mailbox(MUNICIPALITY, **given)) == code
    assert embedded.refusals_by("0000") == [("propose-main-mailbox", code)]


def test_the_other_channels_are_kept_and_overgang_delivers_over_its_own(embedded):
    channels = (
        Channel(channel="digital-post", address="0f0c7d5e-90a4-4c0b-9f3a-2b1f5a7c6d10"),
        Channel(channel="medcom", address="5790000000012"),
        Channel(channel="overgang-mailbox", address="hovedpostkasse@naestved.example"),
    )
    mailbox = embedded.confirm_mailbox(embedded.propose_mailbox(MUNICIPALITY, channels=channels))
    found = known(embedded).mailboxes[mailbox]
    assert found.channels == channels
    assert (found.channel, found.address) == ("overgang-mailbox", "hovedpostkasse@naestved.example")


def test_a_unit_and_its_authority_may_each_have_one(registered):
    registered.mailbox(MUNICIPALITY)
    registered.mailbox(MUNICIPALITY, CENTRE)
    assert len(known(registered).mailboxes) == 2


def test_the_secretariat_asks(embedded):
    command = c.AskForMainMailbox(authority=MUNICIPALITY, means="letter", asked_on="2026-11-20")
    ask_for_main_mailbox(embedded.services, embedded.as_(secretariat()), command)
    again = replace(command, asked_on="2026-11-22")
    ask_for_main_mailbox(embedded.services, embedded.as_(secretariat()), again)
    asked = known(embedded).asked[MAILBOX_PURPOSE]
    assert [one.asked_on for one in asked] == ["2026-11-20", "2026-11-22"]
    own = embedded.as_(person("registrar", MUNICIPALITY))
    assert refused(lambda: ask_for_main_mailbox(embedded.services, own, command)) == "role-not-allowed"


def test_the_same_entry_again_gets_the_same_answer(registered):
    mailbox = registered.propose_mailbox(MUNICIPALITY)
    command = c.ConfirmMainMailbox(
        mailbox=mailbox,
        expected_version=registered.version_of(mailbox),
        evidence="letter",
        evidence_on="2026-11-01",
    )
    context = registered.as_(secretariat(), "m", "x")
    first = confirm_main_mailbox(registered.services, context, command)
    for _ in range(2):
        with pytest.raises(IdempotentReplay) as replay:
            confirm_main_mailbox(registered.services, context, command)
        assert (replay.value.outcome.resource, replay.value.outcome.etag) == (mailbox, first.etag)
    assert registered.refusals_by("0000") == []
