"""A small register and the people in it: Næstved and Region Sjælland, all invented or impossible."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pikepdf

from domain.calendar.working_days import danish_day
from domain.document.example import example_document
from domain.document.loader import template_on
from domain.events.instant import to_instant
from tests.api.http.running import Caller, Running

SECRETARIAT = "0000"
REGION = "1085"
TOWN = "0370"
AMBULATORY = "ambulatorium-naestved"
CENTRE = "rusmiddelcenter-naestved"
SOR = {AMBULATORY: "265161000016000", CENTRE: "953741000016009"}
GLN = {AMBULATORY: "5790000209354", CENTRE: "5790001348120"}
FROM = "2025-01-01T00:00:00.000000Z"
DUTY_TELEPHONE = "55667788"
"""On which the town's centre is called, as in the API's example."""


@dataclass
class Town:
    """The registered town and one person of each role."""

    server: Running
    registrar: Caller
    colleague: Caller
    """Another registrar, who confirms what the first has entered."""
    clinician: Caller
    clinic_leader: Caller
    caseworker: Caller
    leader: Caller
    mailbox: str
    ambulatory_mailbox: str


def found(server: Running) -> Town:
    """Register both authorities, a unit and a main mailbox each, and give everybody a token."""
    return town_of(server, *register(server))


def register(server: Running) -> tuple[str, str]:
    """Both authorities with a unit and a main mailbox each; returns the mailboxes, the town's first."""
    registrar, colleague = (server.caller("registrar", SECRETARIAT) for _ in range(2))
    for code, name in ((REGION, "Region Sjælland"), (TOWN, "Næstved Kommune")):
        ok(registrar.post("/v1/authorities", {"authority": code, "name": name}), 201)
    for code, unit, kind in ((REGION, AMBULATORY, "ambulatory"), (TOWN, CENTRE, "municipal-centre")):
        entry = {"unit": unit, "kind": kind, "name": unit.capitalize(), "sor": SOR[unit], "gln": GLN[unit]}
        ok(registrar.post(f"/v1/authorities/{code}/units", entry), 201)
    mailbox = main_mailbox(registrar, colleague, TOWN, entry_of(CENTRE, telephone=DUTY_TELEPHONE))
    return mailbox, main_mailbox(registrar, colleague, REGION, entry_of(AMBULATORY, unit=AMBULATORY))


def town_of(server: Running, mailbox: str, ambulatory_mailbox: str) -> Town:
    """The people of a town that stands in the register."""
    registrar, colleague = (server.caller("registrar", SECRETARIAT) for _ in range(2))
    clinic = {"unit": AMBULATORY, "sor": SOR[AMBULATORY], "gln": GLN[AMBULATORY]}
    return Town(
        server=server,
        registrar=registrar,
        colleague=colleague,
        clinician=server.caller("clinician", REGION, **clinic),
        clinic_leader=server.caller("leader", REGION, unit=AMBULATORY),
        caseworker=server.caller("caseworker", TOWN, unit=CENTRE, sor=SOR[CENTRE], gln=GLN[CENTRE]),
        leader=server.caller("leader", TOWN, unit=CENTRE),
        mailbox=mailbox,
        ambulatory_mailbox=ambulatory_mailbox,
    )


@dataclass
class Neighbour:
    """Another municipality with a centre and a main mailbox."""

    authority: str
    unit: str
    mailbox: str
    caseworker: Caller
    leader: Caller


def neighbour_of(town: Town, authority: str, name: str) -> Neighbour:
    """Register another municipality."""
    unit = f"rusmiddelcenter-{name}"
    ok(town.registrar.post("/v1/authorities", {"authority": authority, "name": f"Kommunen {name}"}), 201)
    another_unit(town, authority, unit)
    mailbox = main_mailbox(town.registrar, town.colleague, authority, entry_of(unit))
    caseworker, leader = (town.server.caller(role, authority, unit=unit) for role in ("caseworker", "leader"))
    return Neighbour(authority, unit, mailbox, caseworker, leader)


def another_unit(town: Town, authority: str, unit: str) -> None:
    """Register a unit more of an authority."""
    entry = {"unit": unit, "kind": "municipal-centre", "name": unit.capitalize()}
    ok(town.registrar.post(f"/v1/authorities/{authority}/units", entry), 201)


CONFIRMATION = {"evidence": "letter", "evidence_on": "2025-01-02"}
PROCESSING_TIME = {
    "legal_basis": "sel:101",
    "length": 4,
    "unit": "weeks",
    "valid_from": "2025-01-02",
    "source": "municipal-website",
}


def entry_of(served_by: str, **more: Any) -> dict[str, Any]:
    """A main mailbox as it is proposed."""
    address = f"hovedpostkasse@{served_by}.example"
    return {
        "served_by": served_by,
        "channels": [{"channel": "overgang-mailbox", "address": address}],
        "receiver_kind": "mixed",
        "owner": served_by,
        "valid_from": FROM,
        **more,
    }


def main_mailbox(registrar: Caller, colleague: Caller, authority: str, entry: dict[str, Any]) -> str:
    """One proposes a main mailbox and the other confirms it; returns its id."""
    proposed = ok(registrar.post(f"/v1/authorities/{authority}/mailboxes", entry), 201)
    mailbox: str = proposed.json()["id"]
    path = f"/v1/mailboxes/{mailbox}/confirmation"
    ok(colleague.act(path, proposed.headers["ETag"], CONFIRMATION), 201)
    return mailbox


def ok(answer: httpx2.Response, status: int) -> httpx2.Response:
    """The answer, which must have this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:2000]}"
    return answer


def refused(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, which must have this status and code."""
    ok(answer, status)
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code, problem
    return problem


def today() -> date:
    """The day in Denmark."""
    return danish_day(datetime.now(UTC))


def ago(**time: float) -> str:
    """The instant so long ago, as the API takes it: `ago(days=2)`."""
    return to_instant(datetime.now(UTC) - timedelta(**time))


def document(**fields: Any) -> dict[str, Any]:
    """The example of the template in force, as of today, for a citizen whose handlekommune is the town.

    Fields are changed as `section__field`; without a section they are of the stamoplysninger.
    """
    made = example_document(template_on("overgangsdokument", today()), today=today())
    made["sections"]["stamoplysninger"]["handlekommune"] = TOWN
    for place, value in fields.items():
        section, _, name = place.rpartition("__")
        made["sections"][section or "stamoplysninger"][name] = value
    return made


def on_paper(days_ago: int) -> dict[str, Any]:
    """Fields of a document that was first written on paper."""
    written = today() - timedelta(days_ago)
    return {"afslutning__on_paper": True, "afslutning__paper_written_on": str(written)}


def submission(
    sender: tuple[str, str] = (REGION, AMBULATORY), made: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A submission by a unit; from the ambulatory unless another is given."""
    to_region = {"overgang__move_from": "koordineret", "overgang__move_to": "integreret"}
    if made is None:
        made = document() if sender[0] == REGION else document(**to_region)
    return {
        "sender": {"authority": sender[0], "unit": sender[1]},
        "document": made,
        **more,
    }


def pdf() -> bytes:
    """An ordinary PDF of one page."""
    file = io.BytesIO()
    with pikepdf.Pdf.new() as made:
        made.add_blank_page()
        made.save(file)
    return file.getvalue()
