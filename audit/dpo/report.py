"""A report as data: statements and tables, each with where it comes from and how sure it is."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from domain.law.deadline_register import Confidence

Cell = str | int | bool | tuple[str, ...]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is said. `source`: files of Overgang; `basis`: legal references as codes.

    `question`: what the DPO must answer, as the law or the installation leaves it open.
    """

    id: str
    text: str
    source: tuple[str, ...]
    basis: tuple[str, ...] = ()
    certainty: Confidence = "F"
    question: str | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one kind, with the statement that introduces them. `columns`: member name -> Danish heading."""

    about: Statement
    columns: Mapping[str, str]
    rows: tuple[Mapping[str, Cell], ...]


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a report. `basis`: what asks for it. `questions`: those that no statement raises."""

    id: str
    title: str
    basis: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    tables: tuple[Table, ...] = ()
    questions: tuple["Question", ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is not settled. `about`: the statement, table or risk that raises it."""

    about: str
    text: str
    source: tuple[str, ...]
    basis: tuple[str, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report, and what it was made from. `rules`: the hash that stands in every header."""

    id: str
    title: str
    day: date
    software: str
    rules: str
    environment: str
    chapters: tuple[Chapter, ...]
    questions: tuple[Question, ...]


def questions_of(chapters: Iterable[Chapter]) -> tuple[Question, ...]:
    """Every question that is raised, once each, in order."""
    found: dict[str, Question] = {}
    for chapter in chapters:
        raised = (_question(one) for one in (*chapter.statements, *(table.about for table in chapter.tables)))
        for question in (*raised, *chapter.questions):
            if question is not None:
                found.setdefault(question.text, question)
    return tuple(found.values())


def _question(one: Statement) -> Question | None:
    if one.question is None:
        return None
    return Question(about=one.id, text=one.question, source=one.source, basis=one.basis)
