"""Who may come in: every route is guarded, and each role reaches what its work needs and no more."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.auth.claims import ROLES, STAFF_ROLES
from api.auth.guard import current_caller, guards_of, public_paths
from api.bootstrap import Overgang
from api.http.app import PUBLIC, create_app
from api.settings import Settings
from tests.api.http.bodies import step_bodies
from tests.api.http.contract import CALLERS, ROLE_OF, World, founded
from tests.api.http.running import Caller, Running
from tests.api.http.test_http_medcom import FHIR, message
from tests.api.http.town import (
    CENTRE,
    CONFIRMATION,
    FROM,
    PROCESSING_TIME,
    SECRETARIAT,
    TOWN,
    document,
    entry_of,
    ok,
    pdf,
    refused,
    submission,
)

DEVELOPMENT = "/dev/"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application, not started."""
    overgang = Overgang(Settings(data_dir=tmp_path_factory.mktemp("guards") / "data", environment="test"))
    overgang.migrate()
    yield create_app(overgang)
    overgang.close()


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Every route of the application, those of its routers too."""
    found, waiting = [], list(app.routes)
    while waiting:
        route: Any = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            waiting.extend(getattr(inner, "routes", ()))
    return found


def _asks_for_a_caller(route: APIRoute) -> bool:
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if dependant.call is current_caller:
            return True
        waiting.extend(dependant.dependencies)
    return False


def test_every_route_is_guarded(app: FastAPI) -> None:
    # given every route that is not named as public
    is_public = public_paths((*PUBLIC, DEVELOPMENT))
    paths = set(app.openapi()["paths"])
    routes = routes_of(app)
    assert {f"{r.path_format}" for r in routes if not r.path_format.startswith("/v1")} <= paths
    guarded = {r.name for r in routes if guards_of(r) or _asks_for_a_caller(r)}
    operations = {
        one["operationId"]: path
        for path, methods in app.openapi()["paths"].items()
        for one in methods.values()
    }
    # then each has a guard of its own, beside the middleware that turns strangers away
    assert {r.name for r in routes} >= set(operations)
    unguarded = {name for name, path in operations.items() if not is_public(path)} - guarded
    assert unguarded == set()
    assert {path for name, path in operations.items() if name not in guarded} == {
        path for path in operations.values() if is_public(path)
    }


def test_without_a_token_nothing_answers(app: FastAPI, server: Running) -> None:
    is_public = public_paths((*PUBLIC, DEVELOPMENT))
    for path, methods in app.openapi()["paths"].items():
        if is_public(path):
            continue
        filled = path.replace("{authority}", TOWN).replace("{unit}", "enhed")
        filled = "".join(str(uuid4()) if "}" in part else part for part in _parts(filled))
        for method in methods:
            for header, code in (
                ({}, "token-missing"),
                ({"Authorization": "Bearer ey.ey.ey"}, "invalid-token"),
                ({"Authorization": "Basic dXNlcjpwYXNz"}, "invalid-token"),
            ):
                answer = server.client.request(method, filled, headers=header, content=b"{")
                refused(answer, 401, code)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    # an address that is none is not told apart from one that is
    refused(server.client.get("/v1/nothing"), 401, "token-missing")


def _parts(path: str) -> list[str]:
    parts: list[str] = []
    for piece in path.split("{"):
        head, brace, tail = piece.partition("}")
        parts += [head + brace, tail] if brace else [piece]
    return parts


CASE = frozenset({"clinician", "caseworker", "leader"})
"""Those who work with citizens."""
EVERYBODY = frozenset(STAFF_ROLES)
OWN = frozenset({"citizen", "representative"})
"""Those who stand outside every authority, and come in by a door of their own."""
MAY: dict[str, frozenset[str]] = {
    "validate_handover": EVERYBODY,
    "submit_handover": CASE | {"integration"},
    "list_sent": CASE | {"integration", "auditor"},
    "show_handover": CASE | {"integration", "auditor"},
    "complete_handover": CASE,
    "upload_attachment": CASE | {"integration"},
    "open_attachment": CASE,
    "create_draft": CASE,
    "list_drafts": CASE,
    "show_draft": CASE,
    "replace_draft": CASE,
    "delete_draft": CASE,
    "validate_message": EVERYBODY,
    "submit_message": CASE | {"integration"},
    "merge_numbers": CASE,
    "open_handover": CASE,
    "list_readings": frozenset({"leader", "auditor"}),
    "acknowledge_handover": CASE,
    "take_over_handover": CASE,
    "close_handover": CASE,
    "list_alerts": frozenset({"leader", "auditor"}),
    "list_mailbox": CASE,
    "list_unit": CASE,
    "ask_handover": CASE,
    "answer_question": CASE,
    "correct_handover": CASE,
    "return_handover": CASE,
    "redirect_handover": CASE,
    "forward_handover": CASE,
    "decline_handover": CASE,
    "insist_handover": CASE,
    "resolve_handover": frozenset({"leader"}),
    "distribute_handover": CASE,
    "assign_handover": CASE,
    "request_withdrawal_handover": CASE,
    "confirm_withdrawal_handover": CASE,
    "refuse_withdrawal_handover": CASE,
    "withdraw_handover": CASE,
    "report_misdirected_handover": CASE,
    "report_wrong_person_handover": CASE,
    "enter_in_error_handover": CASE,
    "complete_otherwise_handover": CASE,
    "confirm_import_handover": CASE,
    "deny_import_handover": CASE,
    "record_case_fact": CASE | {"integration"},
    "record_case_right": CASE | {"integration"},
    "show_hearing_questions": CASE | {"integration", "auditor"},
    "preview_case_letter": CASE | {"integration"},
    "send_case_letter": CASE | {"integration"},
    "show_case_rights": CASE | {"integration", "auditor"},
    "list_case_facts": CASE | {"integration", "auditor"},
    "show_responsibility": CASE | {"integration", "auditor"},
    "show_case_breach": frozenset({"leader", "auditor"}),
    "assess_case_breach": frozenset({"leader", "auditor"}),
    "confirm_case_right": CASE | {"integration", "auditor"},
    "make_access_package": CASE,
    "open_access_package": CASE,
    "show_own_case": OWN,
    "list_own_readings": OWN,
    "act_in_own_case": OWN,
    "fetch_own_access": OWN,
    "list_escalations": frozenset({"steering"}),
    "list_due": CASE | {"auditor"},
    "enter_authority": frozenset({"registrar"}),
    "enter_unit": frozenset({"registrar"}),
    "enter_succession": frozenset({"registrar"}),
    "confirm_entered_succession": frozenset({"registrar"}),
    "enter_referrer": frozenset({"registrar"}),
    "enter_processing_time": frozenset({"registrar"}),
    "ask_for_mailbox": frozenset({"registrar"}),
    "propose_mailbox": frozenset({"registrar"}),
    "confirm_mailbox": frozenset({"registrar"}),
    "withdraw_confirmation": frozenset({"registrar"}),
    "withdraw_proposal": frozenset({"registrar"}),
    "propose_end": frozenset({"registrar"}),
    "confirm_end": frozenset({"registrar"}),
    "list_proposals": frozenset({"registrar", "auditor"}),
    "show_authority": EVERYBODY | OWN,
    "show_main_mailbox": EVERYBODY | OWN,
    "show_mailbox_entry": EVERYBODY | OWN,
    "list_entries": frozenset({"auditor"}),
    "replay_one": frozenset({"auditor"}),
    "list_audit_rights": frozenset({"auditor"}),
    "show_volume": frozenset({"steering", "auditor"}),
    "metrics": frozenset({"operator"}),
}
"""Operation -> the roles that it lets in."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own, which the matrix changes."""
    with founded(tmp_path_factory.mktemp("roles")) as world:
        yield world


RECEIVER = frozenset(
    {name for name, role in ROLE_OF.items() if role in ("caseworker", "leader")}
    | {"list_readings", "enter_authority", "enter_unit", "enter_succession", "confirm_entered_succession",
       "enter_referrer", "enter_processing_time", "propose_mailbox", "confirm_mailbox",
       "withdraw_confirmation", "withdraw_proposal", "propose_end", "confirm_end", "list_proposals"}
)  # fmt: skip
"""Operations of the receiving authority, and of the register about it."""
SECRETARIATS = frozenset({"ask_for_mailbox"})
"""What the secretariat alone does."""


@pytest.mark.parametrize("operation", sorted(MAY))
def test_each_role_reaches_what_its_work_needs(made: World, app: FastAPI, operation: str) -> None:
    for role in sorted(ROLES):
        side = made.town.caseworker if operation in RECEIVER else made.town.clinician
        who = _in_the_role(made, side, role)
        if operation in SECRETARIATS and role not in OWN:
            who = made.server.caller(role, SECRETARIAT)
        answer = _call(made, who, app, operation)
        turned_away = answer.status_code == 403 and answer.json()["code"] == "role-not-allowed"
        assert turned_away != (role in MAY[operation]), (operation, role, answer.text[:300])
        assert answer.status_code < 500


def test_the_matrix_names_every_guarded_operation(app: FastAPI) -> None:
    is_public = public_paths((*PUBLIC, DEVELOPMENT))
    operations = {
        one["operationId"]
        for path, methods in app.openapi()["paths"].items()
        if not is_public(path)
        for one in methods.values()
    }
    assert operations == set(MAY)


def _in_the_role(made: World, like: Caller, role: str) -> Caller:
    """Somebody at the same desk as `like`, but with this role; at no desk where it is nobody's there."""
    if role in OWN:
        return made.callers[role]
    return made.server.caller(role, **CALLERS["clinician" if like is made.town.clinician else "caseworker"])


def _call(made: World, who: Caller, app: FastAPI, operation: str) -> httpx2.Response:
    """A request that would succeed for the right role."""
    version = '"1"'
    given: dict[str, str] = {
        "authority": TOWN,
        "unit": "rusmiddelcenter-naestved",
        "mailbox_id": made.town.mailbox,
        "proposal_id": str(uuid4()),
        "draft_id": made.known["draft_id"][0],
    }
    if operation == "open_attachment":
        given["handover_id"], given["attachment_id"] = made.attached
    else:
        given |= made.before(operation) or {"handover_id": made.handover()}
        given |= {name: value for name, value in made.granted.items() if name not in given}
    path, method = next(
        (path, method)
        for path, methods in app.openapi()["paths"].items()
        for method, one in methods.items()
        if one["operationId"] == operation
    )
    for name, value in given.items():
        path = path.replace(f"{{{name}}}", value)
    if "/handovers/" in path and method == "post":
        shown = made.town.clinic_leader.get(f"/v1/handovers/{given['handover_id']}")
        version = shown.headers.get("ETag", version)
    more = _content(operation)
    headers = {"If-Match": version} | more.pop("headers", {})
    if method == "post":
        return who.post(path, more.pop("json", None), headers=headers, **more)
    return who._send(method.upper(), path, headers, more)


def _content(operation: str) -> dict[str, Any]:
    if operation in ("submit_message", "validate_message"):
        return {"content": message(), "headers": FHIR}
    if operation == "upload_attachment":
        return {"content": pdf(), "headers": {"Content-Type": "application/pdf"}}
    local = {"type": "local", "value": "AMB-1"}
    bodies: dict[str, Any] = {
        "validate_handover": submission(),
        "submit_handover": submission(),
        "complete_handover": {"document": document()},
        "open_handover": {},
        "open_attachment": {},
        "close_handover": {"outcome": "other"},
        "create_draft": {"document": {}},
        "replace_draft": {"document": {}},
        "merge_numbers": {"replacement": local, "real": {"type": "cpr", "value": "7001014321"}},
        "enter_authority": {"authority": TOWN, "name": "Næstved Kommune"},
        "enter_unit": {"unit": "enhed", "kind": "other", "name": "Enhed"},
        "enter_succession": {"successor_authority": TOWN, "valid_from": FROM, "basis": "ovl-2026"},
        "enter_referrer": {"referrer": "other-region", "valid_from": FROM},
        "enter_processing_time": PROCESSING_TIME,
        "ask_for_mailbox": {"means": "letter", "asked_on": "2025-01-02"},
        "propose_mailbox": entry_of(CENTRE),
        "confirm_mailbox": CONFIRMATION,
        "withdraw_confirmation": {"reason": "not-read"},
        "withdraw_proposal": {"reason": "mistyped"},
        "propose_end": {"valid_to": FROM, **CONFIRMATION},
    } | step_bodies()
    return {"json": bodies[operation]} if operation in bodies else {}


def test_one_role_of_a_foreign_authority_sees_no_case(made: World) -> None:
    path = f"/v1/handovers/{made.handover()}"
    for role in sorted(CASE | {"integration", "auditor"}):
        stranger = made.server.caller(role, "0329", unit="ringsted")
        refused(stranger.get(path), 404, "not-found")
    ok(made.callers["leader"].get(path), 200)
