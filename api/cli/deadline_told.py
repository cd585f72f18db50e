"""The register of limits told in Danish, a few lines a rule."""

from collections.abc import Iterator

from domain.law.deadline_register import Register, Rule, Words
from domain.law.limit_words import UNITS, length_in_words
from domain.law.references import CERTAINTIES, reference

DATES = {"strict": "den strenge dato", "lenient": "den lempelige dato"}
ROLLS = {
    "next-working-day": "Slutter den på en fridag, rykkes den til næste arbejdsdag.",
    "unsettled": "Det er ikke afklaret, om den rykkes, når den slutter på en fridag. Her rykkes den ikke.",
}
LAST_DAYS = {"day-before": "Sidste dag er dagen før samme dato."}
SMALL_PRINT = (
    "Den dag, fristen løber fra, tælles ikke med. Dage er kalenderdage, hvor der ikke står arbejdsdage.",
    "Streng dato: kun lørdag, søndag og helligdage er fridage. Lempelig dato: 5. juni, 24. december "
    "og 31. december er også fridage, og med --bridge-friday fredagen efter Kristi himmelfartsdag.",
    "Registret er ikke juridisk rådgivning. Det usikre står i docs/unsettled.md.",
)


def register(found: Register) -> Iterator[str]:
    """Every rule, and how to read the dates."""
    for row in found.rules:
        yield from _rule(row, found.words)
        yield ""
    yield from SMALL_PRINT


def _rule(row: Rule, words: Words) -> Iterator[str]:
    yield f"{row.id}: {row.name}"
    runs = f"  {_length(row)}, fra {words.triggers[row.trigger]}."
    yield " ".join(part for part in (runs, ROLLS.get(row.roll), LAST_DAYS.get(row.last_day)) if part)
    goes_by = f", efter {DATES[row.operative]}" if row.counts_days_off else ""
    yield f"  Hvem: {words.owners[row.owner]}{goes_by}"
    if row.on_expiry:
        yield f"  Derefter: {'; '.join(words.expiries[code] for code in row.on_expiry)}"
    length, end = (CERTAINTIES[row.certainty.length], CERTAINTIES[row.certainty.last_day])
    yield f"  Grundlag: {'; '.join(map(reference, row.basis))} (længden {length}, udløbet {end})"
    if row.parameters:
        yield f"  Kan angives: {', '.join(f'--{name}' for name in row.parameters)}"


def _length(row: Rule) -> str:
    if row.length is None:
        return f"Så mange {UNITS[row.unit][1]}, som kommunen har offentliggjort"
    return length_in_words(row.length, row.unit)
