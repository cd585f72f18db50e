"""What JSON Schema cannot say about Overgang's requests, taught to schemathesis. No check is off.

Whatever breaks its schema is left alone: what is meant to be refused stays so.
"""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pikepdf
import schemathesis
from hypothesis import strategies as st
from PIL import Image
from schemathesis import AuthContext, Case
from stdnum import ean
from stdnum.dk import cvr

from api.http.fields import AUTHORITIES, MAX_POSITION, UNIT, UUID_FORM
from api.http.operations.system import NAME
from tests.api.http.contract import ABOUT_ACCESS, SENDERS_LEADER, World
from tests.api.http.contract_bodies import Bodies
from tests.api.http.town import TOWN

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"(?:0|[1-9][0-9]{0,14})"')
_FORMS = {
    "unit": f"(?=.{{2,48}}$){UNIT[1:-1]}",
    "authority": "|".join(AUTHORITIES),
    "name": NAME,
    "code": NAME,
}


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


def register_checks() -> None:
    """A check of our own beside schemathesis's: a problem's code is one that its operation documents."""

    @schemathesis.check
    def problem_code_is_documented(context: Any, response: Any, case: Case) -> None:
        responses = case.operation.definition.raw["responses"]
        documented = responses.get(str(response.status_code), {}).get("content", {})
        examples = documented.get("application/problem+json", {}).get("examples")
        if examples is not None:
            assert response.json()["code"] in examples, response.json()["code"]


def changing_operations(document: dict[str, Any]) -> set[str]:
    """Operations that build on a version of a handover or a draft."""
    return {
        operation["operationId"]
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if re.match("/v1/(?:handovers|drafts)/", path)
        and any(one["name"] == "If-Match" for one in operation.get("parameters", ()))
    }


def give_tokens(schema: Any, world: World, role: str | None = None) -> None:
    """Put callers on a schema: a role, or for each operation the one that carries it out."""

    @schema.auth(refresh_interval=None)
    class RightCaller:
        """The token of the one who carries the operation out."""

        def get(self, case: Case, context: AuthContext) -> str:
            caller = world.callers[role] if role else world.caller_for(_operation(case))
            return caller.token

        def set(self, case: Case, data: str, context: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"


def make_ready(world: World, bodies: Bodies, case: Case, *, linked: bool = False) -> None:
    """Before a call: a key of its own, ids that exist, often a case ready for the step, its version.

    `linked`: the ids come from the answer of an earlier call and stay as they are.
    """
    headers = case.headers
    if _KEY.fullmatch(str(headers.get("Idempotency-Key", ""))):
        headers["Idempotency-Key"] = str(uuid4())
    if not linked:
        _choose(world, case)
    fitting = bodies.fitting(_operation(case), case.body)
    if fitting is not case.body:
        case.body = fitting
    # schemathesis sends the ETag "0" of its coverage phase without the quotes that are part of it.
    if not _ETAG.fullmatch(str(headers.get("If-Match", ""))) and headers.get("If-Match") != "0":
        return
    if (mailbox := re.match("/v1/mailboxes/([^/?]+)", case.formatted_path)) is not None:
        headers["If-Match"] = world.version_of(mailbox[1]) or headers["If-Match"]
        return
    prefix = re.match("/v1/(?:handovers|drafts)/[^/?]+", case.formatted_path)
    who = world.callers[SENDERS_LEADER if "/handovers/" in case.formatted_path else "clinician"]
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
    if operation == "show_main_mailbox" and not always and len(str(case.query)) % 2:
        # Few units, and few instants, have a main mailbox; every authority here has one now.
        case.query = {}


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
    elif operation in ABOUT_ACCESS:
        for name, value in world.granted.items():
            if name in given and _is_drawn(world, name, given[name]):
                given[name] = value
    elif "handover_id" in given and (operation == "complete_handover" or int(drawn[:4], 16) % 8):
        given |= world.before(operation)


def _is_drawn(world: World, name: str, value: Any) -> bool:
    """Whether a value is one that was put there, or a position of the right form; what is wrong stays so."""
    return value in world.known[name] or (isinstance(value, int) and 0 <= value <= MAX_POSITION)


_USED_UP: dict[str, Callable[[World], str]] = {
    "confirm_mailbox": World.proposed,
    "withdraw_proposal": World.proposed,
    "withdraw_confirmation": World.mailbox,
    "propose_end": World.mailbox,
    "confirm_end": World.ending,
}
"""Operation -> the new mailbox that it uses up."""
