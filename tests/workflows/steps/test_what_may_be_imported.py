"""Which running case may be imported: what a row is refused for, and what the replay finds of a wrong one."""

from datetime import UTC, date, datetime

import pytest

from audit.replay.replay import replay_handover
from domain.handover import step_commands as s
from domain.register import commands as c
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    EAST,
    MUNICIPALITY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    OTHER_REGION,
    REGION,
    SERVING,
    secretariat,
)
from tests.journeys.checks import check_all
from tests.journeys.keeping import NEW_YEAR
from tests.journeys.papers import cpr, document
from tests.journeys.reaching import READER, WRITER
from tests.journeys.stepping import running
from workflows.handlers import successions
from workflows.handlers.imports import EARLIEST, import_fault
from workflows.ports.log import RegisterClash

FITS = "move-fits-parties"
TO_THE_REGION = {
    "sender_authority": MUNICIPALITY,
    "sender_unit": CENTRE,
    "receiver_authority": REGION,
    "receiver_unit": AMBULATORY,
}
BETWEEN = {
    "sender_authority": MUNICIPALITY,
    "sender_unit": CENTRE,
    "receiver_authority": OTHER_MUNICIPALITY,
    "receiver_unit": SERVING[OTHER_MUNICIPALITY],
    "acting_municipality": OTHER_MUNICIPALITY,
}


def _move(before, after):
    return {"move_from": before, "move_to": after}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"sender_authority": "9999"}, ("sender_authority", "not-in-register")),
        ({"receiver_authority": "0329"}, ("receiver_authority", "not-in-register")),
        ({"receiver_unit": "findes-ikke"}, ("receiver_unit", "not-in-register")),
        ({"sender_unit": CENTRE}, ("sender_unit", "not-in-register")),
        (
            {"receiver_authority": REGION, "receiver_unit": AMBULATORY},
            ("receiver_authority", "receiver-is-sender"),
        ),
        (_move("intensiv", "koordineret"), ("move_from", "unknown-code")),
        (_move("integreret", ""), ("move_to", "unknown-code")),
        ({"claimed": "perhaps"}, ("claimed", "unknown-code")),
        ({"acting_municipality": "1085"}, ("handlekommune", "unknown-code")),
        ({"began_on": date(2026, 11, 24)}, ("began_on", "in-the-future")),
        ({"began_on": date.max}, ("began_on", "in-the-future")),
        ({"began_on": date.min}, ("began_on", "too-early")),
        ({"began_on": date(2006, 12, 31)}, ("began_on", "too-early")),
        # Against the direction.
        (_move("koordineret", "integreret"), ("move_to", FITS)),
        (TO_THE_REGION | _move("integreret", "koordineret"), ("move_to", FITS)),
        (BETWEEN | _move("integreret", "koordineret"), ("move_to", FITS)),
        # No move at all.
        (_move("parallel", "parallel"), ("move_to", "no-move")),
        (_move("ingen", "ingen"), ("move_to", "no-move")),
        (TO_THE_REGION | _move("integreret", "integreret"), ("move_to", "no-move")),
        # Who acts is the municipality that takes part.
        (
            {"acting_municipality": OTHER_MUNICIPALITY},
            ("handlekommune", "not-the-municipality-of-the-case"),
        ),
        (
            TO_THE_REGION | _move("koordineret", "integreret") | {"acting_municipality": OTHER_MUNICIPALITY},
            ("handlekommune", "not-the-municipality-of-the-case"),
        ),
        (
            BETWEEN | _move("koordineret", "koordineret") | {"acting_municipality": MUNICIPALITY},
            ("handlekommune", "not-the-municipality-of-the-case"),
        ),
    ],
)
def test_a_row_with_a_fault_is_named_by_column_and_code(scene, fields, fault):
    assert import_fault(scene.house.services, running(**fields)) == fault


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"acting_municipality": None},
        {"began_on": EARLIEST},
        {"began_on": date(2026, 11, 23)},
        _move("ukendt", "koordineret"),
        _move("koordineret", "ukendt"),
        _move("ukendt", "ukendt"),
        _move("ingen", "integreret"),
        TO_THE_REGION | _move("koordineret", "integreret"),
        BETWEEN | _move("koordineret", "koordineret"),
        BETWEEN | _move("ingen", "ingen"),
    ],
)
def test_a_row_that_has_none_is_imported_and_keeps_to_the_workflow(sqlite_scene, fields):
    house = sqlite_scene.house
    assert import_fault(house.services, running(**fields)) is None
    handover = house.import_running(**fields)
    assert replay_handover(house.log, handover).conformance.breaches == ()
    check_all(house)


@pytest.mark.parametrize("move", [_move("ingen", "integreret"), _move("ukendt", "ukendt")])
def test_nothing_is_imported_from_region_to_region(sqlite_scene, move):
    house = sqlite_scene.house
    house.authority(OTHER_REGION)
    house.mailbox(OTHER_REGION)
    to = {"receiver_authority": OTHER_REGION, "receiver_unit": SERVING[OTHER_REGION]}
    fault = import_fault(house.services, running(**to, **move, acting_municipality=None))
    assert fault == ("receiver_authority", FITS)


def test_the_oldest_case_goes_on_like_any_other(sqlite_scene):
    """Its day is before the table of helligdage: no limit is counted from it."""
    house = sqlite_scene.house
    handover = house.import_running(began_on=EARLIEST)
    house.complete(WRITER, handover, document())
    house.take(READER, handover, s.ConfirmImport)
    assert house.state(handover).status == "taken_over"
    check_all(house)


@pytest.mark.parametrize("fields", [{"claimed": "acknowledged"}, _move("ukendt", "koordineret")])
def test_the_same_case_from_another_row_is_no_second_case(scene, fields):
    house = scene.house
    house.import_running(cpr(5))
    claims = [claim for (claim,) in house.database.fetch("SELECT claim FROM claim", ())]
    assert any(claim.startswith("imported-case:") for claim in claims)
    assert cpr(5) not in str(claims), "a fingerprint under the vault's key"
    again = running(cpr(5), **fields)
    assert import_fault(house.services, again) == ("person_id", "imported-with-other-content")
    with pytest.raises(RegisterClash):
        house.import_running(cpr(5), **fields)
    assert import_fault(house.services, running(cpr(6), **fields)) is None
    assert import_fault(house.services, running(cpr(5), began_on=date(2026, 9, 2))) is None


def test_a_wrong_import_that_no_guard_stopped_is_found_by_the_replay(sqlite_scene):
    house = sqlite_scene.house
    handover = house.import_running(**_move("koordineret", "integreret"))
    conformance = replay_handover(house.log, handover).conformance
    assert [(one.event, one.condition) for one in conformance.breaches] == [("handover-imported", FITS)]


@pytest.fixture
def succession(sqlite_scene):
    """Let somebody be succeeded at new year."""
    house = sqlite_scene.house

    def hold(authority, unit, successor_authority, successor_unit):
        propose = c.ProposeSuccession(
            authority=authority,
            unit=unit,
            successor_authority=successor_authority,
            successor_unit=successor_unit,
            valid_from=NEW_YEAR,
            basis="ovl-2026",
        )
        by = house.as_(secretariat())
        proposal = successions.propose_succession(house.services, by, propose).resource
        confirm = c.ConfirmSuccession(authority=authority, proposal=proposal)
        successions.confirm_succession(house.services, house.as_(secretariat()), confirm)

    house.authority(EAST)
    house.unit(EAST, "amb-oest")
    return house, hold


@pytest.mark.parametrize(
    ("succeeded", "fields", "column"),
    [
        ((REGION, None, EAST, None), {}, "sender_authority"),
        ((REGION, AMBULATORY, EAST, "amb-oest"), {}, "sender_unit"),
        ((MUNICIPALITY, CENTRE, MUNICIPALITY, OTHER_CENTRE), {}, "receiver_unit"),
        (
            (REGION, None, EAST, None),
            TO_THE_REGION | _move("koordineret", "integreret"),
            "receiver_authority",
        ),
    ],
)
def test_a_case_is_not_stranded_with_whoever_was_succeeded(succession, succeeded, fields, column):
    house, hold = succession
    hold(*succeeded)
    assert import_fault(house.services, running(**fields)) is None, "until new year"
    house.clock.set(datetime(2027, 1, 1, 8, 0, tzinfo=UTC))
    assert import_fault(house.services, running(**fields)) == (column, "succeeded")
