"""The four reports by name, each made from the schema and a summary of the settings."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from audit.dpo import dpia, record, retention, split
from audit.dpo.installation import Installation
from audit.dpo.report import Chapter, Report, questions_of
from audit.dpo.schema import Schema
from domain.law.loader import rules_hash

Chapters = Callable[[Schema, Installation, date], tuple[Chapter, ...]]


class _Kind(msgspec.Struct, frozen=True):
    title: str
    chapters: Chapters


REPORTS: Mapping[str, _Kind] = MappingProxyType(
    {
        "record": _Kind(record.TITLE, record.chapters),
        "dpia": _Kind(dpia.TITLE, lambda schema, installation, _: dpia.chapters(schema, installation)),
        "split": _Kind(split.TITLE, split.chapters),
        "retention": _Kind(retention.TITLE, lambda schema, *_: retention.chapters(schema)),
    }
)
"""Every report, by the name of its command."""


def make(name: str, schema: Schema, installation: Installation, day: date, software: str) -> Report:
    """Make a report as of a day in Denmark. The same input gives the same report."""
    kind = REPORTS[name]
    chapters = kind.chapters(schema, installation, day)
    return Report(
        id=name,
        title=kind.title,
        day=day,
        software=software,
        rules=rules_hash(),
        environment=installation.environment,
        chapters=chapters,
        questions=questions_of(chapters),
    )
