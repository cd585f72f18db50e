"""Whose data and which, from the templates: categories by section, clear codes, sealed fields."""

from collections.abc import Iterator, Mapping

from audit.dpo.knowledge import CATEGORIES, FOLDER, categories
from audit.dpo.report import Cell, Statement, Table
from audit.dpo.schema import EVENTS_FILE, HEADER_FILE, TEMPLATES, FieldOf, Schema, SectionOf
from domain.document.words import KINDS, approval
from domain.law.references import reference

CATEGORIES_FILE = f"{FOLDER}/{CATEGORIES}"
UNCATEGORISED = "ikke kategoriseret"
CATEGORIES_RIGHT = "Er kategorierne af personer og oplysninger de rigtige?"


def _section_id(one: SectionOf | FieldOf) -> str:
    return one.section.id


def _subjects(section: str) -> tuple[str, ...]:
    held = categories().sections.get(section)
    return (UNCATEGORISED,) if held is None else tuple(categories().subjects[name] for name in held.subjects)


def _categories(section: str) -> tuple[str, ...]:
    held = categories().sections.get(section)
    if held is None:
        return (UNCATEGORISED,)
    return tuple(categories().categories[name].da for name in held.categories)


def _category_codes(schema: Schema) -> Iterator[str]:
    known = categories()
    for one in schema.sections():
        held = known.sections.get(one.section.id)
        yield from held.categories if held else ()
    for found in schema.fields():
        if found.field.kind in known.kinds:
            yield known.kinds[found.field.kind]


def subjects_table(schema: Schema) -> Table:
    """Categories of data subjects, each with the sections that hold data about them, and the staff."""
    rows: list[Mapping[str, Cell]] = []
    for code, name in categories().subjects.items():
        where = tuple(
            f"{one.section.title} ({one.template.name})"
            for one in schema.sections()
            if (held := categories().sections.get(one.section.id)) and code in held.subjects
        )
        rows.append({"subject": name, "where": where})
    own_key = tuple(found.field.label for found in schema.fields() if found.field.other_person)
    rows.append({"subject": "andre end borgeren, forseglet med hver sin nøgle", "where": own_key})
    rows.append(
        {
            "subject": "brugere af Overgang, ved pseudonym",
            "where": ("hovedet på hver hændelse: actor, role, unit, authority",),
        }
    )
    return Table(
        about=Statement(
            id="subjects",
            text="Der behandles oplysninger om disse kategorier af personer.",
            source=(CATEGORIES_FILE, HEADER_FILE, TEMPLATES),
            basis=("gdpr:30.1.c",),
            certainty=categories().certainty,
            question=_uncategorised(schema) or CATEGORIES_RIGHT,
        ),
        columns={"subject": "Personer", "where": "Hvor"},
        rows=tuple(rows),
    )


def _uncategorised(schema: Schema) -> str | None:
    known = categories().sections
    missing = sorted({one.section.title for one in schema.sections() if one.section.id not in known})
    return f"Hvilke kategorier hører disse afsnit til: {', '.join(missing)}?" if missing else None


def categories_table(schema: Schema) -> Table:
    """Categories of personal data that occur, with what the law asks of each."""
    found = dict.fromkeys(_category_codes(schema))
    known = categories().categories
    return Table(
        about=Statement(
            id="categories",
            text="Disse kategorier af oplysninger kan forekomme.",
            source=(CATEGORIES_FILE, TEMPLATES),
            basis=("gdpr:30.1.c",),
            certainty=categories().certainty,
            question=CATEGORIES_RIGHT,
        ),
        columns={"category": "Kategori", "basis": "Bestemmelse"},
        rows=tuple(
            {"category": known[code].da, "basis": tuple(map(reference, known[code].basis))} for code in found
        ),
    )


def templates_table(schema: Schema) -> Table:
    """Every template version, with the hash that stands with each document made under it."""
    return Table(
        about=Statement(
            id="templates",
            text="Disse skabeloner er installeret. Et dokument læses efter den version, det er skrevet i.",
            source=(TEMPLATES,),
            basis=("gdpr:30.1.c",),
        ),
        columns={"template": "Skabelon", "title": "Titel", "approval": "Godkendt", "sha256": "Hashværdi"},
        rows=tuple(
            {
                "template": template.label,
                "title": template.title,
                "approval": approval(template),
                "sha256": template.sha256,
            }
            for template in schema.templates
        ),
    )


def sections_table(schema: Schema) -> Table:
    """Every section of every template with its fields."""
    fields: dict[tuple[str, str], list[str]] = {}
    for template in schema.templates:
        for section in template.sections:
            labels = fields.setdefault((template.name, section.id), [])
            labels += [field.label for field in section.fields if field.label not in labels]
    return Table(
        about=Statement(
            id="sections",
            text="Hvert afsnit i hver skabelon, med alle felter fra alle versioner.",
            source=(TEMPLATES,),
            basis=("gdpr:30.1.c",),
        ),
        columns={
            "section": "Kode",
            "title": "Afsnit",
            "templates": "Skabelon",
            "fields": "Felter",
            "subjects": "Personer",
            "categories": "Kategorier",
        },
        rows=tuple(
            {
                "section": one.section.id,
                "title": one.section.title,
                "templates": one.versions,
                "fields": tuple(fields[one.template.name, one.section.id]),
                "subjects": _subjects(_section_id(one)),
                "categories": _categories(_section_id(one)),
            }
            for one in schema.sections()
        ),
    )


def clear_fields_table(schema: Schema) -> Table:
    """Fields of a document whose value also stands in the clear facts."""
    return Table(
        about=Statement(
            id="document-facts",
            text="Disse felter i et dokument er koder, datoer eller ja/nej og står også uforseglet på loggen "
            "(`document_facts`).",
            source=(TEMPLATES, EVENTS_FILE),
            basis=("gdpr:25", "gdpr:5.1.c"),
            certainty="U",
            question="Er det nødvendigt, at hvert af disse felter står uforseglet på loggen?",
        ),
        columns={
            "field": "Felt",
            "name": "Navn",
            "kind": "Art",
            "categories": "Kategorier",
            "templates": "Skabelon",
        },
        rows=tuple(
            {
                "field": one.field.id,
                "name": one.field.label,
                "kind": KINDS[one.field.kind],
                "categories": _categories(_section_id(one)),
                "templates": one.versions,
            }
            for one in schema.fields()
            if one.fact
        ),
    )


def sealed_fields_table(schema: Schema) -> Table:
    """Fields of a document that are sealed only, with what protects them beside."""
    return Table(
        about=Statement(
            id="sealed-fields",
            text="Alle andre felter er forseglet i dokumentet. Hændelsernes egne koder står for sig.",
            source=(TEMPLATES,),
            basis=("gdpr:32.1.a",),
        ),
        columns={"field": "Felt", "name": "Navn", "kind": "Art", "protection": "Særlig beskyttelse"},
        rows=tuple(
            {
                "field": one.field.id,
                "name": one.field.label,
                "kind": KINDS[one.field.kind],
                "protection": tuple(_protection(one)),
            }
            for one in schema.fields()
            if not one.fact
        ),
    )


def _protection(one: FieldOf) -> Iterator[str]:
    own = categories().kinds.get(one.field.kind)
    if own is not None:
        yield categories().categories[own].da
    if one.field.other_person:
        yield "egen nøgle: om en anden person"
    if one.field.address_protected:
        yield "skjules ved navne- og adressebeskyttelse"
    if one.field.withhold:
        yield "kan udelades"
