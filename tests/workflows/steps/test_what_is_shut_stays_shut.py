"""A document that is shut stays shut, whatever is done next and whoever had it before; and can be shut from
every state that has one."""

import pytest

from audit.verdicts.checks import violations
from domain.handover import step_commands as s
from domain.handover.streams import breaches_of
from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, REGION, SERVING, caseworker
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import document
from tests.journeys.reaching import LEADS, READER, WRITER
from workflows.handlers import deliver, read
from workflows.ports.vault import KeyDestroyed

NEIGHBOUR = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)


def _controllers(house, handover):
    return sorted(one.header.controller for one in house.log.stream(breaches_of(handover)))


def _passed_on(scene):
    """Opened by the first receiver, sent back, and opened by another."""
    house = scene.house
    handover = house.submit(WRITER, document(samtykke__covers="every-authority"), attachments=_file(house))
    house.open(READER, handover)
    first = house.state(handover).receiver_key
    house.ask(READER, handover)
    house.send_back(READER, handover)
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    house.open(NEIGHBOUR, handover)
    return handover, first


def _file(house):
    return (house.upload(WRITER),)


# Misdirected


def test_given_it_was_misdirected_then_taking_it_back_opens_it_to_nobody(scene):
    house, handover = scene.house, scene.reach("misdirected")
    house.take(WRITER, handover, s.WithdrawHandover, reason="wrong-receiver")
    state = house.state(handover)
    assert (state.status, state.quarantined) == ("withdrawn", True)
    for who in (WRITER, READER, *LEADS.values()):
        assert refused(lambda w=who: house.open(w, handover)) == "quarantined"
    assert house.open(LEADS["receiver"], handover, purpose="supervision").document["sections"]
    [listed] = house.show(READER, state.mailbox, "withdrawn").listed
    assert (listed.row.handover, listed.label) == (handover, None), "nor is the citizen's name shown"
    assert state.receiver_key not in {subject.key_id for subject in house.events()[-1].header.subjects}, (
        "and no key of hers is asked for"
    )
    check_all(house)


def test_what_is_shut_does_not_say_until_when_the_medicine_lasts(scene):
    house = scene.house
    paper = document(medicin__supply_ends="2026-11-30", samtykke__covers="every-authority")
    handover = house.submit(WRITER, paper)
    house.open(READER, handover)
    mailbox = house.state(handover).mailbox
    [listed] = house.show(READER, mailbox, "opened").listed
    assert listed.row.medicine_until == "2026-11-30"
    house.take(READER, handover, s.ReportMisdirected)
    [listed] = house.show(READER, mailbox, "misdirected").listed
    assert listed.row.medicine_until is None


def test_given_it_goes_on_then_its_new_receiver_reads_it_and_the_wrong_one_never(scene):
    house, handover = scene.house, scene.reach("misdirected")
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert house.open(NEIGHBOUR, handover).document["sections"]
    assert house.open(WRITER, handover).document["sections"]
    for who in (READER, LEADS["receiver"]):
        for purpose in ("handover", "supervision"):
            assert refused(lambda w=who, p=purpose: house.open(w, handover, purpose=p)) == "not-a-party"


def test_the_answer_to_a_reading_is_not_given_again_to_one_who_has_it_no_more(scene):
    house, handover = scene.house, scene.reach("delivered")
    house.open(READER, handover, key="reading-1")
    assert house.open(READER, handover, key="reading-1").document["sections"]
    house.take(READER, handover, s.ReportMisdirected)
    assert refused(lambda: house.open(READER, handover, key="reading-1")) == "quarantined"
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert refused(lambda: house.open(READER, handover, key="reading-1")) == "not-a-party"


@pytest.mark.parametrize("shut", ["misdirected", "entered_in_error"])
def test_a_reading_of_what_is_shut_that_no_guard_stopped_is_found(sqlite_scene, monkeypatch, shut):
    house, handover = sqlite_scene.house, sqlite_scene.reach(shut)
    house.open(LEADS["receiver"], handover, purpose="supervision")
    assert violations(house.events()) == []
    monkeypatch.setattr(read, "ASSESSOR", (READER.role, "handover"))
    house.open(READER, handover)
    [found] = violations(house.events())
    assert (found.code, found.handover) == ("read-of-what-is-shut", handover)


# About another citizen


def test_what_is_about_another_citizen_is_out_of_reach_of_all_who_ever_had_it(scene):
    house = scene.house
    handover, first = _passed_on(scene)
    state = house.state(handover)
    papers = (*state.documents, *state.notes, *(one.id for one in state.attachments))
    hers = {state.sender_key, state.receiver_key, first}
    reached = set().union(*(house.vault.wrapped_content(paper) for paper in papers))
    assert reached == hers, "the first receiver has a copy still"

    house.take(NEIGHBOUR, handover, s.ReportWrongPerson)

    for paper in papers:
        assert house.vault.wrapped_content(paper), "nothing is lost"
        assert hers.isdisjoint(house.vault.wrapped_content(paper))
    house.relay()
    check_all(house)


def test_everybody_who_ever_had_it_assesses_the_breach(scene):
    house = scene.house
    handover, _ = _passed_on(scene)
    before = _controllers(house, handover)
    house.take(NEIGHBOUR, handover, s.ReportWrongPerson)
    now = _controllers(house, handover)
    for one in before:
        now.remove(one)
    assert now == [OTHER_MUNICIPALITY, MUNICIPALITY, REGION]
    house.assess(LEADS["receiver"], handover)
    assessed = house.log.stream(breaches_of(handover))[-1].header
    own = {subject.key_id for subject in assessed.subjects}
    assert set(house.vault.controllers_of(own).values()) == {MUNICIPALITY}, "under its own key of the citizen"


def test_a_copy_that_a_cut_short_delivery_left_behind_is_shut_too(scene, monkeypatch):
    """The copy is made before the event that says it was delivered."""
    house = scene.house
    handover = house.submit(WRITER, document(samtykke__covers="every-authority"))
    house.send_back(READER, handover)

    def cut_short(*_args, **_more):
        raise KeyDestroyed("the server went down here")

    with monkeypatch.context() as crash:
        crash.setattr(deliver, "decide_deliver", cut_short)
        house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    state = house.state(handover)
    assert state.status == "routed"
    holders = house.vault.controllers_of(house.vault.wrapped_content(state.document_id))
    assert OTHER_MUNICIPALITY in holders.values()

    house.take(WRITER, handover, s.ReportWrongPerson)

    left = set(house.vault.wrapped_content(state.document_id))
    assert left and left.isdisjoint(holders)
    assert house.tick() == 0, "and it goes no further"
    check_all(house)


@pytest.mark.parametrize("status", ["withdrawn", "completed_otherwise", "closed", "entered_in_error"])
def test_it_is_shut_and_keyed_anew_also_when_it_is_found_after_the_end(scene, status):
    house, handover = scene.house, scene.reach(status)
    state = house.state(handover)
    readers = [who for who in (WRITER, READER) if state.side_of(who.authority)]
    house.take(readers[-1], handover, s.ReportWrongPerson)
    for who in readers:
        assert refused(lambda w=who: house.open(w, handover)) == "quarantined"
    assert {state.sender_key, state.receiver_key}.isdisjoint(house.vault.wrapped_content(state.document_id))
    with pytest.raises(KeyDestroyed):
        house.open(LEADS["sender"], handover, purpose="supervision")
    check_all(house)


def test_an_imported_case_without_a_document_is_shut_under_the_wrong_citizens_name(scene):
    house = scene.house
    handover = house.import_running()
    mailbox = house.state(handover).mailbox
    house.take(READER, handover, s.ReportWrongPerson)
    [listed] = house.show(READER, mailbox, "wrong_person").listed
    assert listed.label is None
    assert _controllers(house, handover) == [MUNICIPALITY, REGION]
    assert house.escalate() == 0, "nobody waits for it to be confirmed"
    check_all(house)


# Entered in error


def test_what_was_entered_in_error_is_shut_for_the_receiver_that_has_it_with_its_texts(scene):
    house = scene.house
    handover = house.submit(WRITER, document(), attachments=_file(house))
    house.open(READER, handover)
    house.ask(READER, handover)
    [note], [attachment] = house.state(handover).notes, house.state(handover).attachments
    house.take(WRITER, handover, s.EnterInError, reason="duplicate")
    for who in (WRITER, READER, *LEADS.values()):
        for what in ({}, {"paper": note}, {"attachment": attachment.id}):
            assert refused(lambda w=who, o=what: house.open(w, handover, **o)) == "quarantined"
    [listed] = house.show(READER, house.state(handover).mailbox, "entered_in_error").listed
    assert listed.label is None
