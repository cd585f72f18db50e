"""The health councils (sundhedsråd) from 1 January 2027 (BEK 1208/2025; law.md 10.1, 10.3)."""

from datetime import date

from domain.identity.health_council import health_council_file, health_council_of, health_councils
from domain.identity.municipality import kkr_sjaelland, municipalities
from domain.identity.region import region_of

NEW_YEAR = date(2027, 1, 1)


def test_every_municipality_has_one_and_only_one() -> None:
    members = [code for council in health_councils().values() for code in council.municipalities]
    assert sorted(members) == sorted(municipalities())
    assert len(health_councils()) == 17


def test_a_council_lies_in_the_region_of_its_municipalities() -> None:
    for council in health_councils().values():
        assert {region_of(code, NEW_YEAR) for code in council.municipalities} == {council.region}


def test_the_two_of_kkr_sjaelland_are_those_the_table_of_municipalities_names() -> None:
    for municipality in kkr_sjaelland():
        council = health_council_of(municipality.code, NEW_YEAR)
        assert council is not None
        assert council.name == municipality.health_council_from_2027
    assert {one.code for one in health_councils().values() if "0370" in one.municipalities} == {
        "midt-og-vestsjaelland"
    }


def test_before_2027_there_are_none_and_for_no_municipality_neither() -> None:
    assert health_council_of("0370", date(2026, 12, 31)) is None
    assert health_council_of("0999", NEW_YEAR) is None


def test_the_file_says_that_the_codes_are_ours() -> None:
    assert health_council_file().sources["code"] == "Overgang"
    assert health_council_file().valid_from == NEW_YEAR
