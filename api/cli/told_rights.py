"""Verdicts told to an auditor in Danish: one block an obligation, with the entries that show it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from api.cli.told_course import CLOCKS
from audit.replay.danish import danish_moment, danish_number
from audit.replay.names import Names
from audit.replay.timeline import line
from audit.verdicts.cases import JudgedCase
from audit.verdicts.rights import Head, Rights
from audit.verdicts.rows import CHECK, Row, Summary
from domain.calendar.danish_dates import danish_date
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.law.log_checks import log_checks
from domain.law.references import CERTAINTIES, reference
from domain.rights.rule import rights_rules
from domain.rights.verdict import State
from domain.rights.words import STATES

CAUTION = (
    "»Intet i loggen« gælder for alle poster til og med den, der er nævnt. Om de er uændrede, viser "
    "overgang audit verify."
)


class Teller:
    """Tells the answer to one question."""

    def __init__(self, answer: Rights, at_index: int) -> None:
        self._answer = answer
        self._at_index = at_index

    def head(self, about: Head) -> Iterator[str]:
        """What the answer rests on."""
        over = "hele loggen"
        if about.handover is not None:
            over = f"overgang {about.handover}"
        if about.authority is not None:
            of = Names().authority(about.authority)
            over = f"{of} i {over}" if about.handover is not None else of
        until = f"til og med post {about.at_index}" if about.at_index >= 0 else "før den første post"
        yield f"Borgerens rettigheder: {over}. Loggen {until}, bedømt {danish_moment(about.as_of)}."
        yield f"Regler: {about.register}, version {about.register_version}. Hash: {about.rules}"
        yield f"Kalendere. Hash: {about.calendars}"
        if about.root_hash is not None:
            yield f"Rodhash (RFC 6962): {about.root_hash}"
        yield CAUTION

    def case(self, case: JudgedCase, states: frozenset[State]) -> Iterator[str]:
        """One case: a block for each of its obligations."""
        names = self.names()
        for row in case.rows:
            if row.state in states:
                yield ""
                yield from self._row(row, names, case.events)

    def loose(self, states: frozenset[State]) -> Iterator[str]:
        """What is of no case."""
        for row in self._answer.loose():
            if row.state in states:
                yield ""
                yield from self._row(row, self.names(), {})

    def summary(self, counts: Summary) -> Iterator[str]:
        """How many became what."""
        yield ""
        cases = "1 overgang" if counts.cases == 1 else f"{danish_number(counts.cases)} overgange"
        yield f"I alt: {cases}. {_counted(counts.by_state) or 'Ingen rettighed er udløst.'}"
        for title, groups, name in (
            ("Efter regel", counts.by_rule, _rule_name),
            ("Efter myndighed", counts.by_authority, self.names().authority),
        ):
            if groups:
                yield title
                yield from (f"  {name(key)}: {_counted(found)}" for key, found in sorted(groups.items()))
        if counts.not_kept:
            yield f"{danish_number(counts.not_kept)} er overtrådt eller opfyldt for sent."
        else:
            yield "Ingen er overtrådt eller opfyldt for sent."

    def _row(self, row: Row, names: Names, events: Mapping[int, Recorded]) -> Iterator[str]:
        yield f"{row.state_da[:1].upper()}{row.state_da[1:]}: {row.name}"
        yield f"  Regel: {row.rule}. Grundlag: {basis(row)}"
        of = f"Overgang {row.handover}" if row.handover is not None else "Ingen bestemt overgang"
        yield f"  Hvem: {names.authority(row.authority)}. {of}"
        shown = "Ses af" if row.kind == CHECK else "Udløst af"
        yield f"  {shown} {self._entry(row.trigger, row.trigger_event, row.triggered_at, names, events)}"
        yield from _dates(row)
        yield from self._closing(row, names, events)

    def _closing(self, row: Row, names: Names, events: Mapping[int, Recorded]) -> Iterator[str]:
        rests = row.kind == "before"
        if row.nothing_until is not None:
            what = "Hviler på: intet, der gik forud," if rests else "Lukket af: intet"
            yield f"  {what} i loggen til og med post {row.nothing_until}"
        elif row.closed_by is not None and row.closed_by == row.trigger:
            yield "  Hviler på: posten selv"
        elif row.closed_at is not None:
            what = "Undtaget ved" if row.state is State.EXEMPT else "Hviler på" if rests else "Lukket af"
            event = row.closing_event or "tidspunktet"
            yield f"  {what} {self._entry(row.closed_by, event, row.closed_at, names, events)}"
            if row.closed_outside and row.closed_recorded_at is not None:
                registered = danish_moment(row.closed_recorded_at)
                yield f"  Gjort uden for Overgang; hviler på den, der registrerede det {registered}"
        if row.reason in CLOCKS and row.state is State.EXEMPT:
            yield f"  Grund: {CLOCKS[row.reason]}"
        if row.opened:
            yield f"  Åbnede: {'; '.join(map(_rule_name, row.opened))}"

    def _entry(
        self, position: int | None, event: str, at: str, names: Names, events: Mapping[int, Recorded]
    ) -> str:
        if position is None:
            return f"{event}, {danish_moment(at)}"
        entry = events[position] if position in events else self._answer.entry(position)
        return f"post {position}: {line(names, entry).text}"

    def names(self) -> Names:
        """The names of all whose register was read so far."""
        names = Names()
        for entries in self._answer.places.registers.values():
            for recorded in entries:
                names.take(recorded)
        return names


def basis(row: Row) -> str:
    """On what a row rests, and how sure that is."""
    return f"{'; '.join(map(reference, row.basis))} ({CERTAINTIES[row.certainty]})"


def _rule_name(code: str) -> str:
    known = log_checks().get(code)
    return known.name if known is not None else rights_rules()[code].name


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{danish_number(counts[state])} {STATES[state]}" for state in State if counts.get(state)
    )


def _dates(row: Row) -> Iterator[str]:
    if row.strict is None or row.lenient is None:
        return
    due = f"{_day(row.strict)} (streng), {_day(row.lenient)} (lempelig)"
    if row.told is None:
        yield f"  Frist: {due}"
    else:
        yield f"  Oplyst i brevet: {danish_date(row.told)}. Efter loven tidligst: {due}"


def _day(end: date) -> str:
    return danish_moment(to_instant(end)) if isinstance(end, datetime) else danish_date(end)
