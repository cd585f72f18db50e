"""A citizen, and whoever represents her, as they come over HTTP; and what an authority registers for them."""

from typing import Any
from uuid import uuid4

from tests.api.http.handover import Case
from tests.api.http.running import Caller
from tests.api.http.town import TOWN, Town, ok

WORDS = "Kun til myndigheden: jeg er bange for at flytte."
"""What she writes; it must come out nowhere but where somebody reads it."""


def citizen_of(town: Town, *cases: Case) -> Caller:
    """Somebody whose token opens these cases."""
    return town.server.own("citizen", [one.id for one in cases])


def representative_of(town: Town, case: Case, representative: str, scope: str = "whole-case") -> Caller:
    """Somebody who acts for her by an appointment."""
    return town.server.own("representative", [case.id], representative=representative, representation=scope)


def path(case: Case) -> str:
    """Where she finds her case."""
    return f"/v1/citizens/handovers/{case.id}"


def shown(who: Caller, case: Case) -> dict[str, Any]:
    """Her own view."""
    found: dict[str, Any] = ok(who.get(path(case)), 200).json()
    return found


def does(who: Caller, case: Case, event: str, authority: str = TOWN, **stated: Any) -> dict[str, Any]:
    """She does something herself."""
    body = {"event": event, "authority": authority, **stated}
    done: dict[str, Any] = ok(who.post(f"{path(case)}/acts", body), 201).json()
    return done


def registers(who: Caller, case: Case, event: str, **stated: Any) -> None:
    """Staff do something about a right, or register it."""
    ok(who.post(f"{case.path}/rights", {"event": event, **stated}), 201)


def lane(who: Caller, case: Case) -> list[dict[str, Any]]:
    """An authority's own lane."""
    found: list[dict[str, Any]] = ok(who.get(f"{case.path}/rights"), 200).json()["events"]
    return found


def appointed(who: Caller, case: Case, scope: str = "whole-case", **stated: Any) -> str:
    """The authority has registered that somebody acts for her; returns the appointment."""
    representative = str(uuid4())
    registers(
        who,
        case,
        "representative-appointed",
        representative=representative,
        scope=scope,
        letters=False,
        proof="written-authority",
        **stated,
    )
    return representative
