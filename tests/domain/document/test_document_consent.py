"""Whether the consent will hold when the document is sent, asked when the draft begins (SUL §§43-44)."""

from datetime import date

import pytest

from domain.document.consent import consent_notices

TODAY = date(2026, 11, 25)


def _codes(today=TODAY, **stated):
    return [one.code for one in consent_notices({"sections": {"samtykke": stated}}, today)]


@pytest.mark.parametrize("document", [{}, {"sections": []}, {"sections": {"samtykke": "tekst"}}])
def test_a_draft_of_any_shape_is_told_that_a_basis_is_missing(document):
    assert [one.code for one in consent_notices(document, TODAY)] == ["basis-missing"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        # given on 26 December, its last day is 25 December next year; 30 days before that it is told
        ("2025-12-27", []),
        ("2025-12-26", ["consent-lapses-soon"]),
        ("2025-11-26", ["consent-lapses-soon"]),
        ("2025-11-25", ["consent-lapsed"]),
    ],
)
def test_a_written_consent_lapses_after_a_year_and_is_told_a_month_before(given, told):
    assert _codes(basis="sul-43-1", consent_given_on=given) == told


def test_an_oral_consent_for_treatment_has_no_year_but_the_day_it_states():
    assert _codes(basis="sul-41-1", consent_given_on="2024-01-01") == []
    assert _codes(basis="sul-41-1", consent_given_on="2026-11-01", consent_expires_on="2026-12-20") == [
        "consent-lapses-soon"
    ]


def test_what_is_no_consent_does_not_lapse_and_an_objection_is_told():
    assert _codes(basis="psyl-13c") == []
    assert _codes(basis="sul-41-2-1", objection=True) == ["citizen-objects"]
    assert _codes(basis="sul-43-1") == ["consent-undated"]
