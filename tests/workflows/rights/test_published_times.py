"""The register's published time of decision is what a case is judged by (RSL §3(2))."""

from datetime import UTC, datetime

from domain.events.instant import to_instant
from domain.rights.decisions import ApplicationReceived
from domain.rights.verdict import State
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from workflows.handlers.rights import verdicts_of

LAST_MOMENT = datetime(2026, 12, 21, 22, 59, 59, tzinfo=UTC)


def _time_of_decision(house, handover, at):
    found = verdicts_of(house.services, handover, MUNICIPALITY, to_instant(at))
    [one] = [verdict for verdict in found if verdict.rule == "processing-time"]
    return one


def test_an_application_is_judged_by_what_was_published_and_never_by_what_came_later(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    handover = house.submit(clinician())
    house.publish_time(MUNICIPALITY, "sel:101", 4, "weeks", valid_from="2026-01-01")
    house.clock.set(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    application = sample(
        ApplicationReceived, handover=handover, decision=matter("decision"), legal_basis="sel:101"
    )
    house.right(caseworker(), application)
    found = _time_of_decision(house, handover, house.clock.now())
    assert (str(found.strict), found.state) == ("2026-12-21", State.PENDING)
    # when the municipality publishes a longer time afterwards, even one dated back
    house.clock.set(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    house.publish_time(MUNICIPALITY, "sel:101", 20, "weeks", valid_from="2026-11-01")
    # then the application's limit is what it was, on both sides of it
    assert _time_of_decision(house, handover, LAST_MOMENT).state is State.PENDING
    after = LAST_MOMENT.replace(day=21, hour=23, minute=0, second=0)
    assert _time_of_decision(house, handover, after).state is State.VIOLATED


def test_where_nothing_is_published_the_verdict_says_so(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    handover = house.submit(clinician())
    house.publish_time(MUNICIPALITY, "sul:141", 4, "weeks", valid_from="2026-01-01")
    application = sample(
        ApplicationReceived, handover=handover, decision=matter("decision"), legal_basis="sel:101"
    )
    house.right(caseworker(), application)
    found = _time_of_decision(house, handover, datetime(2030, 1, 1, tzinfo=UTC))
    assert (found.strict, found.state, found.reason) == (None, State.PENDING, "length-not-published")
