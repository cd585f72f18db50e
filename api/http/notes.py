"""Texts that belong to steps, as notes under a template of their own."""

from typing import Any

from api.bootstrap import Overgang
from domain.calendar.working_days import danish_day
from domain.document.loader import get_template
from domain.document.validate import validate_document
from domain.handover.step_commands import WrittenNote

REMARK, QUESTION, ANSWER = "bemaerkning", "spoergsmaal", "svar"
VERSION = 1


def note_of(overgang: Overgang, template: str, **fields: Any) -> WrittenNote:
    """A note of one section, validated under its template. Raises DocumentRefused."""
    written = {"template": template, "template_version": VERSION, "sections": {template: fields}}
    found = validate_document(
        written, get_template(template, VERSION), today=danish_day(overgang.clock.now())
    )
    return WrittenNote(
        template=found.template, template_version=found.template_version, sections=found.sections
    )


def remark_of(overgang: Overgang, text: str | None) -> WrittenNote | None:
    """A remark, where there is one."""
    return None if text is None else note_of(overgang, REMARK, text=text)
