"""How long things are kept, as rows: records, entries of the log, and what is only there for a while."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from audit.blobs.store import ORPHAN_AGE
from audit.dpo.report import Cell, Statement, Table
from audit.dpo.schema import EVENTS_FILE, Schema, marks
from audit.dpo.words import LANES
from audit.vault.drafts import KEPT_FOR
from audit.vault.uploads import EXPIRES_AFTER, SWEPT_AFTER
from domain.events.catalogue import EventType
from domain.law.loader import retention_class
from domain.law.references import CERTAINTIES, reference
from domain.law.retention import FILE, LogPeriod, RecordPeriod, log_retention

RETENTION_FILE = f"domain/law/data/{FILE}"
CLASSES_FILE = "domain/law/data/opbevaring-1.json"
HOW_LONG = "Hvor længe skal loggen og læsningerne opbevares, og hvornår ødelægges nøglerne?"
AUTHORITIES = {"region": "region", "municipality": "kommune"}


def log_class(event: EventType) -> str:
    """The class under which an event's entry is kept."""
    return log_retention().log_class(event.name, lane=event.lane, marks=marks(event))


def kept_as_record(period: RecordPeriod) -> str:
    """How long a kind of record is kept, in Danish."""
    if period.years is None or period.counted_from is None:
        return f"så længe {period.kept_while.da}"
    return f"{period.years} år fra {period.counted_from.da}, og længere, så længe {period.kept_while.da}"


def kept_on_log(period: LogPeriod) -> str:
    """How long a kind of entry is kept, in Danish."""
    if period.years is None:
        return f"lige så længe som journalen eller sagen, og mindst {period.at_least_years} år"
    return f"{max(period.years, period.at_least_years)} år, efter at {log_retention().counted_from.da}"


def records_table() -> Table:
    """The period of each kind of authority's record."""
    found = [(kind, retention_class(kind)) for kind in AUTHORITIES]
    periods = log_retention().records
    return Table(
        about=Statement(
            id="record-periods",
            text="Myndighedens eksemplar af en overgang bliver holdt under denne opbevaringsklasse.",
            source=(CLASSES_FILE, RETENTION_FILE),
            basis=_together(periods[name].basis for _, name in found),
            certainty="U",
            question="Er opbevaringsklassen den rigtige for hver myndighed?",
        ),
        columns={"held_by": "Myndighed", "class": "Klasse", "kept": "Opbevares", **_ENDING},
        rows=tuple(
            {
                "held_by": AUTHORITIES[kind],
                "class": periods[name].da,
                "kept": kept_as_record(periods[name]),
                **_ending(periods[name]),
            }
            for kind, name in found
        ),
    )


def log_table(schema: Schema) -> Table:
    """The period of each class of entry, with how many event types are in it."""
    classes = [log_class(event) for event in schema.events]
    return Table(
        about=Statement(
            id="log-periods",
            text="Poster på loggen opbevares efter, hvad de er. Tiderne er Overgangs forslag.",
            source=(RETENTION_FILE, EVENTS_FILE),
            basis=_together(period.basis for period in log_retention().log.values()),
            certainty="U",
            question=HOW_LONG,
        ),
        columns={"class": "Poster om", "kept": "Opbevares", "event_types": "Hændelsestyper", **_ENDING},
        rows=tuple(
            {
                "class": period.da,
                "kept": kept_on_log(period),
                "event_types": classes.count(name),
                **_ending(period),
            }
            for name, period in log_retention().log.items()
        ),
    )


def events_table(schema: Schema) -> Table:
    """Every event type with the class under which its entries are kept."""
    return Table(
        about=Statement(
            id="log-period-of-each-event",
            text="Hver hændelsestype hører til én klasse.",
            source=(RETENTION_FILE, EVENTS_FILE),
            certainty="U",
            question=HOW_LONG,
        ),
        columns={
            "event": "Kode",
            "name": "Hændelse",
            "lane": "Bane",
            "class": "Poster om",
            "kept": "Opbevares",
        },
        rows=tuple(
            {
                "event": event.name,
                "name": schema.label(event),
                "lane": LANES.get(event.lane, event.lane),
                "class": log_retention().log[log_class(event)].da,
                "kept": kept_on_log(log_retention().log[log_class(event)]),
            }
            for event in schema.events
        ),
    )


def passing_table() -> Table:
    """What Overgang takes away by itself, and when."""
    rows: tuple[tuple[str, timedelta, str], ...] = (
        ("kladder, fra seneste ændring", KEPT_FOR, "audit/vault/drafts.py"),
        ("vedhæftninger, som ingen overgang har taget: nøglen", EXPIRES_AFTER, "audit/vault/uploads.py"),
        ("vedhæftninger, som ingen overgang har taget: filen", SWEPT_AFTER, "audit/vault/uploads.py"),
        ("filer, som intet henviser til, ældre end", ORPHAN_AGE, "audit/blobs/store.py"),
    )
    return Table(
        about=Statement(
            id="passing",
            text="Det foreløbige bliver slettet af sig selv.",
            source=tuple(dict.fromkeys(source for _, _, source in rows)),
            basis=("gdpr:5.1.e",),
        ),
        columns={"what": "Hvad", "kept": "Slettes efter", "source": "Kilde"},
        rows=tuple({"what": what, "kept": _length(kept), "source": source} for what, kept, source in rows),
    )


def erased_by_itself() -> Statement:
    """Whether Overgang erases entries when their time is up."""
    return Statement(
        id="erased-by-itself",
        text=(
            "Overgang ødelægger nøgler, når opbevaringstiden er gået."
            if log_retention().erased_by_overgang
            else "Overgang sletter endnu ikke noget på loggen eller i boksen, når opbevaringstiden er gået. "
            "Tiderne i tabellerne bliver ikke håndhævet."
        ),
        source=(RETENTION_FILE,),
        basis=("gdpr:5.1.e",),
    )


_ENDING = {"basis": "Grundlag", "certainty": "Hvor sikkert"}


def _ending(period: RecordPeriod | LogPeriod) -> Mapping[str, Cell]:
    return {
        "basis": tuple(map(reference, period.basis)),
        "certainty": CERTAINTIES[period.certainty],
    }


def _together(codes: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for some in codes for code in some))


def _length(kept: timedelta) -> str:
    hours = int(kept.total_seconds() // 3600)
    return f"{hours // 24} dage" if hours > 48 else f"{hours} timer"
