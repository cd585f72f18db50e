"""Bodies as the sender's token, the register and the rules beyond JSON Schema want them.

A body that breaks its schema is left alone: what is meant to be refused stays so.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs

from api.http.clinics.message_schema import MESSAGE_SCHEMA
from api.http.fields import AUTHORITIES
from tests.api.http.bodies import NEIGHBOUR, TEAM, letter
from tests.api.http.contract import CITIZEN, LETTERS, World
from tests.api.http.test_http_medcom import message
from tests.api.http.town import AMBULATORY, CENTRE, FROM, REGION, TOWN, document

PERSON = document()["sections"]["stamoplysninger"]["person_id"]
"""The citizen of the handovers that a world is made with."""
_LOOKS_LIKE_CPR = re.compile(r"[0-9]{6}-?[0-9]{4}")
_SCHEMAS = {
    "submit_handover": "HandoverSubmission",
    "validate_handover": "HandoverSubmission",
    "complete_handover": "CompletionSubmission",
    "correct_handover": "CorrectionSubmission",
    "redirect_handover": "Readdressing",
    "forward_handover": "ForwardingRequest",
    "distribute_handover": "DistributionRequest",
    "resolve_handover": "ResolutionRequest",
    "complete_otherwise_handover": "OtherMeans",
    "merge_numbers": "MergeRequest",
    **dict.fromkeys(LETTERS, "LetterRequest"),
    "propose_mailbox": "MailboxEntry",
    "enter_succession": "SuccessionEntry",
    "submit_message": MESSAGE_SCHEMA,
    "validate_message": MESSAGE_SCHEMA,
}
"""Operation -> the schema of its body, where the schema cannot say all."""
_WANTED: dict[str, dict[str, Any]] = {
    "Readdressing": {"receiver_authority": TOWN, "receiver_unit": None},
    "ForwardingRequest": {"receiver_authority": NEIGHBOUR, "receiver_unit": None},
    "DistributionRequest": {"unit": TEAM},
    "ResolutionRequest": {"authority": TOWN, "decided_by": "own-authority"},
    "OtherMeans": {"authority": TOWN, "occurred_at": FROM},
}
"""Schema -> what the register and the clock want."""


class Bodies:
    """The bodies of one world. `arriving`: whatever is submitted arrives at the centre."""

    def __init__(self, world: World, document: dict[str, Any], *, arriving: bool = False) -> None:
        self._world = world
        self._arriving = arriving
        components = {"components": document["components"]}
        self._validators = {
            name: jsonschema_rs.validator_for(
                {"$ref": f"#/components/schemas/{name}", **components}, validate_formats=True
            )
            for name in set(_SCHEMAS.values())
        }

    def fitting(self, operation: str, body: Any) -> Any:
        """A body that the operation can take; of those that keep to the schema one in four stays as drawn."""
        if operation == "act_in_own_case" and isinstance(body, dict) and body.get("authority") in AUTHORITIES:
            return body | {"authority": TOWN}
        name = _SCHEMAS.get(operation)
        if name is None or not isinstance(body, dict) or not self._validators[name].is_valid(body):
            return body
        as_drawn = len(json.dumps(body)) % 4 == 0
        if name in _ENTRIES:
            return _ENTRIES[name](self._world, body)
        if operation in LETTERS:
            # By what its template and the case want, which no schema says; who signs it stays as drawn.
            return body if as_drawn else self._letter() | {"signature": body["signature"]}
        if name in _WANTED:
            return body if as_drawn else body | _WANTED[name]
        if name == MESSAGE_SCHEMA:
            return _whole_message(body)
        return self._sendable(name, body, as_drawn)

    def _letter(self) -> dict[str, Any]:
        made = letter()
        made["right"]["decision"] = self._world.granted["decision_id"]
        return made

    def _sendable(self, schema: str, body: dict[str, Any], as_drawn: bool) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(json.dumps(body))
        submitted = schema == "HandoverSubmission"
        if "document" in made:
            sections = made["document"]["sections"]
            if self._arriving or not (submitted or as_drawn):
                sections["stamoplysninger"]["handlekommune"] = TOWN
                sections["samtykke"] = document()["sections"]["samtykke"]
            if self._arriving or not submitted:
                # A completion is about the message's citizen, a correction about the handover's.
                known = CITIZEN if schema == "CompletionSubmission" else PERSON
                sections["stamoplysninger"]["person_id"] = dict(known)
        if "sender" in made:
            made["sender"] = {"authority": REGION, "unit": AMBULATORY}
            made["attachments"] = []
            if self._arriving or not (made.get("receiver_unit") is None or as_drawn):
                made["receiver_unit"] = None if self._arriving else CENTRE
        _tidy(made)
        return made


def _mailbox_entry(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A new main mailbox is served by a unit that stands in the register, over a channel that fits."""
    unit = world.unit()
    channel = {"channel": "overgang-mailbox", "address": "hovedpostkasse@naestved.example"}
    made = body | {"served_by": unit, "owner": unit, "channels": [channel], "deputy": None, "replaces": None}
    return made | ({"unit": unit} if body.get("unit") is not None else {})


def _succession_entry(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A unit of the town's is succeeded by another."""
    return body | {"unit": world.unit(), "successor_authority": TOWN, "successor_unit": world.unit()}


_ENTRIES: dict[str, Callable[[World, dict[str, Any]], dict[str, Any]]] = {
    "MailboxEntry": _mailbox_entry,
    "SuccessionEntry": _succession_entry,
}


def _tidy(node: Any) -> None:
    """No assertion id twice in a list, no local number that reads as a CPR number."""
    if isinstance(node, list):
        taken: set[str] = set()
        for item in node:
            if isinstance(item, dict) and "text" in item and item.get("id") in taken:
                del item["id"]
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                taken.add(item["id"])
            _tidy(item)
    elif isinstance(node, dict):
        if node.get("type") == "local" and _LOOKS_LIKE_CPR.search(str(node.get("value"))):
            node["value"] = "LOKAL-1"
        for value in node.values():
            _tidy(value)


def _whole_message(body: dict[str, Any]) -> dict[str, Any]:
    """A whole new message, as the frame in OpenAPI cannot describe one."""
    made: dict[str, Any] = json.loads(message(text=f"Besked {len(body['entry'])}"))
    return made
