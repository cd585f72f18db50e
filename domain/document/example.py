"""A whole document made of the examples that stand in the template's data. The person is invented."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar.working_days import danish_day
from domain.document.rules import is_marker
from domain.document.template import Field, Template


def example_document(template: Template, *, today: date | None = None) -> dict[str, Any]:
    """A valid document in Danish; its CPR number is impossible (day + 60), so it belongs to nobody.

    With `today` its dates keep their distance to the day it was written, as if that were today, so
    that no consent in it lapses; without, they are those of the file.
    """
    sections = {
        section.id: {
            field.name: deepcopy(field.example) for field in section.fields if field.example is not None
        }
        for section in template.sections
    }
    document = {
        "template": template.name,
        "template_version": template.version,
        "sections": {name: fields for name, fields in sections.items() if fields},
    }
    if today is not None:
        _move(template, document["sections"], today)
    return document


def _move(template: Template, sections: Any, today: date) -> None:
    """Move every date and time of the sections, so that what was written latest is of today.

    In an example every time of day is of something that has happened; the latest is its writing.
    """
    found = [
        place
        for section in template.sections
        for place in _places(section.fields, sections.get(section.id, {}))
    ]
    written = [
        danish_day(datetime.fromisoformat(holder[name])) for kind, holder, name in found if kind is datetime
    ]
    if not written:
        return
    distance = today - max(written)
    for kind, holder, name in found:
        holder[name] = _moved(kind, holder[name], distance)


def _moved(kind: type[date], value: str, distance: timedelta) -> str:
    return (kind.fromisoformat(value) + distance).isoformat()


def _places(fields: tuple[Field, ...], stated: Any) -> Iterator[tuple[type[date], dict[str, Any], str]]:
    """Where a date or a time stands: its kind, what holds it, and under which name."""
    for field in fields:
        value = stated.get(field.name)
        if value is None or is_marker(value):
            continue
        if field.kind in ("date", "datetime"):
            yield (date if field.kind == "date" else datetime), stated, field.name
        elif field.kind == "object":
            yield from _places(field.fields, value)
        elif field.kind == "list":
            for item in value:
                yield from _places(field.fields, item)
        elif field.kind == "assertions":
            yield from (
                (datetime, item, "seen_by_citizen_at") for item in value if "seen_by_citizen_at" in item
            )
