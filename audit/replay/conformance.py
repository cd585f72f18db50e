"""Did a case keep to the workflow version it ran under? Structure, role, side, and conditions.

Structure comes from the table compiled from the definition. Each condition that the definition
names is asked again with the same rule as at run time, of header and facts as they stood then:
a step that a missing guard let through is found here.
"""

import msgspec

from audit.replay.names import Names
from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Facts, Recorded
from domain.handover import events as e
from domain.handover import exits as x
from domain.handover.addressing import addressed_after
from domain.handover.state import Handover
from domain.handover.steps import HandoverCorrected, HandoverDistributed, HandoverImported, HandoverMigrated
from workflows.handlers.entries import SECRETARIAT
from workflows.machines.definition import Definition
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition
from workflows.machines.table import compile_table
from workflows.rules.conditions import CONDITIONS, Situation
from workflows.rules.moves import stated

COVERS = "consent-covers-receiver"


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was not allowed. `code` is stable; `condition` is set for `condition-not-met`."""

    code: str
    position: int
    event: str
    condition: str | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A condition and whether it held; None when this code has no rule of that name."""

    position: int
    condition: str
    held: bool | None


class Conformance(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one case."""

    workflow: str
    version: int
    conforms: bool
    steps: int
    breaches: tuple[Breach, ...]
    conditions: tuple[Asked, ...]


class CaseWalk:
    """Walks a case through its workflow version, event by event."""

    def __init__(self, workflow: str, version: int) -> None:
        self._workflow, self._version = workflow, version
        self._definition = _installed(workflow, version)
        self._table = compile_table(self._definition) if self._definition else None
        self._at = self._table.initial if self._table else ""
        self._lost = False
        self._steps = 0
        self._breaches: list[Breach] = []
        self._asked: list[Asked] = []

    def step(self, before: Handover | None, recorded: Recorded, names: Names) -> None:
        """Judge an event of the workflow stream; `before` is the case as it stood."""
        header = recorded.header
        self._steps += 1
        if isinstance(recorded.event, HandoverMigrated):
            self._migrated(recorded.event, recorded)
        if header.workflow is None or (header.workflow.name, header.workflow.version) != (
            self._workflow,
            self._version,
        ):
            self._breach(recorded, "workflow-missing" if header.workflow is None else "workflow-changed")
        if self._definition is None or self._table is None:
            if self._steps == 1:
                self._breach(recorded, "workflow-unknown")
            return
        after = self._table.by_event.get((self._at, header.event))
        if after is None:
            # Named once: where the case stood after a step that was not allowed is anybody's guess.
            if not self._lost:
                self._breach(recorded, "step-not-allowed")
            self._lost = True
            return
        self._party(before, recorded)
        for condition in self._table.conditions.get((self._at, header.event), ()):
            held = _holds(condition, before, recorded, names)
            self._asked.append(Asked(position=header.position, condition=condition, held=held))
            if held is False:
                self._breach(recorded, "condition-not-met", condition)
        self._at = after

    def _migrated(self, moved: HandoverMigrated, recorded: Recorded) -> None:
        """From here on the case is judged by another version, from the state that version gives it."""
        found = _installed(self._workflow, moved.to_version)
        how = found.migration(moved.from_version) if found else None
        if how is None or (moved.from_version, moved.from_state) != (self._version, self._at):
            self._breach(recorded, "migration-not-described")
            return
        if moved.to_state != how.target(moved.from_state):
            self._breach(recorded, "migration-not-described")
        self._definition, self._version = found, moved.to_version
        self._table = compile_table(found) if found else None
        self._at = moved.to_state

    def _party(self, before: Handover | None, recorded: Recorded) -> None:
        """The step was taken by a role and a side that the definition gives it to."""
        assert self._definition is not None
        header = recorded.header
        step = next(one for one in self._definition.steps if one.event == header.event)
        if header.role not in step.roles:
            self._breach(recorded, "step-role")
        if before is None:
            side = _first_side(recorded)
        else:
            side = "system" if header.role == "system" else before.side_of(header.authority)
        if not step.is_of(side):
            self._breach(recorded, "step-side")

    def _breach(self, recorded: Recorded, code: str, condition: str | None = None) -> None:
        header = recorded.header
        self._breaches.append(
            Breach(code=code, position=header.position, event=header.event, condition=condition)
        )

    def verdict(self) -> Conformance:
        """What was found so far."""
        return Conformance(
            workflow=self._workflow,
            version=self._version,
            conforms=not self._breaches,
            steps=self._steps,
            breaches=tuple(self._breaches),
            conditions=tuple(self._asked),
        )


def _installed(workflow: str, version: int) -> Definition | None:
    try:
        return definition(workflow, version)
    except WorkflowDefinitionError:
        return None


def _first_side(recorded: Recorded) -> str | None:
    """The side of whoever began the case; the secretariat imports for both."""
    facts, authority = recorded.event, recorded.header.authority
    if getattr(facts, "sender_authority", None) == authority:
        return "sender"
    if getattr(facts, "receiver_authority", None) == authority or authority == SECRETARIAT:
        return "receiver" if isinstance(facts, HandoverImported) else None
    return None


def _target(event: Facts) -> str | None:
    """The authority that a step addresses, where it is not the receiver it has."""
    match event:
        case (
            e.HandoverSubmitted()
            | e.HandoverHeld()
            | e.HandoverRouted()
            | x.HandoverForwarded()
            | x.HandoverRedirected()
        ):
            return event.receiver_authority
        case HandoverImported():
            return event.receiver_authority
        case _:
            return None


def _stated(event: Facts, before: Handover | None) -> e.DocumentFacts:
    """What a step is judged by: the document that it brings, the move that an import states, or the case."""
    if isinstance(event, HandoverImported):
        return stated(event.move_from, event.move_to)
    brought: e.DocumentFacts = getattr(event, "document_facts", before.document_facts if before else {})
    return brought


def _holds(condition: str, before: Handover | None, recorded: Recorded, names: Names) -> bool | None:
    rule = CONDITIONS.get(condition)
    facts, occurred_at = recorded.event, recorded.header.occurred_at
    begins = facts if isinstance(facts, e.HandoverSubmitted | HandoverImported) else None
    if rule is None or (before is None and begins is None):
        return None
    mailbox = None
    if isinstance(facts, e.HandoverRouted):
        mailbox = names.mailbox(facts.receiver_authority, facts.mailbox)
        if mailbox is not None and not mailbox.valid_at(occurred_at):
            mailbox = None
    own_unit = None
    if isinstance(facts, HandoverDistributed) and before is not None:
        own_unit = names.has_unit(before.receiver_authority, facts.unit)
    target = _target(facts)
    if isinstance(facts, HandoverCorrected) and before is not None and before.receiver_key is None:
        target = addressed_after(before, facts.document_facts, occurred_at)
    return rule(
        Situation(
            facts=_stated(facts, before),
            today=danish_day(from_instant(occurred_at)),
            state=before,
            sender=begins.sender_authority if begins is not None else None,
            mailbox=mailbox,
            hold_reason=facts.reason if isinstance(facts, e.HandoverHeld) else None,
            target=target or (before.receiver_authority if before and condition == COVERS else None),
            question=getattr(facts, "question", None),
            own_unit=own_unit,
            latest_workflow=getattr(facts, "to_version", None),
        )
    )
