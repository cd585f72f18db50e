"""The moves between forms of treatment, and what follows from them (design 5; law.md 9.2).

The form says whose the substance treatment is: integrated is the region's (SUL §82c), coordinated
and parallel the municipality's (SEL §101, SUL §§141-142), none is nobody's.
"""

from enum import StrEnum


class Form(StrEnum):
    """Form of treatment (behandlingsform). `UNKNOWN` is for imports and MedCom messages only."""

    NONE = "ingen"
    INTEGRATED = "integreret"
    COORDINATED = "koordineret"
    PARALLEL = "parallel"
    UNKNOWN = "ukendt"


class AuthorityKind(StrEnum):
    """The kind of authority that takes part in a handover."""

    REGION = "region"
    MUNICIPALITY = "municipality"


class Direction(StrEnum):
    """Direction of a handover between authorities."""

    TO_MUNICIPALITY = "region-kommune"
    TO_REGION = "kommune-region"
    BETWEEN_MUNICIPALITIES = "kommune-kommune"


class MoveRefused(ValueError):
    """The move cannot go in that direction. `code` is stable; nothing is repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_DIRECTIONS = {
    (AuthorityKind.REGION, AuthorityKind.MUNICIPALITY): Direction.TO_MUNICIPALITY,
    (AuthorityKind.MUNICIPALITY, AuthorityKind.REGION): Direction.TO_REGION,
    (AuthorityKind.MUNICIPALITY, AuthorityKind.MUNICIPALITY): Direction.BETWEEN_MUNICIPALITIES,
}
_RESPONSIBLE = {
    Form.INTEGRATED: AuthorityKind.REGION,
    Form.COORDINATED: AuthorityKind.MUNICIPALITY,
    Form.PARALLEL: AuthorityKind.MUNICIPALITY,
}


def direction_of(sender: AuthorityKind, receiver: AuthorityKind) -> Direction:
    """The direction, from the kinds of authority. Raises MoveRefused from region to region."""
    direction = _DIRECTIONS.get((sender, receiver))
    if direction is None:
        raise MoveRefused("direction-not-supported")
    return direction


def responsible_kind(form: Form) -> AuthorityKind | None:
    """Whose the substance treatment is under this form; None for none and unknown."""
    return _RESPONSIBLE.get(form)


def starts_receivers_clock(move_from: Form, move_to: Form, *, change_of_handlekommune: bool = False) -> bool:
    """Whether the responsible authority changes, so that the receiver's 14 days are at stake."""
    if Form.UNKNOWN in (move_from, move_to):
        return False
    new = responsible_kind(move_to)
    return new is not None and (change_of_handlekommune or new is not responsible_kind(move_from))


def check_move(
    move_from: Form, move_to: Form, direction: Direction, *, change_of_handlekommune: bool = False
) -> None:
    """That the move can go in that direction. Raises MoveRefused.

    A move that takes responsibility from the one kind of authority to the other goes from the
    one to the other. Entry, exit and the moves between coordinated and parallel go either way
    between region and municipality. Only a change of handlekommune goes between municipalities.
    """
    if change_of_handlekommune != (direction is Direction.BETWEEN_MUNICIPALITIES):
        raise MoveRefused("change-of-handlekommune-direction")
    before, after = responsible_kind(move_from), responsible_kind(move_to)
    if before is None or after is None or before is after:
        return
    expected = Direction.TO_MUNICIPALITY if before is AuthorityKind.REGION else Direction.TO_REGION
    if direction is not expected:
        raise MoveRefused("move-against-direction")
