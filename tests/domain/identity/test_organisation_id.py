"""SOR, GLN and CVR numbers (interop.md 2)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import verhoeff

from domain.identity.errors import FAULTS, IdentityError
from domain.identity.organisation import (
    OrganisationId,
    OrganisationIdWarning,
    parse_cvr,
    parse_gln,
    parse_sor,
)

Parser = Callable[[str], OrganisationId]


def fault_of(parse: Parser, value: str) -> str:
    with pytest.raises(IdentityError) as caught:
        parse(value)
    return caught.value.code


def gs1_check_digit(twelve: str) -> int:
    """GS1's rule, written out: weights 1 and 3 from the left, up to the next ten."""
    return -sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(twelve)) % 10


def test_given_a_sor_code_with_a_slip_in_its_last_digit_then_a_warning_and_no_error() -> None:
    # The pair is from MedCom's own material: the first is a slip for the second.
    assert parse_sor("672291000016001").warnings == (OrganisationIdWarning.SOR_CHECK_DIGIT,)
    assert parse_sor("672291000016004").warnings == ()


@given(st.text("0123456789", min_size=10, max_size=17), st.integers(1, 9))
def test_given_any_sor_code_then_only_one_last_digit_goes_without_a_warning(stem: str, slip: int) -> None:
    good = int(verhoeff.calc_check_digit(stem))
    assert parse_sor(f"{stem}{good}").warnings == ()
    wrong = parse_sor(f"{stem}{(good + slip) % 10}")
    assert wrong.warnings == (OrganisationIdWarning.SOR_CHECK_DIGIT,)


@pytest.mark.parametrize("value", ["", "1" * 10, "1" * 19, "67229100001600X", "67229100001600\u0664"])
def test_given_not_11_to_18_digits_then_sor_format(value: str) -> None:
    assert fault_of(parse_sor, value) == "sor-format"


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 9))
def test_given_any_gln_then_only_its_own_check_digit_is_accepted(stem: str, slip: int) -> None:
    check = gs1_check_digit(stem)
    parsed = parse_gln(f"{stem[:1]} {stem[1:]}{check}")
    assert parsed.value == f"{stem}{check}"
    assert (OrganisationIdWarning.GLN_NOT_DANISH in parsed.warnings) is not stem.startswith("579")
    assert fault_of(parse_gln, f"{stem}{(check + slip) % 10}") == "gln-check-digit"


@pytest.mark.parametrize("value", ["", "579000012032", "57900001203210", "5790000120X21", "5790000120321\n"])
def test_given_not_13_digits_then_gln_format(value: str) -> None:
    assert fault_of(parse_gln, value) == "gln-format"


@given(st.integers(10_000_000, 99_999_999))
def test_given_eight_digits_then_a_cvr_number_exactly_when_the_weighted_sum_divides_by_11(
    number: int,
) -> None:
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    if sum(w * int(d) for w, d in zip(weights, str(number), strict=True)) % 11:
        assert fault_of(parse_cvr, str(number)) == "cvr-check-digit"
    else:
        assert parse_cvr(f"DK {number}").value == str(number)


@pytest.mark.parametrize("value", ["", "1358562", "135856280", "03585628", "1358562X", "SE13585628"])
def test_given_not_eight_digits_from_1_then_cvr_format(value: str) -> None:
    assert fault_of(parse_cvr, value) == "cvr-format"


@pytest.mark.parametrize(
    ("parse", "code"), [(parse_sor, "sor-format"), (parse_gln, "gln-format"), (parse_cvr, "cvr-format")]
)
def test_given_a_json_number_then_a_format_fault(parse: Parser, code: str) -> None:
    with pytest.raises(IdentityError) as caught:
        parse(5790000120321)  # type: ignore[arg-type]
    assert caught.value.code == code


@given(st.sampled_from([parse_sor, parse_gln, parse_cvr]), st.text(max_size=30))
def test_given_any_text_then_a_number_or_a_listed_fault_with_its_fixed_text(
    parse: Parser, value: str
) -> None:
    try:
        parse(value)
    except IdentityError as error:
        assert (error.code, error.message) in FAULTS.items()
        assert error.__context__ is None
