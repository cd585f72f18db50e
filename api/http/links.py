"""Links between operations (OpenAPI 3.1 section 4.8.20): from what was made to what may be done with it."""

from typing import Any

_HANDOVER = {
    "show": "show_handover",
    "open": "open_handover",
    "readings": "list_readings",
    "acknowledge": "acknowledge_handover",
    "take_over": "take_over_handover",
    "close": "close_handover",
    "replay": "replay_one",
}
_CREATED = "$response.body#/id"
_IF_MATCH = "$response.header.ETag"
_CHANGES = frozenset(
    {
        "acknowledge_handover",
        "take_over_handover",
        "close_handover",
        "complete_handover",
        "replace_draft",
        "confirm_mailbox",
        "withdraw_confirmation",
        "withdraw_proposal",
        "propose_end",
        "confirm_end",
    }
)
_SAME = "$request.path.handover_id"

_LINKS: dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]] = {
    ("submit_handover", "201"): (_HANDOVER, {"handover_id": _CREATED}),
    ("submit_message", "201"): (
        _HANDOVER | {"complete": "complete_handover"},
        {"handover_id": _CREATED},
    ),
    ("show_handover", "200"): (
        {name: _HANDOVER[name] for name in ("acknowledge", "take_over", "close")},
        {"handover_id": _SAME},
    ),
    ("open_handover", "201"): (
        {name: _HANDOVER[name] for name in ("show", "acknowledge", "take_over")},
        {"handover_id": _SAME},
    ),
    ("acknowledge_handover", "201"): (
        {name: _HANDOVER[name] for name in ("show", "take_over", "close")},
        {"handover_id": _SAME},
    ),
    ("take_over_handover", "201"): (
        {name: _HANDOVER[name] for name in ("show", "close")},
        {"handover_id": _SAME},
    ),
    ("complete_handover", "201"): ({"show": "show_handover"}, {"handover_id": _SAME}),
    ("create_draft", "201"): (
        {"show": "show_draft", "replace": "replace_draft", "delete": "delete_draft"},
        {"draft_id": _CREATED},
    ),
    ("replace_draft", "200"): (
        {"show": "show_draft", "replace": "replace_draft", "delete": "delete_draft"},
        {"draft_id": "$request.path.draft_id"},
    ),
    ("enter_authority", "201"): (
        {
            "show": "show_authority",
            "unit": "enter_unit",
            "ask": "ask_for_mailbox",
            "mailbox": "propose_mailbox",
            "proposals": "list_proposals",
            "main_mailbox": "show_main_mailbox",
        },
        {"authority": "$request.body#/authority"},
    ),
    ("propose_mailbox", "201"): (
        {"confirm": "confirm_mailbox", "withdraw": "withdraw_proposal"},
        {"mailbox_id": _CREATED},
    ),
    ("confirm_mailbox", "201"): (
        {
            "show": "show_mailbox_entry",
            "list": "list_mailbox",
            "stop": "withdraw_confirmation",
            "end": "propose_end",
        },
        {"mailbox_id": _CREATED},
    ),
    ("propose_end", "201"): (
        {"confirm": "confirm_end", "withdraw": "withdraw_proposal"},
        {"mailbox_id": _CREATED},
    ),
    ("enter_unit", "201"): ({"alerts": "list_alerts"}, {"unit": "$request.body#/unit"}),
}
"""(operation, status) -> the operations that can follow, and the parameter they take from it."""


def add_links(document: dict[str, Any]) -> None:
    """Add the links to an OpenAPI document, in place."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                found = _LINKS.get((operation["operationId"], status))
                if found is not None:
                    response["links"] = _links(response, *found)


def _links(response: dict[str, Any], targets: dict[str, str], parameters: dict[str, str]) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for name, target in targets.items():
        given = dict(parameters)
        if target in _CHANGES and "ETag" in response.get("headers", {}):
            given["header.If-Match"] = _IF_MATCH
        links[name] = {"operationId": target, "parameters": given}
    return links
