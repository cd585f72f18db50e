"""Our messages against MedCom's own invariants, evaluated by another engine."""

import json
from collections.abc import Callable

import pytest

from workflows.delivery.medcom.build import NewMessage, build_new_message
from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.message import Patient, PatientIdentifier
from workflows.delivery.medcom.parse import parse_new_message

from . import official_invariants as oracle
from .damages import DAMAGES, Damage
from .medcom_support import Json, encode, ids, official, official_example, own_message, rich_bundle

NOT_OURS = {"bdl-9", "bdl-10", "bdl-11"}  # of document Bundles; ours are messages


def test_the_oracle_knows_the_invariants_it_skips_and_no_others() -> None:
    folder = official(".")
    skipped = {
        (i.key, i.path.rpartition("entry.resource.")[2])
        for i in oracle.invariants(folder)
        if oracle.is_skipped(i)
    }
    assert {key for key, _ in skipped} == {"txt-1", "txt-2", "ele-1", "dom-3", "x-ecpr"}
    assert {path for key, path in skipped if key == "ele-1"} == {"text.div"}
    assert len(oracle.invariants(folder)) > 700


@pytest.mark.parametrize(
    "message",
    [
        own_message(),
        own_message(pdf=None, topic=None),
        own_message(category="regarding-referral", priority="asap"),
        own_message(category="other", topic="Aftale"),
        own_message(patient=Patient(PatientIdentifier("local", "7001014321"), "Prøve", ("Ib",))),
    ],
    ids=["pdf", "text only", "priority", "other", "local number"],
)
def test_a_built_message_holds_every_official_invariant(message: NewMessage) -> None:
    bundle = json.loads(build_new_message(message, new_id=ids()))
    assert oracle.broken(bundle, official(".")) == set()


def test_the_rich_message_holds_every_official_invariant() -> None:
    assert oracle.broken(rich_bundle(), official(".")) == set()


@pytest.mark.parametrize("name", ["Bundle-0d5b3c18", "Bundle-gfd00bc2"])
def test_the_official_examples_hold_them_too(name: str) -> None:
    assert oracle.broken(json.loads(official_example(name)), official(".")) == set()


@pytest.mark.parametrize("damage", [d for d in DAMAGES if d.mend_json], ids=lambda damage: damage.name)
def test_what_the_oracle_rejects_we_refuse(damage: Damage) -> None:
    bundle = rich_bundle()
    damage.apply(bundle)
    broken = oracle.broken(bundle, official(".")) - NOT_OURS
    if broken:
        with pytest.raises(MedComRefused):
            parse_new_message(encode(bundle))


def test_the_oracle_sees_many_of_the_damages() -> None:
    """Else the test above would hold for an oracle that is blind."""
    folder, seen = official("."), set()
    for damage in DAMAGES:
        if damage.mend_json:
            bundle = rich_bundle()
            damage.apply(bundle)
            seen |= oracle.broken(bundle, folder)
    expected = {f"medcom-careCommunication-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15)}
    expected |= {
        "medcom-uuidv4",
        "gln-length",
        "gln-modulus-10",
        "min-digits-sor",
        "cpr",
        "medcom-messaging-2",
    }
    expected |= {"medcom-carecommunication-definition-url", "bdl-7", "bdl-12", "ext-1", "uuidv5"}
    assert expected <= seen


def _codes(change: Callable[[Json], None]) -> set[str]:
    bundle = rich_bundle()
    change(bundle)
    try:
        parse_new_message(encode(bundle))
    except MedComRefused as refused:
        return {issue.code for issue in refused.issues}
    return set()


@pytest.mark.parametrize("damage", [d for d in DAMAGES if d.mend_json], ids=lambda damage: damage.name)
def test_where_both_name_an_invariant_they_name_the_same(damage: Damage) -> None:
    """An official key that we report is one that the oracle finds broken as well."""
    bundle = rich_bundle()
    damage.apply(bundle)
    official_keys = {i.key for i in oracle.invariants(official("."))} - {"txt-1", "txt-2", "x-ecpr", "ele-1", "dom-3"}
    ours = _codes(damage.apply) & official_keys
    stricter = {
        "medcom-carecommunication-definition-url",
        "medcom-uuidv4",  # matches() is not anchored in every engine; ours is
    }
    assert ours - stricter <= oracle.broken(bundle, official("."))
