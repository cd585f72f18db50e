"""On 31 December 2026 Region Sjælland ends; on 1 January 2027 Region Østdanmark stands in its place."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.events.instant import to_instant
from domain.register import commands as c
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    EAST,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    person,
    secretariat,
)
from tests.journeys.house import refused
from tests.journeys.papers import GLN, SOR, origin, to_the_region
from workflows.handlers.routing import find_route, register
from workflows.handlers.successions import confirm_succession, propose_succession

EAST_AMBULATORY = "amb-slagelse-oest"
NEW_YEAR = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
"""Midnight in Denmark."""
LAST_MOMENT = NEW_YEAR - timedelta(microseconds=1)


@pytest.fixture
def registered(house):
    for code in (REGION, EAST, MUNICIPALITY, OTHER_MUNICIPALITY):
        house.authority(code)
    house.unit(REGION, AMBULATORY, sor=SOR, gln=GLN)
    house.unit(REGION, OTHER_AMBULATORY)
    house.unit(EAST, EAST_AMBULATORY)
    house.unit(MUNICIPALITY, CENTRE)
    house.unit(MUNICIPALITY, OTHER_CENTRE)
    return house


def proposed(house, authority, unit, successor, successor_unit, by=None, valid_from=NEW_YEAR):
    command = c.ProposeSuccession(
        authority=authority,
        unit=unit,
        successor_authority=successor,
        successor_unit=successor_unit,
        valid_from=to_instant(valid_from),
        basis="ovl-2026",
    )
    return propose_succession(house.services, house.as_(by or secretariat()), command).resource


def confirmed(house, authority, proposal, by=None):
    command = c.ConfirmSuccession(authority=authority, proposal=proposal)
    confirm_succession(house.services, house.as_(by or secretariat()), command)


def succeeded(house, authority, unit, successor, successor_unit):
    confirmed(house, authority, proposed(house, authority, unit, successor, successor_unit))


def route(house, moment, unit=AMBULATORY, authority=REGION, medcom=None):
    return find_route(
        house.log,
        sender=OTHER_MUNICIPALITY,
        receiver_authority=authority,
        receiver_unit=unit,
        facts={},
        medcom=medcom,
        now=moment,
    )


def test_from_new_year_what_is_addressed_to_the_unit_goes_to_its_successor(registered):
    old = registered.mailbox(REGION, AMBULATORY)
    new = registered.mailbox(EAST, EAST_AMBULATORY, valid_from=NEW_YEAR)
    succeeded(registered, REGION, AMBULATORY, EAST, EAST_AMBULATORY)
    before, after = route(registered, LAST_MOMENT), route(registered, NEW_YEAR)
    assert (before.receiver_authority, before.mailbox.id) == (REGION, old)
    assert (after.receiver_authority, after.receiver_unit, after.mailbox.id) == (EAST, EAST_AMBULATORY, new)


def test_the_units_gln_leads_to_the_successor(registered):
    new = registered.mailbox(EAST, EAST_AMBULATORY, valid_from=NEW_YEAR)
    succeeded(registered, REGION, AMBULATORY, EAST, EAST_AMBULATORY)
    found = route(registered, NEW_YEAR, unit=None, authority=None, medcom=origin())
    assert (found.receiver_authority, found.mailbox.id) == (EAST, new)


def test_the_authoritys_own_mailbox_gives_way_to_its_successors(registered):
    registered.mailbox(REGION, served_by=AMBULATORY)
    new = registered.mailbox(EAST, served_by=EAST_AMBULATORY, valid_from=NEW_YEAR)
    succeeded(registered, REGION, None, EAST, None)
    assert route(registered, LAST_MOMENT, unit=None).receiver_authority == REGION
    assert route(registered, NEW_YEAR, unit=None).mailbox.id == new


def test_a_unit_that_nobody_succeeds_waits_and_is_never_sent_to_what_is_no_more(registered):
    registered.mailbox(REGION, OTHER_AMBULATORY)
    succeeded(registered, REGION, None, EAST, None)
    found = route(registered, NEW_YEAR, unit=OTHER_AMBULATORY)
    assert (found.mailbox, found.hold_reason) == (None, "receiver-succeeded")


def test_an_open_handover_is_carried_over_to_the_successor(registered):
    """Held in Region Sjælland's time, delivered to Region Østdanmark in its own."""
    registered.clock.set(LAST_MOMENT - timedelta(hours=2))
    handover = registered.submit(
        caseworker(),
        to_the_region(samtykke__consent_expires_on="2027-03-01"),
        receiver_unit=AMBULATORY,
    )
    assert registered.state(handover).held_reason == "no-main-mailbox"
    new = registered.mailbox(EAST, EAST_AMBULATORY, valid_from=NEW_YEAR)
    succeeded(registered, REGION, AMBULATORY, EAST, EAST_AMBULATORY)
    registered.relay()
    assert registered.state(handover).status == "held"
    registered.clock.set(NEW_YEAR)
    assert registered.tick() == 1
    state = registered.state(handover)
    assert (state.status, state.receiver_authority, state.mailbox) == ("delivered", EAST, new)


def test_from_new_year_a_municipality_hands_over_to_the_new_region(registered):
    registered.mailbox(EAST, served_by=EAST_AMBULATORY)
    registered.clock.set(NEW_YEAR)
    handover = registered.submit(caseworker(), to_the_region(samtykke__consent_expires_on="2027-03-01"))
    assert registered.state(handover).receiver_authority == EAST


def test_a_succession_takes_two_persons_of_the_secretariat(registered):
    somebody = secretariat()
    proposal = proposed(registered, REGION, None, EAST, None, by=somebody)
    assert register(registered.log, REGION).succession(None, to_instant(NEW_YEAR)) is None
    assert refused(lambda: confirmed(registered, REGION, proposal, by=somebody)) == "same-person"
    own = person("registrar", REGION)
    assert refused(lambda: confirmed(registered, REGION, proposal, by=own)) == "role-not-allowed"
    assert refused(lambda: proposed(registered, REGION, None, EAST, None, by=own)) == "role-not-allowed"
    confirmed(registered, REGION, proposal)
    assert register(registered.log, REGION).succession(None, to_instant(NEW_YEAR)) is not None
    assert refused(lambda: confirmed(registered, REGION, proposal)) == "nothing-proposed"


def test_within_an_authority_its_own_registrars_say_who_succeeds_a_unit(registered):
    first, second = person("registrar", MUNICIPALITY), person("registrar", MUNICIPALITY)
    proposal = proposed(registered, MUNICIPALITY, CENTRE, MUNICIPALITY, OTHER_CENTRE, by=first)
    confirmed(registered, MUNICIPALITY, proposal, by=second)
    mailbox = registered.mailbox(MUNICIPALITY, OTHER_CENTRE)
    assert route(registered, NEW_YEAR, CENTRE, MUNICIPALITY).mailbox.id == mailbox


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ((REGION, AMBULATORY, EAST, None), "succession-incomplete"),
        ((REGION, None, EAST, EAST_AMBULATORY), "succession-incomplete"),
        ((REGION, AMBULATORY, EAST, "ukendt"), "unit-unknown"),
        ((REGION, "ukendt", EAST, EAST_AMBULATORY), "unit-unknown"),
        ((REGION, None, "1081", None), "unknown-authority"),
        ((REGION, None, REGION, None), "succession-of-itself"),
        ((EAST, None, REGION, None), "succession-of-itself"),
    ],
)
def test_a_succession_that_cannot_be_is_refused(registered, what, code):
    succeeded(registered, REGION, None, EAST, None)
    assert refused(lambda: proposed(registered, *what)) == code
