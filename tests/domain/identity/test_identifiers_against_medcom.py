"""Our reading of numbers against the official dk-core invariants and MedCom's own messages."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity.errors import IdentityError
from domain.identity.organisation import parse_gln, parse_sor
from domain.identity.person import PersonIdType, parse_person_id

CPR_SYSTEM = "urn:oid:1.2.208.176.1.2"
X_ECPR_SYSTEM = "urn:oid:1.2.208.176.1.6.1.1"
SOR_SYSTEM = "urn:oid:1.2.208.176.1.1"
GLN_SYSTEM = "https://www.gs1.org/gln"


def invariant_pattern(shared: Path, name: str) -> re.Pattern[str]:
    """The regular expression of a dk-core identifier profile."""
    source = shared / "medcom" / "profiles" / f"StructureDefinition-dk-core-{name}-identifier.json"
    for element in json.loads(source.read_text(encoding="utf-8"))["snapshot"]["element"]:
        for constraint in element.get("constraint", []):
            if constraint["key"] == name:
                found = re.search(r"matches\('(.+)'\)", constraint["expression"])
                assert found is not None
                return re.compile(found[1])
    raise AssertionError("the profile has no such invariant")


def identifiers(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if isinstance(node.get("system"), str) and isinstance(node.get("value"), str):
            yield node["system"], node["value"]
        for child in node.values():
            yield from identifiers(child)
    elif isinstance(node, list):
        for child in node:
            yield from identifiers(child)


@pytest.mark.parametrize(("name", "type"), [("cpr", PersonIdType.CPR), ("x-ecpr", PersonIdType.X_ECPR)])
def test_given_a_number_we_accept_then_dk_core_accepts_it(
    shared: Path, name: str, type: PersonIdType
) -> None:
    pattern = invariant_pattern(shared, name)
    tail = r"[0-9]{4}" if type is PersonIdType.CPR else r"[17][A-Z]{2}[0-9]"

    @settings(suppress_health_check=[HealthCheck.differing_executors], max_examples=300)
    @given(st.from_regex(rf"[0-3][0-9][01][0-9][0-9]{{2}}{tail}", fullmatch=True))
    def check(number: str) -> None:
        try:
            person = parse_person_id(type, number)
        except IdentityError as error:
            day, month = int(number[:2]), int(number[2:4])
            # dk-core knows no leap years; every other date we refuse it refuses too.
            assert pattern.match(number) is None or (day, month) == (29, 2), error.code
        else:
            assert pattern.match(person.value) is not None

    check()


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    born=st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    tail=st.from_regex(r"[056][A-Z]{2}[0-9]", fullmatch=True),
)
def test_given_a_number_of_dk_cores_decentral_form_then_it_is_a_local_number(
    shared: Path, born: date, tail: str
) -> None:
    number = f"{born:%d%m%y}{tail}"
    assert invariant_pattern(shared, "d-ecpr").match(number) is not None
    assert parse_person_id("local", number, issuer="urn:oid:1.2.208.176.1.6.1.3.999").value == number


def test_given_medcoms_own_messages_then_every_number_in_them_is_read(shared: Path) -> None:
    seen: dict[str, int] = {}
    for source in sorted((shared / "medcom" / "examples").glob("*.json")):
        for system, value in identifiers(json.loads(source.read_text(encoding="utf-8"))):
            seen[system] = seen.get(system, 0) + 1
            if system == CPR_SYSTEM:
                assert parse_person_id("cpr", value).value == value
            elif system == X_ECPR_SYSTEM:
                assert parse_person_id("x-ecpr", value).value == value
            elif system == SOR_SYSTEM:
                assert parse_sor(value).value == value
            elif system == GLN_SYSTEM:
                assert parse_gln(value).warnings == ()
    assert all(seen.get(system) for system in (CPR_SYSTEM, X_ECPR_SYSTEM, SOR_SYSTEM, GLN_SYSTEM))
