"""The register of rights is whole: every event, fact, code, limit and rule that it names is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from domain.calendar.counting import DayUnit
from domain.document.loader import templates
from domain.events.catalogue import EVENT_TYPES
from domain.law.deadline_register import deadline_rules
from domain.rights.codes import codes
from domain.rights.computed import CONDITIONS
from domain.rights.course import ENDED, FOLLOW_UP, TREATMENT_START
from domain.rights.events import RIGHTS_EVENTS
from domain.rights.model import RightsEvent
from domain.rights.moment import OF_DOCUMENT
from domain.rights.rule import ANY, CONTROLLER, Match, Rule, rights_register, rights_rules
from tests.domain.rights.given import fields_of_document

RULES = tuple(rights_rules().values())
UNSETTLED = Path(__file__).resolve().parents[3] / "docs" / "unsettled.md"
BASIS = re.compile(
    r"^(fvl|ofl|rsl|rsb|sul|sel|kel|psyl|jfb|rsy|afd|dbl|dpl|gdpr|kommunestyrelsesloven|lokal-aftale):[0-9a-z.]+$"
)


def _matches(rule: Rule) -> Iterator[Match]:
    yield from (*rule.triggers, *rule.given, *rule.moved_by, *rule.fulfilled_by, *rule.exempted_by)
    for way in rule.any_of:
        yield from (one.earlier for one in way if one.earlier is not None)


MATCHES = [(rule, match) for rule in RULES for match in _matches(rule)]


def named(given: object) -> str:
    return given.id if isinstance(given, Rule) else getattr(given, "event", "")


def _fields(event: str) -> dict[str, object]:
    return get_type_hints(EVENT_TYPES[event].facts)


def test_each_rule_has_its_own_id_and_a_danish_name():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        assert rule.name[0].isupper() and not rule.name.endswith("."), rule.name
        assert not re.search(r"\b(the|of|within|days|and|must|is)\b", rule.name), rule.name


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_has_a_basis_and_is_of_one_kind(rule):
    assert rule.basis and all(BASIS.match(one) for one in rule.basis), rule.basis
    if rule.kind == "before":
        assert rule.any_of and not (rule.fulfilled_by or rule.exempted_by or rule.limit or rule.opens)
    else:
        assert not rule.any_of and rule.refusal is None
    if rule.kind == "told":
        assert rule.limit is not None and rule.limit.by_track
    if rule.computed is None:
        assert rule.triggers
        assert rule.kind == "before" or rule.fulfilled_by


@pytest.mark.parametrize(("rule", "match"), MATCHES, ids=named)
def test_a_rule_looks_at_events_and_facts_that_there_are(rule, match):
    assert match.event in EVENT_TYPES
    fields = _fields(match.event)
    looked_at = {*match.when, *match.unless} | ({match.reason} if match.reason else set())
    key = match.key or rule.key
    looked_at |= set() if key == "handover" else {key}
    looked_at |= set() if match.owner in (CONTROLLER, ANY) else {match.owner}
    fields = {*fields, *fields_of_document(EVENT_TYPES[match.event].facts)}
    assert looked_at <= fields, f"{match.event} has no {looked_at - fields}"


def _codes_of_document(fact: str) -> set[str]:
    """The codes that a field of the document may hold, under any version."""
    return {
        value.code
        for template in templates().values()
        for section in template.sections
        for field in section.fields
        if field.id == fact and field.value_set
        for value in template.values(field.value_set)
    }


@pytest.mark.parametrize(("rule", "match"), MATCHES, ids=named)
def test_a_rule_names_codes_that_there_are(rule, match):
    event = EVENT_TYPES[match.event].facts
    for name, values in (match.when | match.unless).items():
        assert values, name
        known = codes(event, name) if issubclass(event, RightsEvent) else None
        if name in fields_of_document(event):
            assert set(values) <= _codes_of_document(OF_DOCUMENT[name]), (match.event, name)
        elif known is not None:
            assert {one for one in values if one is not None} <= set(known), (match.event, name)
        else:
            assert set(values) <= {True, False, None}, f"{match.event}.{name} has no codes of the register"


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_what_a_condition_asks_of_the_act_is_a_fact_of_every_act_it_binds(rule):
    for condition in (one for way in rule.any_of for one in way):
        assert (
            sum(map(bool, (condition.trigger, condition.earlier, condition.none_open, condition.computed)))
            == 1
        )
        assert condition.computed is None or condition.computed in CONDITIONS
        assert all(rights_rules()[one].kind == "period" for one in condition.none_open)
        for trigger in rule.triggers:
            for name, values in (condition.trigger or {}).items():
                event = EVENT_TYPES[trigger.event].facts
                assert name in _fields(trigger.event)
                known = codes(event, name) if issubclass(event, RightsEvent) else None
                assert set(values) <= (set(known) if known else {True, False})


def test_every_named_condition_is_used_and_every_period_is_waited_for():
    used = {one.computed for rule in RULES for way in rule.any_of for one in way} - {None}
    assert used == set(CONDITIONS)
    waited_for = {one for rule in RULES for way in rule.any_of for each in way for one in each.none_open}
    assert {rule.id for rule in RULES if rule.kind == "period"} - waited_for == {"upheld-period"}, (
        "which nothing waits for: after it a complaint is still sent on"
    )
    assert {rule.computed for rule in RULES} - {None} == {TREATMENT_START, FOLLOW_UP, ENDED}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.limit is not None], ids=named)
def test_a_limit_is_one_of_the_register_or_a_fact_or_a_length_and_only_one(rule):
    limit = rule.limit
    assert sum(one is not None for one in (limit.rule, limit.fact, limit.length)) + bool(limit.by_track) == 1
    if limit.rule is not None:
        assert limit.rule in deadline_rules()
        assert limit.published == (deadline_rules()[limit.rule].length is None)
    if limit.fact is not None:
        assert all(limit.fact in _fields(one.event) for one in (*rule.triggers, *rule.moved_by))
    if limit.length is not None:
        assert limit.length >= 1 and limit.unit in DayUnit.__args__
    assert set(limit.by_track) <= set(rights_register().values["track"])
    assert set(limit.by_track.values()) <= set(deadline_rules())


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.opens], ids=named)
def test_what_an_exemption_opens_is_triggered_by_it(rule):
    exempting = {match.event for match in rule.exempted_by if match.reason is not None}
    for opened in rule.opens:
        assert {match.event for match in rights_rules()[opened].triggers} & exempting


def test_every_exemption_is_a_step_of_the_citizen_or_has_a_mandatory_reason():
    """A fact that gives the reason is one that the event cannot be without."""
    without = set()
    for rule, match in MATCHES:
        if match not in rule.exempted_by:
            continue
        if match.reason is None:
            without.add(match.event)
            continue
        event = EVENT_TYPES[match.event].facts
        [field] = [one for one in _structure(event) if one.name == match.reason]
        assert field.required, f"{match.event}.{match.reason}"
    assert without == {
        "access-withdrawn",
        "complaint-withdrawn",
        "referred-elsewhere",
        "handover-forwarded",
        "handover-misdirected",
        "handover-withdrawn",
        "handover-withdrawal-confirmed",
        "handover-wrong-person",
        "handover-entered-in-error",
    }, "what she herself takes back or chooses, and a handover that is no more or was with a wrong receiver"


def _structure(event: type) -> tuple:
    return msgspec.structs.fields(event)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.refusal is not None], ids=named)
def test_a_gated_right_says_why_in_both_languages(rule):
    assert rule.gated
    assert rule.refusal.en.endswith(".") and rule.refusal.da.endswith(".")
    assert rule.refusal.en != rule.refusal.da


def test_every_event_of_the_lane_has_a_danish_phrase_and_every_code_a_danish_word():
    register = rights_register()
    assert set(register.events) == {one.NAME for one in RIGHTS_EVENTS}
    assert all(label for known in register.values.values() for label in known.values())
    used = {
        id(known)
        for event in RIGHTS_EVENTS
        for name in event.__struct_fields__
        if (known := codes(event, name)) is not None
    }
    assert {name for name, known in register.values.items() if id(known) not in used} == set()


def test_what_the_law_leaves_unsettled_stands_in_the_document_for_the_lawyers():
    """A row for each rule marked U or with a length of our own, in one section, and no other."""
    _, _, rest = UNSETTLED.read_text(encoding="utf-8").partition("## Rights that are unsettled")
    section = rest.split("\n## ")[0]
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", section, re.MULTILINE))
    ours = {one.id: one for one in RULES if one.certainty == "U" or (one.limit and one.limit.length)}
    assert set(rows) == set(ours)
    for name, row in rows.items():
        assert row.startswith(f"{ours[name].name} | "), name
        assert row.endswith(", ".join(f"`{one}`" for one in ours[name].basis)), name
