"""The moves between forms of treatment, exhaustively (law.md 9.2)."""

from itertools import product

import pytest

from domain.document.loader import get_template
from domain.document.moves import (
    AuthorityKind,
    Direction,
    Form,
    MoveRefused,
    check_move,
    direction_of,
    responsible_kind,
    starts_receivers_clock,
)

INTEGRATED, COORDINATED, PARALLEL = Form.INTEGRATED, Form.COORDINATED, Form.PARALLEL
FLIPS = {
    (INTEGRATED, COORDINATED): Direction.TO_MUNICIPALITY,
    (INTEGRATED, PARALLEL): Direction.TO_MUNICIPALITY,
    (COORDINATED, INTEGRATED): Direction.TO_REGION,
    (PARALLEL, INTEGRATED): Direction.TO_REGION,
}


def allowed(before: Form, after: Form, direction: Direction, change: bool = False) -> bool:
    try:
        check_move(before, after, direction, change_of_handlekommune=change)
    except MoveRefused:
        return False
    return True


def test_of_the_six_moves_exactly_four_start_the_receivers_clock() -> None:
    forms = (INTEGRATED, COORDINATED, PARALLEL)
    flipping = {move for move in product(forms, forms) if starts_receivers_clock(*move)}
    assert flipping == set(FLIPS)


@pytest.mark.parametrize(("move", "direction"), FLIPS.items())
def test_a_flipping_move_goes_from_the_one_responsible_to_the_next(
    move: tuple[Form, Form], direction: Direction
) -> None:
    assert [way for way in Direction if allowed(*move, way)] == [direction]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (COORDINATED, PARALLEL),
        (PARALLEL, COORDINATED),
        (Form.NONE, INTEGRATED),
        (Form.NONE, PARALLEL),
        (INTEGRATED, Form.NONE),
        (Form.UNKNOWN, Form.UNKNOWN),
    ],
)
def test_other_moves_go_either_way_between_region_and_municipality(before: Form, after: Form) -> None:
    ways = {way for way in Direction if allowed(before, after, way)}
    assert ways == {Direction.TO_MUNICIPALITY, Direction.TO_REGION}


def test_only_a_change_of_handlekommune_goes_between_municipalities() -> None:
    ways = [way for way in Direction if allowed(COORDINATED, COORDINATED, way, change=True)]
    assert ways == [Direction.BETWEEN_MUNICIPALITIES]
    assert starts_receivers_clock(COORDINATED, COORDINATED, change_of_handlekommune=True)


def test_entry_starts_the_receivers_clock_and_exit_does_not() -> None:
    assert starts_receivers_clock(Form.NONE, INTEGRATED)
    assert starts_receivers_clock(Form.NONE, COORDINATED)
    assert not starts_receivers_clock(INTEGRATED, Form.NONE)
    assert not starts_receivers_clock(Form.UNKNOWN, Form.UNKNOWN)


def test_nobody_is_responsible_under_none_or_unknown() -> None:
    assert responsible_kind(Form.NONE) is responsible_kind(Form.UNKNOWN) is None


def test_the_direction_follows_from_the_kinds_of_authority() -> None:
    region, municipality = AuthorityKind.REGION, AuthorityKind.MUNICIPALITY
    assert direction_of(region, municipality) is Direction.TO_MUNICIPALITY
    assert direction_of(municipality, region) is Direction.TO_REGION
    assert direction_of(municipality, municipality) is Direction.BETWEEN_MUNICIPALITIES
    with pytest.raises(MoveRefused, match="direction-not-supported"):
        direction_of(region, region)


def test_the_template_and_the_code_know_the_same_forms_and_directions() -> None:
    template = get_template("overgangsdokument", 1)
    assert [value.code for value in template.values("form")] == [f for f in Form if f is not Form.UNKNOWN]
    assert [value.code for value in template.values("direction")] == list(Direction)
