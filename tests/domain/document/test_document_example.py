"""The template's example follows the day it is asked for, so that nothing in it lapses."""

from datetime import date, timedelta

import pytest

from domain.document.example import example_document
from domain.document.loader import may_be_made_under, templates
from domain.document.template import Template
from domain.document.validate import validate_document
from tests.domain.document.versions import CHECKS

ALL = list(templates().values())


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
@pytest.mark.parametrize("days", [0, 1, 97, 366, 4000])
def test_on_any_day_the_example_is_accepted_without_a_warning(template: Template, days: int) -> None:
    today = template.in_force_from + timedelta(days=days)
    while not may_be_made_under(template, today):  # until the last day of a version that has had its time
        today -= timedelta(days=1)
    document = example_document(template, today=today)
    assert validate_document(document, template, today=today, checks=CHECKS).warnings == ()


def test_dates_keep_their_distance_and_times_their_hour() -> None:
    template = templates()["overgangsdokument", 2]
    written = example_document(template)["sections"]
    moved = example_document(template, today=date(2029, 3, 1))["sections"]
    distance = date(2029, 3, 1) - date(2026, 11, 23)
    for section, name in (
        ("overgang", "planned_shift"),
        ("medicin", "supply_ends"),
        ("rettigheder", "copy_on"),
    ):
        before, after = (date.fromisoformat(found[section][name]) for found in (written, moved))
        assert after - before == distance
    assert moved["afslutning"]["signed_at"] == "2029-03-01T09:15:00+01:00"
    assert moved["planer"]["plans"][0]["date"] == str(date(2026, 8, 20) + distance)
    assert moved["rusmiddelstatus"]["assertions"][0]["seen_by_citizen_at"].startswith("2029-02-26T13:40")


def test_without_a_day_it_is_as_the_file_says() -> None:
    template = templates()["overgangsdokument", 1]
    assert example_document(template)["sections"]["overgang"]["planned_shift"] == "2026-12-14"
    assert example_document(template) == example_document(template, today=date(2026, 11, 23))
