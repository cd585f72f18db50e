"""What is sent around New Year: by whom that was, again, with an attachment of the day before."""

from datetime import timedelta

import msgspec
import pytest

from domain.handover import step_commands as s
from tests.journeys.cast import (
    EAST,
    OTHER_AMBULATORY,
    REGION,
    clinician,
)
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import document
from tests.journeys.reaching import WRITER
from tests.workflows.steps.new_year import (
    AFTER,
    EAST_AMBULATORY,
    EAST_WRITER,
    PAPER,
    new_year,
    succeed,
)
from workflows.handlers.submit import UnknownUpload
from workflows.ports.log import IdempotentReplay


def test_who_sends_under_the_name_from_before_new_year_sends_for_the_successor(east):
    house = east.house
    house.clock.set(AFTER)
    upload = house.upload(EAST_WRITER)
    handover = house.submit(WRITER, document(**PAPER), attachments=(upload,))
    state = house.state(handover)
    assert (state.sender_authority, state.sender_unit) == (EAST, EAST_AMBULATORY)
    [first, *_] = house.log.stream(handover)
    assert (first.header.authority, first.header.unit, first.header.actor) == (
        EAST,
        EAST_AMBULATORY,
        WRITER.id,
    )
    check_all(house)


@pytest.mark.parametrize("authority", [REGION, EAST])
def test_a_unit_that_nobody_has_named_a_successor_for_sends_nothing_that_would_be_stranded(east, authority):
    """Under the old authority, and under the successor that its token counts for."""
    house = east.house
    house.unit(REGION, OTHER_AMBULATORY)
    house.clock.set(AFTER)
    sender = clinician(OTHER_AMBULATORY, authority)
    assert refused(lambda: house.submit(sender, document(**PAPER))) == "sender-succeeded"
    succeed(house, OTHER_AMBULATORY, EAST_AMBULATORY)
    state = house.state(house.submit(sender, document(**PAPER)))
    assert (state.sender_authority, state.sender_unit) == (EAST, EAST_AMBULATORY)


def test_an_attachment_uploaded_just_before_new_year_is_sent_just_after(east):
    house = east.house
    house.unit(EAST, "amb-oest")
    house.clock.set(AFTER - timedelta(hours=12))
    upload = house.upload(WRITER)
    with pytest.raises(UnknownUpload):
        house.submit(clinician(OTHER_AMBULATORY), document(**PAPER), attachments=(upload,))
    new_year(house)
    with pytest.raises(UnknownUpload):
        house.submit(clinician("amb-oest", EAST), document(**PAPER), attachments=(upload,))
    handover = house.submit(EAST_WRITER, document(**PAPER), attachments=(upload,))
    assert house.open(EAST_WRITER, handover, attachment=upload).attachment_key
    check_all(house)


def test_what_is_sent_again_across_new_year_gives_the_first_answer_again(east):
    house = east.house
    as_east = msgspec.structs.replace(WRITER, authority=EAST, unit=EAST_AMBULATORY)
    house.clock.set(AFTER - timedelta(hours=9, seconds=5))
    sent = house.submitted(WRITER, document(**PAPER), key="send")
    handover = sent.resource
    read = house.open(WRITER, handover, key="read")
    asked = house.take(WRITER, handover, s.RequestWithdrawal, reason="other", key="take back")
    house.project()
    house.clock.advance(seconds=10)
    house.carry_over()
    assert house.state(handover).sender_authority == EAST
    length = house.log.length()

    again = _replayed(lambda: house.submitted(as_east, document(**PAPER), key="send"))
    assert again.resource == handover
    assert house.open(as_east, handover, key="read").position == read.position
    late = _replayed(
        lambda: house.take(as_east, handover, s.RequestWithdrawal, reason="other", key="take back", version=4)
    )
    assert (late.resource, late.etag) == (asked.resource, asked.etag)
    assert house.log.length() == length


def _replayed(work):
    with pytest.raises(IdempotentReplay) as replay:
        work()
    return replay.value.outcome
