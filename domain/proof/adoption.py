"""Rules, calendars and settings in use: each change of them is an event, with a person and a reason.

The hash of those that an entry was written under stands in its header. An adoption says who took them into
use, when and why; what no adoption has named was taken into use by nobody.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from domain.events.model import Code, Facts, Recorded, Sha256
from domain.events.refusal import Refused
from domain.law.adoption_reasons import FIRST, adoption_reasons

_TEXTS = {
    "reason-unknown": (
        "The reason is not among those of the rules in use.",
        "Grunden er ikke en af dem, reglerne kender.",
    ),
    "not-the-first": (
        "Rules have been adopted before, so this is no first installation.",
        "Der er taget regler i brug før, så det er ikke første gang.",
    ),
    "already-adopted": (
        "The rules in use are those that were adopted last.",
        "Reglerne er allerede taget i brug.",
    ),
}


class RulesAdopted(Facts, frozen=True, kw_only=True):
    """A person took rules, calendars and settings into use.

    `rules_before`: the hash of those adopted before, None at the first adoption. `rules_after`: of those that
    hold from here on; `domain.law.loader.rules_hash`. `reason`: a code of `domain.law.adoption_reasons`.
    """

    NAME = "rules-adopted"

    rules_before: Sha256 | None
    rules_after: Sha256
    reason: Code


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """The adoption that holds: which rules, by whom (a pseudonym), when and why. `version`: in its stream."""

    rules: str
    by: UUID
    at: str
    reason: str
    position: int
    version: int


def last_adoption(events: Iterable[Recorded]) -> Adoption | None:
    """The last adoption in the stream of them; None: nobody has adopted any."""
    found = None
    for recorded in events:
        header, event = recorded.header, recorded.event
        if isinstance(event, RulesAdopted):
            found = Adoption(
                rules=event.rules_after,
                by=header.actor,
                at=header.recorded_at,
                reason=event.reason,
                position=header.position,
                version=header.stream_version,
            )
    return found


def decide_adopt_rules(last: Adoption | None, rules: str, reason: str) -> RulesAdopted:
    """Take the rules with this hash into use. Raises Refused."""
    code = None
    if reason not in adoption_reasons():
        code = "reason-unknown"
    elif last is not None and last.rules == rules:
        code = "already-adopted"
    elif last is not None and reason == FIRST:
        code = "not-the-first"
    if code is not None:
        raise Refused(code, *_TEXTS[code])
    return RulesAdopted(rules_before=last.rules if last else None, rules_after=rules, reason=reason)
