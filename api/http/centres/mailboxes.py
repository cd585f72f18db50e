"""For the receiver: the main mailbox as a work list with names, logged page by page."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from api.http import models as m
from api.http.answers import answer
from api.http.call import Anyone, context_of, overgang_of
from api.http.cases import row_of
from api.http.problems import FieldError, Problem, problem_responses
from audit.log.entry import open_body
from domain.handover.commands import ShowMailbox
from workflows.handlers.mailbox import Listed, show_mailbox

router = APIRouter(prefix="/v1", tags=["centres"])
Status = Literal["delivered", "opened", "acknowledged", "taken_over", "closed"]
WAITING: tuple[Status, ...] = ("delivered", "opened", "acknowledged")
_CURSOR = re.compile(r"([0-9])\|([0-9TZ:.\-]{10,40})\|([0-9a-f-]{36})")


@router.get(
    "/mailboxes/{mailbox_id}/handovers",
    responses={
        200: {"model": m.MailboxPage},
        **problem_responses("token-missing", "role-not-allowed", "not-found", "validation-failed", "rate-limited"),
    },
)
def list_mailbox(
    request: Request,
    caller: Anyone,
    mailbox_id: Annotated[UUID, Path(description="The mailbox's id.")],
    status: Annotated[
        list[Status] | None, Query(description="Which; without it those that wait for the receiver.")
    ] = None,
    after: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,120}$", description="`next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """A page of the work list by (priority, due, id). Showing it is an event on the log."""
    overgang = overgang_of(request)
    command = ShowMailbox(
        mailbox=mailbox_id,
        statuses=tuple(dict.fromkeys(status)) if status else WAITING,
        after=_cursor(after) if after else None,
        limit=limit,
    )
    page = show_mailbox(overgang.services, context_of(request, caller), command, open_body)
    last = page.listed[-1].row if len(page.listed) == limit else None
    return answer(
        {
            "items": [_item(listed) for listed in page.listed],
            "next": _next(last.priority, last.due, last.handover) if last else None,
            "shown_position": page.shown_position,
        }
    )


def _item(listed: Listed) -> dict[str, Any]:
    return {**row_of(listed.row), "label": listed.label}


def _next(priority: int, due: str, handover: UUID) -> str:
    return urlsafe_b64encode(f"{priority}|{due}|{handover}".encode()).decode().rstrip("=")


def _cursor(text: str) -> tuple[int, str, str]:
    try:
        found = _CURSOR.fullmatch(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
    except ValueError:
        found = None
    if found is None:
        raise Problem.of(
            "validation-failed",
            errors=[FieldError("/after", "invalid", "Not a cursor.", "Ikke en markør.", "query")],
        )
    return int(found[1]), found[2], found[3]
