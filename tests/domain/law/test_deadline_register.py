"""The register of limits as data: whole, in words, and part of the hash that stands in every header."""

import hashlib
import json
import re
from importlib.resources import files

import pytest

from domain.calendar import working_days
from domain.law import loader
from domain.law.deadline_register import deadline_register, deadline_rules, published_limits

REGISTER = deadline_register()


def test_every_rule_of_the_register_in_the_law_stands_once_with_a_single_id(shared):
    section = (shared / "law.md").read_text().split("### 11.4")[1].split("### 11.5")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    ids = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    at = ids.index("KLAGE_STPK2/5")
    ids[at : at + 1] = ["KLAGE_STPK2", "KLAGE_STPK5"]
    assert [rule.id for rule in REGISTER.rules] == ids == list(deadline_rules())


@pytest.mark.parametrize("rule", REGISTER.rules, ids=lambda rule: rule.id)
def test_a_rule_has_a_basis_and_words_for_every_code(rule):
    assert rule.basis
    assert rule.trigger in REGISTER.words.triggers
    assert rule.owner in REGISTER.words.owners
    assert set(rule.on_expiry) <= REGISTER.words.expiries.keys()
    assert rule.length is not None or "length" in rule.parameters
    if rule.operative == "lenient":
        assert rule.owner == "citizen" and rule.counts_days_off


def test_no_word_stands_for_nothing():
    words = REGISTER.words
    assert {rule.trigger for rule in REGISTER.rules} == words.triggers.keys()
    assert {rule.owner for rule in REGISTER.rules} == words.owners.keys()
    assert {code for rule in REGISTER.rules for code in rule.on_expiry} == words.expiries.keys()


def test_nobody_has_published_a_limit_here_yet():
    assert published_limits() == {}


def _data_files(package: str) -> list[str]:
    return sorted(path.name for path in files(package).iterdir() if path.name.endswith(".json"))


def test_the_rules_hash_covers_every_file_of_the_law_and_of_the_calendar():
    law, calendar = "domain.law.data", "domain.calendar.data"
    assert sorted(loader._FILES) == _data_files(law)
    assert _data_files(calendar) == sorted((working_days.HELLIGDAGE, working_days.LENIENT_DAYS))
    whole = b"".join(files(law).joinpath(name).read_bytes() for name in loader._FILES)
    assert loader.rules_hash() == hashlib.sha256(whole + working_days.table_bytes()).hexdigest()


def test_each_file_that_the_rules_hash_covers_is_listed_with_its_own():
    listed = loader.rule_files()
    assert sorted(listed) == sorted([*_data_files("domain.law.data"), *_data_files("domain.calendar.data")])
    raw = files("domain.law.data").joinpath("frister-1.json").read_bytes()
    assert listed["frister-1.json"] == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("package", ["domain.law.data", "domain.calendar.data"])
def test_every_data_file_names_its_version_and_the_day_it_is_valid_from(package):
    for name in _data_files(package):
        data = json.loads(files(package).joinpath(name).read_bytes())
        assert name.endswith(f"-{data['version']}.json")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", data["valid_from"])
