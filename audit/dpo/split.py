"""Who is controller and who is processor (GDPR art. 26 and 28; law.md 8.1, 8.17)."""

from datetime import date

from audit.dpo.access import role
from audit.dpo.installation import Installation
from audit.dpo.knowledge import said_in
from audit.dpo.record import controllers_table
from audit.dpo.report import Chapter, Statement, Table
from audit.dpo.schema import EVENTS_FILE, HEADER_FILE, LANES_FILE, Schema, marks
from audit.dpo.security import outside_table
from audit.dpo.words import LANES, MARKS
from domain.events.lanes import Lane

TITLE = "Dataansvarlige og databehandler"
OPERATING = ("operator",)
"""Roles of the processor's own staff."""

CONTROLLER_OF = {
    Lane.SHARED: "den myndighed, der tog trinnet. En levering er modtagerens, og andre trin, som Overgang "
    "selv tager, er afsenderens. Den anden part ser hoved og koder",
    Lane.OWN: "den myndighed, der tog trinnet. Trin, som Overgang selv tager, er afsenderens",
    Lane.PUBLIC_REGISTER: "den myndighed, posten handler om",
}
"""As `workflows/handlers` writes the header."""


def chapters(schema: Schema, installation: Installation, day: date) -> tuple[Chapter, ...]:
    """The chapters of the report on who answers for what, as of a day."""
    return (
        Chapter(
            id="controllers",
            title="Dataansvarlige",
            basis=("gdpr:4", "gdpr:24"),
            statements=said_in("split.controllers"),
            tables=(controllers_table(day), responsibility_table(schema)),
        ),
        Chapter(
            id="joint",
            title="Fælles dataansvar",
            basis=("gdpr:26",),
            statements=said_in("split.joint"),
        ),
        Chapter(
            id="processor",
            title="Databehandler",
            basis=("gdpr:28", "gdpr:30.2"),
            statements=(*said_in("split.processor"), operator_sees(schema)),
            tables=(bulk_table(schema),),
        ),
        Chapter(
            id="sub-processors",
            title="Underdatabehandlere",
            basis=("gdpr:28.2", "gdpr:28.4"),
            tables=(outside_table(installation),),
        ),
        Chapter(
            id="succession",
            title="Når en myndighed bliver afløst",
            basis=("ovl:6", "ovl:7", "ovl:10", "jfb:45"),
            statements=said_in("split.succession"),
        ),
    )


def responsibility_table(schema: Schema) -> Table:
    """Who is controller of an entry, lane by lane, with the event types of each."""
    return Table(
        about=Statement(
            id="controller-of-entries",
            text="Den dataansvarlige for en post står i postens hoved (`controller`), og dem, der må se den, "
            "står ved siden af (`visible_to`).",
            source=(HEADER_FILE, LANES_FILE, EVENTS_FILE, "workflows/handlers/case.py"),
            basis=("gdpr:4",),
            certainty="U",
            question="Er den, der tog trinnet, dataansvarlig for posten, også når den anden part ser den?",
        ),
        columns={"lane": "Bane", "controller": "Dataansvarlig", "events": "Hændelser"},
        rows=tuple(
            {
                "lane": LANES.get(lane, lane),
                "controller": CONTROLLER_OF[lane],
                "events": tuple(schema.label(event) for event in schema.events if event.lane is lane),
            }
            for lane in Lane
        ),
    )


def operator_sees(schema: Schema) -> Statement:
    """Which lanes the processor's own staff sees."""
    lanes = [
        LANES.get(lane, lane)
        for lane in Lane
        if any(event.lane is lane and event.roles & set(OPERATING) for event in schema.events)
    ]
    who = ", ".join(role(code) for code in OPERATING)
    return Statement(
        id="operator-sees",
        text=f"Databehandlerens egen rolle ({who}) ser kun: {', '.join(lanes) or 'ingen hændelser'}.",
        source=(EVENTS_FILE, LANES_FILE),
        basis=("gdpr:28.3.b", "gdpr:29"),
    )


def bulk_table(schema: Schema) -> Table:
    """Events by which sealed content is opened in bulk."""
    return Table(
        about=Statement(
            id="bulk",
            text="Forseglet indhold bliver kun åbnet samlet ved disse hændelser, og kun det, som hændelsens "
            "dataansvarlige har.",
            source=(EVENTS_FILE, "audit/vault/vault.py"),
            basis=("gdpr:28.3.g", "gdpr:28.3.h"),
        ),
        columns={"event": "Kode", "name": "Hændelse", "mark": "Art"},
        rows=tuple(
            {
                "event": event.name,
                "name": schema.label(event),
                "mark": tuple(MARKS.get(mark, mark) for mark in marks(event)),
            }
            for event in schema.events
            if event.replay
        ),
    )
