"""What a PersonId promises: it never shows its number, and two citizens never share a lookup key."""

import copy
import io
import pickle
import traceback

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.pretty import pretty_repr

from domain.identity.errors import FAULTS, IdentityError, fault
from domain.identity.person import PersonId, PersonIdType, parse_person_id

ISSUER = "urn:oid:1.2.208.176.1.6.1.3.999"
EXAMPLES = [
    parse_person_id("cpr", "7001014321", allow_test_numbers=True),
    parse_person_id("x-ecpr", "0703921VJ4"),
    parse_person_id("local", "UKENDT-17", issuer=ISSUER),
]
nearly_numbers = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[0-9]{6}-?[0-9A-Z]{4}", fullmatch=True),
    st.from_regex(r"[A-Z0-9-]{5,40}", fullmatch=True),
)


def every_text_of(error: BaseException) -> str:
    """All that a logger could write of an error: str, repr, args, traceback with its causes."""
    lines = traceback.format_exception(error)
    chain: BaseException | None = error
    while chain is not None:
        lines += [str(chain), repr(chain), repr(chain.args), repr(vars(chain))]
        chain = chain.__cause__ or chain.__context__
    return "\n".join(lines)


@given(
    type=st.sampled_from([*PersonIdType, "passport"]),
    value=nearly_numbers,
    issuer=st.none() | st.just(ISSUER) | nearly_numbers,
    allow=st.booleans(),
)
def test_given_any_input_then_an_identity_or_a_listed_fault_with_its_fixed_text(
    type: str, value: str, issuer: str | None, allow: bool
) -> None:
    try:
        person = parse_person_id(type, value, issuer=issuer, allow_test_numbers=allow)
    except IdentityError as error:
        # The text is a constant of the code, so it cannot hold any part of the input.
        assert (error.code, error.message) in FAULTS.items()
        assert error.args == (error.code, error.message)
        assert error.__cause__ is None
        assert error.__context__ is None
    else:
        assert repr(person) == str(person) == f"{person}" == f"PersonId({type}, ***)"
        assert parse_person_id(type, person.value, issuer=person.issuer, allow_test_numbers=allow) == person


@given(digits=st.from_regex(r"[4-9][0-9]{5}-?[0-9]{4}", fullmatch=True), type=st.sampled_from(PersonIdType))
def test_given_a_refused_number_then_no_text_of_the_error_holds_it(digits: str, type: PersonIdType) -> None:
    try:
        parse_person_id(type, digits, issuer=digits)
    except IdentityError as error:
        text = every_text_of(error)
        assert digits not in text
        assert digits.replace("-", "") not in text
        assert digits[:6] not in text
    else:
        # 400101 to 990101 as local with itself as issuer: both are outside the CPR form.
        assert type is PersonIdType.LOCAL


@pytest.mark.parametrize("person", EXAMPLES, ids=lambda person: person.type.value)
def test_given_an_identity_then_nothing_that_prints_shows_its_number(person: PersonId) -> None:
    console = Console(file=io.StringIO(), record=True, width=200)
    console.print(person, [person])
    shown = [
        repr(person), str(person), f"{person}", f"{person!r}", "%s" % person, repr([person]),  # noqa: UP031
        repr({"who": person}), pretty_repr(person), console.export_text(),
    ]  # fmt: skip
    assert all(person.value not in text for text in shown)
    assert all(ISSUER not in text for text in shown)
    assert repr(person) == f"PersonId({person.type.value}, ***)"


@pytest.mark.parametrize("person", EXAMPLES, ids=lambda person: person.type.value)
def test_given_an_identity_in_a_sealed_body_then_it_is_read_back_as_the_same(person: PersonId) -> None:
    stored = msgspec.json.encode(person)
    assert msgspec.json.decode(stored, type=PersonId) == person
    assert copy.deepcopy(person) == person
    assert hash(copy.copy(person)) == hash(person)


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ({"type": "cpr", "value": "700101-4321"}, "cpr-format"),
        ({"type": "cpr", "value": "0013014321"}, "cpr-date"),
        ({"type": "cpr", "value": "7001014321", "issuer": ISSUER}, "issuer-not-allowed"),
        ({"type": "x-ecpr", "value": "0703921vj4"}, "x-ecpr-format"),
        ({"type": "x-ecpr", "value": "3002921VJ4"}, "x-ecpr-date"),
        ({"type": "local", "value": "A-1"}, "issuer-missing"),
        ({"type": "local", "value": "a-1", "issuer": ISSUER}, "local-format"),
        ({"type": "local", "value": "A-1", "issuer": ISSUER.upper()}, "issuer-format"),
    ],
)
def test_given_a_number_not_in_canonical_form_then_no_identity_is_built(
    stored: dict[str, str], code: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(stored, PersonId)
    assert code in str(caught.value)
    assert stored["value"] not in str(caught.value)


def test_given_an_identity_then_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        EXAMPLES[0].value = "7001014322"  # type: ignore[misc]


def test_lookup_keys_are_fixed_for_ever() -> None:
    assert [person.lookup_key() for person in EXAMPLES] == [
        "cpr:7001014321",
        "x-ecpr:0703921VJ4",
        f"local:{ISSUER}:UKENDT-17",
    ]


issuers = st.from_regex(r"[a-z0-9][a-z0-9.:-]{0,12}", fullmatch=True)
locals_ = st.from_regex(r"[A-Z0-9-]{0,4}[A-Z0-9]", fullmatch=True)


@given(first=st.tuples(issuers, locals_), second=st.tuples(issuers, locals_))
def test_given_two_local_numbers_then_one_lookup_key_only_if_issuer_and_number_are_the_same(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    persons = [parse_person_id("local", number, issuer=issuer) for issuer, number in (first, second)]
    assert (persons[0].lookup_key() == persons[1].lookup_key()) is (first == second)


def test_given_the_same_digits_as_cpr_and_as_local_number_then_two_identities() -> None:
    local = parse_person_id("local", "7001014321", issuer=ISSUER)
    assert local != EXAMPLES[0]
    assert local.lookup_key() != EXAMPLES[0].lookup_key()


@pytest.mark.parametrize("type", ["", "CPR", "ecpr", "d-ecpr"])
def test_given_an_unknown_type_then_id_type(type: str) -> None:
    with pytest.raises(IdentityError) as caught:
        parse_person_id(type, "7001014321")
    assert caught.value.code == "id-type"


@pytest.mark.parametrize("type", list(PersonIdType))
def test_given_a_json_number_for_a_number_then_a_format_fault(type: PersonIdType) -> None:
    with pytest.raises(IdentityError) as caught:
        parse_person_id(type, 7001014321, issuer=ISSUER)  # type: ignore[arg-type]
    assert caught.value.code == f"{type.value}-format"


@pytest.mark.parametrize("code", list(FAULTS))
def test_given_an_error_then_it_survives_being_passed_between_processes(code: str) -> None:
    again = pickle.loads(pickle.dumps(fault(code)))
    assert (again.code, again.message, str(again)) == (code, FAULTS[code], f"{code}: {FAULTS[code]}")
