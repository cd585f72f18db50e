"""Which codes a fact of a right may have: the register's value sets, with what a Dane reads."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.rights.model import RightsEvent
from domain.rights.rule import rights_register

_BY_FIELD: Mapping[str, str] = MappingProxyType(
    {
        "regime": "regime",
        "means": "means",
        "form": "form",
        "way": "way",
        "grounds": "access_grounds",
        "legal_basis": "legal_basis",
        "kind": "decision_kind",
        "outcome": "outcome",
        "guidance": "track",
        "track": "track",
        "access_ground": "access_hold_ground",
        "cause": "interruption",
        "about": "about",
        "addressee": "addressee",
        "carrier": "carrier",
        "evidence": "evidence",
        "to": "appeal_body",
        "body": "appeal_body",
        "giver": "giver",
        "of": "informed_of",
        "proof": "proof",
        "occasion": "occasion",
        "source": "source",
        "topic": "topic",
        "reason": "delay_reason",
    }
)
_BY_EVENT: Mapping[tuple[str, str], str | None] = MappingProxyType(
    {
        ("access-decided", "outcome"): "access_outcome",
        ("complaint-reconsidered", "outcome"): "reconsidered",
        ("appeal-decided", "outcome"): "appeal_outcome",
        ("dialogue-reported", "outcome"): "dialogue_outcome",
        ("hearing-omitted", "ground"): "hearing_ground",
        ("statement-refused", "ground"): "statement_ground",
        ("representative-refused", "ground"): "representation_ground",
        ("disqualification-declared", "ground"): "disqualification_ground",
        ("representative-appointed", "scope"): "representation_scope",
        ("representation-ended", "reason"): "representation_ended",
        ("consent-given", "scope"): "consent_scope",
        ("consent-withdrawn", "scope"): "consent_scope",
        ("objection-registered", "scope"): "objection_scope",
        ("objection-lifted", "scope"): "objection_scope",
        ("consent-given", "basis"): "consent_basis",
        ("disclosed-without-consent", "basis"): "disclosure_basis",
        ("disclosed-without-consent", "reason"): "disclosure_reason",
        ("disclosed-without-consent", "to"): None,
        ("letter-not-delivered", "reason"): "not_delivered",
        ("letter-sent", "way"): "letter_way",
        ("rights-fact-retracted", "reason"): "retraction",
        ("rights-fact-retracted", "retracts"): None,
    }
)
"""Where a field's codes are not those of its name; None: it is no code."""


def codes(event: type[RightsEvent], field: str) -> Mapping[str, str] | None:
    """The codes that a field of an event may have, with what a Dane reads; None: it is no such field."""
    name = _BY_EVENT.get((event.NAME, field), _BY_FIELD.get(field))
    return None if name is None else rights_register().values[name]


def code_fault(event: RightsEvent) -> str | None:
    """The first field of an event with a code that the register does not know; None: there is none."""
    for field in event.__struct_fields__:
        allowed = codes(type(event), field)
        value = getattr(event, field)
        if allowed is None or value is None:
            continue
        if not set(value if isinstance(value, tuple) else (value,)) <= set(allowed):
            return field
    return None
