"""Links between operations (OpenAPI 3.1 section 4.8.20): from what was made to what may be done with it."""

from collections.abc import Collection
from typing import Any

_CREATED = "$response.body#/id"
_SAME = "$request.path.handover_id"
_IF_MATCH = "$response.header.ETag"

Targets = dict[str, str]
"""Name of a link -> the operation that it leads to."""


def _to(*operations: str) -> Targets:
    return {name.removesuffix("_handover"): name for name in operations}


_HANDOVER: Targets = {
    **_to("show_handover", "open_handover", "acknowledge_handover", "take_over_handover", "close_handover"),
    "readings": "list_readings",
    "replay": "replay_one",
    "record_fact": "record_case_fact",
    "facts": "list_case_facts",
    "responsibility": "show_responsibility",
}
_ON_ARRIVAL = _to(
    "acknowledge_handover",
    "take_over_handover",
    "ask_handover",
    "return_handover",
    "decline_handover",
    "forward_handover",
    "distribute_handover",
    "assign_handover",
)
_BY_SENDER = _to(
    "correct_handover",
    "request_withdrawal_handover",
    "enter_in_error_handover",
)
_IN_ERROR = _to("report_misdirected_handover", "report_wrong_person_handover")
_SENT_BACK = _to("redirect_handover", "correct_handover", "withdraw_handover", "complete_otherwise_handover")
_BREACH: Targets = {"breach": "show_case_breach", "assess": "assess_case_breach"}
_SHOWN = _ON_ARRIVAL | _BY_SENDER | _IN_ERROR | _to("close_handover", "resolve_handover")
_FOLLOWING: dict[str, Targets] = {
    "open_handover": _ON_ARRIVAL | _IN_ERROR,
    "acknowledge_handover": _to("take_over_handover", "decline_handover", "close_handover"),
    "take_over_handover": _to("close_handover", "ask_handover", "assign_handover"),
    "close_handover": _IN_ERROR,
    "complete_handover": {},
    "ask_handover": _to("correct_handover", "take_over_handover"),
    "answer_question": _to("take_over_handover", "ask_handover"),
    "correct_handover": _to("open_handover", "request_withdrawal_handover"),
    "return_handover": _SENT_BACK,
    "redirect_handover": _BY_SENDER,
    "forward_handover": _BY_SENDER,
    "decline_handover": _to("insist_handover", "take_over_handover", "withdraw_handover"),
    "insist_handover": _to("resolve_handover", "take_over_handover"),
    "resolve_handover": _to("take_over_handover", "withdraw_handover"),
    "distribute_handover": {},
    "assign_handover": _to("take_over_handover"),
    "request_withdrawal_handover": _to("confirm_withdrawal_handover", "refuse_withdrawal_handover"),
    "confirm_withdrawal_handover": {},
    "refuse_withdrawal_handover": _to("take_over_handover"),
    "withdraw_handover": {},
    "enter_in_error_handover": {},
    "complete_otherwise_handover": {},
    "report_misdirected_handover": _BREACH | _to("redirect_handover", "withdraw_handover"),
    "report_wrong_person_handover": _BREACH,
    "confirm_import_handover": _to("close_handover"),
    "deny_import_handover": _to("complete_handover", "withdraw_handover"),
    "record_case_fact": {"facts": "list_case_facts", "responsibility": "show_responsibility"},
    "assess_case_breach": {"breach": "show_case_breach"},
}
"""Operation on a handover -> what can follow beside seeing where it stands."""
_WAITING_QUESTION = {"handover_id": _SAME, "question_id": "$response.body#/questions/0"}

_UNIT_LIST: Targets = {"handovers": "list_unit"}
_DRAFT: Targets = {"show": "show_draft", "replace": "replace_draft", "delete": "delete_draft"}
_MADE: dict[tuple[str, str], list[tuple[Targets, dict[str, str]]]] = {
    ("show_handover", "200"): [
        (_SHOWN, {"handover_id": _SAME}),
        ({"answer": "answer_question"}, _WAITING_QUESTION),
    ],
    ("submit_handover", "201"): [(_HANDOVER | _BY_SENDER, {"handover_id": _CREATED})],
    ("submit_message", "201"): [(_HANDOVER | _to("complete_handover"), {"handover_id": _CREATED})],
    ("create_draft", "201"): [(_DRAFT, {"draft_id": _CREATED})],
    ("replace_draft", "200"): [(_DRAFT, {"draft_id": "$request.path.draft_id"})],
    ("enter_authority", "201"): [
        (
            {
                "show": "show_authority",
                "unit": "enter_unit",
                "ask": "ask_for_mailbox",
                "mailbox": "propose_mailbox",
                "proposals": "list_proposals",
                "main_mailbox": "show_main_mailbox",
            },
            {"authority": "$request.body#/authority"},
        )
    ],
    ("propose_mailbox", "201"): [
        (
            {"confirm": "confirm_mailbox", "withdraw": "withdraw_proposal"},
            {"mailbox_id": _CREATED},
        )
    ],
    ("confirm_mailbox", "201"): [
        (
            {
                "show": "show_mailbox_entry",
                "list": "list_mailbox",
                "stop": "withdraw_confirmation",
                "end": "propose_end",
            },
            {"mailbox_id": _CREATED},
        )
    ],
    ("propose_end", "201"): [
        (
            {"confirm": "confirm_end", "withdraw": "withdraw_proposal"},
            {"mailbox_id": _CREATED},
        )
    ],
    ("enter_unit", "201"): [
        (
            {"alerts": "list_alerts"} | _UNIT_LIST,
            {"unit": "$request.body#/unit"},
        )
    ],
    ("distribute_handover", "201"): [(_UNIT_LIST, {"unit": "$request.body#/unit"})],
}
"""(operation, status) -> the operations that can follow, and the parameters they take from it."""
_ONWARD = {
    (name, "201"): [(_to("show_handover") | targets, {"handover_id": _SAME})]
    for name, targets in _FOLLOWING.items()
}


def add_links(document: dict[str, Any]) -> None:
    """Add the links to an OpenAPI document, in place."""
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    changes = {one["operationId"] for one in operations if _takes_if_match(one)}
    for operation in operations:
        for status, response in operation["responses"].items():
            key = operation["operationId"], status
            for targets, parameters in (*_MADE.get(key, ()), *_ONWARD.get(key, ())):
                response.setdefault("links", {}).update(_links(response, targets, parameters, changes))


def _takes_if_match(operation: dict[str, Any]) -> bool:
    return any(one["name"] == "If-Match" for one in operation.get("parameters", ()))


def _links(
    response: dict[str, Any], targets: Targets, parameters: dict[str, str], changes: Collection[str]
) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for name, target in targets.items():
        given = dict(parameters)
        if target in changes and "ETag" in response.get("headers", {}):
            given["header.If-Match"] = _IF_MATCH
        links[name] = {"operationId": target, "parameters": given}
    return links
