"""The record of processing activities (fortegnelse), GDPR art. 30(1) and (2)."""

from datetime import date

from audit.dpo.access import audiences_table, channels_table, lanes_table, letters_table, receivers_table
from audit.dpo.installation import Installation
from audit.dpo.knowledge import said_in
from audit.dpo.periods import erased_by_itself, log_table, passing_table, records_table
from audit.dpo.personal import categories_table, sections_table, subjects_table, templates_table
from audit.dpo.report import Chapter, Statement, Table
from audit.dpo.schema import TEMPLATES, Schema
from audit.dpo.security import faults_table, outside_table, settings_table
from domain.identity.municipality import municipalities
from domain.identity.region import regions
from domain.law.loader import disclosure_references, purposes, readable_purposes
from domain.law.references import reference

TITLE = "Fortegnelse over behandlingsaktiviteter"
PURPOSES_FILE = "domain/law/data/formaal-1.json"
CONSENT_FILE = "domain/law/data/samtykke-1.json"
BASIS_FIELD = "samtykke.basis"


def chapters(schema: Schema, installation: Installation, day: date) -> tuple[Chapter, ...]:
    """The chapters of the record, as of a day."""
    return (
        Chapter(
            id="controllers",
            title="Dataansvarlige",
            basis=("gdpr:30.1.a",),
            statements=said_in("record.controllers"),
            tables=(controllers_table(day),),
        ),
        Chapter(
            id="purposes",
            title="Formål og grundlag",
            basis=("gdpr:30.1.b",),
            statements=said_in("record.purposes"),
            tables=(purposes_table(), disclosures_table(schema)),
        ),
        Chapter(
            id="subjects",
            title="Kategorier af registrerede",
            basis=("gdpr:30.1.c",),
            tables=(subjects_table(schema),),
        ),
        Chapter(
            id="data",
            title="Kategorier af personoplysninger",
            basis=("gdpr:30.1.c",),
            statements=said_in("record.data"),
            tables=(categories_table(schema), templates_table(schema), sections_table(schema)),
        ),
        Chapter(
            id="recipients",
            title="Modtagere",
            basis=("gdpr:30.1.d",),
            statements=said_in("record.recipients"),
            tables=(
                lanes_table(schema),
                receivers_table(),
                channels_table(),
                letters_table(),
                audiences_table(),
            ),
        ),
        Chapter(
            id="transfers",
            title="Overførsler til tredjelande",
            basis=("gdpr:30.1.e",),
            statements=said_in("record.transfers"),
            tables=(outside_table(installation),),
        ),
        Chapter(
            id="erasure",
            title="Slettefrister",
            basis=("gdpr:30.1.f",),
            statements=(erased_by_itself(),),
            tables=(records_table(), log_table(schema), passing_table()),
        ),
        Chapter(
            id="security",
            title="Sikkerhed",
            basis=("gdpr:30.1.g", "gdpr:32"),
            statements=said_in("record.security"),
            tables=(settings_table(installation), faults_table(installation)),
        ),
    )


def controllers_table(day: date) -> Table:
    """Who may be a controller: the regions that exist on the day, and the municipalities."""
    there = [region for region in regions().values() if region.exists_on(day)]
    return Table(
        about=Statement(
            id="controllers",
            text="Disse myndigheder kan tage del. Hvem der gør, står i registret.",
            source=("domain/identity/data/regions.toml", "domain/identity/data/municipalities.csv"),
            basis=("gdpr:4",),
        ),
        columns={"kind": "Art", "count": "Antal", "authorities": "Myndigheder"},
        rows=(
            {
                "kind": "region",
                "count": len(there),
                "authorities": tuple(
                    f"{region.name} ({region.code}{', foreløbig kode' if region.provisional else ''})"
                    for region in there
                ),
            },
            {
                "kind": "kommune",
                "count": len(municipalities()),
                "authorities": tuple(f"{one.name} ({one.code})" for one in municipalities().values()),
            },
        ),
    )


def purposes_table() -> Table:
    """Every coded purpose with its basis."""
    readable = readable_purposes()
    return Table(
        about=Statement(
            id="purposes",
            text="Hver hændelse har ét af disse formål. Nogle af dem kan et dokument åbnes til.",
            source=(PURPOSES_FILE,),
            basis=("gdpr:30.1.b", "gdpr:5.1.b"),
            certainty="U",
            question="Er formålene de rigtige, og har hvert af dem det rigtige grundlag?",
        ),
        columns={"purpose": "Kode", "name": "Formål", "basis": "Grundlag", "opens": "Kan åbne et dokument"},
        rows=tuple(
            {
                "purpose": code,
                "name": about["da"],
                "basis": tuple(map(reference, about["basis"])),
                "opens": code in readable,
            }
            for code, about in purposes().items()
        ),
    )


def disclosures_table(schema: Schema) -> Table:
    """The bases on which a document may be disclosed, as the templates offer them."""
    offering = [template for template in schema.templates if template.field(BASIS_FIELD) is not None]
    labels = {
        value.code: value.label
        for template in sorted(offering, key=lambda one: one.version)
        if (field := template.field(BASIS_FIELD)) is not None
        for value in template.values(field.value_set)
    }
    return Table(
        about=Statement(
            id="disclosures",
            text="Et dokument gives videre på ét af disse grundlag, som afsenderen angiver.",
            source=(*(f"{TEMPLATES}/{one.label}.json" for one in offering), CONSENT_FILE),
            basis=("jfb:29",),
        ),
        columns={"basis": "Kode", "name": "Grundlag", "references": "Bestemmelse"},
        rows=tuple(
            {"basis": code, "name": label, "references": tuple(map(reference, disclosure_references(code)))}
            for code, label in labels.items()
        ),
    )
