"""The part of the golden history that came after the rights. Only ever appended, like the rest."""

from uuid import UUID, uuid5

from domain.events.model import Decided
from domain.proof.adoption import RulesAdopted
from domain.register.processing_events import ProcessingTimePublished
from workflows.ports.log import NewEvent

MUNICIPALITY = "0370"
_SPACE = UUID("7a1f5a2c-84d4-4f0e-9d7c-0b1a5c7c3e61")


def _id(name: str) -> UUID:
    return uuid5(_SPACE, name)


LATER_HISTORY: tuple[NewEvent, ...] = (
    NewEvent(
        decided=Decided(
            event=ProcessingTimePublished(
                authority=MUNICIPALITY,
                legal_basis="sel:101",
                length=4,
                unit="weeks",
                valid_from="2026-11-01",
                source="municipal-website",
            )
        ),
        stream=_id(f"register {MUNICIPALITY}"),
        expected_version=None,
        controller=MUNICIPALITY,
        visible_to=(MUNICIPALITY,),
        purpose="register",
        legal_basis=("lokal-aftale:hovedpostkasse",),
    ),
    NewEvent(
        decided=Decided(
            event=RulesAdopted(rules_before="12" * 32, rules_after="34" * 32, reason="local-agreement")
        ),
        stream=_id("adoptions"),
        expected_version=None,
        controller="0000",
        visible_to=("0000",),
        purpose="audit",
        legal_basis=("gdpr:32",),
    ),
)
