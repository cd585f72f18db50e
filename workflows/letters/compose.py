"""A letter from its template and values: every required part is there, or the letter is not made."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.calendar.danish_dates import danish_date
from domain.law.limit_words import limit_in_words
from workflows.letters.guidance import AppealRequest, Guidance, guidance_on_appeal
from workflows.letters.letter import Block, Entry, Heading, Items, Letter, Paragraph, Told, content_hash
from workflows.letters.loader import frame
from workflows.letters.template import (
    PLACEHOLDER,
    Field,
    LetterTemplate,
    Section,
    is_limit,
    limit_id,
    placeholders,
)
from workflows.letters.values import LetterFault, LetterRefused, Value, holds, taken

REPRESENTATIVE = "representative"


def compose(template: LetterTemplate, values: Mapping[str, Any]) -> Letter:
    """The letter. `values` hold by name what the frame and the template ask for.

    A day is a date or ISO text; guidance on appeal is an `AppealRequest`, never a text: it is generated.

    Raises LetterRefused, which names every part that is missing or wrong and repeats no value;
    AppealTrackUnknown and CalendarEnds where no guidance can be given.
    """
    return _Composing(template, values).letter()


class _Composing:
    """One letter on its way."""

    def __init__(self, template: LetterTemplate, values: Mapping[str, Any]) -> None:
        self.template = template
        self.frame = frame()
        self.fields = {field.name: field for field in (*self.frame.fields, *template.fields)}
        self.values = taken(self.fields, values)
        self.guidance: Guidance | None = None

    def letter(self) -> Letter:
        shown = [section for section in self.template.sections if self._stands(section)]
        self._check(shown)
        blocks = (*self._opening(), *(block for section in shown for block in self._section(section)))
        letter = Letter(
            template=self.template.name,
            template_version=self.template.version,
            template_sha256=self.template.sha256,
            frame_version=self.frame.version,
            guidance_version=self.guidance.tracks_version if self.guidance else None,
            authority=self._line("authority"),
            unit=self._line("unit"),
            contact=self._lines("contact"),
            caseworker=self._line("caseworker"),
            caseworker_title=self._line("caseworker_title"),
            day=self._day("date"),
            recipient=self._lines("recipient"),
            case_number=self._line("case_number"),
            title=self._filled(self.template.title),
            blocks=blocks,
            greeting=self.frame.greeting,
            finality=self.frame.finality,
            labels=self.frame.labels,
            told=self._told(),
        )
        return msgspec.structs.replace(letter, sha256=content_hash(letter))

    def _stands(self, section: Section) -> bool:
        return holds(section.when, self.values) and all(name in self.values for name in section.told)

    def _check(self, shown: list[Section]) -> None:
        told = {name for section in shown for name in section.told} | set(placeholders(self.template.title))
        asked = {section.when.field for section in self.template.sections if section.when}
        own = [field.name for field in self.template.fields if field.name in self.values]
        faults = [
            LetterFault("no-place", name, self.fields[name].label) for name in own if name not in told | asked
        ]
        standing = {section.id for section in shown}
        headings = {section.id: section.heading for section in self.template.sections}
        faults += [
            LetterFault("missing", part.section, headings.get(part.section) or "")
            for part in self.template.required_parts
            if part.section not in standing and holds(part.when, self.values)
        ]
        if not self.template.holds_on(self._day("date")):
            faults.append(LetterFault("not-in-force", "date", self.fields["date"].label))
        if faults:
            raise LetterRefused(faults)

    def _opening(self) -> Iterator[Block]:
        if self.values["recipient_role"] == REPRESENTATIVE:
            yield Paragraph(self._filled(self.frame.to_representative))

    def _section(self, section: Section) -> Iterator[Block]:
        if section.heading:
            yield Heading(2, section.heading)
        yield from (Paragraph(self._filled(sentence)) for sentence in section.paragraphs)
        for name in section.shows:
            yield from self._shown(self.fields[name], self.values[name])

    def _shown(self, field: Field, value: Value) -> Iterator[Block]:
        if isinstance(value, AppealRequest):
            self.guidance = guidance_on_appeal(value)
            yield from _guidance_blocks(self.guidance)
        elif field.kind == "items":
            labels = [member.label for member in field.members]
            yield Items(tuple(tuple(map(Entry, labels, item)) for item in _tuple(value)))
        elif field.kind == "lines":
            yield Items(tuple((Entry("", line),) for line in _tuple(value)))
        else:
            yield from (Paragraph(text) for text in str(value).split("\n\n") if text.strip())

    def _told(self) -> tuple[Told, ...]:
        tracks = self.guidance.tracks if self.guidance else ()
        return tuple(Told(one.track, one.last_date) for one in tracks)

    def _filled(self, sentence: str) -> str:
        # One pass over the template's own sentence: braces in a value are a value's own.
        return PLACEHOLDER.sub(lambda found: self._said(found[1]), sentence)

    def _said(self, name: str) -> str:
        if is_limit(name):
            return limit_in_words(limit_id(name))
        value = self.values[name]
        if isinstance(value, date):
            return danish_date(value)
        return self.fields[name].values.get(str(value), str(value))

    def _line(self, name: str) -> str:
        return str(self.values[name])

    def _lines(self, name: str) -> tuple[str, ...]:
        return _tuple(self.values[name])

    def _day(self, name: str) -> date:
        value = self.values[name]
        assert isinstance(value, date)
        return value


def _tuple(value: Value) -> tuple[Any, ...]:
    assert isinstance(value, tuple)
    return value


def _guidance_blocks(guidance: Guidance) -> Iterator[Block]:
    for track in guidance.tracks:
        yield Heading(3, track.heading)
        yield from (Paragraph(text) for text in track.paragraphs)
    yield Paragraph(guidance.file_access)
    yield Paragraph(guidance.representative)
