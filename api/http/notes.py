"""Texts that belong to steps, as notes under a template of their own."""

from collections.abc import Mapping
from typing import Any

from api.bootstrap import Overgang
from api.http.problems import FieldError, Problem
from domain.calendar.working_days import danish_day
from domain.document.loader import get_template
from domain.document.problems import DocumentRefused
from domain.document.validate import validate_document
from domain.handover.step_commands import WrittenNote

REMARK, QUESTION, ANSWER = "bemaerkning", "spoergsmaal", "svar"
VERSION = 1


def note_of(overgang: Overgang, template: str, **fields: Any) -> WrittenNote:
    """A note of one section, whose fields are members of the request. Raises Problem."""
    return _written(overgang, template, fields, {})


def remark_of(overgang: Overgang, text: str | None) -> WrittenNote | None:
    """A remark, where there is one. Raises Problem."""
    return None if text is None else _written(overgang, REMARK, {"text": text}, {"text": "remark"})


def _written(
    overgang: Overgang, template: str, fields: dict[str, Any], members: Mapping[str, str]
) -> WrittenNote:
    document = {"template": template, "template_version": VERSION, "sections": {template: fields}}
    today = danish_day(overgang.clock.now())
    try:
        found = validate_document(document, get_template(template, VERSION), today=today)
    except DocumentRefused as refused:
        raise _refused(refused, template, members) from None
    return WrittenNote(
        template=found.template, template_version=found.template_version, sections=found.sections
    )


def _refused(refused: DocumentRefused, template: str, members: Mapping[str, str]) -> Problem:
    """What is wrong with the note, where the request has it."""
    return Problem.of(
        "validation-failed",
        errors=[
            FieldError(_member(one.pointer, template, members), one.code, one.detail_en, one.detail)
            for one in refused.problems
        ],
    )


def _member(pointer: str, template: str, members: Mapping[str, str]) -> str:
    """A pointer into the note as one into the request; what concerns the note as such, into none of it."""
    section = f"/sections/{template}/"
    if not pointer.startswith(section):
        return ""
    name, slash, rest = pointer.removeprefix(section).partition("/")
    return f"/{members.get(name, name)}{slash}{rest}"
