"""The world that schemathesis meets: a town, a caller of every role, and ids of what exists in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from api.http.catalogue import problem_types
from tests.api.http.bodies import NEIGHBOUR, TEAM
from tests.api.http.contract_cases import BEFORE, Step
from tests.api.http.importing import import_cases
from tests.api.http.running import Caller, Running, serving
from tests.api.http.test_http_medcom import message, post
from tests.api.http.town import (
    AMBULATORY,
    CENTRE,
    CONFIRMATION,
    FROM,
    GLN,
    REGION,
    SECRETARIAT,
    SOR,
    TOWN,
    Town,
    another_unit,
    entry_of,
    main_mailbox,
    ok,
    pdf,
    register,
    submission,
    town_of,
)
from workflows.delivery.medcom.identifiers import X_ECPR_SYSTEM
from workflows.delivery.medcom.message import Patient, PatientIdentifier

CALLERS: dict[str, dict[str, str]] = {
    "clinician": {"authority": REGION, "unit": AMBULATORY, "sor": SOR[AMBULATORY], "gln": GLN[AMBULATORY]},
    "caseworker": {"authority": TOWN, "unit": CENTRE},
    "leader": {"authority": TOWN, "unit": CENTRE},
    "registrar": {"authority": SECRETARIAT},
    "auditor": {"authority": REGION},
    "steering": {"authority": REGION},
    "operator": {"authority": SECRETARIAT},
    "integration": {"authority": REGION, "unit": AMBULATORY},
}
"""One caller of every role."""

SENDERS_LEADER: Final = "the sender's leader"
COLLEAGUE: Final = "another registrar"
"""Confirms what the registrar has entered."""

LETTERS = frozenset({"preview_case_letter", "send_case_letter"})
"""Operations on a letter: the town writes to the citizen whose access it has granted."""

ROLE_OF: dict[str, str] = {
    **dict.fromkeys(
        (
            "open_handover",
            "acknowledge_handover",
            "take_over_handover",
            "close_handover",
            "open_attachment",
            "list_mailbox",
            "list_unit",
            "ask_handover",
            "return_handover",
            "decline_handover",
            "forward_handover",
            "distribute_handover",
            "assign_handover",
            "confirm_withdrawal_handover",
            "refuse_withdrawal_handover",
            "confirm_import_handover",
            "deny_import_handover",
            "report_misdirected_handover",
        ),
        "caseworker",
    ),
    **dict.fromkeys(
        ("list_alerts", "resolve_handover", "assess_case_breach", "show_case_breach"),
        "leader",
    ),
    # What was made by a clinician is read on by her own leader: every handover has a sender.
    "list_readings": SENDERS_LEADER,
    **dict.fromkeys(
        (
            "enter_authority",
            "enter_unit",
            "enter_succession",
            "enter_referrer",
            "enter_processing_time",
            "ask_for_mailbox",
            "propose_mailbox",
            "withdraw_confirmation",
            "withdraw_proposal",
            "propose_end",
            "list_proposals",
        ),
        "registrar",
    ),
    **dict.fromkeys(("confirm_mailbox", "confirm_end", "confirm_entered_succession"), COLLEAGUE),
    **dict.fromkeys(("show_own_case", "list_own_readings", "act_in_own_case", "fetch_own_access"), "citizen"),
    **dict.fromkeys(
        ("make_access_package", "open_access_package", "confirm_case_right", "show_hearing_questions"),
        "caseworker",
    ),
    **dict.fromkeys(LETTERS, "caseworker"),
    **dict.fromkeys(("list_entries", "replay_one", "list_audit_rights"), "auditor"),
    "show_volume": "steering",
    "list_escalations": "steering",
    "show_main_mailbox": "steering",
    "show_mailbox_entry": "integration",
    "show_authority": "operator",
    "metrics": "operator",
}
"""Operation -> the role that carries it out; a clinician the others."""

ABOUT_ACCESS = frozenset(
    {
        "make_access_package",
        "open_access_package",
        "fetch_own_access",
        "confirm_case_right",
        "show_hearing_questions",
    }
)
"""Operations on a request for access that was granted, and on a decision that is being prepared beside it."""

CITIZEN: Final = {"type": "x-ecpr", "value": "0703921VJ4"}
"""The national replacement number of MedCom's own example: a message takes no impossible CPR number."""


@dataclass
class World:
    """A running server, everybody in it, and what exists: parameter name -> ids."""

    town: Town
    callers: dict[str, Caller]
    imported: dict[str, list[str]]
    """Operation -> imported cases that are kept for it: nobody has confirmed or denied them."""
    known: dict[str, list[str]] = field(default_factory=dict)
    attached: tuple[str, str] = ("", "")
    """A handover and its attachment."""
    granted: dict[str, str] = field(default_factory=dict)
    """A handover whose town has granted a request for access and made the package, as parameters."""

    @property
    def server(self) -> Running:
        """The server."""
        return self.town.server

    def caller_for(self, operation: str) -> Caller:
        """Who carries an operation out."""
        return self.callers[ROLE_OF.get(operation, "clinician")]

    def pick(self, kind: str, drawn: str, *, always: bool) -> str:
        """For a drawn id one that exists, the same for the same draw; one in eight may stay unknown."""
        number = sha256(drawn.encode()).digest()
        ids = self.known[kind]
        return drawn if number[0] % 8 == 0 and not always else ids[number[1] % len(ids)]

    def before(self, operation: str) -> dict[str, str]:
        """A case that stands where an operation needs it, as parameters; none where every case will do."""
        if operation == "complete_handover":
            return {"handover_id": self.message()}
        if operation in ABOUT_ACCESS:
            return dict(self.granted)
        if operation in LETTERS:
            return {"handover_id": self.granted["handover_id"]}
        if operation in self.imported:
            kept = self.imported[operation]
            return {"handover_id": kept.pop()} if kept else {}
        if operation not in BEFORE:
            return {}
        handover = self.handover(BEFORE[operation])
        given = {"handover_id": handover}
        if operation == "answer_question":
            shown = ok(self.callers["clinician"].get(f"/v1/handovers/{handover}"), 200).json()
            given["question_id"] = shown["questions"][0]
        return given

    def handover(self, steps: tuple[Step, ...] = ()) -> str:
        """A new handover with which these steps have been taken."""
        path = ok(self.callers["clinician"].post("/v1/handovers", submission()), 201).headers["Location"]
        self.carry(path, steps)
        handover: str = path.rpartition("/")[2]
        return handover

    def carry(self, path: str, steps: tuple[Step, ...]) -> None:
        """Take steps with a handover, each on the version that the one before has left."""
        version = None
        for step in steps:
            version = version or ok(self.callers[SENDERS_LEADER].get(path), 200).headers["ETag"]
            answer = self.callers[step.role].act(f"{path}/{step.path}", version, step.body)
            version = ok(answer, 201).headers["ETag"]

    def unit(self) -> str:
        """A new unit of the town's."""
        unit = f"enhed-{self._letters()}"
        body = {"unit": unit, "kind": "other", "name": unit}
        ok(self.callers["registrar"].post(f"/v1/authorities/{TOWN}/units", body), 201)
        return unit

    def proposed(self) -> str:
        """A new main mailbox of a new unit, that waits for another person."""
        unit = self.unit()
        entry = entry_of(unit, unit=unit)
        made = ok(self.callers["registrar"].post(f"/v1/authorities/{TOWN}/mailboxes", entry), 201)
        mailbox: str = made.json()["id"]
        return mailbox

    def mailbox(self) -> str:
        """A new main mailbox of a new unit."""
        unit = self.unit()
        registrar, colleague = self.callers["registrar"], self.callers[COLLEAGUE]
        return main_mailbox(registrar, colleague, TOWN, entry_of(unit, unit=unit))

    def ending(self) -> str:
        """A new main mailbox whose end waits for another person."""
        mailbox = self.mailbox()
        end = {"valid_to": "2099-01-01T00:00:00.000000Z", **CONFIRMATION}
        path, version = f"/v1/mailboxes/{mailbox}/end", self.version_of(mailbox)
        ok(self.callers["registrar"].act(path, version, end), 201)
        return mailbox

    def succession(self) -> str:
        """A new succession of a new unit, that waits for another person."""
        entry = {
            "unit": self.unit(),
            "successor_authority": TOWN,
            "successor_unit": self.unit(),
            "valid_from": FROM,
            "basis": "organisation-change",
        }
        made = ok(self.callers["registrar"].post(f"/v1/authorities/{TOWN}/successions", entry), 201)
        proposal: str = made.json()["id"]
        return proposal

    def version_of(self, mailbox: str) -> str | None:
        """The ETag of what waits of a mailbox, or else of what stands."""
        waiting = self.callers["registrar"].get(f"/v1/authorities/{TOWN}/proposals").json()
        for one in (*waiting["ends"], *waiting["mailboxes"]):
            if one["mailbox"] == mailbox:
                return f'"{one["version"]}"'
        shown = self.callers["registrar"].get(f"/v1/mailboxes/{mailbox}")
        return shown.headers.get("ETag")

    def access(self, handover: str) -> dict[str, str]:
        """Access that the town has granted on a handover, with its package; somebody acts for the citizen."""
        town, request = self.callers["caseworker"], str(uuid4())
        about: dict[str, Any] = {"request": request, "regime": "fvl", "outside": True}
        decided = {"outcome": "granted", "reasons_given": True, "extra_considered": True}
        acting, decision = str(uuid4()), str(uuid4())
        drafted = {"legal_basis": "sel:101", "kind": "ending", "adverse": True}
        for right in (
            {"event": "access-requested", "means": "letter", "form": "pdf", **about},
            {"event": "access-decided", **decided, **about},
            {"event": "decision-drafted", "decision": decision, **drafted},
            {
                "event": "representative-appointed",
                "representative": acting,
                "scope": "whole-case",
                "letters": False,
                "proof": "lawyer",
                "outside": True,
            },
        ):
            ok(town.post(f"/v1/handovers/{handover}/rights", right), 201)
        ok(town.post(f"/v1/handovers/{handover}/access/{request}/package", {"way": "letter"}), 201)
        lane = ok(town.get(f"/v1/handovers/{handover}/rights"), 200).json()["events"]
        position = str(lane[0]["position"])
        self.callers["representative"] = self.server.own(
            "representative", [handover], representative=acting, representation="whole-case"
        )
        return {
            "handover_id": handover,
            "request_id": request,
            "decision_id": decision,
            "position": position,
        }

    @staticmethod
    def _letters() -> str:
        return "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex)

    def message(self) -> str:
        """A new MedCom message, which needs completion."""
        number = PatientIdentifier("x-ecpr", CITIZEN["value"], X_ECPR_SYSTEM)
        content = message(patient=Patient(identifier=number, family="Testesen", given=("Test",)))
        made: str = ok(post(self.callers["clinician"], content), 201).json()["id"]
        return made

    def draft(self) -> str:
        """A new draft of the clinician's."""
        made = ok(self.callers["clinician"].post("/v1/drafts", {"document": {}}), 201)
        draft: str = made.json()["id"]
        return draft


IMPORTED = 60
"""How many running cases a founded world begins with."""


@contextmanager
def founded(folder: Path, **settings: object) -> Iterator[World]:
    """A world on a server of its own: the town is founded, its running cases imported, and it opens."""
    with serving(folder, **settings) as server:
        mailboxes = register(server)
    imported = import_cases(folder, IMPORTED)
    with serving(folder, **settings) as server:
        yield world(town_of(server, *mailboxes), imported)


def world(town: Town, imported: list[str]) -> World:
    """Give everybody a token, and carry handovers to each of their states."""
    server = town.server
    callers = {role: server.caller(role, **claims) for role, claims in CALLERS.items()}
    callers |= {SENDERS_LEADER: town.clinic_leader, COLLEAGUE: town.colleague, "registrar": town.registrar}
    answers = ("confirm_import_handover", "deny_import_handover")
    made = World(town, callers, {one: imported[1 + n :: 2] for n, one in enumerate(answers)})
    another_unit(town, TOWN, TEAM)
    entry = {"authority": NEIGHBOUR, "name": "Slagelse Kommune"}
    ok(town.registrar.post("/v1/authorities", entry), 201)
    clinic = callers["clinician"]
    handovers = [made.handover(steps) for steps in dict.fromkeys(BEFORE.values())]
    uploads = []
    for steps in (BEFORE["open_handover"], BEFORE["acknowledge_handover"]):
        file = {"content": pdf(), "headers": {"Content-Type": "application/pdf"}}
        uploads.append(ok(clinic.post("/v1/attachments", **file), 201).json()["id"])
        path = ok(clinic.post("/v1/handovers", submission(attachments=uploads[-1:])), 201)
        made.carry(path.headers["Location"], steps)
        handovers.append(path.json()["id"])
    messages = [made.message() for _ in range(3)]
    # Kept for their own operations: any other may shut them.
    made.attached = handovers.pop(), uploads[-1]
    made.granted = made.access(made.handover())
    made.known = {
        "handover_id": [*handovers, *messages, imported[0]],
        "question_id": [made.before("answer_question")["question_id"]],
        "attachment_id": uploads,
        "draft_id": [made.draft() for _ in range(3)],
        "mailbox_id": [town.mailbox, town.mailbox, town.mailbox, town.ambulatory_mailbox],
        "proposal_id": [made.succession()],
        "authority": [TOWN, REGION],
        "unit": [AMBULATORY, CENTRE],
        "request_id": [made.granted["request_id"]],
        "decision_id": [made.granted["decision_id"]],
        "position": [made.granted["position"]],
        "name": ["overgangsdokument", "medcom-message"],
        "code": [kind.code for kind in problem_types()],
    }
    made.callers["citizen"] = made.server.own(
        "citizen", [*made.known["handover_id"], made.granted["handover_id"]]
    )
    return made
