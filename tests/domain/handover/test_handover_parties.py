"""Who hands over to whom."""

from datetime import date

import pytest

from domain.events.refusal import Refused
from domain.handover.parties import direction, kind_of, receiving_authority
from domain.identity.municipality import municipalities
from domain.identity.region import regions

BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


def test_municipalities_and_regions_have_a_kind():
    assert {kind_of(code) for code in municipalities()} == {"municipality"}
    assert {kind_of(code) for code in regions()} == {"region"}
    assert kind_of("0000") is None
    assert kind_of("9999") is None


@pytest.mark.parametrize(
    ("sender", "acting", "unit_of", "receiver"),
    [
        ("1085", "0370", None, "0370"),
        ("1085", "0101", None, "0101"),
        ("0370", "0370", None, "1085"),
        ("0370", "0330", None, "0330"),
        ("0101", "0101", None, "1084"),
        ("0370", "0370", "1084", "1084"),
        ("1085", "0370", "0330", "0330"),
    ],
    ids=[
        "a region to the municipality that acts",
        "also outside its own",
        "a municipality that acts to its region",
        "one that no longer acts to the one that does",
        "Copenhagen to its own region",
        "a named unit decides, whatever its region",
        "a named unit decides, whatever the municipality",
    ],
)
def test_the_receiving_authority(sender, acting, unit_of, receiver):
    assert receiving_authority(sender, acting, unit_of, BEFORE) == receiver


@pytest.mark.parametrize("sender", ["0370", "0101"])
def test_from_2027_a_municipality_of_the_two_regions_hands_over_to_the_new_one(sender):
    assert receiving_authority(sender, sender, None, AFTER) == "1099"


@pytest.mark.parametrize(("sender", "unit_of"), [("1085", "1085"), ("0370", "0370")])
def test_nobody_hands_over_to_herself(sender, unit_of):
    with pytest.raises(Refused) as refused:
        receiving_authority(sender, "0370", unit_of, BEFORE)
    assert refused.value.code == "receiver-is-sender"


def test_the_direction_names_the_kinds_of_both():
    assert direction("1085", "0370") == "region-to-municipality"
    assert direction("0370", "1085") == "municipality-to-region"
    assert direction("0370", "0330") == "municipality-to-municipality"
    assert direction("1085", "1084") == "region-to-region"
    assert direction("1085", None) == direction("1085", "0000") == "unknown"
