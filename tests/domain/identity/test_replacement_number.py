"""X-eCPR and local replacement numbers (law.md 12.2)."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.cpr import Sex
from domain.identity.errors import IdentityError
from domain.identity.person import PersonIdType, parse_person_id

ISSUER = "urn:oid:1.2.208.176.1.6.1.3.999"
MEDCOM_X_ECPR = "0703921VJ4"


def fault_of(type: str, value: str, issuer: str | None = None) -> str:
    with pytest.raises(IdentityError) as caught:
        parse_person_id(type, value, issuer=issuer)
    return caught.value.code


@given(
    born=st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    letters=st.text(string.ascii_uppercase, min_size=2, max_size=2),
    last=st.integers(0, 9),
)
def test_given_any_birth_in_two_centuries_then_the_x_ecpr_gives_it_back(
    born: date, letters: str, last: int
) -> None:
    century = "1" if born.year < 2000 else "7"
    number = f"{born:%d%m}{born.year % 100:02}{century}{letters}{last}"
    person = parse_person_id("x-ecpr", number.lower())
    assert person.value == number
    assert person.birth_date == born
    assert person.sex is (Sex.MALE if last % 2 else Sex.FEMALE)
    assert person.is_replacement
    assert not person.is_test_number


def test_given_medcoms_example_then_read() -> None:
    person = parse_person_id(PersonIdType.X_ECPR, "070392-1VJ4")
    assert person.value == MEDCOM_X_ECPR
    assert (person.birth_date, person.sex) == (date(1992, 3, 7), Sex.FEMALE)


@pytest.mark.parametrize(
    "value",
    ["", "0703920VJ4", "0703925VJ4", "07039211J4", "0703921VJ", "0703921VJ44", "0703921V\u00d84",
     "0703921\u017fJ4", "0703921VJ4\n", "7001014321"],
)  # fmt: skip
def test_given_another_form_then_x_ecpr_format(value: str) -> None:
    assert fault_of("x-ecpr", value) == "x-ecpr-format"


@pytest.mark.parametrize("value", ["2902001AA1", "3102921AA1", "0013921AA1", "6801921AA1"])
def test_given_no_such_date_then_x_ecpr_date(value: str) -> None:
    assert fault_of("x-ecpr", value) == "x-ecpr-date"


def test_given_29_february_2000_then_the_2000s_sign_has_it() -> None:
    assert parse_person_id("x-ecpr", "2902007AA1").birth_date == date(2000, 2, 29)


def test_given_an_x_ecpr_born_after_today_then_refused() -> None:
    with pytest.raises(IdentityError) as caught:
        parse_person_id("x-ecpr", "0101997AA1", today=date(2098, 12, 31))
    assert caught.value.code == "birth-date-future"


@pytest.mark.parametrize(
    "value",
    [
        "0703920VJ4",
        "0703925VJ4",
        "7001014321",
        "UKENDT-17",
        "A",
        "9999999999",
        "12345678901234567890123456789012",
    ],
)
def test_given_a_local_number_with_its_issuer_then_accepted_without_birth_and_sex(value: str) -> None:
    person = parse_person_id("local", f" {value.lower()} ", issuer=ISSUER)
    assert (person.value, person.issuer) == (value, ISSUER)
    assert person.birth_date is None
    assert person.sex is None
    assert not person.is_test_number


@pytest.mark.parametrize(
    "value", ["", "-", "---", "A B", "A_B", "A" * 33, "\u00c6-1", "A:1", "\u017f1", "A\n"]
)
def test_given_other_signs_or_length_then_local_format(value: str) -> None:
    assert fault_of("local", value, ISSUER) == "local-format"


@given(
    born=st.dates(date(2030, 1, 1), date(2057, 12, 31)),  # still to be born: nobody's numbers
    tail=st.integers(5000, 8999),
    hyphen=st.sampled_from(["", "-"]),
    before=st.sampled_from(["", "X", "AMB-", "-"]),
    after=st.sampled_from(["", "X", "-A"]),
)
def test_given_a_local_number_that_holds_a_cpr_number_then_refused(
    born: date, tail: int, hyphen: str, before: str, after: str
) -> None:
    assert fault_of("local", f"{before}{born:%d%m%y}{hyphen}{tail}{after}", ISSUER) == "local-looks-like-cpr"


def test_given_a_national_replacement_number_as_local_then_refused() -> None:
    assert fault_of("local", MEDCOM_X_ECPR, ISSUER) == "local-looks-like-x-ecpr"
    assert fault_of("local", "070392-1VJ4", ISSUER) == "local-looks-like-x-ecpr"


@pytest.mark.parametrize("issuer", [None, "", "  "])
def test_given_a_local_number_without_issuer_then_refused(issuer: str | None) -> None:
    assert fault_of("local", "A-1", issuer) == "issuer-missing"


@pytest.mark.parametrize("issuer", ["a b", ":x", "a/b", "\u00e6", "a" * 65, "010150-5000", "0101505000"])
def test_given_an_issuer_that_cannot_be_one_then_refused(issuer: str) -> None:
    assert fault_of("local", "A-1", issuer) == "issuer-format"


def test_given_an_issuer_for_a_national_number_then_refused() -> None:
    assert fault_of("cpr", "0101505000", ISSUER) == "issuer-not-allowed"
    assert fault_of("x-ecpr", MEDCOM_X_ECPR, ISSUER) == "issuer-not-allowed"
