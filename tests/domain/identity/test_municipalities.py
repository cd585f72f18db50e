"""The data file of the 98 municipalities (law.md 10.1, 10.3)."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from domain.identity.errors import IdentityError
from domain.identity.municipality import (
    kkr_sjaelland,
    municipalities,
    municipality,
    municipality_file,
)


def test_given_the_file_then_98_municipalities() -> None:
    entries = municipalities()
    assert len(entries) == 98 == municipality_file().rows
    assert list(entries) == sorted(entries)
    assert all(code == entry.code for code, entry in entries.items())
    assert len({entry.region for entry in entries.values()}) == 5
    assert all(entry.population > 0 for entry in entries.values())
    assert len({entry.name for entry in entries.values()}) == 98


def test_given_kkr_sjaelland_then_its_17_with_the_published_total_of_inhabitants() -> None:
    seventeen = kkr_sjaelland()
    assert [entry.code for entry in seventeen] == [
        "0253", "0259", "0265", "0269", "0306", "0316", "0320", "0326", "0329",
        "0330", "0336", "0340", "0350", "0360", "0370", "0376", "0390",
    ]  # fmt: skip
    assert {entry.population_date for entry in seventeen} == {date(2023, 1, 1)}
    assert sum(entry.population for entry in seventeen) == 849_857


def test_given_kkr_sjaelland_then_two_health_councils_of_nine_and_eight() -> None:
    members: dict[str | None, int] = {}
    inhabitants: dict[str | None, int] = {}
    for entry in kkr_sjaelland():
        council = entry.health_council_from_2027
        members[council] = members.get(council, 0) + 1
        inhabitants[council] = inhabitants.get(council, 0) + entry.population
    assert members == {"Østsjælland og øerne": 9, "Midt- og Vestsjælland": 8}
    assert inhabitants == {"Østsjælland og øerne": 435_256, "Midt- og Vestsjælland": 414_601}


def test_given_an_approximate_population_then_it_says_so() -> None:
    for entry in municipalities().values():
        assert entry.population_is_approximate is entry.population_source.startswith("approximate")


def test_given_the_files_validity_then_the_regions_end_before_region_oestdanmark() -> None:
    about = municipality_file()
    assert about.valid_from < about.regions_valid_until < date(2027, 1, 1)
    assert {"code", "region", "health_council_from_2027", "population"} <= about.sources.keys()


def test_given_a_code_then_its_municipality() -> None:
    assert municipality("0376").name == "Guldborgsund"
    assert municipality("0461").name == "Odense"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", "municipality-format"),
        ("253", "municipality-format"),
        ("0253 ", "municipality-format"),
        ("025\u0663", "municipality-format"),
        ("0999", "municipality-unknown"),
        ("1085", "municipality-unknown"),
        ("0411", "municipality-christiansoe"),
    ],
)
def test_given_a_code_of_no_municipality_then_the_fault_is_named(code: str, fault: str) -> None:
    with pytest.raises(IdentityError) as caught:
        municipality(code)
    assert caught.value.code == fault


def test_given_the_loaded_municipalities_then_nobody_can_change_them() -> None:
    with pytest.raises(TypeError):
        municipalities()["0411"] = municipality("0400")  # type: ignore[index]


def test_given_the_reference_table_then_the_packaged_file_states_the_same_facts(shared: Path) -> None:
    text = (shared / "data" / "municipalities.csv").read_text(encoding="utf-8")
    reference = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    assert reference.keys() == municipalities().keys()
    for code, entry in municipalities().items():
        assert reference[code] == {
            "code": code,
            "name": entry.name,
            "region": entry.region,
            "health_council_from_2027": entry.health_council_from_2027 or "",
            "population": str(entry.population),
            "population_date": entry.population_date.isoformat() if entry.population_date else "",
            "population_source": entry.population_source,
        }


def test_given_hl7_denmarks_code_system_then_only_christiansoe_is_in_it_and_not_with_us(shared: Path) -> None:
    source = shared / "medcom" / "terminology" / "CodeSystem-dk-core-municipality-codes.json"
    concepts = json.loads(source.read_text(encoding="utf-8"))["concept"]
    theirs = {concept["code"]: concept["display"] for concept in concepts}
    ours = {code: entry.name for code, entry in municipalities().items()}
    assert {code: theirs[code] for code in theirs.keys() - ours.keys()} == {"0411": "Christiansø"}
    assert {code: theirs[code] for code in ours} == ours
