"""Moving cases to another version of the workflow: an event of each case (design section 3, idea 1)."""

from uuid import UUID

import msgspec

from domain.events.model import Decided
from domain.handover.state import Handover
from domain.handover.steps import HandoverMigrated
from workflows.handlers.case import Planned, append
from workflows.handlers.guard import load
from workflows.handlers.services import SYSTEM, WORKFLOW, Context, Services
from workflows.machines.definition import Definition
from workflows.machines.installed import definition
from workflows.machines.table import compile_table
from workflows.ports.log import StreamConflict

PAGE = 500


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a case: moved to `to_state`; or `code` says why not."""

    handover: UUID
    from_version: int
    from_state: str
    to_state: str | None
    code: str | None


def migrate_cases(services: Services, to_version: int, *, dry_run: bool) -> list[Migrated]:
    """Move every case that runs under an earlier version; what cannot be moved stays, and is told.

    Raises WorkflowDefinitionError for a version that is not installed.
    """
    target, found, after = definition(WORKFLOW, to_version), [], -1
    while rows := services.worklists.all(after, PAGE):
        for row in rows:
            state = load(services, row.handover)
            if state.workflow_version < to_version:
                found.append(_migrate(services, state, target, dry_run=dry_run))
        after = rows[-1].position
    return found


def _migrate(services: Services, state: Handover, target: Definition, *, dry_run: bool) -> Migrated:
    to_state, code = _destination(state, target)
    if to_state is not None and not dry_run:
        moved = HandoverMigrated(
            from_version=state.workflow_version,
            to_version=target.version,
            from_state=state.status,
            to_state=to_state,
        )
        context = Context(actor=SYSTEM, correlation_id=services.ids.uuid())
        after = msgspec.structs.replace(state, workflow_version=target.version)
        try:
            append(services, context, after, [Planned(decided=Decided(event=moved))])
        except StreamConflict:
            to_state, code = None, "changed-meanwhile"
    return Migrated(
        handover=state.id,
        from_version=state.workflow_version,
        from_state=state.status,
        to_state=to_state,
        code=code,
    )


def _destination(state: Handover, target: Definition) -> tuple[str | None, str | None]:
    how = target.migration(state.workflow_version)
    if how is None:
        return None, "no-migration-described"
    to_state = how.target(state.status)
    allowed = (to_state, HandoverMigrated.NAME) in compile_table(target).by_event
    return (to_state, None) if allowed else (None, "not-allowed-there")
