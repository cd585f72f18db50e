"""The due table says what the verdicts say, of every case and authority, whenever it is asked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from audit.projector import projector as module
from audit.projector.due import Asked, queue
from audit.projector.projector import Projector
from domain.calendar.working_days import danish_day
from domain.due.obligation import FAR, state_at
from domain.due.reminders import own_limits
from domain.events.instant import from_instant, to_instant
from domain.handover import step_commands as s
from domain.handover.limits import take_over_by
from domain.rights.access import AccessGiven, AccessRequested
from domain.rights.decisions import ApplicationReceived
from domain.rights.duties import RightsFactRetracted
from domain.rights.rule import rights_rules
from tests.domain.rights.samples import sample, samples
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    EAST,
    MUNICIPALITY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.checks import check_views
from tests.journeys.everything import Parties, take_every_step
from tests.journeys.papers import cpr, document
from tests.journeys.reaching import READER, WRITER
from tests.workflows.steps.new_year import EAST_WRITER
from workflows.handlers.rights import verdicts_of
from workflows.views.due import DUE
from workflows.views.installed import FOLLOWING

COLUMNS = ("key", *(column.name for column in DUE.columns))
REQUEST = {"regime": "fvl", "means": "letter", "form": "pdf"}


def table(house):
    """Every row, by column."""
    house.project()
    return [dict(zip(COLUMNS, row, strict=True)) for row in house.rows("due")]


def open_rules(house, handover, authority=None):
    """The rules under which something is open on a case."""
    return sorted(
        one["rule"]
        for one in table(house)
        if one["handover"] == str(handover) and authority in (None, one["authority"])
    )


def own(house, handover):
    """The handover's own limits that run: (rule, whose, where)."""
    return [
        (one["rule"], one["authority"], one["unit"])
        for one in table(house)
        if one["handover"] == str(handover) and one["rule"] in own_limits()
    ]


def judged(house, authorities):
    """What is open by the verdicts, each authority judged in its own lane."""
    now = to_instant(house.clock.now())
    cases = {one.header.stream for one in house.events() if one.header.workflow is not None}
    return {
        (str(one.handover), one.authority, one.rule, one.matter, one.trigger, one.triggered_at): (
            msgspec.to_builtins(one.strict),
            msgspec.to_builtins(one.lenient),
            one.state,
        )
        for handover in cases
        for authority in authorities
        for one in verdicts_of(house.services, handover, authority, now)
        if rights_rules()[one.rule].kind == "after" and one.closed_at is None and one.authority == authority
    }


def shown(house):
    """The same of the table, asked now."""
    now = to_instant(house.clock.now())
    return {
        (
            one["handover"],
            one["authority"],
            one["rule"],
            one["matter"],
            one["about_position"],
            one["since"],
        ): (
            one["strict"],
            one["lenient"],
            state_at(one["strict_at"], one["lenient_at"], one["certainty"], now),
        )
        for one in table(house)
        if one["rule"] not in own_limits()
    }


def test_given_everything_that_can_happen_then_the_table_says_what_the_verdicts_say(house):
    house.two_authorities()
    who = Parties(clinician(), caseworker())
    take_every_step(house, who, OTHER_CENTRE)
    authorities = (REGION, MUNICIPALITY, who.third)
    for days in (0, 1, 6, 10, 40):
        house.clock.advance(days=days)
        assert shown(house) == judged(house, authorities)
    assert len({one["rule"] for one in table(house)}) >= 10
    check_views(house)


def test_with_every_event_of_a_lane_the_table_says_what_the_verdicts_say(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    seen = set()
    for event in samples():
        if isinstance(event, RightsFactRetracted):
            last = house.events()[-1].header
            event = msgspec.structs.replace(event, position=last.position, retracts=last.event)
        said = msgspec.structs.replace(event, handover=handover, outside=True)
        house.right(READER, said, text="Det er forklaret.")
        assert shown(house) == judged(house, (REGION, MUNICIPALITY))
        seen |= set(open_rules(house, handover))
    assert len(seen) >= 20
    check_views(house)


def test_it_follows_with_every_step_and_a_rebuild_gives_the_same(scene):
    house, handover = scene.house, scene.reach("delivered")
    assert {"acknowledged", "informed-of-data", "start-municipality"} <= set(
        open_rules(house, handover, MUNICIPALITY)
    )
    request = uuid4()
    house.right(READER, AccessRequested(handover=handover, request=request, **REQUEST))
    assert "access-fvl" in open_rules(house, handover)
    house.open(READER, handover)
    house.acknowledge(READER, handover)
    house.right(READER, AccessGiven(handover=handover, request=request, way="digital-post", outside=True))
    assert not {"access-fvl", "acknowledged"} & set(open_rules(house, handover))
    check_views(house)


@pytest.mark.parametrize(
    ("status", "also", "expected"),
    [
        ("submitted", {}, ("own-delivered", REGION, AMBULATORY)),
        ("routed", {}, ("own-delivered", REGION, AMBULATORY)),
        ("sent", {}, ("own-delivered", REGION, AMBULATORY)),
        ("held", {}, ("own-held", REGION, AMBULATORY)),
        ("returned", {}, ("own-returned", REGION, AMBULATORY)),
        ("misdirected", {}, ("own-returned", REGION, AMBULATORY)),
        ("opened", {"asked": True}, ("own-question", REGION, AMBULATORY)),
        ("taken_over", {"asked": True}, ("own-question", REGION, AMBULATORY)),
        ("delivered", {}, ("own-taken-over", MUNICIPALITY, CENTRE)),
        ("acknowledged", {}, ("own-taken-over", MUNICIPALITY, CENTRE)),
        ("declined", {}, ("own-taken-over", MUNICIPALITY, CENTRE)),
    ],
)
def test_the_handovers_own_limit_is_of_whoever_must_act(sqlite_scene, status, also, expected):
    handover = sqlite_scene.reach(status, **also)
    assert expected in own(sqlite_scene.house, handover)


@pytest.mark.parametrize(
    ("status", "also"),
    [
        ("taken_over", {}),
        ("closed", {}),
        ("withdrawn", {}),
        ("wrong_person", {}),
        ("entered_in_error", {}),
        ("completed_otherwise", {}),
        # A dispute goes its own way up, at once.
        ("returned", {"unresolved": True}),
        ("imported", {}),
    ],
)
def test_where_nothing_of_it_waits_none_of_its_own_limits_runs(sqlite_scene, status, also):
    handover = sqlite_scene.reach(status, **also)
    assert own(sqlite_scene.house, handover) == []


def test_the_take_over_limit_is_the_one_on_the_work_list(sqlite_scene):
    house = sqlite_scene.house
    handover = house.submit(WRITER, document(overgang__urgency="hurtig-72h"))
    [row] = house.show(READER, house.state(handover).mailbox).listed
    [mine] = [one for one in table(house) if one["rule"] == "own-taken-over"]
    facts = house.state(handover)
    limit = take_over_by(facts.document_facts, facts.template, facts.template_version, facts.submitted_at)
    assert mine["strict_at"] == mine["lenient_at"] == row.row.take_over_by == limit


def test_what_is_held_again_and_again_counts_from_when_it_was_held_first(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("held")
    [before] = [one for one in table(house) if one["rule"] == "own-held"]
    house.clock.advance(days=1)
    house.correct(WRITER, handover, document(samtykke__objection=True, name="Test Rettet"))
    house.tick()
    assert house.state(handover).status == "held"
    [after] = [one for one in table(house) if one["rule"] == "own-held"]
    assert (after["since"], after["strict"]) == (before["since"], before["strict"])


def test_what_was_distributed_is_the_other_units(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    house.take(READER, handover, s.DistributeHandover, unit=OTHER_CENTRE)
    units = {one["unit"] for one in table(house) if one["authority"] == MUNICIPALITY}
    assert units == {OTHER_CENTRE}


def test_who_is_no_party_any_more_still_owes_what_it_had_begun(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    house.right(READER, AccessRequested(handover=handover, request=uuid4(), **REQUEST))
    house.forward(READER, handover, OTHER_MUNICIPALITY)
    mine = [one for one in table(house) if one["rule"] == "access-fvl"]
    assert [(one["authority"], one["unit"]) for one in mine] == [(MUNICIPALITY, CENTRE)]
    assert "acknowledged" in open_rules(house, handover, OTHER_MUNICIPALITY)
    assert "acknowledged" not in open_rules(house, handover, MUNICIPALITY)


def test_what_the_region_owes_its_successor_owes(east):
    house, handover, request = east.house, east.reach("opened"), uuid4()
    house.right(WRITER, AccessRequested(handover=handover, request=request, **REQUEST))
    assert "access-fvl" in open_rules(house, handover, REGION)
    house.clock.set(datetime(2027, 1, 4, 8, 0, tzinfo=UTC))
    house.project()
    house.carry_over()
    assert "access-fvl" in open_rules(house, handover, EAST)
    assert open_rules(house, handover, REGION) == []
    # And: what it does about it counts.
    given = AccessGiven(handover=handover, request=request, way="digital-post", outside=True)
    house.right(EAST_WRITER, given)
    assert "access-fvl" not in open_rules(house, handover)
    check_views(house)


def test_the_queue_has_the_soonest_strict_date_first_and_what_has_no_date_last(scene):
    house = scene.house
    for number in range(3):
        handover = house.submit(WRITER, document(cpr(number)))
        house.right(
            READER,
            AccessRequested(handover=handover, request=uuid4(), **REQUEST),
            house.clock.now() - timedelta(days=number),
        )
    house.project()
    now = to_instant(house.clock.now())
    whole = queue(house.database, {MUNICIPALITY}, Asked(), now, None, 100)
    assert [one["strict_at"] for one in whole] == sorted(one["strict_at"] for one in whole)
    assert {one["authority"] for one in whole} == {MUNICIPALITY}
    paged, after = [], None
    while page := queue(house.database, {MUNICIPALITY}, Asked(), now, after, 2):
        paged += page
        after = page[-1]["strict_at"], page[-1]["key"]
    assert paged == whole
    for rule in {one["rule"] for one in whole}:
        asked = queue(house.database, {MUNICIPALITY}, Asked(rule=rule), now, None, 100)
        assert asked == [one for one in whole if one["rule"] == rule]
    assert queue(house.database, {MUNICIPALITY}, Asked(unit=OTHER_CENTRE), now, None, 100) == []
    assert queue(house.database, {OTHER_MUNICIPALITY}, Asked(), now, None, 100) == []


def test_asked_by_state_each_row_is_found_in_the_one_that_it_is_in(sqlite_scene):
    house = sqlite_scene.house
    house.clock.set(datetime(2026, 12, 18, 8, 0, tzinfo=UTC))
    for status in ("delivered", "held", "returned", "declined", "misdirected", "taken_over"):
        handover = sqlite_scene.reach(status)
        house.right(WRITER, AccessRequested(handover=handover, request=uuid4(), **REQUEST))
    house.project()
    seen = set()
    for days in (0, 7, 6, 6, 30):
        house.clock.advance(days=days)
        now = to_instant(house.clock.now())
        both = {REGION, MUNICIPALITY}
        whole = queue(house.database, both, Asked(), now, None, 1000)
        for state in ("pending", "overdue-but-disputed", "violated", "to-be-assessed"):
            found = queue(house.database, both, Asked(state=state), now, None, 1000)
            assert found == [
                one
                for one in whole
                if state_at(one["strict_at"], one["lenient_at"], one["certainty"], now) == state
            ]
            seen |= {state} if found else set()
    assert len(seen) == 4, "over New Year the two dates lie apart"


def test_a_time_of_decision_that_is_entered_afterwards_reaches_the_limits_that_waited_for_it(scene):
    house, handover = scene.house, scene.reach("acknowledged")
    application = sample(ApplicationReceived, handover=handover, decision=uuid4(), legal_basis="sel:101")
    house.right(READER, application)
    [waiting] = [one for one in table(house) if one["rule"] == "processing-time"]
    assert (waiting["strict"], waiting["strict_at"]) == (None, FAR)
    # when the municipality's registrar enters what stood published all the time
    house.clock.advance(days=1)
    house.publish_time(MUNICIPALITY, "sel:101", 4, "weeks", valid_from="2026-01-01")
    # then the limit is there, and a rebuild says the same
    [found] = [one for one in table(house) if one["rule"] == "processing-time"]
    due = danish_day(from_instant(found["since"])) + timedelta(weeks=4)
    assert (found["strict"], found["lenient"]) == (str(due), str(due))
    assert shown(house) == judged(house, (REGION, MUNICIPALITY))
    check_views(house)


def test_what_comes_while_it_is_rebuilt_is_in_it(scene, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    house, handover = scene.house, scene.reach("delivered")
    begun, requests = house.log.stream(handover)[0].header.position, []

    def write_on(done, total):
        if done > begun + 1 and len(requests) < 3:
            requests.append(uuid4())
            house.right(WRITER, AccessRequested(handover=handover, request=requests[-1], **REQUEST))

    house.projector.rebuild("due", write_on)
    live = [row for row in house.rows("due") if "access-fvl" in row]
    assert len(requests) == 3
    assert {row[COLUMNS.index("matter")] for row in live} == set(map(str, requests))


class Poison(Exception):
    """A rule meets what it did not expect."""


def test_a_case_that_cannot_be_judged_is_parked_keeps_its_rows_and_lets_the_others_go_on(scene):
    house = scene.house
    first, second = (house.submit(WRITER, document(cpr(n))) for n in range(2))
    before = [one for one in table(house) if one["handover"] == str(first)]

    def rows(handover, read):
        if handover == first:
            raise Poison("name of a citizen")
        return DUE.rows(handover, read)

    broken = msgspec.structs.replace(DUE, rows=rows)
    house.projector = Projector(house.database, house.log, (broken,), ())
    for handover in (first, second):
        house.open(READER, handover)
        house.acknowledge(READER, handover)
    after = table(house)
    [parked] = house.projector.parked()
    assert (parked.view, parked.fault) == ("due", "Poison")
    assert parked.position == house.last_step(first).header.position
    assert [one for one in after if one["handover"] == str(first)] == before
    assert "acknowledged" not in {one["rule"] for one in after if one["handover"] == str(second)}
    # And: once it can be judged, a rebuild takes it.
    house.projector = Projector(house.database, house.log, FOLLOWING, ())
    house.projector.rebuild("due")
    assert house.projector.parked() == []
    assert "acknowledged" not in open_rules(house, first)


def test_an_entry_that_cannot_be_read_is_parked_itself_and_its_case_keeps_its_rows(scene):
    house, handover = scene.house, scene.reach("delivered")
    before = table(house)
    position = house.log.stream(handover)[0].header.position
    house.right(WRITER, AccessRequested(handover=handover, request=uuid4(), **REQUEST))
    house.database.write(
        lambda rows: rows.execute(
            "UPDATE stored_events SET state = ? WHERE position = ?", (b"spoilt", position)
        )
    )
    assert table(house) == before
    assert [(one.view, one.position, one.fault) for one in house.projector.parked()] == [
        ("due", position, "EntryDamaged")
    ]


def test_with_other_rules_the_table_is_made_anew_when_the_store_is_made_ready(scene):
    house = scene.house
    scene.reach("delivered")
    right = table(house)
    house.database.write(lambda rows: rows.execute("DELETE FROM view_due"))
    house.projector.migrate()
    assert table(house) == [], "the same rules: it is left alone"
    other = msgspec.structs.replace(DUE, follows="other rules")
    house.projector = Projector(house.database, house.log, (other,), ())
    house.projector.migrate()
    assert table(house) == right


def test_with_every_key_destroyed_the_table_is_the_same(scene):
    house = scene.house
    scene.reach("opened", asked=True)
    scene.reach("held")
    before = table(house)
    assert house.vault.destroy() > 0
    house.projector.rebuild("due")
    assert table(house) == before
