"""The seven wrong messages that 360X's connect-a-thons met most (peers.md 2.3): each is refused, stands on
the log, and leaves the case as it was."""

from uuid import uuid4

import pytest

from tests.journeys.cast import CENTRE, MUNICIPALITY, caseworker
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import cpr, document
from tests.journeys.reaching import ACTS, READER, WRITER
from workflows.handlers.guard import CaseNotFound


@pytest.fixture(autouse=True)
def nothing_broken(scene):
    yield
    check_all(scene.house)


def test_1_a_message_for_a_referral_that_nobody_knows(scene):
    """There is no case that it could stand on, and nobody whom it could concern."""
    before = scene.house.log.length()
    for command in ("acknowledge", "take_over", "close"):
        with pytest.raises(CaseNotFound):
            getattr(scene.house, command)(READER, uuid4(), version=1)
    assert scene.house.log.length() == before


def test_2_the_right_referral_about_the_wrong_patient(scene):
    handover = scene.reach("delivered")
    before = scene.house.state(handover)
    other = document(cpr(17))
    assert refused(lambda: scene.house.correct(WRITER, handover, other)) == "another-citizen"
    assert scene.house.state(handover) == before
    assert scene.house.refusals(handover) == [("correct", "another-citizen")]

    waiting = scene.reach("delivered", without_document=True)
    assert refused(lambda: scene.house.complete(WRITER, waiting, other)) == "another-citizen"
    assert scene.house.refusals(waiting) == [("complete", "another-citizen")]


@pytest.mark.parametrize(
    ("number", "command"),
    [
        (3, "acknowledge"),
        (3, "take_over"),
        (4, "decline"),
        (4, "return"),
        (5, "ask"),
        (5, "answer"),
        (6, "close"),
    ],
)
def test_3_to_6_an_acceptance_a_refusal_an_interim_or_an_end_that_nobody_asked_for(scene, number, command):
    # What is held has reached nobody: to its addressee there is no request, and no case.
    held = scene.reach("held")
    assert refused(lambda: ACTS[command](scene.house, READER, held)) == "not-a-party"
    assert scene.house.refusals(held) == [(command, "not-a-party")]
    # What has arrived is not yet opened or taken over.
    arrived = scene.reach("delivered")
    before = scene.house.state(arrived)
    # (To acknowledge and to return it are asked for by the delivery: those two take their course.)
    unread = "document-opened-by-receiver"
    code, who = {
        "take_over": (unread, READER),
        "decline": (unread, READER),
        "ask": (unread, READER),
        "close": ("not-allowed-now", READER),
        "answer": ("question-open", WRITER),
    }.get(command, (None, READER))
    if code is not None:
        assert refused(lambda: ACTS[command](scene.house, who, arrived)) == code
        assert scene.house.state(arrived) == before
        assert scene.house.refusals(arrived) == [(command, code)]


def test_7_an_interim_after_the_end(scene):
    closed = scene.reach("closed")
    before = scene.house.state(closed)
    for command, who in (("ask", READER), ("answer", WRITER), ("correct", WRITER), ("acknowledge", READER)):
        assert refused(lambda c=command, w=who: ACTS[c](scene.house, w, closed)) == "not-allowed-now"
    assert scene.house.state(closed) == before
    assert [code for _, code in scene.house.refusals(closed)] == ["not-allowed-now"] * 4


def test_an_acceptance_by_another_unit_than_the_one_asked_is_no_acceptance(scene):
    """360X lets the answer come from another address; here it comes from the unit that has the case."""
    handover = scene.reach("opened")
    elsewhere = caseworker("en-anden-enhed", MUNICIPALITY)
    assert refused(lambda: scene.house.take_over(elsewhere, handover)) == "outside-unit"
    scene.house.take_over(caseworker(CENTRE), handover)
