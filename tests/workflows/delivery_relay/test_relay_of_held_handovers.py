"""A handover that waits goes on as soon as it may, whatever dies in between, and no other waits for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest

from audit.log.entry import open_body
from domain.events.catalogue import EVENT_TYPES
from domain.handover.commands import DeliverStalled
from tests.journeys.cast import (
    CENTRE,
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.house import MORNING, House
from tests.journeys.killed import Death, Killed
from tests.journeys.papers import GLN, SOR, cpr, document, message, origin
from workflows.delivery import relay
from workflows.handlers.deliver import deliver_stalled
from workflows.handlers.routing import register
from workflows.handlers.services import SYSTEM
from workflows.machines.installed import definition
from workflows.machines.table import conforms

AFTER_HELD = ["handover-routed", "handover-sent", "handover-delivered"]


def _conforms(house, handover):
    assert conforms(definition("handover", 1), house.steps(handover)).conforms


@pytest.fixture
def held(house):
    house.authority(REGION)
    house.authority(MUNICIPALITY)
    return house.submit(clinician())


def test_a_new_main_mailbox_lets_it_go_on(house, held):
    mailbox = house.mailbox(MUNICIPALITY)
    house.relay()
    assert house.steps(held) == ["handover-submitted", "handover-held", *AFTER_HELD]
    state = house.state(held)
    assert (state.status, state.mailbox, state.held_reason) == ("delivered", mailbox, None)
    assert house.worklists.stalled(-1, 10) == []
    assert house.open(caseworker(), held).document is not None
    assert house.show(caseworker(), mailbox, "opened").listed[0].label.name == "Test Testesen"


def test_its_steps_are_the_systems_and_each_names_its_authorities(house, held):
    house.mailbox(MUNICIPALITY)
    house.relay()
    routed, sent, delivered = (one.header for one in house.log.stream(held)[2:])
    assert {one.role for one in (routed, sent, delivered)} == {"system"}
    assert {one.actor for one in (routed, sent, delivered)} == {SYSTEM.id}
    assert [one.controller for one in (routed, sent, delivered)] == [REGION, REGION, MUNICIPALITY]
    assert routed.visible_to == sent.visible_to == delivered.visible_to == (MUNICIPALITY, REGION)


def test_the_key_for_the_delivery_is_released_against_its_routing(house, held):
    house.mailbox(MUNICIPALITY)
    house.relay()
    routed = house.log.stream(held)[2]
    assert EVENT_TYPES[routed.header.event].delivery
    assert house.vault.releases() == {(routed.header.position, house.state(held).sender_key)}


def test_a_mailbox_that_becomes_valid_later_lets_it_go_on_when_time_comes(house, held):
    house.mailbox(MUNICIPALITY, valid_from=MORNING + timedelta(hours=2))
    house.relay()
    assert house.tick() == 0
    assert house.state(held).status == "held"
    house.clock.advance(hours=2)
    assert house.tick() == 1
    assert house.state(held).status == "delivered"


def test_waiting_is_not_noted_again_and_again_but_a_new_reason_is(house):
    house.authority(REGION)
    handover = house.submit(clinician(), document(samtykke__consent_expires_on="2026-11-24"))
    for _ in range(3):
        house.tick()
    assert house.steps(handover) == ["handover-submitted", "handover-held"]
    house.clock.advance(days=2)
    for _ in range(3):
        house.tick()
    assert house.steps(handover) == ["handover-submitted", "handover-held", "handover-held"]
    assert house.state(handover).held_reason == "consent-lapsed"
    house.authority(MUNICIPALITY)
    house.mailbox(MUNICIPALITY)
    house.relay()
    assert house.state(handover).status == "held", "a mailbox is no consent"


def test_trying_again_after_the_delivery_does_nothing(house, held):
    house.mailbox(MUNICIPALITY)
    house.relay()
    before = len(house.events())
    assert (house.tick(), house.deliver(held)) == (0, False)
    assert len(house.events()) == before


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_killed_at_every_commit_it_is_delivered_once(store, after):
    house = House(store)
    house.two_authorities()
    number = commits = 0
    while True:
        commits += 1
        handover = _one_held(house, number := number + 1)
        death = Death(at=commits - 1, after=after)
        try:
            deliver_stalled(
                death.services(house.services),
                house.as_(SYSTEM),
                DeliverStalled(handover=handover),
                open_body,
            )
        except Killed:
            finished = False
        else:
            finished = True
        house.tick()
        assert house.steps(handover).count("handover-delivered") == 1
        assert house.state(handover).status == "delivered"
        assert house.open(caseworker(), handover).document is not None
        _conforms(house, handover)
        if finished:
            break
    assert death.commits == ["append", "provision", "share", "append", "append"]
    readings = {
        (event.header.position, ref.key_id)
        for event in house.events()
        if EVENT_TYPES[event.header.event].reading or EVENT_TYPES[event.header.event].delivery
        for ref in event.header.subjects
    }
    assert house.vault.releases() <= readings


def _one_held(house, number):
    """A handover that was held for want of a mailbox, and might go on now."""
    house.clock.advance(seconds=1)
    for box in register(house.log, MUNICIPALITY).mailboxes.values():
        if box.valid_to is None:
            house.end_mailbox(box.id, house.clock.now())
    handover = house.submit(clinician(), document(cpr(number)))
    assert house.state(handover).status == "held"
    house.mailbox(MUNICIPALITY, valid_from=house.clock.now())
    return handover


def test_a_consent_that_ends_between_routing_and_sending_holds_it(house):
    house.authority(REGION)
    handover = house.submit(clinician(), document(samtykke__consent_expires_on="2026-11-23"))
    house.authority(MUNICIPALITY)
    house.mailbox(MUNICIPALITY)
    with pytest.raises(Killed):
        deliver_stalled(
            Death(at=0, after=True).services(house.services),
            house.as_(SYSTEM),
            DeliverStalled(handover=handover),
            open_body,
        )
    assert house.state(handover).status == "routed"
    house.clock.advance(days=1)
    house.tick()
    state = house.state(handover)
    assert (state.status, state.held_reason) == ("held", "consent-lapsed")
    assert house.last_step(handover).header.visible_to == (REGION,)
    _conforms(house, handover)


def test_a_mailbox_that_ends_between_routing_and_sending_is_not_used_and_the_next_one_is(house, held):
    first = house.mailbox(MUNICIPALITY)
    with pytest.raises(Killed):
        deliver_stalled(
            Death(at=0, after=True).services(house.services),
            house.as_(SYSTEM),
            DeliverStalled(handover=held),
            open_body,
        )
    house.end_mailbox(first, house.clock.now())
    assert house.tick() == 0
    assert (house.state(held).status, house.state(held).held_reason) == ("held", "no-main-mailbox")
    second = house.mailbox(MUNICIPALITY, valid_from=house.clock.now())
    house.relay()
    assert (house.state(held).status, house.state(held).mailbox) == ("delivered", second)
    assert house.open(caseworker(), held).document is not None
    _conforms(house, held)


def test_relay_and_tick_at_once_deliver_once(house):
    """Two threads of one process, and as many processes, take up the same handover."""
    house.authority(REGION)
    house.authority(MUNICIPALITY)
    handovers = [house.submit(clinician(), document(cpr(n))) for n in range(6)]
    house.mailbox(MUNICIPALITY)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: house.tick(), range(4)))
    house.tick()
    for handover in handovers:
        assert house.steps(handover)[2:] == AFTER_HELD


def test_whoever_delivers_first_wins_even_right_after_our_sending(house, held):
    """We have sent; before we note the delivery, another process has noted it."""
    house.mailbox(MUNICIPALITY)

    class Interrupted:
        """A log after whose `sent` another process delivers."""

        def __init__(self, log):
            self._log = log

        def __getattr__(self, name):
            return getattr(self._log, name)

        def append(self, append):
            recorded = self._log.append(append)
            if recorded[-1].header.event == "handover-sent":
                assert house.deliver(held)
            return recorded

    ours = msgspec.structs.replace(house.services, log=Interrupted(house.log))
    assert relay.deliver_all_stalled(ours, open_body) == 0, "it was the other's delivery"
    assert house.steps(held)[2:] == AFTER_HELD


def test_a_forgotten_citizens_handover_keeps_no_other_waiting(house, held):
    house.vault.destroy()
    other = house.submit(clinician(), document("7103054322"))
    house.mailbox(MUNICIPALITY)
    house.relay()
    assert house.state(other).status == "delivered"
    assert house.state(held).status == "routed"
    assert house.tick() == 0, "it waits for good, and that is no fault"
    assert house.cursor.position() == len(house.events()) - 1


def test_a_handover_that_cannot_be_tried_keeps_no_other_waiting(house, held):
    other = house.submit(clinician(), document("7103054322"))
    house.mailbox(MUNICIPALITY)

    class Broken(Exception):
        """Whatever may go wrong with one case."""

    class BrokenFor:
        """A log that cannot read one case."""

        def __init__(self, log):
            self._log = log

        def __getattr__(self, name):
            return getattr(self._log, name)

        def fold(self, stream, fold):
            if stream == held:
                raise Broken
            return self._log.fold(stream, fold)

    whole = house.services
    house.services = msgspec.structs.replace(whole, log=BrokenFor(house.log))
    with pytest.raises(relay.DeliveryFailed):
        house.tick()
    assert house.log.stream(other)[-1].header.event == "handover-delivered"
    house.relay()
    assert house.cursor.position() == len(house.events()) - 1, "the relay goes on"
    house.services = whole
    assert house.tick() == 1


def test_those_who_wait_for_long_do_not_hide_those_behind_them(house, monkeypatch):
    monkeypatch.setattr(relay, "STALLED_AT_ONCE", 3)
    for code in (REGION, MUNICIPALITY, OTHER_MUNICIPALITY):
        house.authority(code)
    for n in range(7):
        house.submit(clinician(), document(cpr(n), municipality=OTHER_MUNICIPALITY))
    last = house.submit(clinician(), document(cpr(9)))
    house.mailbox(MUNICIPALITY)
    assert house.tick() == 1
    assert house.state(last).status == "delivered"


def test_a_medcom_message_held_for_want_of_a_mailbox_goes_to_the_authoritys(house):
    """Its address names a unit with the GLN, and the authority's main mailbox serves that unit."""
    house.authority(REGION)
    house.authority(MUNICIPALITY)
    house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    handover = house.submit(clinician(), message(), medcom=origin())
    assert house.state(handover).held_reason == "no-main-mailbox"
    mailbox = house.mailbox(MUNICIPALITY)
    house.relay()
    state = house.state(handover)
    assert (state.status, state.mailbox, state.receiver_unit) == ("delivered", mailbox, CENTRE)
    assert house.log.stream(handover)[2].event.routed_by == "medcom-address"
