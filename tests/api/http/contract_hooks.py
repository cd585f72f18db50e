"""What JSON Schema cannot say about Overgang's requests, taught to schemathesis. No check is off.

Every hook leaves a request alone that breaks its schema: what is meant to be refused stays so.
"""

import io
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pikepdf
import schemathesis
from hypothesis import strategies as st
from PIL import Image
from schemathesis import AuthContext, Case, HookContext
from stdnum import ean
from stdnum.dk import cvr

from api.http.clinics.message_schema import MESSAGE_SCHEMA
from api.http.fields import AUTHORITIES, UNIT, UUID_FORM
from api.http.operations.system import NAME
from tests.api.http.contract import CITIZEN, World
from tests.api.http.test_http_medcom import message
from tests.api.http.town import AMBULATORY, CENTRE, REGION, TOWN, document

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"(?:0|[1-9][0-9]{0,14})"')
_LOOKS_LIKE_CPR = re.compile(r"[0-9]{6}-?[0-9]{4}")
_SENDING = {
    "submit_handover": "HandoverSubmission",
    "validate_handover": "HandoverSubmission",
    "complete_handover": "CompletionSubmission",
    "merge_numbers": "MergeRequest",
    "propose_mailbox": "MailboxEntry",
    "enter_succession": "SuccessionEntry",
    "submit_message": MESSAGE_SCHEMA,
    "validate_message": MESSAGE_SCHEMA,
}
"""Operation -> the schema of its body, where the schema cannot say all."""
_FORMS = {
    "unit": f"(?=.{{2,48}}$){UNIT[1:-1]}",
    "authority": "|".join(AUTHORITIES),
    "name": NAME,
    "code": NAME,
}
_STEPS = {
    "open_handover": 0,
    "acknowledge_handover": 1,
    "take_over_handover": 1,
    "close_handover": 3,
}
"""Operation -> the steps that a handover must have taken before it."""


def register_strategies() -> None:
    """Formats with check digits, and files that are what they claim to be."""
    digits = st.text("0123456789", min_size=10, max_size=10)
    schemathesis.openapi.format(
        "gln", digits.map(lambda d: "57" + d).map(lambda d: d + ean.calc_check_digit(d))
    )
    schemathesis.openapi.format(
        "cvr",
        st.integers(10_000_000, 99_999_999).map(str).filter(lambda number: cvr.checksum(number) == 0),
    )
    schemathesis.openapi.format("uuid", st.uuids(version=4).map(str))
    sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))
    schemathesis.openapi.media_type("application/pdf", st.integers(1, 4).map(_pdf))
    for kind in ("png", "jpeg", "tiff"):
        schemathesis.openapi.media_type(f"image/{kind}", sizes.map(_image(kind)))


def _pdf(pages: int) -> bytes:
    file = io.BytesIO()
    with pikepdf.Pdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(file)
    return file.getvalue()


def _image(kind: str) -> Callable[[tuple[int, int]], bytes]:
    def make(size: tuple[int, int]) -> bytes:
        file = io.BytesIO()
        Image.new("RGB", size).save(file, kind)
        return file.getvalue()

    return make


def teach(schema: Any, world: World, role: str | None = None, *, arriving: bool = False) -> None:
    """Put the hooks on a schema, and callers: a role, or the one that carries each operation out.

    `arriving`: whatever is submitted arrives at the centre, which can then follow the links.
    """
    components = {"components": schema.raw_schema["components"]}
    validators = {
        name: jsonschema_rs.validator_for(
            {"$ref": f"#/components/schemas/{name}", **components}, validate_formats=True
        )
        for name in set(_SENDING.values())
    }

    @schema.auth(refresh_interval=None)
    class RightCaller:
        """The token of the one who carries the operation out."""

        def get(self, case: Case, context: AuthContext) -> str:
            caller = world.callers[role] if role else world.caller_for(_operation(case))
            return caller.token

        def set(self, case: Case, data: str, context: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    @schema.hook
    def map_body(context: HookContext, body: Any) -> Any:
        name = _SENDING.get(context.operation.definition.raw.get("operationId", ""))
        if name is None or not isinstance(body, dict) or not validators[name].is_valid(body):
            return body
        if name in _ENTRIES:
            return _ENTRIES[name](world, body)
        return _whole_message(body) if name == MESSAGE_SCHEMA else _sendable(body, arriving)


def make_ready(world: World, case: Case, *, linked: bool = False) -> None:
    """Before a call: a key of its own, ids that exist, often a case ready for the step, its version.

    `linked`: the ids come from the answer of an earlier call and stay as they are.
    """
    headers = case.headers
    if _KEY.fullmatch(str(headers.get("Idempotency-Key", ""))):
        headers["Idempotency-Key"] = str(uuid4())
    if not linked:
        _choose(world, case)
    # schemathesis sends the ETag "0" of its coverage phase without the quotes that are part of it.
    if not _ETAG.fullmatch(str(headers.get("If-Match", ""))) and headers.get("If-Match") != "0":
        return
    if (mailbox := re.match("/v1/mailboxes/([^/?]+)", case.formatted_path)) is not None:
        headers["If-Match"] = world.version_of(mailbox[1]) or headers["If-Match"]
        return
    prefix = re.match("/v1/(?:handovers|drafts)/[^/?]+", case.formatted_path)
    who = world.callers["leader" if "/handovers/" in case.formatted_path else "clinician"]
    shown = who.get(prefix[0]) if prefix else None
    if shown is not None and "ETag" in shown.headers:
        headers["If-Match"] = shown.headers["ETag"]


def _operation(case: Case) -> str:
    name: str = case.operation.definition.raw["operationId"]
    return name


def _choose(world: World, case: Case) -> None:
    """Ids that exist, for most of those drawn; what does not have the form of an id stays."""
    operation, given = _operation(case), case.path_parameters or {}
    # The coverage phase draws one id for all its cases: it must not happen to be the unknown one.
    always = case.meta is not None and case.meta.phase.name.value == "coverage"
    for name, drawn in given.items():
        form = _FORMS.get(name, UUID_FORM)
        if name == "version" and isinstance(drawn, int) and 0 < drawn < 10_000 and drawn % 4:
            given[name] = 1
        elif name in world.known and isinstance(drawn, str) and re.fullmatch(form, drawn):
            given[name] = world.pick(name, drawn, always=always)
    if not always or operation in _USED_UP or operation == "delete_draft":
        _freshen(world, operation, given)


def _freshen(world: World, operation: str, given: dict[str, Any]) -> None:
    """Something new where the operation uses it up."""
    drawn = next((one for name, one in given.items() if one in world.known.get(name, ())), None)
    if drawn is None:
        return
    if operation in _USED_UP:
        given["mailbox_id"] = _USED_UP[operation](world)
    elif operation == "confirm_entered_succession":
        given["authority"], given["proposal_id"] = TOWN, world.succession()
    elif operation == "delete_draft":
        given["draft_id"] = world.draft()
    elif operation == "open_attachment":
        given["handover_id"], given["attachment_id"] = world.attached
    elif operation == "complete_handover":
        given["handover_id"] = world.message()
    elif operation in _STEPS and int(drawn[:4], 16) % 2:
        given["handover_id"] = world.handover(_STEPS[operation])


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
_USED_UP: dict[str, Callable[[World], str]] = {
    "confirm_mailbox": World.proposed,
    "withdraw_proposal": World.proposed,
    "withdraw_confirmation": World.mailbox,
    "propose_end": World.mailbox,
    "confirm_end": World.ending,
}
"""Operation -> the new mailbox that it uses up."""


def _sendable(body: dict[str, Any], arriving: bool) -> dict[str, Any]:
    """What the sender's token and the rules beyond the schema ask for."""
    made: dict[str, Any] = json.loads(json.dumps(body))
    if "sender" in made:
        made["sender"] = {"authority": REGION, "unit": AMBULATORY}
        made["attachments"] = []
        if made.get("receiver_unit") is not None and len(made["receiver_unit"]) % 3:
            made["receiver_unit"] = CENTRE if len(made["receiver_unit"]) % 2 else None
        if arriving:
            sections = made["document"]["sections"]
            sections["stamoplysninger"]["handlekommune"] = TOWN
            sections["samtykke"] = document()["sections"]["samtykke"]
            made["receiver_unit"] = None
    elif "document" in made:
        # A completion is about the citizen of the message.
        made["document"]["sections"]["stamoplysninger"]["person_id"] = CITIZEN
    _tidy(made)
    return made


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
