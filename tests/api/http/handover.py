"""A handover as those meet it who work on it: shown, opened, taken a step with, refused."""

from typing import Any

import httpx2

from tests.api.http.running import Caller
from tests.api.http.town import Town, document, ok, submission


class Case:
    """A handover by its address. Every step builds on the version that its taker sees."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.id = path.rpartition("/")[2]

    def shown(self, who: Caller) -> dict[str, Any]:
        """Where it stands."""
        found: dict[str, Any] = ok(who.get(self.path), 200).json()
        return found

    def actions(self, who: Caller) -> set[str]:
        """The steps that somebody may take now."""
        return {one["command"] for one in self.shown(who)["allowed_actions"]}

    def open(self, who: Caller, **reading: Any) -> dict[str, Any]:
        """Open the document, or another one or a note by `document`; returns what was read."""
        opened = ok(who.post(f"{self.path}/readings", reading), 201).json()
        read: dict[str, Any] = opened["document"]
        return read

    def take(self, who: Caller, step: str, body: Any = None) -> httpx2.Response:
        """Take a step that is allowed."""
        return ok(self._act(who, step, body), 201)

    def refused(self, who: Caller, step: str, body: Any = None) -> str:
        """Take a step that is not; returns the code, and for a rule the rule's."""
        return code_of(self._act(who, step, body))

    def shut(self, who: Caller, **reading: Any) -> str:
        """Open what may not be opened; returns the code."""
        return code_of(who.post(f"{self.path}/readings", reading))

    def facts(self, who: Caller) -> list[dict[str, Any]]:
        """The facts of the citizen's course."""
        found: list[dict[str, Any]] = ok(who.get(f"{self.path}/facts"), 200).json()["items"]
        return found

    def record(self, who: Caller, event: str, occurred_at: str, **stated: Any) -> httpx2.Response:
        """Record a fact, or try to."""
        return who.post(f"{self.path}/facts", {"event": event, "occurred_at": occurred_at, **stated})

    def _act(self, who: Caller, step: str, body: Any) -> httpx2.Response:
        seen = who.get(self.path)
        return who.act(f"{self.path}/{step}", seen.headers.get("ETag", '"1"'), body)


def code_of(answer: httpx2.Response) -> str:
    """The code of a problem, of the rule where a rule refuses; and that it says so in both languages."""
    assert answer.status_code >= 400, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"] and problem["detail_da"] and problem["detail"] != problem["detail_da"]
    if problem["code"] not in ("refused", "validation-failed"):
        code: str = problem["code"]
        return code
    [error] = problem["errors"]
    code = error["code"]
    assert error["detail_da"] != error["detail"]
    return code


def listed(who: Caller, path: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page: one server is for all these tests, and its lists grow long."""
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        at = f"{'&' if '?' in path else '?'}limit=100{page['next'] and '&after='}{page['next']}"
        page = ok(who.get(path + at), 200).json()
        items += page["items"]
    return items


def sent(town: Town, **fields: Any) -> Case:
    """A handover from the ambulatory to the town, with fields of its document changed."""
    body = submission(made=document(**fields))
    return Case(ok(town.clinician.post("/v1/handovers", body), 201).headers["Location"])


def opened(town: Town, **fields: Any) -> Case:
    """The same, read by the centre."""
    case = sent(town, **fields)
    case.open(town.caseworker)
    return case


def note_of(shown: dict[str, Any], event: str) -> str:
    """The id of the last text that an event brought, as a side sees it."""
    ids: list[str] = [one["id"] for one in shown["notes"] if one["event"] == event]
    return ids[-1]
