"""Who takes part in the demo: fictitious mailboxes, units with made-up SOR and GLN, citizens."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from stdnum import verhoeff

from api.cli.demo_client import WAIT_SECONDS, DemoFailed, Server, Session
from domain.calendar.working_days import danish_day
from domain.document.example import example_document
from domain.document.loader import template_on
from domain.events.instant import to_instant
from domain.identity.municipality import Municipality, kkr_sjaelland, municipalities
from workflows.delivery.medcom.build import TEST_PATIENT, NewMessage, Writer, build_new_message
from workflows.delivery.medcom.message import Organisation

REGION = "1085"
LATE = "0350"
"""The municipality that names its main mailbox late."""


class Ambulatory(NamedTuple):
    """An ambulatory of the region."""

    unit: str
    name: str
    number: int


AMBULATORIES = (
    Ambulatory("ambulatorium-slagelse", "Psykiatrisk Ambulatorium Slagelse", 1),
    Ambulatory("ambulatorium-roskilde", "Psykiatrisk Ambulatorium Roskilde", 2),
    Ambulatory("ambulatorium-vordingborg", "Psykiatrisk Ambulatorium Vordingborg", 3),
)
TELEPHONE = "55667788"
"""Of every main mailbox of the demo, as in the API's example."""
MOVES = (("integreret", "koordineret"), ("integreret", "parallel"), ("ingen", "koordineret"))


def sor(number: int) -> str:
    """A made-up SOR code in the Danish SNOMED namespace, with its Verhoeff digit."""
    body = f"{9990000 + number}100001600"
    return body + verhoeff.calc_check_digit(body)


def gln(number: int) -> str:
    """A made-up GLN with its GS1 check digit."""
    body = f"579099{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


def citizen_number(number: int) -> str:
    """An impossible CPR number: the day is raised by 60."""
    born = date(1970, 1, 1) + timedelta(days=37 * number)
    return f"{born.day + 60:02d}{born.month:02d}{born.year % 100:02d}4{number:03d}"


class Cast:
    """The demo's callers and what they have registered."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._registrar = server.session(role="registrar", authority="0000")
        self._colleague = server.session(role="registrar", authority="0000")
        self.municipalities: list[Municipality] = sorted(kkr_sjaelland(), key=lambda one: one.code)
        self.mailboxes: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._registrar.post("/v1/authorities", {"authority": REGION, "name": "Region Sjælland"})

    def name(self, code: str) -> str:
        """A municipality's name."""
        return f"{municipalities()[code].name} Kommune"

    def register_municipality(self, municipality: Municipality, *, mailbox: bool) -> None:
        """A municipality, its centre, and its main mailbox."""
        code = municipality.code
        self._registrar.post("/v1/authorities", {"authority": code, "name": f"{municipality.name} Kommune"})
        self._registrar.post(
            f"/v1/authorities/{code}/units",
            {
                "unit": f"rusmiddelcenter-{code}",
                "kind": "municipal-centre",
                "name": f"{municipality.name} Rusmiddelcenter",
                "sor": sor(int(code)),
                "gln": gln(int(code)),
                "offers_dual_diagnosis": True,
            },
        )
        if mailbox:
            self.register_mailbox(code)

    def register_mailbox(self, code: str) -> None:
        """The municipality's main mailbox, valid from today: one person enters it, another confirms it."""
        self.mailboxes[code] = self._mailbox(
            code, None, f"rusmiddelcenter-{code}", f"hovedpostkasse-{code}@kommune.example"
        )

    def register_ambulatory(self, ambulatory: Ambulatory) -> None:
        """An ambulatory with a main mailbox of its own."""
        self._registrar.post(
            f"/v1/authorities/{REGION}/units",
            {
                "unit": ambulatory.unit,
                "kind": "ambulatory",
                "name": ambulatory.name,
                "sor": sor(ambulatory.number),
                "gln": gln(ambulatory.number),
                "offers_dual_diagnosis": True,
            },
        )
        self.mailboxes[ambulatory.unit] = self._mailbox(
            REGION, ambulatory.unit, ambulatory.unit, f"{ambulatory.unit}@region.example"
        )

    def _mailbox(self, authority: str, unit: str | None, served_by: str, address: str) -> str:
        now = datetime.now(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        entry: dict[str, Any] = {
            "served_by": served_by,
            "channels": [{"channel": "overgang-mailbox", "address": address}],
            "receiver_kind": "mixed" if unit is None else "health-staff",
            "owner": served_by,
            "telephone": TELEPHONE,
            "valid_from": to_instant(midnight),
        }
        if unit is not None:
            entry["unit"] = unit
        proposed = self._registrar.post(f"/v1/authorities/{authority}/mailboxes", entry)
        created: str = proposed["id"]
        self._colleague.post(
            f"/v1/mailboxes/{created}/confirmation",
            {"evidence": "test-letter", "evidence_on": str(danish_day(now))},
            if_match=proposed["version"],
        )
        return created

    def ask(self, code: str) -> None:
        """The secretariat asks a municipality for its main mailbox."""
        asked = {"means": "letter", "asked_on": str(danish_day(datetime.now(UTC)))}
        self._registrar.post(f"/v1/authorities/{code}/mailbox-requests", asked)

    def clinic(self, number: int) -> Session:
        """A clinician of one of the ambulatories."""
        ambulatory = AMBULATORIES[number % len(AMBULATORIES)]
        return self._session(
            ambulatory.unit,
            role="clinician",
            authority=REGION,
            unit=ambulatory.unit,
            sor=sor(ambulatory.number),
            gln=gln(ambulatory.number),
        )

    def centre(self, code: str) -> Session:
        """A caseworker of a municipal centre."""
        return self._session(code, role="caseworker", authority=code, unit=f"rusmiddelcenter-{code}")

    def lead(self, code: str) -> Session:
        """The leader of a municipal centre."""
        claims = {"role": "leader", "authority": code, "unit": f"rusmiddelcenter-{code}"}
        return self._session(f"lead {code}", **claims)

    def _session(self, name: str, **claims: Any) -> Session:
        if name not in self._sessions:
            self._sessions[name] = self._server.session(**claims)
        return self._sessions[name]

    def submit(self, number: int, code: str, **changes: Any) -> str:
        """An ambulatory submits a handover of a fictitious citizen; returns its id.

        `changes`: fields of the document, `section__field`.
        """
        content = self.submission(number, code, **changes)
        created: str = self.clinic(number).post("/v1/handovers", content)["id"]
        return created

    def submission(self, number: int, code: str, **changes: Any) -> dict[str, Any]:
        """What an ambulatory submits about a fictitious citizen."""
        return {
            "sender": {"authority": REGION, "unit": AMBULATORIES[number % len(AMBULATORIES)].unit},
            "document": self.document(number, code, MOVES[number % len(MOVES)], **changes),
        }

    def submit_to_ambulatory(self, code: str, ambulatory: Ambulatory) -> str:
        """A municipal centre hands over to an ambulatory."""
        created: str = self.centre(code).post(
            "/v1/handovers",
            {
                "sender": {"authority": code, "unit": f"rusmiddelcenter-{code}"},
                "receiver_unit": ambulatory.unit,
                "document": self.document(80, code, ("koordineret", "integreret")),
            },
        )["id"]
        return created

    def submit_medcom(self, code: str) -> str:
        """An ambulatory's system sends a CareCommunication message about a MedCom test person."""
        sender, name = AMBULATORIES[0], municipalities()[code].name
        message = build_new_message(
            NewMessage(
                sender=Organisation(sor(sender.number), gln(sender.number), sender.name),
                receiver=Organisation(sor(int(code)), gln(int(code)), f"{name} Rusmiddelcenter"),
                patient=TEST_PATIENT,
                writer=Writer("Anne", "Eksempel", "sygeplejerske", "00000001"),
                text="Borgeren ønsker at fortsætte rusmiddelbehandling hos jer. Ring gerne.",
                sent_at=datetime.now(UTC),
                topic="Overlevering, dobbeltdiagnose",
            ),
            new_id=uuid4,
        )
        created: str = self.clinic(0).post(
            "/v1/medcom/messages", raw=message, media_type="application/fhir+json"
        )["id"]
        return created

    def complete(self, handover: str, code: str, version: int) -> None:
        """The clinic gives the message its overgangsdokument."""
        document = self.document(0, code, ("integreret", "koordineret"))
        person = document["sections"]["stamoplysninger"]
        person["person_id"] = {"type": "cpr", "value": TEST_PATIENT.identifier.value}
        person["name"] = " ".join((*TEST_PATIENT.given, TEST_PATIENT.family))
        self.clinic(0).post(f"/v1/handovers/{handover}/completion", {"document": document}, if_match=version)

    def document(self, number: int, code: str, move: tuple[str, str], **changes: Any) -> dict[str, Any]:
        """A document of a fictitious citizen."""
        today = danish_day(datetime.now(UTC))
        document = example_document(template_on("overgangsdokument", today), today=today)
        sections = document["sections"]
        sections["overgang"] |= {"move_from": move[0], "move_to": move[1]}
        sections["stamoplysninger"] |= {
            "name": f"Demo Borger {number}",
            "person_id": {"type": "cpr", "value": citizen_number(number)},
            "handlekommune": code,
        }
        for field, value in changes.items():
            section, _, name = field.partition("__")
            sections[section][name] = value
        return document

    def wait_until(self, handover: str, status: str) -> None:
        """Wait until a handover has a status. Raises DemoFailed."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if self.clinic(0).get(f"/v1/handovers/{handover}")["status"] == status:
                return
            time.sleep(0.05)
        raise DemoFailed(f"the handover was not {status} in time")
