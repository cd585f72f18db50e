"""A protected address is shown to the authority and the citizen, and to nobody else (CPRL §28)."""

import json
from copy import deepcopy
from typing import Any

import pytest

from domain.document.loader import get_template, read_template, template_files, templates
from domain.document.masking import MASK, Audience, ProtectionNotStated, UnknownAudience, masked
from domain.document.render import plain_text
from domain.document.validate import validate_document
from tests.domain.document.versions import CHECKS, validated

FIRST = get_template("overgangsdokument", 1)
SECOND = get_template("overgangsdokument", 2)
MEDCOM = get_template("medcom-message", 1)
SHOWN = [Audience.AUTHORITY, Audience.CITIZEN]
HIDDEN = [Audience.REPRESENTATIVE, Audience.RELATIVE, Audience.PRIVATE_PROVIDER]
PROTECTED: dict[str, Any] = {
    "stamoplysninger.protected": True,
    "stamoplysninger.address": "Skjulestedet 7, 4700 Næstved",
    "stamoplysninger.folkeregisterkommune": "0306",
    "sociale_forhold.housing_place": "Herberget Skjulestedet",
}
TRACES = ("Skjulestedet", "0306", "Odsherred")


def protected(version: Any = SECOND) -> dict[str, Any]:
    known = {key: value for key, value in PROTECTED.items() if version.field(key)}
    return validated(version, known).as_document()


@pytest.mark.parametrize("audience", SHOWN)
def test_the_authority_and_the_citizen_see_a_protected_address(audience: Audience) -> None:
    document = protected()
    assert masked(document, SECOND, audience) == document
    text = plain_text(document, SECOND, audience=audience)
    assert all(trace in text for trace in TRACES)


@pytest.mark.parametrize("audience", HIDDEN)
@pytest.mark.parametrize("version", [FIRST, SECOND], ids=lambda version: version.label)
def test_nobody_else_sees_a_protected_address(audience: Audience, version: Any) -> None:
    document = protected(version)
    before = deepcopy(document)
    shown = masked(document, version, audience)
    text = plain_text(document, version, audience=audience)
    for trace in TRACES:
        assert trace not in json.dumps(shown, ensure_ascii=False)
        assert trace not in text
    assert shown["sections"]["stamoplysninger"]["address"] == MASK
    assert "Adresse: skjult på grund af navne- og adressebeskyttelse\n" in text
    # And: the rest is there, and the document itself is as it was.
    assert shown["sections"]["stamoplysninger"]["name"] == "Test Testesen"
    assert shown["sections"]["risiko"] == document["sections"]["risiko"]
    assert document == before


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("version", [FIRST, SECOND], ids=lambda version: version.label)
def test_without_protection_nothing_is_masked(audience: Audience, version: Any) -> None:
    document = validated(version).as_document()
    assert masked(document, version, audience) == document
    assert "Adresse: Eksempelvej 1, 4700 Næstved" in plain_text(document, version, audience=audience)


def test_a_flag_that_is_not_there_counts_as_protected() -> None:
    document = validated(SECOND).as_document()
    del document["sections"]["stamoplysninger"]["protected"]
    assert masked(document, SECOND, Audience.RELATIVE)["sections"]["stamoplysninger"]["address"] == MASK


def test_what_is_withheld_stays_withheld_and_says_why() -> None:
    changes = PROTECTED | {"stamoplysninger.address": {"withheld": "citizens-wish"}}
    document = validated(SECOND, changes).as_document()
    text = plain_text(document, SECOND, audience=Audience.RELATIVE)
    assert "Adresse: tilbageholdt: borgerens ønske\n" in text


def test_a_protected_part_of_an_object_or_of_a_lists_items_is_masked_alone() -> None:
    """Given a version whose relatives and agreements have parts that give the address away."""
    content = json.loads(template_files()["overgangsdokument-2.json"])
    for section in content["sections"]:
        for field in section["fields"]:
            for member in field.get("fields", []):
                if member["id"] in ("stamoplysninger.kip.coordinator", "aftaler.agreements.task"):
                    member["address_protected"] = True
    version = read_template(json.dumps(content).encode())
    changes = PROTECTED | {"stamoplysninger.kip": {"date": "2026-05-01", "coordinator": "Skjulestedet"}}
    document = validated(SECOND, changes).as_document()
    document = validate_document(document, version, today=version.in_force_from, checks=CHECKS).as_document()
    shown = masked(document, version, Audience.RELATIVE)["sections"]
    assert shown["stamoplysninger"]["kip"] == {"date": "2026-05-01", "coordinator": MASK}
    assert shown["aftaler"]["agreements"][0] == document["sections"]["aftaler"]["agreements"][0] | {
        "task": MASK
    }
    text = plain_text(document, version, audience=Audience.RELATIVE)
    assert "Koordinator (tovholder): skjult på grund af navne- og adressebeskyttelse" in text


@pytest.mark.parametrize("audience", ["", "press", "Authority", "7001014321"])
def test_an_audience_that_nobody_has_thought_of_is_an_error_without_an_echo(audience: str) -> None:
    document = protected()
    for show in (masked, lambda *asked: plain_text(asked[0], asked[1], audience=asked[2])):
        with pytest.raises(UnknownAudience) as unknown:
            show(document, SECOND, audience)
        assert unknown.value.code == "unknown-audience"
        assert not audience or audience not in str(unknown.value)


@pytest.mark.parametrize("audience", HIDDEN)
def test_where_nobody_has_said_what_is_protected_nothing_is_shown(audience: Audience) -> None:
    """A MedCom message has no flag and may tell the address in its text."""
    document = validated(MEDCOM).as_document()
    with pytest.raises(ProtectionNotStated):
        plain_text(document, MEDCOM, audience=audience)
    for seen in SHOWN:
        assert plain_text(document, MEDCOM, audience=seen)


def test_a_mask_is_never_part_of_a_submitted_document() -> None:
    document = masked(protected(), SECOND, Audience.RELATIVE)
    with pytest.raises(Exception, match="wrong-type"):
        validate_document(document, SECOND, today=SECOND.in_force_from, checks=CHECKS)


def test_every_version_of_the_overgangsdokument_can_be_masked() -> None:
    for (name, _), template in templates().items():
        if name == "overgangsdokument":
            assert masked(validated(template).as_document(), template, Audience.RELATIVE)
