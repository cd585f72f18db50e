"""How long records, the log and the log of readings are kept (law.md 5.21, 8.7, 8.11-8.13, 8.16)."""

from audit.dpo.knowledge import said_in
from audit.dpo.periods import erased_by_itself, events_table, log_table, passing_table, records_table
from audit.dpo.report import Chapter
from audit.dpo.schema import Schema

TITLE = "Opbevaring af journal, log og læsninger"


def chapters(schema: Schema) -> tuple[Chapter, ...]:
    """The chapters of the report on retention."""
    return (
        Chapter(
            id="records",
            title="Journal og sag",
            basis=("gdpr:5.1.e", "jfb:35"),
            statements=said_in("retention.records"),
            tables=(records_table(),),
        ),
        Chapter(
            id="log",
            title="Loggen og læsningerne",
            basis=("gdpr:5.1.e", "gdpr:15"),
            statements=said_in("retention.log"),
            tables=(log_table(schema), events_table(schema)),
        ),
        Chapter(id="passing", title="Det foreløbige", basis=("gdpr:5.1.e",), tables=(passing_table(),)),
        Chapter(
            id="erasure",
            title="Sletning i praksis",
            basis=("gdpr:17",),
            statements=(erased_by_itself(), *said_in("retention.erasure")),
        ),
    )
