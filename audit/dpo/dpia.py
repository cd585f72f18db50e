"""What the data protection impact assessment is made from (konsekvensanalyse), GDPR art. 35(7)."""

from collections.abc import Iterable, Iterator

from audit.dpo.access import lanes_table, matrix_table, releases_table
from audit.dpo.events import bodies_table, events_table, facts_table, header_table, stored_table
from audit.dpo.installation import Installation
from audit.dpo.knowledge import FOLDER, RISKS, Risk, risks, said_in
from audit.dpo.personal import clear_fields_table, sealed_fields_table, sections_table, templates_table
from audit.dpo.report import Chapter, Question, Statement, Table
from audit.dpo.schema import EVENTS_FILE, Schema
from audit.dpo.security import faults_table, settings_table
from domain.law.deadline_register import REGISTER, deadline_rules
from domain.law.references import CERTAINTIES, reference
from domain.rights.rule import FILE as RIGHTS
from domain.rights.rule import rights_register
from workflows.machines.installed import definitions

TITLE = "Grundlag for konsekvensanalyse"
ASSESSED = "vurderes af den dataansvarlige"
RISKS_FILE = f"{FOLDER}/{RISKS}"


def chapters(schema: Schema, installation: Installation) -> tuple[Chapter, ...]:
    """The chapters of the input to the assessment."""
    return (
        Chapter(
            id="need",
            title="Om der skal laves en konsekvensanalyse",
            basis=("gdpr:35.1", "gdpr:35.3.b"),
            statements=said_in("dpia.need"),
        ),
        Chapter(
            id="description",
            title="Systematisk beskrivelse",
            basis=("gdpr:35.7.a",),
            statements=said_in("dpia.description"),
            tables=(steps_table(), events_table(schema), lanes_table(schema), stored_table()),
        ),
        Chapter(
            id="clear",
            title="Hvad der står uforseglet",
            basis=("gdpr:35.7.a", "gdpr:25"),
            statements=said_in("dpia.clear"),
            tables=(header_table(schema), facts_table(schema), clear_fields_table(schema)),
        ),
        Chapter(
            id="sealed",
            title="Hvad der er forseglet",
            basis=("gdpr:35.7.a", "gdpr:32.1.a"),
            statements=said_in("dpia.sealed"),
            tables=(
                templates_table(schema),
                sections_table(schema),
                sealed_fields_table(schema),
                bodies_table(schema),
            ),
        ),
        Chapter(
            id="access",
            title="Hvem der kan åbne hvad",
            basis=("gdpr:35.7.a", "gdpr:32.4"),
            statements=said_in("dpia.access"),
            tables=(matrix_table(schema), releases_table(schema)),
        ),
        Chapter(
            id="necessity",
            title="Nødvendighed og proportionalitet",
            basis=("gdpr:35.7.b",),
            statements=said_in("dpia.necessity"),
        ),
        Chapter(
            id="rights",
            title="De registreredes rettigheder",
            basis=("gdpr:35.7.b", "gdpr:12"),
            statements=said_in("dpia.rights"),
            tables=(limits_table(), rights_table()),
        ),
        Chapter(
            id="risks",
            title="Risici og foranstaltninger",
            basis=("gdpr:35.7.c", "gdpr:35.7.d"),
            tables=(risks_table(schema), settings_table(installation), faults_table(installation)),
            questions=tuple(_questions(risks().risks)),
        ),
        Chapter(
            id="opinion",
            title="Rådgivning og høring",
            basis=("gdpr:35.2", "gdpr:35.9", "gdpr:36"),
            statements=said_in("dpia.opinion"),
        ),
    )


def steps_table() -> Table:
    """The steps of the newest workflow, as its definition tells them."""
    newest = max(definitions(), key=lambda one: one.version)
    sides = {side.name: side.label for side in newest.sides}
    return Table(
        about=Statement(
            id="steps",
            text=f"Sådan går en overgang efter arbejdsgangens version {newest.version}.",
            source=(f"workflows/machines/definitions/{newest.name}-{newest.version}.json",),
            basis=("gdpr:35.7.a",),
        ),
        columns={
            "step": "Trin",
            "who": "Hvem",
            "what": "Hvad der sker",
            "records": "Hvad der bliver noteret",
        },
        rows=tuple(
            {"step": step.label, "who": sides[step.side], "what": step.what, "records": step.records}
            for step in newest.steps
        ),
    )


def limits_table() -> Table:
    """The limits of the register that rest on the regulation."""
    rules = [rule for rule in deadline_rules().values() if any(one.startswith("gdpr:") for one in rule.basis)]
    return Table(
        about=Statement(
            id="limits",
            text="Disse frister i fristregistret hviler på forordningen. Se `overgang deadline --list`.",
            source=(f"domain/law/data/{REGISTER}",),
            basis=tuple(dict.fromkeys(one for rule in rules for one in rule.basis)),
            certainty="M",
        ),
        columns={"rule": "Regel", "name": "Frist", "basis": "Grundlag", "certainty": "Hvor sikkert"},
        rows=tuple(
            {
                "rule": rule.id,
                "name": rule.name,
                "basis": tuple(map(reference, rule.basis)),
                "certainty": CERTAINTIES[rule.certainty.length],
            }
            for rule in rules
        ),
    )


def rights_table() -> Table:
    """Every rule of the register of rights, and whether an act that breaks it is refused."""
    return Table(
        about=Statement(
            id="rights",
            text="Disse regler om borgerens rettigheder bliver holdt op mod loggen. Nogle af dem stopper på "
            "forhånd den handling, der ville bryde dem.",
            source=(f"domain/law/data/{RIGHTS}",),
            basis=("gdpr:35.7.b",),
            certainty="U",
            question="Er de regler om rettigheder, der er mærket usikker, forstået rigtigt?",
        ),
        columns={
            "rule": "Regel",
            "name": "Rettighed",
            "stops": "Stopper på forhånd",
            "basis": "Grundlag",
            "certainty": "Hvor sikkert",
        },
        rows=tuple(
            {
                "rule": rule.id,
                "name": rule.name,
                "stops": rule.gated,
                "basis": tuple(map(reference, rule.basis)),
                "certainty": CERTAINTIES[rule.certainty],
            }
            for rule in rights_register().rules
        ),
    )


def risks_table(schema: Schema) -> Table:
    """The risks, what stands against each, and the events by which it is seen."""
    labels = {event.name: schema.label(event) for event in schema.events}
    return Table(
        about=Statement(
            id="risks",
            text="Risici for borgeren, og hvad Overgang gør imod dem. Hvor sandsynlige og alvorlige de er, "
            "vurderer den dataansvarlige.",
            source=(RISKS_FILE, EVENTS_FILE),
            basis=("gdpr:35.7.c", "gdpr:35.7.d"),
            certainty=risks().certainty,
            question="Hvor sandsynlig og hvor alvorlig er hver risiko, og mangler der nogen?",
        ),
        columns={
            "risk": "Risiko",
            "measures": "Foranstaltninger",
            "seen_by": "Ses ved hændelserne",
            "basis": "Bestemmelse",
            "likelihood": "Sandsynlighed",
            "severity": "Konsekvens",
        },
        rows=tuple(
            {
                "risk": risk.da,
                "measures": risk.measures,
                "seen_by": tuple(labels.get(name, name) for name in risk.events),
                "basis": tuple(map(reference, risk.basis)),
                "likelihood": ASSESSED,
                "severity": ASSESSED,
            }
            for risk in risks().risks
        ),
    )


def _questions(found: Iterable[Risk]) -> Iterator[Question]:
    for risk in found:
        if risk.question is not None:
            yield Question(
                about=f"risk-{risk.id}",
                text=f"{risk.da} {risk.question}",
                source=(RISKS_FILE,),
                basis=risk.basis,
            )
