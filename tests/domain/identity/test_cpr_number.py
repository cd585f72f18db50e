"""CPR numbers. Hard-coded numbers have day + 60 or a birth year still to come, so they are nobody's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.dk import cpr as stdnum_cpr

from domain.identity.cpr import TEST_DAY_OFFSET, Sex, birth_year
from domain.identity.errors import IdentityError
from domain.identity.person import PersonId, parse_person_id

FIRST, LAST = date(1858, 1, 1), date(2057, 12, 31)
MEDCOM_TEST_PERSON = "2509479989"


def seventh_digits(year: int) -> list[int]:
    """The CPR office's table read backwards: from the year of birth to the digits that may stand."""
    if year < 1900:
        return [5, 6, 7, 8]
    if year < 1937:
        return [0, 1, 2, 3]
    if year < 2000:
        return [0, 1, 2, 3, 4, 9]
    return [4, 9, 5, 6, 7, 8] if year < 2037 else [5, 6, 7, 8]


@st.composite
def births_with_number(draw: st.DrawFn, day_offset: int = TEST_DAY_OFFSET) -> tuple[date, str]:
    born = draw(st.dates(FIRST, LAST))
    seventh = draw(st.sampled_from(seventh_digits(born.year)))
    tail = draw(st.integers(0, 999))
    return born, f"{born.day + day_offset:02}{born:%m}{born.year % 100:02}{seventh}{tail:03}"


def parse(value: str) -> PersonId:
    return parse_person_id("cpr", value, allow_test_numbers=True)


def fault_of(value: str, *, allow_test_numbers: bool = True) -> str:
    with pytest.raises(IdentityError) as caught:
        parse_person_id("cpr", value, allow_test_numbers=allow_test_numbers)
    return caught.value.code


@given(births_with_number())
def test_given_any_birth_and_allowed_century_digit_then_the_number_gives_the_birth_back(
    case: tuple[date, str],
) -> None:
    born, number = case
    person = parse(number)
    assert person.birth_date == born
    assert person.is_test_number
    assert person.value == number
    assert person.sex is (Sex.FEMALE if number[-1] in "02468" else Sex.MALE)


@given(births_with_number(day_offset=0))
def test_given_a_number_of_real_form_then_it_is_read_as_an_independent_library_reads_it(
    case: tuple[date, str],
) -> None:
    born, number = case
    person = parse_person_id("cpr", number)
    assert person.birth_date == born == stdnum_cpr.get_birth_date(number)
    assert not person.is_test_number


def test_given_every_year_and_century_digit_then_the_table_agrees_with_an_independent_library() -> None:
    for year_of_century in range(100):
        for seventh in range(10):
            peer = stdnum_cpr.get_birth_date(f"0101{year_of_century:02}{seventh}000")
            assert birth_year(year_of_century, seventh) == peer.year


def test_given_every_day_of_two_centuries_then_each_has_a_number() -> None:
    born = FIRST
    while born <= LAST:
        seventh = seventh_digits(born.year)[0]
        number = f"{born.day + 60:02}{born:%m}{born.year % 100:02}{seventh}000"
        assert parse(number).birth_date == born
        born += timedelta(days=1)


@pytest.mark.parametrize(
    "written", ["7001014321", "700101-4321", "700101 4321", " 70 01 01 - 43 21 ", "700101\u00a04321"]
)
def test_given_a_usual_way_of_writing_then_the_same_ten_digits(written: str) -> None:
    assert parse(written).value == "7001014321"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "700101432",
        "70010143210",
        "70010-14321",
        "700101--4321",
        "700101/4321",
        "7001014321\n",
        "\uff17001014321",
        "\u0667001014321",
        "70010143²1",
        "70010A4321",
        "-700101432",
    ],
)
def test_given_another_form_then_cpr_format(written: str) -> None:
    assert fault_of(written) == "cpr-format"


@pytest.mark.parametrize("ddmmyy", ["000150", "320150", "310450", "300250", "011350", "010050", "600150"])
def test_given_no_date_in_any_century_then_cpr_date(ddmmyy: str) -> None:
    assert fault_of(ddmmyy + "5000") == "cpr-date"


@pytest.mark.parametrize("ddmmyy", ["921250", "990150", "910450", "903050", "900250"])
def test_given_a_test_day_without_a_date_behind_it_then_cpr_date(ddmmyy: str) -> None:
    assert fault_of(ddmmyy + "5000") == "cpr-date"


def test_given_29_february_00_then_only_the_century_that_had_it_is_accepted() -> None:
    for seventh in range(10):
        number = f"890200{seventh}000"
        if seventh <= 3:
            assert fault_of(number) == "cpr-century"
        else:
            assert parse(number).birth_date == date(2000, 2, 29)


def test_given_a_test_number_where_none_is_allowed_then_it_is_named_as_such() -> None:
    assert fault_of("7001014321", allow_test_numbers=False) == "cpr-test-number"


def test_given_a_number_that_fails_mod_11_then_it_is_still_accepted() -> None:
    assert stdnum_cpr.checksum(MEDCOM_TEST_PERSON) != 0
    assert parse_person_id("cpr", MEDCOM_TEST_PERSON).birth_date == date(1947, 9, 25)


def test_given_a_birth_after_today_then_refused_only_where_today_is_told() -> None:
    number = "0101505000"  # born 2050
    assert parse_person_id("cpr", number).birth_date == date(2050, 1, 1)
    assert parse_person_id("cpr", number, today=date(2050, 1, 1)).value == number
    with pytest.raises(IdentityError) as caught:
        parse_person_id("cpr", number, today=date(2049, 12, 31))
    assert caught.value.code == "birth-date-future"
