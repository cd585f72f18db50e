"""A report as Danish Markdown: each statement with where it comes from and how sure it is."""

import re
from collections.abc import Iterable, Iterator

from audit.dpo.report import Cell, Chapter, Report, Statement, Table
from domain.calendar.danish_dates import danish_date
from domain.document.words import YES_NO
from domain.law.references import CERTAINTIES, reference

CODES = frozenset({"event", "field", "section", "fault", "purpose", "setting", "table", "rule", "source"})
"""Columns whose cells are names of the program or of a file, and are set as such."""

NOTHING = "–"


ACTS = {
    "AFD": "bekendtgørelsen om afdækning efter serviceloven",
    "ARKIVL": "arkivloven",
    "BEK": "bekendtgørelse",
    "CPRL": "CPR-loven",
    "DBL": "databeskyttelsesloven",
    "DPL": "lov om Digital Post",
    "EUD": "EU-Domstolen",
    "FVL": "forvaltningsloven",
    "GDPR": "databeskyttelsesforordningen",
    "JFB": "journalføringsbekendtgørelsen",
    "KEL": "klage- og erstatningsloven",
    "OFL": "offentlighedsloven",
    "OVL": "overgangsloven",
    "PSYL": "psykiatriloven",
    "RSB": "retssikkerhedsbekendtgørelsen",
    "RSL": "retssikkerhedsloven",
    "RSY": "bekendtgørelsen om ret til sygehusbehandling",
    "SEL": "serviceloven",
    "SUL": "sundhedsloven",
    "VEJL": "vejledning",
}
"""Short names of acts, as `reference` writes them."""


def written(report: Report) -> str:
    """The whole report, with the short names it uses."""
    text = "\n".join(_lines(report))
    used = [f"{short}: {name}" for short, name in ACTS.items() if re.search(rf"\b{short}\b", text)]
    return f"{text}\n\nForkortelser: {'; '.join(used)}.\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {report.title}"
    yield ""
    yield (
        f"Dannet {danish_date(report.day)} af {report.software} ud fra programmets skemaer og indstillinger "
        f"(miljø: {report.environment}; reglernes hashværdi: {report.rules[:12]}). Ret ikke i teksten: dan "
        "den igen."
    )
    yield ""
    yield (
        f"Teksten er ikke juridisk rådgivning. Ved hver oplysning står kilden, og hvor sikker den er: "
        f"{', '.join(CERTAINTIES.values())}. Det uafklarede står samlet til sidst."
    )
    for number, chapter in enumerate(report.chapters, 1):
        yield from _chapter(number, chapter)
    yield from _questions(report)


def _chapter(number: int, chapter: Chapter) -> Iterator[str]:
    yield ""
    yield f"## {number}. {chapter.title}"
    yield ""
    yield f"*{'; '.join(map(reference, chapter.basis))}*"
    if chapter.statements:
        yield ""
    for statement in chapter.statements:
        yield f"- {statement.text} {_from(statement)}"
    for table in chapter.tables:
        yield from _table(table)


def _from(statement: Statement) -> str:
    parts = (
        "; ".join(f"`{one}`" for one in statement.source),
        "; ".join(map(reference, statement.basis)),
        CERTAINTIES[statement.certainty],
    )
    return f"*[{'. '.join(part for part in parts if part)}]*"


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"{table.about.text} {_from(table.about)}"
    if not table.rows:
        return
    yield ""
    yield _row(table.columns.values())
    yield _row("---" for _ in table.columns)
    for row in table.rows:
        yield _row(_cell(name, row[name]) for name in table.columns)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(column: str, value: Cell) -> str:
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, tuple):
        return _escaped("; ".join(value)) or NOTHING
    text = _escaped(str(value)) or NOTHING
    return f"`{text}`" if column in CODES else text


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _questions(report: Report) -> Iterator[str]:
    yield ""
    yield f"## {len(report.chapters) + 1}. Spørgsmål til databeskyttelsesrådgiveren"
    yield ""
    if not report.questions:
        yield "Ingen."
    for number, question in enumerate(report.questions, 1):
        refs = "; ".join(map(reference, question.basis))
        yield f"{number}. {question.text} *[{refs or '; '.join(question.source)}]*"
