"""For the receiver: the main mailbox and a unit's own list as work lists with names, logged page by page."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AfterValidator, Field

from api.auth.guard import stated_unit
from api.http import fields as f
from api.http import models as m
from api.http.answers import answer
from api.http.call import Anyone, context_of, overgang_of
from api.http.cases import row_of
from api.http.problems import problem_responses
from api.http.strictjson import StrictRoute
from audit.log.entry import open_body
from domain.handover.commands import Rank, ShowMailbox, ShowUnitList
from workflows.handlers.mailbox import Listed, Page, show_mailbox, show_unit_list
from workflows.ports.lists import MailboxRow

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)
Status = Literal[
    "delivered",
    "opened",
    "acknowledged",
    "declined",
    "imported",
    "taken_over",
    "closed",
    "returned",
    "withdrawn",
    "misdirected",
    "wrong_person",
    "entered_in_error",
    "corrected",
]
Cursor = Annotated[str, AfterValidator(f.whole(f.CURSOR)), Field(json_schema_extra={"pattern": f.CURSOR})]
WAITING: tuple[Status, ...] = ("delivered", "opened", "acknowledged", "declined", "imported", "corrected")


@router.get(
    "/mailboxes/{mailbox_id}/handovers",
    responses={
        200: {"model": m.MailboxPage},
        **problem_responses("role-not-allowed", "outside-unit", "not-found"),
    },
)
def list_mailbox(
    request: Request,
    caller: Anyone,
    mailbox_id: Annotated[f.Id, Path(description="The mailbox's id.")],
    status: Annotated[
        list[Status] | None,
        Query(
            max_length=13,
            description="Which; without it those that wait for the receiver. `corrected`: taken over, and"
            " corrected since, so that what counts now has not been read.",
        ),
    ] = None,
    after: Annotated[Cursor | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100), f.Whole] = 20,
) -> Response:
    """A page of the work list in the order of the work. Showing it is an event on the log."""
    overgang = overgang_of(request)
    command = ShowMailbox(
        mailbox=mailbox_id,
        statuses=tuple(dict.fromkeys(status)) if status else WAITING,
        after=_cursor(after) if after else None,
        limit=limit,
    )
    return _page(show_mailbox(overgang.services, context_of(request, caller), command, open_body), limit)


@router.get(
    "/units/{unit}/handovers",
    responses={200: {"model": m.MailboxPage}, **problem_responses("role-not-allowed", "outside-unit")},
)
def list_unit(
    request: Request,
    caller: Anyone,
    unit: Annotated[f.UnitId, Path(description="One's own unit.")],
    after: Annotated[Cursor | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100), f.Whole] = 20,
) -> Response:
    """Cases that were distributed to the unit, in the order of the work. Showing them is an event."""
    command = ShowUnitList(
        unit=stated_unit(caller, unit), after=_cursor(after) if after else None, limit=limit
    )
    overgang = overgang_of(request)
    return _page(show_unit_list(overgang.services, context_of(request, caller), command, open_body), limit)


def _page(page: Page, limit: int) -> Response:
    last = page.listed[-1].row if len(page.listed) == limit else None
    return answer(
        {
            "items": [_item(listed) for listed in page.listed],
            "next": _next(last) if last else None,
            "shown_position": page.shown_position,
        }
    )


def _item(listed: Listed) -> dict[str, Any]:
    return {**row_of(listed.row), "label": listed.label}


def _next(row: MailboxRow) -> str:
    return "~".join(map(str, row.rank))


def _cursor(text: str) -> Rank:
    priority, due, take_over_by, handover = text.split("~")
    return int(priority), due, take_over_by, handover.lower()
