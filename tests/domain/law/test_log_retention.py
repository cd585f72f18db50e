"""How long the log and its readings are kept, as data; and references as a Dane writes them."""

import pytest

from domain.events.catalogue import EVENT_TYPES
from domain.events.lanes import Lane
from domain.law.loader import retention_class
from domain.law.references import reference
from domain.law.retention import log_retention

RETENTION = log_retention()


def test_given_a_reading_then_it_is_kept_five_years_and_never_less_than_the_two_that_minlog_shows():
    reading = RETENTION.log[RETENTION.log_class("document-read", lane="own", marks={"reading"})]
    assert (reading.years, reading.as_record, reading.certainty) == (5, False, "U")
    assert all((period.years or 99) >= period.at_least_years == 2 for period in RETENTION.log.values())


def test_given_a_disclosure_then_it_is_kept_as_long_as_the_record():
    for event in ("handover-delivered", "handover-sent", "handover-question-answered"):
        assert RETENTION.log_class(event, lane="shared", marks=()) == "disclosures"
    assert RETENTION.log_class("carry-over-begun", lane="own", marks={"delivery"}) == "disclosures"
    assert RETENTION.log["disclosures"].as_record


def test_given_an_access_that_is_no_reading_then_it_is_kept_with_the_readings():
    for event in ("outside-access-used", "lead-alerted", "command-refused"):
        assert RETENTION.log_class(event, lane="own", marks=()) == "readings"
    assert RETENTION.log_class("bodies-replayed", lane="own", marks={"replay"}) == "readings"


def test_an_event_that_the_file_does_not_name_has_a_class_by_its_lane():
    for lane in Lane:
        assert RETENTION.log_class("nobody-has-thought-of-it", lane=lane, marks=()) in RETENTION.log


def test_the_file_names_no_event_and_no_class_that_is_not_there():
    named = RETENTION.class_of
    assert named.events.keys() <= EVENT_TYPES.keys()
    assert named.lanes.keys() == set(Lane)
    for classes in (named.events, named.marks, named.lanes):
        assert set(classes.values()) <= RETENTION.log.keys()
    assert all((period.years is None) == period.as_record for period in RETENTION.log.values())


@pytest.mark.parametrize("kind", ["region", "municipality"])
def test_the_retention_class_of_each_kind_of_authority_has_a_period(kind):
    assert retention_class(kind) in RETENTION.records


def test_a_patient_record_is_kept_ten_years_and_a_municipal_case_has_no_number():
    assert RETENTION.records["patient-record"].years == 10
    assert RETENTION.records["municipal-case"].years is None
    for period in RETENTION.records.values():
        assert (period.counted_from is None) == (period.years is None)


def test_erasure_is_said_not_to_happen_as_long_as_the_log_knows_no_such_event():
    erasing = {name for name in EVENT_TYPES if "eras" in name or "shred" in name}
    assert RETENTION.erased_by_overgang is bool(erasing)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("fvl:16.2", "FVL § 16, stk. 2"),
        ("gdpr:6.1.e", "GDPR art. 6, stk. 1, litra e"),
        ("sul:41.2.1", "SUL § 41, stk. 2, nr. 1"),
        ("sul:42a", "SUL § 42a"),
        ("bek-183-2018", "BEK 183/2018"),
        ("lov-1758-2025", "LOV 1758/2025"),
        ("vejl-9533-2018", "VEJL 9533/2018"),
        ("lokal-aftale:kvit", "lokal aftale KVIT"),
        ("afsenders-vurdering", "afsenders vurdering"),
    ],
)
def test_a_reference_is_told_as_a_dane_writes_it(code, told):
    assert reference(code) == told
