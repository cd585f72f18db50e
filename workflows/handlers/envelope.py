"""Envelopes: each event names its controller, who may see it, its subjects and its basis."""

from uuid import UUID

from domain.events.header import WorkflowRef
from domain.events.model import Decided
from domain.handover.streams import facts_of
from domain.law.loader import basis_of
from workflows.ports.log import Actor, NewEvent
from workflows.ports.vault import BodyKeys


def case_event(
    decided: Decided,
    *,
    handover: UUID,
    version: int | None,
    workflow: int,
    controller: str,
    visible_to: tuple[str, ...],
    subjects: tuple[str, ...],
    keys: BodyKeys | None = None,
    actor: Actor | None = None,
    purpose: str = "handover",
    legal_basis: tuple[str, ...] | None = None,
) -> NewEvent:
    """An event of the case's workflow stream.

    A step that discloses names the basis the document states; any other that of its purpose.
    """
    return NewEvent(
        decided=decided,
        stream=handover,
        expected_version=version,
        controller=controller,
        visible_to=tuple(sorted(set(visible_to))),
        purpose=purpose,
        legal_basis=basis_of(purpose) if legal_basis is None else legal_basis,
        subjects=subjects,
        keys=keys,
        workflow=WorkflowRef(name="handover", version=workflow),
        actor=actor,
    )


def fact_event(
    decided: Decided,
    *,
    handover: UUID,
    authority: str,
    visible_to: tuple[str, ...],
    subjects: tuple[str, ...],
) -> NewEvent:
    """A fact of the citizen's course, in the case's stream of facts, which nobody decides on."""
    return NewEvent(
        decided=decided,
        stream=facts_of(handover),
        expected_version=None,
        controller=authority,
        visible_to=tuple(sorted(set(visible_to))),
        purpose="case-administration",
        legal_basis=basis_of("case-administration"),
        subjects=subjects,
    )


def own_event(
    decided: Decided,
    *,
    stream: UUID,
    authority: str,
    purpose: str,
    subjects: tuple[str, ...] = (),
    actor: Actor | None = None,
    version: int | None = None,
) -> NewEvent:
    """An event inside one authority, in a stream that nobody decides on."""
    return NewEvent(
        decided=decided,
        stream=stream,
        expected_version=version,
        controller=authority,
        visible_to=(authority,),
        purpose=purpose,
        legal_basis=basis_of(purpose),
        subjects=subjects,
        actor=actor,
    )
