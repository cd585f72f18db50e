"""When a letter has arrived (law.md 8.14-8.16, 11.3): what is presumed, what proves it, what counts."""

import json
from datetime import date, timedelta
from importlib.resources import files

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.calendar.working_days import CalendarEnds, lenient_calendar, strict_calendar
from domain.law import arrival
from domain.law.arrival import (
    FAULTS,
    ArrivalRefused,
    carriers,
    needs_receipt,
    presumed_arrival,
    presumption_of,
    ways,
)
from domain.law.arrival_ways import FILE, Presumption, arrival_file
from domain.rights.rule import rights_register

DAYS = st.dates(date(2024, 1, 1), date(2040, 11, 30))
LETTERS = st.one_of(
    st.tuples(st.sampled_from(["digital-post", "in-person"]), st.none(), DAYS),
    st.tuples(
        st.just("registered-letter"), st.just("postnord"), st.dates(date(2024, 1, 1), date(2025, 12, 31))
    ),
    st.tuples(st.just("registered-letter"), st.just("dao"), st.dates(date(2026, 1, 1), date(2040, 11, 30))),
)


def refused(way: str, carrier: str | None, dispatched: str) -> str:
    with pytest.raises(ArrivalRefused) as caught:
        presumed_arrival(way, carrier, date.fromisoformat(dispatched))
    assert str(caught.value) == f"{caught.value.code}: {FAULTS[caught.value.code]}"
    return caught.value.code


@pytest.mark.parametrize(
    ("carrier", "dispatched", "arrived"),
    [
        ("postnord", "2025-09-01", "2025-09-09"),  # over one weekend
        ("postnord", "2025-09-05", "2025-09-15"),  # a Friday: over two
        ("postnord", "2025-04-14", "2025-04-25"),  # over Easter
        ("postnord", "2025-05-26", "2025-06-06"),  # Kristi himmelfart, the Friday after it, grundlovsdag
        ("dao", "2026-09-07", "2026-09-15"),
        ("dao", "2026-12-21", "2027-01-04"),  # Christmas Eve, New Year's Eve and the holidays
        ("dao", "2026-09-05", "2026-09-14"),  # dispatched on a Saturday
    ],
)
def test_given_a_registered_letter_then_it_is_presumed_to_arrive_6_delivery_days_after_dispatch(
    carrier, dispatched, arrived
):
    assert presumed_arrival("registered-letter", carrier, date.fromisoformat(dispatched)) == (
        date.fromisoformat(arrived)
    )


@pytest.mark.parametrize("way", ["digital-post", "in-person"])
@pytest.mark.parametrize("day", ["2026-09-07", "2026-12-24", "2026-12-25", "2026-09-06"])
def test_given_digital_post_or_the_hand_then_any_day_is_the_day_of_arrival_holidays_too(way, day):
    assert presumed_arrival(way, None, date.fromisoformat(day)) == date.fromisoformat(day)


def test_given_the_carriers_changed_at_new_year_then_each_is_taken_for_its_own_days_only():
    assert refused("registered-letter", "postnord", "2026-01-01") == "carrier-not-valid"
    assert refused("registered-letter", "dao", "2025-12-31") == "carrier-not-valid"
    assert presumed_arrival("registered-letter", "postnord", date(2025, 12, 31)) == date(2026, 1, 9)
    assert presumed_arrival("registered-letter", "dao", date(2026, 1, 1)) == date(2026, 1, 9)
    assert carriers("registered-letter", date(2025, 12, 31)) == ("postnord",)
    assert carriers("registered-letter", date(2026, 1, 1)) == ("dao",)
    assert carriers("digital-post", date(2026, 1, 1)) == ()


def test_given_what_the_file_does_not_know_then_the_error_names_the_fault_and_not_the_input():
    assert refused("pigeon", None, "2026-09-07") == "way-unknown"
    assert refused("digital-post", None, "2023-12-31") == "way-not-valid"
    assert refused("digital-post", "dao", "2026-09-07") == "carrier-not-taken"
    assert refused("registered-letter", None, "2026-09-07") == "carrier-missing"
    assert refused("registered-letter", "pigeon", "2026-09-07") == "carrier-unknown"
    with pytest.raises(ArrivalRefused, match="way-unknown") as caught:
        carriers("pigeon", date(2026, 9, 7))
    assert "pigeon" not in str(caught.value)


def test_given_the_calendar_ends_then_no_day_is_presumed():
    with pytest.raises(CalendarEnds):
        presumed_arrival("registered-letter", "dao", date(2040, 12, 31))
    with pytest.raises(CalendarEnds):
        presumed_arrival("registered-letter", "dao", date.max)


def test_given_a_way_whose_days_run_out_of_the_calendar_then_that_is_said(monkeypatch):
    one_day = msgspec.structs.replace(arrival_file().ways["in-person"].presumption, days=1)
    monkeypatch.setattr(arrival, "presumption_of", lambda way, carrier, dispatched: one_day)
    with pytest.raises(CalendarEnds):
        presumed_arrival("in-person", None, date.max)


@given(LETTERS)
def test_a_letter_is_never_presumed_to_arrive_before_its_dispatch(letter):
    way, carrier, dispatched = letter
    arrived = presumed_arrival(way, carrier, dispatched)
    assert arrived >= dispatched
    if carrier is not None:
        assert arrived > dispatched


@given(LETTERS)
def test_a_carried_letter_is_never_presumed_to_arrive_on_a_day_without_delivery(letter):
    way, carrier, dispatched = letter
    assume(carrier is not None)
    arrived = presumed_arrival(way, carrier, dispatched)
    assert strict_calendar().is_working_day(arrived)
    assert arrived.weekday() < 5 and (arrived.month, arrived.day) not in {(6, 5), (12, 24), (12, 31)}


@given(LETTERS)
def test_where_calendars_disagree_the_later_day_is_taken_and_as_many_delivery_days_lie_between(letter):
    way, carrier, dispatched = letter
    assume(carrier is not None)
    arrived = presumed_arrival(way, carrier, dispatched)
    assert arrived >= strict_calendar().add_working_days(dispatched, 6)
    between = (dispatched + timedelta(days=n) for n in range(1, (arrived - dispatched).days + 1))
    assert sum(map(lenient_calendar(True).is_working_day, between)) == 6


@given(LETTERS, st.integers(0, 30))
def test_a_letter_dispatched_later_is_never_presumed_to_arrive_earlier(letter, later):
    way, carrier, dispatched = letter
    assume(carrier != "postnord" or dispatched + timedelta(days=later) <= date(2025, 12, 31))
    assume(dispatched + timedelta(days=later) <= date(2040, 11, 30))
    assert presumed_arrival(way, carrier, dispatched + timedelta(days=later)) >= presumed_arrival(
        way, carrier, dispatched
    )


@pytest.mark.parametrize(
    ("way", "code", "receipt"),
    [
        ("digital-post", "digital-post-receipt", True),
        ("registered-letter", "delivery-receipt", True),
        ("in-person", "handed-over", False),
    ],
)
def test_given_a_way_then_arrival_is_proven_by_its_evidence_with_a_receipt_where_one_is_needed(
    way, code, receipt
):
    assert arrival_file().ways[way].evidence.code == code
    assert code in rights_register().values["evidence"]
    assert needs_receipt(code) is receipt


def test_given_what_needs_no_way_then_no_receipt_is_needed():
    assert not needs_receipt("citizen-confirms")


def test_the_three_ways_are_in_use_and_each_states_its_rule_with_a_basis():
    assert ways(date(2026, 9, 7)) == ("digital-post", "registered-letter", "in-person")
    assert ways(date(2023, 12, 31)) == ()
    for way in ways(date(2026, 9, 7)):
        for carrier in carriers(way, date(2026, 9, 7)) or (None,):
            rule = presumption_of(way, carrier, date(2026, 9, 7))
            assert rule.da.endswith(".") and rule.basis
            assert rule.days == 0 or str(rule.days) in rule.da


def test_a_presumption_that_changes_is_taken_from_its_own_day_on():
    dao = arrival_file().ways["registered-letter"].carriers["dao"]
    longer = Presumption(
        days=9, unit="delivery-days", da="", basis=("x",), certainty="U", valid_from=date(2027, 1, 1)
    )
    changed = msgspec.structs.replace(dao, presumptions=(longer, *dao.presumptions))
    assert arrival._in_force(changed, date(2026, 12, 31)).days == 6
    assert arrival._in_force(changed, date(2027, 1, 1)).days == 9


def test_every_way_has_one_kind_of_presumption_and_every_carrier_one_for_its_first_day():
    raw = json.loads(files("domain.law.data").joinpath(FILE).read_bytes())
    assert raw["ways"].keys() == arrival_file().ways.keys()
    for way in arrival_file().ways.values():
        assert (way.presumption is None) == bool(way.carriers)
        for carrier in way.carriers.values():
            assert arrival._in_force(carrier, carrier.valid_from)
