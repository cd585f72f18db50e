"""The regions in time: two become one on 1 January 2027 (overgangsloven §§6-7, 10)."""

from datetime import date

import pytest

from domain.identity.municipality import kkr_sjaelland, municipalities
from domain.identity.region import region_of, regions

LAST_DAY, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)


def test_the_codes_and_names() -> None:
    assert {code: region.name for code, region in regions().items()} == {
        "1081": "Nordjylland",
        "1082": "Midtjylland",
        "1083": "Syddanmark",
        "1084": "Hovedstaden",
        "1085": "Sjælland",
        "1099": "Østdanmark",
    }


def test_the_code_of_the_new_region_is_ours_and_says_so() -> None:
    assert [code for code, region in regions().items() if region.provisional] == ["1099"]


def test_each_municipality_lies_in_one_region_that_exists_that_day() -> None:
    for day in (date(2007, 1, 1), LAST_DAY, NEW_YEAR, date(2030, 6, 1)):
        for code in municipalities():
            assert regions()[region_of(code, day)].exists_on(day), (code, day)


def test_sjaelland_and_hovedstaden_become_oestdanmark_at_new_year_and_nobody_else_moves() -> None:
    before = {code: region_of(code, LAST_DAY) for code in municipalities()}
    after = {code: region_of(code, NEW_YEAR) for code in municipalities()}
    assert {before[one.code] for one in kkr_sjaelland()} == {"1085"}
    assert {code for code in before if before[code] != after[code]} == {
        code for code, region in before.items() if region in ("1084", "1085")
    }
    assert {after[code] for code in before if before[code] != after[code]} == {"1099"}
    assert len([code for code in after if after[code] == "1099"]) == 46


def test_there_are_five_regions_before_and_four_after() -> None:
    assert sum(region.exists_on(LAST_DAY) for region in regions().values()) == 5
    assert sum(region.exists_on(NEW_YEAR) for region in regions().values()) == 4


def test_a_code_of_no_municipality_lies_nowhere() -> None:
    with pytest.raises(KeyError):
        region_of("0999", NEW_YEAR)
