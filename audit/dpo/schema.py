"""What the reports are made from: the events and the templates, with the names a Dane reads."""

from collections.abc import Iterator

import msgspec

from audit.dpo.fields import FieldRow, fields_of
from audit.dpo.words import EVENTS
from domain.document.loader import templates as installed_templates
from domain.document.template import Field, Section, Template
from domain.events.catalogue import EVENT_TYPES, EventType
from domain.events.header import Header
from domain.rights.rule import rights_register
from workflows.machines.installed import definitions

EVENTS_FILE = "domain/events/catalogue.py"
LANES_FILE = "domain/events/lanes.py"
HEADER_FILE = "domain/events/header.py"
TEMPLATES = "domain/document/templates"


class SectionOf(msgspec.Struct, frozen=True):
    """A section with the template version it stands in, and all versions that have it."""

    template: Template
    section: Section
    versions: tuple[str, ...]


class FieldOf(msgspec.Struct, frozen=True):
    """A field as the newest version has it that has it. `fact`: some version lets it stand in the clear."""

    field: Field
    section: Section
    fact: bool
    versions: tuple[str, ...]


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """Event types and templates. Everything that is listed in a report is listed from here."""

    events: tuple[EventType, ...]
    templates: tuple[Template, ...]
    header: type[msgspec.Struct] = Header

    def label(self, event: EventType) -> str:
        """What an event is called in Danish: by the workflow, the register of rights, a list, or its code."""
        for one in sorted(definitions(), key=lambda one: one.version, reverse=True):
            for step in one.steps:
                if step.event == event.name:
                    return step.event_label
            if fact := one.fact(event.name):
                return fact.label
        return rights_register().events.get(event.name) or EVENTS.get(event.name, event.name)

    def facts(self, event: EventType) -> tuple[FieldRow, ...]:
        """The clear fields of an event."""
        return fields_of(event.facts)

    def body(self, event: EventType) -> tuple[FieldRow, ...]:
        """The sealed fields of an event."""
        return () if event.body is None else fields_of(event.body)

    def roles(self) -> tuple[str, ...]:
        """Every role that may see some event, in order of the name."""
        return tuple(sorted({role for event in self.events for role in event.roles}))

    def sections(self) -> Iterator[SectionOf]:
        """Every section of every template once, as the newest version has it that has it."""
        newest: dict[tuple[str, str], SectionOf] = {}
        for template in sorted(self.templates, key=lambda one: (one.name, one.version)):
            for section in template.sections:
                key = (template.name, section.id)
                before = newest[key].versions if key in newest else ()
                newest[key] = SectionOf(template, section, (*before, template.label))
        yield from newest.values()

    def fields(self) -> Iterator[FieldOf]:
        """Every field of every template once, as the newest version has it that has it."""
        newest: dict[tuple[str, str], FieldOf] = {}
        for template in sorted(self.templates, key=lambda one: (one.name, one.version)):
            for section in template.sections:
                for field in section.fields:
                    key = (template.name, field.id)
                    known = newest.get(key)
                    fact = field.fact or (known is not None and known.fact)
                    before = known.versions if known else ()
                    newest[key] = FieldOf(field, section, fact, (*before, template.label))
        yield from newest.values()


def marks(event: EventType) -> tuple[str, ...]:
    """Against which kinds of event keys are released, of those that this one is."""
    held = (("reading", event.reading), ("delivery", event.delivery), ("replay", event.replay))
    return tuple(mark for mark, holds in held if holds)


def installed() -> Schema:
    """The schema of this version of Overgang."""
    return Schema(events=tuple(EVENT_TYPES.values()), templates=tuple(installed_templates().values()))
