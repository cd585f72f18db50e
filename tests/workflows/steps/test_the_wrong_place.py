"""What has come to the wrong place: returned, redirected, forwarded (FVL §7(2); SAB §9; design section 5)."""

from domain.handover import step_commands as s
from tests.journeys.cast import (
    AMBULATORY,
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    SERVING,
    caseworker,
    clinician,
)
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import document
from tests.journeys.reaching import READER, WRITER
from tests.journeys.stepping import remark

NEW_READER = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)
"""At the municipality it is sent to instead."""


def _unopened_by(house, handover):
    state = house.state(handover)
    return (state.opened_at, state.acknowledged_at, state.acknowledge_by is not None)


def test_a_return_says_where_it_seems_to_belong_and_the_sender_follows_up(scene):
    handover = scene.reach("delivered")
    scene.house.send_back(READER, handover, OTHER_MUNICIPALITY, note=remark("Borgeren bor i Slagelse."))
    state, returned = scene.house.state(handover), scene.house.last_step(handover)
    assert (state.status, state.held_by(), state.returns) == ("returned", REGION, 1)
    assert (returned.event.reason, returned.event.suggested) == ("wrong-recipient", OTHER_MUNICIPALITY)
    remarked = scene.house.open(WRITER, handover, paper=returned.event.note.document_id).document
    remarked = scene.house.open(WRITER, handover, paper=returned.event.note.document_id).document
    assert "Slagelse" in str(remarked)
    assert b"Slagelse" not in returned.entry


def test_given_a_redirection_then_it_begins_anew_with_the_new_receiver(scene):
    handover = scene.reach("acknowledged")
    scene.house.send_back(READER, handover)
    scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    state = scene.house.state(handover)
    assert (state.status, state.receiver_authority, state.leg) == ("delivered", OTHER_MUNICIPALITY, 2)
    assert _unopened_by(scene.house, handover) == (None, None, True), "what was said of the last is not said"
    assert scene.house.open(NEW_READER, handover).document["sections"]
    scene.house.take_over(NEW_READER, handover)
    # Who had it before is no party any more, and sees nothing of what comes.
    assert refused(lambda: scene.house.open(READER, handover)) == "not-a-party"
    later = [one for one in scene.house.log.stream(handover) if one.header.event == "handover-taken-over"]
    assert all(MUNICIPALITY not in one.header.visible_to for one in later)
    check_all(scene.house)


def test_a_redirection_beyond_the_consent_is_held_with_a_task_and_never_sent(scene):
    """SAB §9: a consent names its receivers."""
    paper = document(samtykke__covers="addressed-receiver")
    handover = scene.house.submit(WRITER, paper)
    scene.house.send_back(READER, handover)
    scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    state = scene.house.state(handover)
    assert (state.status, state.held_reason) == ("held", "consent-does-not-cover")
    # Asked again, she consents: the correction brings what was missing.
    scene.house.correct(WRITER, handover, document(samtykke__covers="acting-municipality"))
    scene.house.relay()
    assert scene.house.state(handover).status == "delivered"
    check_all(scene.house)


def test_forwarding_reaches_the_right_authority_where_the_consent_covers_it(scene):
    handover = scene.reach("opened")
    scene.house.forward(READER, handover, OTHER_MUNICIPALITY, note=remark())
    state = scene.house.state(handover)
    assert (state.status, state.receiver_authority) == ("delivered", OTHER_MUNICIPALITY)
    assert state.held_by() == REGION, "the sender follows up until somebody has taken over"
    assert scene.house.open(NEW_READER, handover).document
    assert refused(lambda: scene.house.open(NEW_READER, handover, paper=state.notes[0])) == (
        "document-unknown"
    ), "the remark was between the two before"


def test_forwarding_beyond_the_consent_goes_back_to_the_sender_instead(scene):
    handover = scene.house.submit(WRITER, document(samtykke__covers="addressed-receiver"))
    scene.house.open(READER, handover)
    scene.house.forward(READER, handover, OTHER_MUNICIPALITY)
    state, last = scene.house.state(handover), scene.house.last_step(handover)
    assert (state.status, last.event.reason) == ("returned", "outside-consent")
    assert last.event.suggested == OTHER_MUNICIPALITY, "the sender is told where it was meant to go"
    assert OTHER_MUNICIPALITY not in last.header.visible_to
    check_all(scene.house)


def test_forwarding_to_the_sender_is_a_return(scene):
    handover = scene.reach("opened")
    scene.house.forward(READER, handover, REGION)
    assert scene.house.state(handover).status == "returned"


def test_forwarding_on_another_basis_than_consent_is_the_forwarders_own_assessment(scene):
    handover = scene.house.submit(
        WRITER,
        document(samtykke__basis="psyl-13c", samtykke__discharge_plan_on="2026-11-01", samtykke__covers=None),
    )
    scene.house.open(READER, handover)
    scene.house.forward(READER, handover, OTHER_MUNICIPALITY)
    assert scene.house.state(handover).receiver_authority == OTHER_MUNICIPALITY
    forwarded = next(
        one for one in scene.house.log.stream(handover) if one.header.event == "handover-forwarded"
    )
    assert "psyl:13c" in forwarded.header.legal_basis


def test_a_receiver_that_nobody_knows_or_that_is_oneself_is_refused(scene):
    handover = scene.reach("opened")
    take = scene.house.take
    for fields, code in (
        ({"receiver_authority": "0329"}, "receiver-unknown"),
        ({"receiver_unit": "findes-ikke"}, "receiver-unknown"),
        ({}, "receiver-unknown"),
        ({"receiver_authority": MUNICIPALITY}, "receiver-is-sender"),
    ):
        assert refused(lambda f=fields: take(READER, handover, s.ForwardHandover, **f)) == code
    returned = scene.reach("returned")
    own_unit = {"receiver_unit": AMBULATORY}
    assert refused(lambda: take(WRITER, returned, s.RedirectHandover, **own_unit)) == "receiver-is-sender"


def test_from_municipality_to_region_it_goes_the_same_way_back(scene):
    house, sender = scene.house, caseworker()
    mailbox = house.mailbox(REGION, AMBULATORY)
    handover = house.submit(sender, receiver_unit=AMBULATORY)
    reader = clinician()
    house.open(reader, handover)
    house.answer(sender, handover, house.ask(reader, handover))
    house.send_back(reader, handover)
    house.take(sender, handover, s.RedirectHandover, receiver_unit=AMBULATORY)
    state = house.state(handover)
    assert (state.status, state.mailbox, state.leg) == ("delivered", mailbox, 2)
    house.open(reader, handover)
    house.take_over(reader, handover)
    assert house.state(handover).held_by() == REGION
    check_all(house)
