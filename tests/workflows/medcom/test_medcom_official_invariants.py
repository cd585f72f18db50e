"""Our messages against MedCom's own invariants, evaluated by another engine."""

import json
from collections.abc import Callable
from functools import cache

import pytest

from workflows.delivery.medcom.build import NewMessage, build_new_message
from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.message import Patient, PatientIdentifier
from workflows.delivery.medcom.parse import parse_new_message

from . import official_invariants as oracle
from .damages import DAMAGES
from .damaging import Damage
from .medcom_support import Json, encode, ids, official, official_example, own_message, rich_bundle

ELSEWHERE = {
    "bdl-5": "an entry without a resource is refused as `required`",
    "bdl-9": "of document Bundles",
    "bdl-10": "of document Bundles",
    "bdl-11": "of document Bundles",
    "org-1": "an organisation without a SOR-id is refused as `required`",
    "dk-core-organization-mandatory-identifier": "an organisation without a SOR-id is refused as `required`",
}
"""Official invariants that no code of ours names -> why."""


@cache
def verdict(name: str) -> frozenset[str]:
    """What the oracle finds broken after the damage of this name."""
    bundle = rich_bundle()
    next(damage for damage in DAMAGES if damage.name == name).apply(bundle)
    return frozenset(oracle.broken(bundle, official(".")))


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


def test_every_official_invariant_is_ours_or_listed() -> None:
    keys = {invariant.key for invariant in oracle.invariants(official("."))}
    assert keys - {damage.code for damage in DAMAGES} == ELSEWHERE.keys()


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
    if verdict(damage.name):
        assert _codes(damage.apply)


def test_the_oracle_sees_many_of_the_damages() -> None:
    """Else the test above would hold for an oracle that is blind."""
    seen = set().union(*(verdict(damage.name) for damage in DAMAGES if damage.mend_json))
    expected = {f"medcom-careCommunication-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15)}
    expected |= {
        "medcom-uuidv4",
        "gln-length",
        "gln-modulus-10",
        "min-digits-sor",
        "cpr",
        "medcom-messaging-2",
    }
    expected |= {
        "medcom-carecommunication-definition-url",
        "bdl-7",
        "bdl-12",
        "ext-1",
        "uuidv5",
        "CVR-modulus-11",
    }
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
    official_keys = {i.key for i in oracle.invariants(official("."))} - {
        "txt-1",
        "txt-2",
        "x-ecpr",
        "ele-1",
        "dom-3",
    }
    ours = _codes(damage.apply) & official_keys
    stricter = {
        "medcom-carecommunication-definition-url",
        "medcom-uuidv4",  # matches() is not anchored in every engine; ours is
    }
    assert ours - stricter <= verdict(damage.name)
