"""Taking rules, calendars and settings into use: an event with a person and a reason."""

from domain.events.model import Decided
from domain.handover.streams import adoptions
from domain.proof.adoption import Adoption, decide_adopt_rules, last_adoption
from workflows.handlers.entries import SECRETARIAT
from workflows.handlers.envelope import own_event
from workflows.handlers.services import Services
from workflows.ports.log import Actor, Append, Log


def adopted(log: Log) -> Adoption | None:
    """What was adopted last in this installation; None: nothing."""
    return last_adoption(log.stream(adoptions()))


def adopt_rules(services: Services, actor: Actor, rules: str, reason: str) -> Adoption:
    """Take the rules with this hash into use. Raises Refused, and StreamConflict for two at once."""
    last = adopted(services.log)
    event = decide_adopt_rules(last, rules, reason)
    recorded = services.log.append(
        Append(
            events=(
                own_event(
                    Decided(event=event),
                    stream=adoptions(),
                    authority=SECRETARIAT,
                    purpose="audit",
                    version=1 if last is None else last.version + 1,
                ),
            ),
            actor=actor,
            correlation_id=services.ids.uuid(),
        )
    )
    found = last_adoption(recorded)
    assert found is not None
    return found
