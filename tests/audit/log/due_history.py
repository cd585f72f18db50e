"""The part of the golden history about deadlines. Only ever appended, like the rest."""

from uuid import UUID, uuid5

from domain.due.events import DeadlineWarned
from domain.events.model import Decided
from tests.audit.log.rights_history import HANDOVER, MUNICIPALITY
from workflows.ports.log import NewEvent

_SPACE = UUID("2b9b7e0c-6f55-4d57-9a4f-6a3f0f6b9b52")


def due_history(municipality_key: str) -> tuple[NewEvent, ...]:
    """A reminder of an access request, in the case's escalations."""
    warned = DeadlineWarned(
        handover=HANDOVER,
        rule="access-fvl",
        matter=uuid5(_SPACE, "request"),
        about_position=80,
        since="2026-11-20T09:00:00.000000Z",
        level="first-warning",
        due="2026-12-01",
        unit="rusmiddelcenter",
        to=("caseworker", "clinician"),
    )
    return (
        NewEvent(
            decided=Decided(event=warned),
            stream=uuid5(_SPACE, "escalations"),
            expected_version=None,
            controller=MUNICIPALITY,
            visible_to=(MUNICIPALITY,),
            purpose="supervision",
            legal_basis=("gdpr:32",),
            subjects=(municipality_key,),
        ),
    )
