"""Every right that must follow something, on both sides of its strict and its lenient last day.

The last days are written here by hand from law.md 11 (its own examples where it has them), not computed.
"""

from datetime import date, datetime, timedelta

import pytest

from domain.events.instant import from_instant, to_instant
from domain.handover.events import HandoverSent, HandoverSubmitted
from domain.rights.disclosure import CitizenInformed
from domain.rights.judge import judge
from domain.rights.moment import Moment
from domain.rights.rule import ANY, CONTROLLER, Match, Rule, rights_rules
from domain.rights.verdict import State
from tests.domain.rights.given import (
    MISSING,
    OTHER_TOWN,
    REGION,
    TOWN,
    at,
    broken,
    day_after,
    did,
    event_class,
    last_moment,
    of,
    states,
    verdicts,
)
from tests.domain.rights.samples import HANDOVER, matter

PROMISED = "2027-01-15"
LAST_DAYS: dict[str, tuple[str, str, str]] = {
    # What happened on the first day; by the second, strictly; by the third at the latest.
    "access-fvl": ("2026-12-21", "2026-12-31", "2027-01-05"),
    "access-sul": ("2026-12-21", "2026-12-31", "2027-01-05"),
    "access-ofl": ("2026-12-21", "2026-12-31", "2027-01-05"),
    "access-gdpr": ("2026-12-21", "2027-01-21", "2027-01-21"),
    "access-promised": ("2026-12-21", PROMISED, PROMISED),
    "access-ofl-processing-time": ("2026-12-21", "2027-01-12", "2027-01-14"),
    "access-handed-over": ("2026-12-22", "2026-12-24", "2026-12-28"),
    "hearing-ground-of-20": ("2026-12-23", "2026-12-24", "2027-01-05"),
    "oral-reasons": ("2026-12-21", "2027-01-04", "2027-01-04"),
    "oral-reasons-promised": ("2026-12-21", PROMISED, PROMISED),
    "caseworker-replaced": ("2026-06-04", "2026-06-05", "2026-06-08"),
    "processing-promised": ("2026-12-21", PROMISED, PROMISED),
    "region-tells-municipality": ("2026-12-30", "2026-12-31", "2027-01-04"),
    "reconsideration": ("2026-12-21", "2027-01-18", "2027-01-18"),
    "reconsideration-promised": ("2026-12-21", PROMISED, PROMISED),
    "reconsideration-urgent": ("2026-12-23", "2026-12-24", "2027-01-05"),
    "late-complaint": ("2026-12-23", "2026-12-24", "2027-01-05"),
    "complaint-passed-on": ("2026-12-23", "2026-12-24", "2026-12-28"),
    "complaint-without-body": ("2026-12-23", "2026-12-24", "2026-12-28"),
    "access-complaint": ("2026-12-21", "2026-12-31", "2027-01-05"),
    "upheld-forwarded": ("2026-12-11", "2026-12-25", "2026-12-25"),
    "dialogue": ("2026-11-26", "2026-12-24", "2026-12-24"),
    "changed-on-appeal": ("2026-12-23", "2026-12-24", "2026-12-28"),
    "informed-of-disclosure": ("2026-12-23", "2026-12-24", "2027-01-05"),
    "informed-at-collection": ("2026-12-21", "2027-01-21", "2027-01-21"),
    "informed-of-data": ("2026-12-21", "2027-01-21", "2027-01-21"),
    "region-informs": ("2026-12-18", "2026-12-31", "2027-01-05"),
    "acknowledged": ("2026-12-21", "2026-12-24", "2026-12-28"),
    "declined-decided": ("2026-12-21", "2027-01-06", "2027-01-08"),
    "note": ("2026-12-23", "2026-12-24", "2027-01-05"),
    "guidance": ("2026-12-21", "2027-01-06", "2027-01-08"),
    "misdirected-passed-on": ("2026-12-23", "2026-12-24", "2026-12-28"),
}
HOURS = {"breach-assessed": ("2026-12-21", "2026-12-24")}
"""Limits that end at a moment, not with a day."""
NO_LIMIT = {
    "decision-arrival": "without proof of arrival no appeal period runs; nothing says by when",
    "access-arrival": "the same of a refusal of access",
    "appeal-period-resumes": "it stands still until she has had her access",
    "processing-time": "no municipality's published time is on file",
    "remittal": "no municipality's published time is on file",
}
APART = {"informed-of-handover"}
"""Tried below, with what must come before it."""
COMPUTED = {"start-municipality", "start-region", "granted-service-ended", "follow-up-1", "follow-up-6"}
"""Tested with the course itself (`test_rights_of_course.py`)."""

AFTER = {name: rule for name, rule in rights_rules().items() if rule.kind == "after"}


def test_every_right_that_follows_something_is_in_one_of_the_tables():
    assert {*LAST_DAYS, *HOURS, *NO_LIMIT, *COMPUTED, *APART} == set(AFTER)
    assert {name for name, rule in AFTER.items() if rule.computed} == COMPUTED
    assert {name for name, rule in AFTER.items() if rule.limit is None or rule.limit.published} == set(
        NO_LIMIT
    )


def _facts(rule: Rule, match: Match, key: str) -> dict[str, object]:
    facts: dict[str, object] = {name: values[0] for name, values in match.when.items()}
    if match.key is not None and rule.key in event_class(match.event).__struct_fields__:
        facts[rule.key] = matter("its own")
    facts[match.key or rule.key] = HANDOVER if (match.key or rule.key) == "handover" else matter(key)
    if match.owner not in (CONTROLLER, ANY):
        facts[match.owner] = TOWN
    return facts


def triggered(rule: Rule, day: str, match: Match | None = None) -> Moment:
    """What the right follows."""
    match = match or rule.triggers[0]
    facts = _facts(rule, match, rule.key)
    if rule.limit is not None and rule.limit.fact is not None:
        facts[rule.limit.fact] = HOURS[rule.id][1] if rule.id in HOURS else PROMISED
        if rule.id in HOURS:
            facts[rule.limit.fact] = at(HOURS[rule.id][1])
    return did(event_class(match.event), day, TOWN, **facts)


def before(rule: Rule) -> list[Moment]:
    """What must have come before in the matter, where the rule says so."""
    return [
        did(event_class(one.event), str(rule.valid_from), TOWN, **_facts(rule, one, rule.key))
        for one in rule.given
    ]


def closed(rule: Rule, match: Match, when: str, by: str = TOWN, key: str | None = None, **more: object):
    """What fulfils it, or exempts from it."""
    facts = _facts(rule, match, key or rule.key)
    if match.reason is not None:
        facts[match.reason] = "size" if rule.key != "handover" else "wrong-recipient"
    return did(event_class(match.event), when, by, **(facts | more))


def both_days(name: str) -> tuple[Rule, str, str, str]:
    return AFTER[name], *LAST_DAYS[name]


FULFILS = [(name, match) for name in LAST_DAYS for match in AFTER[name].fulfilled_by]
EXEMPTS = [(name, match) for name in LAST_DAYS for match in AFTER[name].exempted_by]


def named(given: object) -> str | None:
    return given.event if isinstance(given, Match) else None


@pytest.mark.parametrize("name", LAST_DAYS)
def test_nothing_was_done(name):
    rule, day, strict, lenient = both_days(name)
    for match in rule.triggers:
        given = triggered(rule, day, match)
        [found] = [one for one in verdicts(given, as_of=given.occurred_at) if one.rule == name]
        assert (found.strict, found.lenient) == (date.fromisoformat(strict), date.fromisoformat(lenient))
        assert (found.authority, found.trigger, found.closed_by) == (TOWN, 0, None)
        assert of(name, given, as_of=last_moment(strict)).state is State.PENDING
        after_strict = State.DISPUTED if strict < lenient else broken(rule)
        assert of(name, given, as_of=day_after(strict)).state is after_strict
        if strict < lenient:
            assert of(name, given, as_of=last_moment(lenient)).state is State.DISPUTED
        assert of(name, given, as_of=day_after(lenient)).state is broken(rule)


@pytest.mark.parametrize(("name", "match"), FULFILS, ids=named)
def test_it_was_done(name, match):
    rule, day, strict, lenient = both_days(name)
    given = triggered(rule, day)
    after_strict = State.DISPUTED if strict < lenient else State.FULFILLED_LATE
    for when, state in (
        (last_moment(strict), State.FULFILLED),
        (day_after(strict), after_strict),
        (last_moment(lenient), State.DISPUTED if strict < lenient else State.FULFILLED),
        (day_after(lenient), State.FULFILLED_LATE),
    ):
        then = closed(rule, match, when)
        found = of(name, given, then, as_of=when)
        assert (found.state, found.closed_by, found.closing_event) == (state, 1, match.event)
        assert of(name, given, then, as_of=at("2028-01-03")).state is state, "and so it stays"


@pytest.mark.parametrize(("name", "match"), FULFILS + EXEMPTS, ids=named)
def test_what_was_done_in_another_matter_or_by_another_authority_is_not_this(name, match):
    rule, day, strict, _ = both_days(name)
    given = triggered(rule, day)
    by_another = closed(rule, match, last_moment(strict), OTHER_TOWN)
    # the end of a handover ends it for both, whoever took the step
    expected = State.EXEMPT if match.owner == ANY else State.PENDING
    assert states(name, given, by_another, as_of=last_moment(strict))[0] is expected
    if rule.key != "handover":
        elsewhere = closed(rule, match, last_moment(strict), key="quite another")
        assert states(name, given, elsewhere, as_of=last_moment(strict))[0] is State.PENDING


@pytest.mark.parametrize(("name", "match"), EXEMPTS, ids=named)
def test_it_was_exempt(name, match):
    rule, day, strict, lenient = both_days(name)
    given = triggered(rule, day)
    after_strict = State.DISPUTED if strict < lenient else broken(rule)
    for when, state in (
        (last_moment(strict), State.EXEMPT),
        (day_after(strict), after_strict),
        (day_after(lenient), broken(rule)),
    ):
        then = closed(rule, match, when)
        found = next(one for one in verdicts(given, then, as_of=when) if one.rule == name)
        assert (found.state, found.closing_event) == (state, match.event)
        assert found.reason == (then.fact(match.reason) if match.reason else match.event)
        opened = {one.rule for one in verdicts(given, then, as_of=when) if one.trigger == 1}
        assert set(found.opened) == opened & set(rule.opens)
        assert bool(found.opened) == (bool(rule.opens) and match.reason is not None)


@pytest.mark.parametrize(("name", "match"), [one for one in EXEMPTS if one[1].reason], ids=named)
def test_without_a_reason_it_exempts_from_nothing(name, match):
    rule, day, strict, lenient = both_days(name)
    given = triggered(rule, day)
    then = closed(rule, match, last_moment(strict), **{match.reason: MISSING})
    found = next(one for one in verdicts(given, then, as_of=last_moment(strict)) if one.rule == name)
    assert (found.state, found.closing_event) == (State.PENDING, None)
    found = next(one for one in verdicts(given, then, as_of=day_after(lenient)) if one.rule == name)
    assert found.state is broken(rule)


@pytest.mark.parametrize("name", NO_LIMIT)
def test_where_nothing_says_by_when_it_waits(name):
    rule = AFTER[name]
    given = (*before(rule), triggered(rule, "2026-12-21"))
    found = of(name, *given, as_of=at("2030-01-02"))
    assert (found.state, found.strict, found.lenient) == (State.PENDING, None, None)
    for match in rule.fulfilled_by:
        done = closed(rule, match, "2027-06-01")
        assert of(name, *given, done, as_of=at("2027-06-01")).state is State.FULFILLED
    for match in rule.exempted_by:
        told = closed(rule, match, "2027-06-01")
        assert of(name, *given, told, as_of=at("2027-06-01")).state is State.EXEMPT


@pytest.mark.parametrize("name", HOURS)
def test_hours_end_at_their_moment(name):
    rule, (day, last) = AFTER[name], HOURS[name]
    given, moment = triggered(rule, day), at(last)
    one_later = to_instant(from_instant(moment) + timedelta(microseconds=1))
    assert of(name, given, as_of=moment).state is State.PENDING
    assert of(name, given, as_of=one_later).state is State.VIOLATED
    [match] = rule.fulfilled_by
    assert of(name, given, closed(rule, match, moment), as_of=moment).state is State.FULFILLED
    late = of(name, given, closed(rule, match, one_later), as_of=one_later)
    assert (late.state, type(late.strict)) == (State.FULFILLED_LATE, datetime)


@pytest.mark.parametrize("name", [name for name in AFTER if name not in COMPUTED])
def test_a_rule_judges_nothing_before_it_is_in_force(name):
    rule = AFTER[name]
    day_before = str(rule.valid_from - timedelta(days=1))
    given = before(rule)
    assert states(name, *given, triggered(rule, day_before), as_of=at("2028-01-03")) == []
    assert states(name, *given, triggered(rule, str(rule.valid_from)), as_of=at("2028-01-03")) != []


def _submitted(basis, copy=None):
    return did(HandoverSubmitted, "2026-12-22", REGION, disclosure_basis=basis, copy=copy)


SENT = did(HandoverSent, "2026-12-23", REGION)


@pytest.mark.parametrize("basis", ["sul-41-2-1", "sul-41-2-4", "sul-43-2-2", "psyl-13c", "fvl-31"])
def test_of_a_handover_without_consent_the_sender_informs_her_soon(basis):
    """SUL §41(5), §43(4): whoever disclosed without her consent tells her of it."""
    name, case = "informed-of-handover", (_submitted(basis), SENT)
    found = of(name, *case, as_of=SENT.occurred_at)
    assert (found.authority, str(found.strict), str(found.lenient)) == (REGION, "2026-12-24", "2027-01-05")
    assert of(name, *case, as_of=day_after("2026-12-24")).state is State.DISPUTED
    assert of(name, *case, as_of=day_after("2027-01-05")).state is State.TO_BE_ASSESSED
    told = did(CitizenInformed, "2026-12-24", REGION, of="disclosure", matter=HANDOVER)
    assert of(name, *case, told, as_of=at("2028-01-03")).state is State.FULFILLED
    by_another = did(CitizenInformed, "2026-12-24", TOWN, of="disclosure", matter=HANDOVER)
    assert of(name, *case, by_another, as_of=last_moment("2026-12-24")).state is State.PENDING


@pytest.mark.parametrize(
    ("basis", "copy"), [("sul-43-1", None), ("fvl-28", None), (None, None), ("psyl-13c", "given")]
)
def test_on_her_consent_or_with_a_copy_to_her_she_knows_of_it(basis, copy):
    assert states("informed-of-handover", _submitted(basis, copy), SENT, as_of=at("2028-01-03")) == []


def test_nothing_happened_and_nothing_is_owed():
    assert judge([], HANDOVER, at("2026-12-21")) == []
