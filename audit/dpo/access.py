"""Who may see what, from the lanes and the roles, and by which ways it leaves."""

from audit.dpo.report import Cell, Statement, Table
from audit.dpo.schema import EVENTS_FILE, LANES_FILE, Schema, marks
from audit.dpo.words import LANE_SEEN_BY, LANES, MARKS, ROLES
from domain.document.masking import FILE as PROTECTION
from domain.document.masking import Audience, audience_label, sees_protected
from domain.events.lanes import Lane
from domain.law import mailbox_rules
from domain.law.arrival_ways import FILE as ARRIVAL
from domain.law.arrival_ways import arrival_file
from domain.law.references import reference

MAILBOX_FILE = f"domain/law/data/{mailbox_rules.FILE}"
PROTECTION_FILE = f"domain/document/data/{PROTECTION}"


def role(code: str) -> str:
    """A role in Danish."""
    return ROLES.get(code, code)


def lanes_table(schema: Schema) -> Table:
    """The lanes: who sees what stands there, and how many event types do."""
    return Table(
        about=Statement(
            id="lanes",
            text="Hver hændelsestype hører til én bane. Banen siger, hvilke myndigheder der ser den.",
            source=(LANES_FILE, EVENTS_FILE),
            basis=("gdpr:30.1.d",),
        ),
        columns={"lane": "Bane", "seen_by": "Ses af", "event_types": "Hændelsestyper", "roles": "Roller"},
        rows=tuple(
            {
                "lane": LANES.get(lane, lane),
                "seen_by": LANE_SEEN_BY.get(lane, ""),
                "event_types": sum(event.lane is lane for event in schema.events),
                "roles": tuple(
                    role(code)
                    for code in schema.roles()
                    if any(event.lane is lane and code in event.roles for event in schema.events)
                ),
            }
            for lane in Lane
        ),
    )


def matrix_table(schema: Schema) -> Table:
    """Roles by lanes: how many of the event types of a lane a role may see."""

    def cells(code: str) -> dict[str, Cell]:
        return {
            lane.value: f"{sum(code in event.roles for event in of)} af {len(of)}"
            for lane in Lane
            for of in [[event for event in schema.events if event.lane is lane]]
        }

    return Table(
        about=Statement(
            id="roles-by-lanes",
            text="Så mange hændelsestyper i hver bane kan en rolle se i sin egen myndighed: hoved og koder. "
            "Forseglet indhold kræver desuden en læsning.",
            source=(LANES_FILE, EVENTS_FILE),
            basis=("gdpr:25", "gdpr:32.4"),
        ),
        columns={"role": "Rolle", **{lane.value: LANES.get(lane, lane) for lane in Lane}},
        rows=tuple({"role": role(code), **cells(code)} for code in schema.roles()),
    )


def releases_table(schema: Schema) -> Table:
    """The only events against which a key is released."""
    return Table(
        about=Statement(
            id="releases",
            text="En borgers nøgle bliver kun frigivet til læsning efter en af disse hændelser.",
            source=(EVENTS_FILE, "audit/vault/vault.py"),
            basis=("gdpr:32.1.a",),
        ),
        columns={"event": "Kode", "name": "Hændelse", "mark": "Art"},
        rows=tuple(
            {
                "event": event.name,
                "name": schema.label(event),
                "mark": tuple(MARKS.get(mark, mark) for mark in marks(event)),
            }
            for event in schema.events
            if marks(event)
        ),
    )


def receivers_table() -> Table:
    """Kinds of receiver, and what each counts as when something is disclosed."""
    return Table(
        about=Statement(
            id="receiver-kinds",
            text="Modtagere er enheder i regioner og kommuner. Hvad en modtager regnes for, afgør, hvilket "
            "grundlag der skal til.",
            source=(MAILBOX_FILE,),
            basis=("sul:41", "sul:43", "gdpr:30.1.d"),
            certainty="U",
            question="Skal en postkasse med blandet personale regnes for socialforvaltningen?",
        ),
        columns={"kind": "Modtager", "counts_as": "Regnes for"},
        rows=tuple(
            {
                "kind": mailbox_rules.danish("receiver_kinds", kind),
                "counts_as": mailbox_rules.danish("receiver_kinds", mailbox_rules.counts_as(kind)),
            }
            for kind in mailbox_rules.codes("receiver_kinds")
        ),
    )


def channels_table() -> Table:
    """Ways to a main mailbox, and whether Overgang delivers by them."""
    return Table(
        about=Statement(
            id="channels",
            text="Ad disse veje kan en hovedpostkasse nås.",
            source=(MAILBOX_FILE,),
            basis=("gdpr:30.1.d",),
        ),
        columns={"channel": "Vej", "delivers": "Overgang leverer ad den"},
        rows=tuple(
            {
                "channel": mailbox_rules.danish("channels", channel),
                "delivers": mailbox_rules.delivers(channel),
            }
            for channel in mailbox_rules.codes("channels")
        ),
    )


def letters_table() -> Table:
    """The ways a letter reaches the citizen, with who carries it."""
    ways = arrival_file().ways.values()
    return Table(
        about=Statement(
            id="letters",
            text="Breve til borgeren går ad disse veje. Den, der bringer et brev ud, er selv modtager af "
            "navn og adresse.",
            source=(f"domain/law/data/{ARRIVAL}",),
            basis=("gdpr:30.1.d",),
            certainty=arrival_file().certainty,
        ),
        columns={"way": "Vej", "carriers": "Bringes ud af", "basis": "Grundlag"},
        rows=tuple(
            {
                "way": way.da,
                "carriers": tuple(carrier.da for carrier in way.carriers.values()),
                "basis": tuple(map(reference, way.basis)),
            }
            for way in ways
        ),
    )


def audiences_table() -> Table:
    """Who is shown a protected address."""
    return Table(
        about=Statement(
            id="audiences",
            text="Et dokument kan blive vist for disse. Nogle af dem ser en beskyttet adresse.",
            source=(PROTECTION_FILE,),
            basis=("cprl:28",),
            certainty="U",
            question="Må en partsrepræsentant se en beskyttet adresse?",
        ),
        columns={"audience": "Hvem", "sees_protected": "Ser en beskyttet adresse"},
        rows=tuple(
            {"audience": audience_label(audience), "sees_protected": sees_protected(audience)}
            for audience in Audience
        ),
    )
