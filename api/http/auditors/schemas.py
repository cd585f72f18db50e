"""What the auditor is answered, as JSON Schema, drawn from the very types that are answered with."""

from typing import Any

import msgspec

from audit.replay.case import CaseReplay
from audit.verdicts.rights import Head
from audit.verdicts.rows import Row
from audit.volume.volume import VolumeRow
from domain.events.header import Header

ENTRIES = "AuditEntries"
REPLAY = "AuditReplay"
COUNTS = "AuditCounts"
RIGHTS = "AuditRights"
_REF = "#/components/schemas/Audit{name}"


class RightsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Verdicts, and what they rest on; `next` is the position to go on after."""

    head: Head
    items: tuple[Row, ...]
    next: int | None


def answered(schema: str) -> dict[str, Any]:
    """A documented answer."""
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def audit_schemas() -> dict[str, Any]:
    """The components that the auditors' operations refer to."""
    (header, replay, row, rights), found = msgspec.json.schema_components(
        (Header, CaseReplay, VolumeRow, RightsPage), ref_template=_REF
    )
    for end in ("strict", "lenient"):
        # A moment, where the rule counts hours.
        found[Row.__name__]["properties"][end] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    entry = {
        "type": "object",
        "required": ["header", "facts", "leaf_hash"],
        "properties": {
            "header": header,
            "facts": {"type": "object", "description": "The event's facts, as its schema has them."},
            "leaf_hash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "RFC 6962."},
        },
    }
    position = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}
    return {
        **{f"Audit{name}": schema for name, schema in found.items()},
        ENTRIES: _items(entry)
        | {
            "required": ["items", "next"],
            "properties": {"items": {"type": "array", "items": entry}, "next": position},
        },
        REPLAY: replay,
        COUNTS: _items(row),
        RIGHTS: rights,
    }


def _items(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": item}},
    }
