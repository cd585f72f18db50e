"""A case replayed to a moment: state, words, who had to follow up, readers, refusals, sentences."""

from uuid import uuid4

import msgspec
import pytest

from audit.replay.case import SIX_WORDS, held_by_timeline
from audit.replay.names import Names
from audit.replay.replay import BeyondTheLog, UnknownHandover, replay, replay_handover
from audit.replay.source import StoredLog
from domain.events.catalogue import EVENT_TYPES
from domain.events.lanes import may_see
from domain.handover import step_commands as s
from domain.handover.fold import fold
from tests.audit.replay.conftest import Past
from tests.journeys.cast import (
    MUNICIPALITY,
    OTHER_CENTRE,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.papers import cpr, document


def replayed(past: Past, **moment):
    with StoredLog(past.store.log_database).snapshot() as log:
        return replay(log, **{"handover": past.case, **moment})


def position_of(past: Past, event: str) -> int:
    return next(
        recorded.header.position
        for recorded in past.house.log.stream(past.case)
        if recorded.header.event == event
    )


def test_the_end_of_the_log_gives_the_state_that_the_handlers_fold(past):
    found = replayed(past)
    assert found.state == past.house.log.fold(past.case, fold)
    assert found.conformance.conforms
    assert found.conformance.breaches == ()


@pytest.mark.parametrize(
    ("last", "status", "known", "holder"),
    [
        ("handover-submitted", "submitted", (), REGION),
        ("handover-delivered", "delivered", ("sent", "delivered"), REGION),
        ("handover-acknowledged", "acknowledged", ("sent", "delivered", "opened", "acknowledged"), REGION),
        ("handover-taken-over", "taken_over", SIX_WORDS[:5], MUNICIPALITY),
        ("handover-closed", "closed", SIX_WORDS[:5], MUNICIPALITY),
    ],
)
def test_at_each_index_only_what_was_known_then_is_told(past, last, status, known, holder):
    index = position_of(past, last)
    found = replayed(past, at_index=index)
    assert found.state.status == status
    assert tuple(word for word in SIX_WORDS if found.words[word]) == known
    assert found.held_by[-1].authority == holder
    assert max(line.position for line in found.events) == index


def test_before_it_was_submitted_there_is_no_case_but_it_is_known_to_come(past):
    found = replayed(past, at_index=position_of(past, "handover-submitted") - 1)
    assert (found.state, found.events, found.held_by) == (None, (), ())


def test_as_of_asks_what_had_happened_and_not_what_was_recorded(past):
    # Given: it is acknowledged at 10.20 UTC and taken over at 10.30.
    opened = replayed(past).words["acknowledged"]
    before = replayed(past, as_of="2026-11-23T10:19:59.999999Z")
    then = replayed(past, as_of=opened)
    assert before.state.status == "opened"
    assert then.state.status == "acknowledged"
    # And: asking about the past does not hide what is known to have been done since.
    assert then.conformance == replayed(past).conformance


def test_an_index_beyond_the_log_and_an_unknown_case_are_refused(past):
    with pytest.raises(BeyondTheLog):
        replayed(past, at_index=10_000)
    with pytest.raises(UnknownHandover):
        replayed(past, handover=uuid4())


def test_started_is_never_derived_even_where_the_outcome_says_so(past):
    found = replayed(past)
    assert found.state.outcome == "treatment-started"
    assert found.words["started"] is None


def test_who_read_it_by_role_unit_purpose_and_time_and_never_by_name(past):
    shown, opened, outside = replayed(past).readings
    assert (shown.what, opened.what, outside.what) == ("label", "document", "document")
    assert (opened.role, opened.unit, opened.purpose) == ("caseworker", "rusmiddelcenter", "handover")
    assert (outside.role, outside.unit, outside.purpose) == ("clinician", "amb-roskilde", "treatment")
    assert (opened.outside_reason, outside.outside_reason) == (None, "joint-case")
    assert opened.at == "2026-11-23T10:10:00.000000Z"


def test_refusals_are_told_with_their_reason(past):
    (refusal,) = replayed(past).refusals
    assert (refusal.command, refusal.reason) == ("take_over", "document-opened-by-receiver")
    assert refusal.authority == MUNICIPALITY


def test_the_timeline_is_one_danish_sentence_an_event(past):
    lines = [line.text for line in replayed(past).events]
    assert lines[0].startswith(
        "23. november 2026 kl. 10.40: Enheden amb-slagelse, Region Sjælland, indsendte et overgangsdokument"
        " til Næstved Kommune"
    )
    assert (
        "23. november 2026 kl. 10.40: Overgangen blev leveret i Næstved Kommunes hovedpostkasse."
        " Der bør kvitteres senest 26. november 2026 kl. 23.59."
    ) in lines
    (outside,) = [line for line in lines if "gik ind i sagen uden for egen enhed" in line]
    assert outside.endswith("Grund: Borgeren har også sag hos denne enhed.")
    assert any("fik besked om" in line for line in lines)
    assert lines[-1].endswith("afsluttede overgangen. Udfald: behandlingen er begyndt.")
    assert not any("blev registreret." in line for line in lines), "every event has its own sentence"


def test_nothing_that_is_told_holds_a_name_or_a_number_of_a_person(past):
    told = msgspec.json.encode(replayed(past)).decode()
    for secret in ("Testesen", "7001014321", cpr(2)):
        assert secret not in told


def test_a_late_recording_says_both_times(past):
    recorded = past.house.log.stream(past.case)[0]
    late = msgspec.structs.replace(
        recorded, header=msgspec.structs.replace(recorded.header, occurred_at="2026-11-20T08:00:00.000000Z")
    )
    from audit.replay.timeline import line

    text = line(Names(), late).text
    assert text.startswith("20. november 2026 kl. 09.00: ")
    assert text.endswith("(Registreret 23. november 2026 kl. 10.40.)")


def test_no_hole_and_no_overlap_in_who_has_to_follow_up(past):
    state = past.house.log.fold(past.case, fold)
    sent = msgspec.structs.replace(state, taken_over_at=None)
    # Given: a take-over that is said to have happened before the submission.
    turns = held_by_timeline(
        [("2026-11-23T10:00:00.000000Z", sent), ("2026-11-20T10:00:00.000000Z", state)], Names()
    )
    assert [(turn.authority, turn.until) for turn in turns] == [(MUNICIPALITY, None)]
    whole = replayed(past).held_by
    assert [turn.authority for turn in whole] == [REGION, MUNICIPALITY]
    assert whole[0].until == whole[1].since
    assert whole[1].until is None


def seen_by(authority: str, role: str = "auditor"):
    def visible(recorded) -> bool:
        kind = EVENT_TYPES[recorded.header.event]
        return may_see(
            lane=kind.lane,
            roles=kind.roles,
            visible_to=recorded.header.visible_to,
            role=role,
            authority=authority,
        )

    return visible


def test_an_auditor_sees_what_her_authority_may_see(past):
    log = past.house.log
    region = replay_handover(log, past.case, visible=seen_by(REGION))
    municipality = replay_handover(log, past.case, visible=seen_by(MUNICIPALITY))
    assert {one.authority for one in region.readings} == {REGION}
    assert {one.authority for one in municipality.readings} == {MUNICIPALITY}
    assert region.refusals == ()
    assert len(municipality.refusals) == 1
    assert "handover-submitted" not in {line.event for line in municipality.events}
    assert municipality.state.sender_key == ""
    assert municipality.state.status == region.state.status == "closed"


def test_to_an_outsider_a_case_looks_like_one_that_is_not_there(past):
    log = past.house.log
    assert replay_handover(log, past.case, visible=seen_by("0330")) is None
    assert replay_handover(log, uuid4(), visible=seen_by(REGION)) is None


def test_a_receiver_sees_nothing_of_a_case_before_it_is_delivered(house):
    # Given: a municipality without a mailbox, so that the handover is held.
    house.two_authorities()
    house.authority("0330")
    held = house.submit(clinician(), document(municipality="0330"))
    assert house.state(held).status == "held"
    assert replay_handover(house.log, held, visible=seen_by("0330")) is None
    region = replay_handover(house.log, held, visible=seen_by(REGION))
    assert "har ingen gyldig hovedpostkasse" in region.events[-1].text


def test_who_was_shown_the_list_of_the_unit_that_has_it_is_told(house):
    # Given: a case that was given to another unit, beside one that stayed.
    house.two_authorities()
    house.unit(MUNICIPALITY, OTHER_CENTRE)
    given, stayed = (house.submit(clinician(), document(cpr(number))) for number in (1, 2))
    house.open(caseworker(), given)
    house.take(caseworker(), given, s.DistributeHandover, unit=OTHER_CENTRE)
    # When: that unit's list is shown.
    team = caseworker(OTHER_CENTRE)
    house.show_unit(team)
    # Then: it stands among the readings and in the timeline of the one that was on it.
    found = replay_handover(house.log, given)
    assert (found.readings[-1].what, found.readings[-1].unit) == ("label", OTHER_CENTRE)
    assert "fik vist sin enheds liste med borgerens navn" in found.events[-1].text
    assert OTHER_CENTRE not in {one.unit for one in replay_handover(house.log, stayed).readings}


def test_the_whole_log_is_counted_by_status_and_by_event(past):
    found = replayed(past, handover=None)
    assert found.statuses == {"closed": 1, "delivered": 1}
    assert found.handovers == 2
    assert found.events["handover-submitted"] == 2
    assert sum(found.events.values()) == found.entries == past.house.log.length()
    assert (found.breaches, found.rights_violations) == (0, ())
    taken_over = replayed(past, handover=None, at_index=position_of(past, "handover-taken-over"))
    assert taken_over.statuses == {"taken_over": 1}
    nothing = replayed(past, handover=None, as_of="2026-01-01T00:00:00.000000Z")
    assert (nothing.entries, nothing.statuses) == (0, {})


def test_the_statuses_are_those_of_the_work_list(past):
    past.house.open(caseworker(), past.waiting)
    found = replayed(past, handover=None)
    folded = sorted(past.house.state(one).status for one in (past.case, past.waiting))
    assert sorted(found.statuses) == folded
