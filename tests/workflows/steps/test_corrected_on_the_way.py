"""A correction of who acts for the citizen, and one that only the sender sees (JFB §20; RSL §9; SAB §9)."""

import pytest

from api.http.cases import actions_of
from audit.verdicts.checks import violations
from domain.calendar.working_days import danish_day
from domain.course import events as f
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
from tests.journeys.papers import document, message, origin, to_another_municipality, to_the_region
from tests.journeys.reaching import LEADS, READER, WRITER
from tests.journeys.stepping import remark

NEW_READER = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)


def test_given_it_is_held_then_a_corrected_handlekommune_leads_it_there(scene):
    house = scene.house
    paper = document(samtykke__objection=True, samtykke__covers="addressed-receiver")
    handover = house.submit(WRITER, paper)
    assert house.state(handover).status == "held"
    house.correct(
        WRITER,
        handover,
        document(municipality=OTHER_MUNICIPALITY, samtykke__covers="addressed-receiver"),
    )
    house.tick()
    state = house.state(handover)
    assert (state.status, state.receiver_authority) == ("delivered", OTHER_MUNICIPALITY)
    assert refused(lambda: house.open(READER, handover)) == "not-a-party"
    assert violations(house.events()) == []
    check_all(house)


@pytest.mark.parametrize("status", ["delivered", "opened", "acknowledged", "taken_over"])
def test_given_it_has_arrived_then_no_correction_makes_it_another_municipalitys(sqlite_scene, status):
    house, handover = sqlite_scene.house, sqlite_scene.reach(status)
    elsewhere = document(municipality=OTHER_MUNICIPALITY)
    assert refused(lambda: house.correct(WRITER, handover, elsewhere)) == "receiver-acts"
    house.correct(WRITER, handover)


def test_what_was_forwarded_is_corrected_without_a_word_of_the_handlekommune(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    house.forward(READER, handover, OTHER_MUNICIPALITY)
    house.correct(WRITER, handover, document(samtykke__covers="every-authority"))
    house.correct(
        WRITER, handover, document(municipality=OTHER_MUNICIPALITY, samtykke__covers="every-authority")
    )
    assert house.state(handover).receiver_authority == OTHER_MUNICIPALITY


def test_a_correction_to_whom_the_consent_does_not_cover_is_refused(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    house.forward(READER, handover, OTHER_MUNICIPALITY)
    narrow = document(samtykke__covers="addressed-receiver")
    assert refused(lambda: house.correct(WRITER, handover, narrow)) == "consent-covers-receiver"


@pytest.mark.parametrize("status", ["returned", "misdirected"])
def test_what_has_come_back_is_the_senders_own_to_correct(scene, status):
    """Whoever sent it back has what it had; an objection is written down, and nothing goes on against it."""
    house, handover = scene.house, scene.reach(status)
    before = house.state(handover).readable("receiver")
    objects = document(
        municipality=OTHER_MUNICIPALITY, samtykke__objection=True, samtykke__covers="every-authority"
    )
    house.correct(WRITER, handover, objects)
    state = house.state(handover)
    assert state.readable("receiver") == before
    assert len(state.readable("sender")) == len(before) + 1
    assert refused(lambda: house.open(READER, handover, paper=state.document_id)) in (
        "document-unknown",
        "quarantined",
    )
    assert MUNICIPALITY not in house.last_step(handover).header.visible_to
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert (house.state(handover).status, house.state(handover).held_reason) == ("held", "citizen-objects")
    house.correct(
        WRITER, handover, document(municipality=OTHER_MUNICIPALITY, samtykke__covers="every-authority")
    )
    house.tick()
    assert house.state(handover).status == "delivered"
    assert violations(house.events()) == []
    check_all(house)


def test_a_message_that_was_opened_is_opened_anew_once_it_has_its_document(scene):
    house = scene.house
    handover = house.submit(WRITER, message(), medcom=origin())
    house.open(READER, handover)
    house.complete(WRITER, handover)
    assert refused(lambda: house.take_over(READER, handover)) == "document-opened-by-receiver"
    house.open(READER, handover)
    house.take_over(READER, handover)
    check_all(house)


def test_a_correction_after_the_take_over_stands_on_the_list_until_it_is_read_and_the_leaders_are_told(scene):
    house, handover = scene.house, scene.reach("taken_over")
    box = house.state(handover).mailbox
    assert house.show(READER, box, "corrected").listed == ()
    house.correct(WRITER, handover, document(medicin__supply_ends="2026-11-24"))
    house.relay()
    [listed] = house.show(READER, box, "corrected").listed
    assert (listed.row.handover, listed.row.status, listed.row.unread) == (handover, "taken_over", True)
    assert (listed.row.medicine_until, listed.row.take_over_by, listed.row.due) == ("2026-11-24", None, None)
    assert {one.header.controller for one in house.alerts(handover)} == {
        one.authority for one in LEADS.values()
    }
    house.open(READER, handover)
    assert house.show(READER, box, "corrected").listed == ()
    check_all(house)


def test_a_call_that_is_stated_again_is_one_call(sqlite_scene):
    house = sqlite_scene.house
    urgent = {"overgang__urgency": "hurtig-24h"}
    handover = house.submit(WRITER, document(**urgent))
    house.correct(WRITER, handover, document(name="Test Rettet", **urgent))
    calls = [one for one in house.events() if one.header.event == "telephone-contact-made"]
    assert len(calls) == 1


def test_a_municipality_that_says_who_is_visiteret_is_heard_and_both_leaders_are_told(scene):
    house, handover = scene.house, scene.reach("taken_over")
    house.record(READER, f.VisitationEnded(handover=handover, reason="goals-met"))
    house.relay()
    assert {one.header.controller for one in house.alerts(handover)} == {
        one.authority for one in LEADS.values()
    }
    house.record(WRITER, f.VisitationStarted(handover=handover, region=WRITER.authority))
    house.relay()
    assert len(house.alerts(handover)) == 2, "the region says it itself"


def test_given_a_message_came_back_then_its_document_is_the_senders_own_until_it_goes_on(scene):
    """An overgangsdokument that is added after the return is read by nobody whom it does not concern."""
    house = scene.house
    handover = house.submit(WRITER, message(), medcom=origin())
    house.open(READER, handover)
    house.send_back(READER, handover)
    paper = document(municipality=OTHER_MUNICIPALITY, samtykke__covers="every-authority")
    house.complete(WRITER, handover, paper)
    state = house.state(handover)
    assert state.document_id not in state.readable("receiver")
    assert MUNICIPALITY not in house.last_step(handover).header.visible_to
    # What it had before it still has, and opens without asking for it by its id.
    assert house.open(READER, handover).document["template"] == "medcom-message"
    assert refused(lambda: house.open(READER, handover, paper=state.document_id)) == "document-unknown"
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert house.state(handover).receiver_authority == OTHER_MUNICIPALITY
    assert violations(house.events()) == []
    check_all(house)


def test_what_the_sender_writes_when_it_has_come_back_is_for_itself(scene):
    house, handover = scene.house, scene.reach("returned")
    words = remark("Borgeren har fortalt, hvor han nu bor.")
    house.take(WRITER, handover, s.WithdrawHandover, reason="citizen-declines", note=words)
    written = house.last_step(handover).event.note.document_id
    assert "nu bor" in str(house.open(WRITER, handover, paper=written).document)
    assert refused(lambda: house.open(READER, handover, paper=written)) == "document-unknown"


def test_a_change_of_handlekommune_that_began_as_a_move_to_the_region_is_corrected_and_sent_on(scene):
    house = scene.house
    house.mailbox(REGION, AMBULATORY)
    paper = to_the_region(samtykke__covers="every-authority")
    handover = house.submit(caseworker(), paper, receiver_unit=AMBULATORY)
    house.open(clinician(), handover)
    house.send_back(clinician(), handover)
    onward = to_another_municipality(municipality=OTHER_MUNICIPALITY, samtykke__covers="every-authority")
    house.correct(caseworker(), handover, onward)
    # Offered though the corrected move does not fit whoever sent it back: it goes to another.
    offered = actions_of(house.state(handover), "sender", "caseworker", danish_day(house.clock.now()))
    assert "redirect" in {one["command"] for one in offered}
    house.redirect(caseworker(), handover, OTHER_MUNICIPALITY)
    state = house.state(handover)
    assert (state.status, state.receiver_authority) == ("delivered", OTHER_MUNICIPALITY)
    check_all(house)


def test_what_waits_is_corrected_by_whom_it_will_go_to_and_a_move_that_does_not_fit_waits(scene):
    house = scene.house
    held = house.submit(caseworker(), to_the_region(samtykke__objection=True))
    wrong = to_the_region(municipality=OTHER_MUNICIPALITY)
    assert refused(lambda: house.correct(caseworker(), held, wrong)) == "move-fits-parties"
    house.correct(caseworker(), held, to_another_municipality(municipality=OTHER_MUNICIPALITY))
    house.tick()
    state = house.state(held)
    assert (state.status, state.receiver_authority) == ("delivered", OTHER_MUNICIPALITY)
    assert violations(house.events()) == []
    check_all(house)


def test_the_sender_sees_whom_it_waits_for_also_when_the_reason_stays_the_same(sqlite_scene):
    house = sqlite_scene.house
    handover = house.submit(WRITER, document(municipality="0316", samtykke__covers="acting-municipality"))
    assert (house.state(handover).held_reason, house.state(handover).receiver_authority) == (
        "no-main-mailbox",
        "0316",
    )
    house.correct(WRITER, handover, document(municipality="0329", samtykke__covers="acting-municipality"))
    house.tick()
    assert house.state(handover).receiver_authority == "0329"
    check_all(house)


def test_a_new_leg_begins_with_no_request_to_take_it_back_and_no_end(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("closed")
    house.take(READER, handover, s.ReportMisdirected)
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    state = house.state(handover)
    assert (state.closed_at, state.outcome, state.withdrawal_asked) == (None, None, False)
    check_all(house)


def test_who_gets_it_next_is_asked_for_no_withdrawal(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened", withdrawal=True)
    assert house.state(handover).withdrawal_asked
    house.take(READER, handover, s.ReportMisdirected)
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert not house.state(handover).withdrawal_asked
    house.open(NEW_READER, handover)
    house.take_over(NEW_READER, handover)
    check_all(house)


def test_a_denied_import_goes_to_whom_it_concerns(scene):
    house = scene.house
    handover = house.import_running()
    house.take(READER, handover, s.DenyImport)
    own = {"authority": REGION, "decided_by": "own-authority"}
    house.take(LEADS["sender"], handover, s.ResolveResponsibility, **own)
    paper = document(municipality=OTHER_MUNICIPALITY, samtykke__covers="every-authority")
    house.complete(WRITER, handover, paper)
    assert MUNICIPALITY not in house.last_step(handover).header.visible_to
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert house.state(handover).receiver_authority == OTHER_MUNICIPALITY
    check_all(house)
