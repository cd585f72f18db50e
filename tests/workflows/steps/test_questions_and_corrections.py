"""Missing information is a question, not a return; an error is corrected, and the old version stays readable
(JFB §20; GDPR art. 5(1)(d); design section 5)."""

import pytest

from domain.handover import step_commands as s
from domain.handover.events import DocumentRead
from tests.journeys.cast import MUNICIPALITY, REGION
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import document
from tests.journeys.reaching import READER, WRITER
from workflows.ports.log import IdempotentReplay, StreamConflict


def test_given_a_question_then_no_clock_stops_and_the_case_stays_where_it_is(scene):
    handover = scene.reach("opened")
    before = scene.house.state(handover)
    question = scene.house.ask(READER, handover)
    after = scene.house.state(handover)
    assert (after.status, after.acknowledge_by, after.delivered_at) == (
        before.status,
        before.acknowledge_by,
        before.delivered_at,
    )
    assert after.questions == (question,)


def test_question_and_answer_are_sealed_and_both_sides_read_them_each_with_an_event(scene):
    handover = scene.reach("opened")
    question = scene.house.ask(READER, handover, "Hvem udleverer medicinen i ugen efter skiftet?")
    scene.house.answer(WRITER, handover, question, "Ambulatoriet til og med søndag.")
    asked, answered = scene.house.state(handover).notes
    for who in (WRITER, READER):
        found = scene.house.open(who, handover, paper=asked).document
        assert found["template"] == "spoergsmaal"
        assert "Hvem udleverer" in str(found["sections"])
        assert "til og med søndag" in str(scene.house.open(who, handover, paper=answered).document)
    read = [one.event.document_id for one in scene.house.readings(handover)]
    assert read.count(asked) == read.count(answered) == 2
    assert all(b"udleverer" not in event.entry for event in scene.house.events())


def test_a_question_is_answered_once(scene):
    handover = scene.reach("acknowledged", asked=True)
    question = scene.house.state(handover).questions[0]
    scene.house.answer(WRITER, handover, question)
    assert refused(lambda: scene.house.answer(WRITER, handover, question)) == "question-open"


def test_a_question_carries_content_so_it_needs_a_live_basis_too(scene):
    """FVL §§27-32: whoever discloses has a basis, in either direction."""
    handover = scene.house.submit(WRITER, document(samtykke__consent_expires_on="2026-11-24"))
    scene.house.open(READER, handover)
    question = scene.house.ask(READER, handover)
    scene.house.clock.set(scene.house.clock.now().replace(month=12))
    assert refused(lambda: scene.house.ask(READER, handover)) == "disclosure-basis-live"
    assert refused(lambda: scene.house.answer(WRITER, handover, question)) == "disclosure-basis-live"


def test_given_a_correction_then_the_new_version_counts_and_the_old_one_stays_readable(scene):
    handover = scene.reach("acknowledged")
    first = scene.house.state(handover).document_id
    scene.house.correct(WRITER, handover, document(name="Test Rettet"))
    state = scene.house.state(handover)
    assert state.documents == (first, state.document_id)
    corrected = scene.house.log.stream(handover)[-1].event
    assert (corrected.supersedes, corrected.document_id) == (first, state.document_id)

    for who in (WRITER, READER):
        new = scene.house.open(who, handover).document
        old = scene.house.open(who, handover, paper=first).document
        assert new["sections"]["stamoplysninger"]["name"] == "Test Rettet"
        assert old["sections"]["stamoplysninger"]["name"] == "Test Testesen"
    assert {one.event.document_id for one in scene.house.readings(handover)} == {first, state.document_id}


def test_given_a_correction_then_nobody_takes_over_before_the_corrected_version_is_opened(scene):
    """A misread handover can cost a life."""
    for status in ("opened", "acknowledged", "declined"):
        handover = scene.reach(status)
        scene.house.correct(WRITER, handover)
        assert refused(lambda h=handover: scene.house.take_over(READER, h)) in (
            "not-allowed-now",
            "document-opened-by-receiver",
        )
        first = scene.house.state(handover).documents[0]
        scene.house.open(READER, handover, paper=first)
        assert scene.house.state(handover).opened_at is None, "reading the old one is not opening the new"
        scene.house.open(READER, handover)
        scene.house.take_over(READER, handover)


def test_a_correction_shows_the_new_name_on_the_work_list(scene):
    handover = scene.reach("delivered")
    scene.house.correct(WRITER, handover, document(name="Test Rettet"))
    mailbox = scene.house.state(handover).mailbox
    [listed] = scene.house.show(READER, mailbox).listed
    assert listed.label.name == "Test Rettet"


def test_a_correction_of_what_is_held_may_bring_the_basis_that_was_missing(scene):
    handover = scene.reach("held")
    assert scene.house.state(handover).held_reason == "citizen-objects"
    scene.house.correct(WRITER, handover, document(samtykke__objection=False))
    scene.house.relay()
    state = scene.house.state(handover)
    assert (state.status, state.receiver_authority) == ("delivered", MUNICIPALITY)
    assert scene.house.open(READER, handover).document["sections"]["samtykke"]["objection"] is False
    assert refused(lambda: scene.house.open(READER, handover, paper=state.documents[0])) == (
        "document-unknown"
    ), "the receiver was never given the version that the citizen objected to"


def test_a_correction_whose_basis_is_dead_is_refused_once_it_was_delivered(scene):
    handover = scene.reach("delivered")
    paper = document(samtykke__objection=True)
    assert refused(lambda: scene.house.correct(WRITER, handover, paper)) == "disclosure-basis-live"


def test_two_who_correct_at_once_are_told_and_nothing_is_overwritten(scene):
    handover = scene.reach("delivered")
    version = scene.house.state(handover).version
    scene.house.correct(WRITER, handover, document(name="Test Første"), version=version)
    with pytest.raises(StreamConflict):
        scene.house.correct(WRITER, handover, document(name="Test Anden"), version=version)
    paper = document(name="Test Tredje")
    scene.house.correct(WRITER, handover, paper, key="again")
    with pytest.raises(IdempotentReplay):
        scene.house.take(WRITER, handover, s.CorrectDocument, document=paper, reason="error", key="again")
    assert len(scene.house.state(handover).documents) == 3


def test_who_read_what_is_told_apart(scene):
    handover = scene.reach("opened")
    scene.house.ask(READER, handover)
    [note] = scene.house.state(handover).notes
    scene.house.open(WRITER, handover, paper=note)
    [*_, reading] = scene.house.readings(handover)
    assert isinstance(reading.event, DocumentRead)
    assert (reading.event.document_id, reading.header.authority) == (note, REGION)
    check_all(scene.house)
