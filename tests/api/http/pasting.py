"""Somebody who reads /docs and pastes: every example is sent as it stands in the OpenAPI document."""

from typing import Any
from uuid import uuid4

import httpx2

from tests.api.http.running import Running
from tests.api.http.town import ok


class Reader:
    """The published document: its operations, and the examples of their bodies."""

    def __init__(self, server: Running) -> None:
        self.client = server.client
        self.document: dict[str, Any] = ok(server.client.get("/openapi.json"), 200).json()
        self.operations = {
            one["operationId"]: (method, path, one)
            for path, methods in self.document["paths"].items()
            for method, one in methods.items()
        }

    def bodies(self, name: str) -> list[Any]:
        """The examples of an operation's body: beside its schema, or in it."""
        body = self.operations[name][2].get("requestBody")
        if body is None:
            return []
        content = next(iter(body["content"].values()))
        if "examples" in content:
            return [one["value"] for one in content["examples"].values()]
        schema = content["schema"]
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        examples: list[Any] = schema.get("examples", [])
        return examples

    def send(
        self, name: str, caller: str, body: Any = None, version: str | None = None, **ids: str
    ) -> httpx2.Response:
        """Send an operation with the header examples of the document, filled in with `ids`."""
        method, path, operation = self.operations[name]
        headers = {"Authorization": f"Bearer {caller}"} if caller else {}
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "header":
                assert parameter["required"] and parameter["example"]
                headers[parameter["name"]] = parameter["example"]
        if "Idempotency-Key" in headers:
            headers["Idempotency-Key"] = str(uuid4())
        if "If-Match" in headers:
            headers["If-Match"] = version or headers["If-Match"]
        for parameter, value in ids.items():
            path = path.replace(f"{{{parameter}}}", value)
        kind = next(iter(operation.get("requestBody", {"content": {"": 0}})["content"]))
        headers |= {"Content-Type": kind} if kind else {}
        more = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        return self.client.request(method, path, headers=headers, **more)


class Day:
    """A day on which all examples are pasted; it may go on on another server over the same store."""

    def __init__(self, server: Running) -> None:
        self.reader = Reader(server)
        self.pasted: set[tuple[str, int]] = set()
        """(operation, number of the example); number 0 of an operation without a body."""

    def go_on(self, server: Running) -> None:
        """The store is served again."""
        self.reader = Reader(server)

    def paste(self, name: str, caller: str, which: int = 0, **more: Any) -> httpx2.Response:
        """Send an example, or what `body` makes of it, and meet with success."""
        bodies = self.reader.bodies(name)
        body = more.pop("body", bodies[which] if bodies else None)
        self.pasted.add((name, which))
        answer = self.reader.send(name, caller, body, **more)
        expected = min(int(status) for status in self.reader.operations[name][2]["responses"])
        return ok(answer, expected)

    def step(self, name: str, caller: str, case: str, **more: Any) -> httpx2.Response:
        """Take a step on a case, on the version that it has."""
        return self.paste(name, caller, version=self.version(caller, case), handover_id=case, **more)

    def version(self, caller: str, case: str) -> str:
        """The ETag of a case as somebody sees it."""
        etag: str = ok(self.reader.send("show_handover", caller, handover_id=case), 200).headers["ETag"]
        return etag

    def left_out(self) -> set[tuple[str, int]]:
        """Examples, and changes without a body, that were not pasted."""
        every = {
            (name, number)
            for name, (method, _, _) in self.reader.operations.items()
            if method in ("post", "put")
            for number in range(max(1, len(self.reader.bodies(name))))
        }
        return every ^ self.pasted
