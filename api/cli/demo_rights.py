"""A right kept and a right broken, in the demo: the hearing before an adverse decision (FVL §19)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from api.cli.demo_cast import Cast
from api.cli.demo_client import DemoFailed
from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.law.references import reference

NAESTVED = "0370"
SIGNATURE = {"caseworker": "Kim Larsen", "title": "sagsbehandler", "contact": ["telefon 00 00 00 00"]}
ENDING = {
    "event": "decision-made",
    "legal_basis": "sel:101",
    "kind": "ending",
    "outcome": "refusal",
    "adverse": True,
    "oral": False,
    "reasons_rules": True,
    "reasons_considerations": True,
    "reasons_facts": True,
    "guidance": ["a"],
}
SAID = {
    "subject": "social stofmisbrugsbehandling",
    "decision": "Vi afslutter behandlingen, fordi regionen har overtaget den.",
    "rules": "Serviceloven § 101.",
    "considerations": "Regionen har ansvaret, når en borger er visiteret til integreret behandling.",
    "facts": "Regionen har visiteret dig til integreret behandling.",
}


def keep_and_break(cast: Cast, kept: str, broken: str) -> list[str]:
    """On two handovers to Næstved that were taken over; returns what there is to say of it, in Danish."""
    return [*_kept(cast, kept), *_broken(cast, broken)]


def _kept(cast: Cast, case: str) -> list[str]:
    """Heard first: without it the letter is refused, with her answer it goes."""
    centre, decision, hearing = cast.centre(NAESTVED), str(uuid4()), str(uuid4())
    rights, letters = f"/v1/handovers/{case}/rights", f"/v1/handovers/{case}/letters"
    drafted = {"event": "decision-drafted", "legal_basis": "sel:101", "kind": "ending", "adverse": True}
    centre.post(rights, {**drafted, "decision": decision})
    letter = {
        "right": {**ENDING, "decision": decision},
        "values": SAID,
        "signature": SIGNATURE,
        "way": "in-person",
    }
    refused = centre.refused(letters, letter)
    until = danish_day(datetime.now(UTC)) + timedelta(days=14)
    heard = {
        "right": {
            "event": "hearing-sent",
            "hearing": hearing,
            "decision": decision,
            "assertions": ["behandlingsforloeb.fremmoede"],
            "answer_by": str(until),
        },
        "values": {
            "subject": SAID["subject"],
            "facts": [{"fact": "Tre samtaler blev aflyst.", "source": "ambulatoriet", "weight": "stor"}],
        },
        "signature": SIGNATURE,
        "way": "in-person",
    }
    centre.post(letters, heard)
    answered = {"event": "hearing-answered", "hearing": hearing, "decision": decision, "means": "in-person"}
    centre.post(rights, {**answered, "text": "Jeg var indlagt de dage."})
    centre.post(letters, letter)
    return [f"Uden partshøring bliver brevet ikke sendt: {refused}", *_told(centre, case, "hearing")]


def _broken(cast: Cast, case: str) -> list[str]:
    """A letter on paper that went out unheard: registered afterwards it is never refused, and is found."""
    centre = cast.centre(NAESTVED)
    posted = to_instant(datetime.now(UTC) - timedelta(minutes=1))
    fact = {**ENDING, "decision": str(uuid4()), "outside": True, "occurred_at": posted}
    centre.post(f"/v1/handovers/{case}/rights", fact)
    return _told(centre, case, "hearing")


def _told(centre: Any, case: str, rule: str) -> list[str]:
    verdicts = centre.get(f"/v1/handovers/{case}/rights")["verdicts"]
    found = [one for one in verdicts if one["rule"] == rule]
    if not found:
        raise DemoFailed(f"there is no verdict of {rule}")
    return [_line(one) for one in found]


def _line(verdict: dict[str, Any]) -> str:
    basis = ", ".join(map(reference, verdict["basis"]))
    closing = verdict["closed_by"]
    how = "intet i loggen opfylder den" if closing is None else f"opfyldt ved post {closing}"
    return (
        f"{verdict['name']} ({basis}): {verdict['state_da']}."
        f" Udløst af post {verdict['trigger']} ({verdict['trigger_event']}), {how}."
    )
