"""Every event type with its clear and its sealed fields, the header of them all, and where it lies."""

import re
from collections.abc import Mapping

from audit.dpo.access import role
from audit.dpo.fields import FieldRow, fields_of
from audit.dpo.report import Cell, Statement, Table
from audit.dpo.schema import EVENTS_FILE, HEADER_FILE, Schema, marks
from audit.dpo.words import HEADER, KINDS, LANES, MARKS, STORED
from audit.log.schema import STATEMENTS as LOG
from audit.vault.schema import STATEMENTS as VAULT

_TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+)")


def events_table(schema: Schema) -> Table:
    """Every event type: its lane, who may see it, and whether keys are released against it."""
    return Table(
        about=Statement(
            id="event-types",
            text=f"Overgang kender {len(schema.events)} hændelsestyper.",
            source=(EVENTS_FILE, "workflows/machines/definitions"),
            basis=("gdpr:35.7.a",),
        ),
        columns={
            "event": "Kode",
            "name": "Hændelse",
            "lane": "Bane",
            "roles": "Roller",
            "mark": "Frigiver nøgler",
            "facts": "Felter i koder",
            "sealed": "Forseglede felter",
        },
        rows=tuple(
            {
                "event": event.name,
                "name": schema.label(event),
                "lane": LANES.get(event.lane, event.lane),
                "roles": tuple(role(code) for code in sorted(event.roles)),
                "mark": tuple(MARKS.get(mark, mark) for mark in marks(event)),
                "facts": len(schema.facts(event)),
                "sealed": len(schema.body(event)),
            }
            for event in schema.events
        ),
    )


def header_table(schema: Schema) -> Table:
    """Every field of the header."""
    return Table(
        about=Statement(
            id="header",
            text="Hver hændelse har et hoved, som står uforseglet.",
            source=(HEADER_FILE,),
            basis=("gdpr:35.7.a",),
        ),
        columns={"field": "Felt", "meaning": "Hvad det er"},
        rows=tuple(
            {"field": row.path, "meaning": HEADER.get(row.path, row.path)} for row in fields_of(schema.header)
        ),
    )


def facts_table(schema: Schema) -> Table:
    """Every clear field of every event with its type."""
    return Table(
        about=Statement(
            id="facts",
            text="Disse felter står uforseglet ved siden af hovedet.",
            source=(EVENTS_FILE,),
            basis=("gdpr:35.7.a", "gdpr:25"),
        ),
        columns=_FIELD_COLUMNS,
        rows=tuple(_row(event.name, row) for event in schema.events for row in schema.facts(event)),
    )


def bodies_table(schema: Schema) -> Table:
    """Every sealed field of every event with its type."""
    return Table(
        about=Statement(
            id="bodies",
            text="Disse felter i hændelserne er forseglet med borgerens nøgle.",
            source=(EVENTS_FILE,),
            basis=("gdpr:35.7.a", "gdpr:32.1.a"),
        ),
        columns=_FIELD_COLUMNS,
        rows=tuple(_row(event.name, row) for event in schema.events for row in schema.body(event)),
    )


def stored_table() -> Table:
    """Every table of the log and of the vault."""
    names = (
        *(f"log.{name}" for name in _tables(LOG)),
        *(f"vault.{name}" for name in _tables(VAULT)),
    )
    return Table(
        about=Statement(
            id="stored",
            text="Log og boks er to lagre med disse tabeller. Vedhæftninger ligger forseglet i filer. "
            "Visninger kan altid laves igen af loggen.",
            source=("audit/log/schema.py", "audit/vault/schema.py"),
            basis=("gdpr:35.7.a",),
        ),
        columns={"table": "Tabel", "holds": "Rummer"},
        rows=tuple({"table": name, "holds": STORED.get(name, name)} for name in names),
    )


_FIELD_COLUMNS = {
    "event": "Hændelse",
    "field": "Felt",
    "kind": "Type",
    "many": "Flere",
    "optional": "Kan mangle",
}


def _row(event: str, row: FieldRow) -> Mapping[str, Cell]:
    return {
        "event": event,
        "field": row.path,
        "kind": KINDS[row.kind],
        "many": row.many,
        "optional": row.optional,
    }


def _tables(statements: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(found[1] for text in statements if (found := _TABLE.match(text)))
