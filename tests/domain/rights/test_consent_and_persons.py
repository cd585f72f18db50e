"""Consent and objection, representation, disqualification (law.md 3, 5)."""

import pytest

from domain.handover.events import HandoverSent
from domain.handover.steps import HandoverCarriedOver, HandoverQuestionAnswered
from domain.rights import decisions as d
from domain.rights import disclosure as i
from domain.rights import letters as b
from domain.rights import persons as p
from domain.rights.verdict import State
from tests.domain.rights.given import CASEWORKER, EAST, REGION, TOWN, at, did, of, states
from tests.domain.rights.samples import matter

LATER = at("2028-01-03")
KEPT, BROKEN = State.FULFILLED, State.VIOLATED


def withdrawn(when, by=REGION, scope="disclosure"):
    return did(i.ConsentWithdrawn, when, by, scope=scope)


def test_nothing_more_is_sent_once_she_has_withdrawn_until_she_consents_again():
    sent, again = did(HandoverSent, "2026-12-01", REGION), did(HandoverSent, "2026-12-10", REGION)
    back, anew = withdrawn("2026-12-05"), did(i.ConsentGiven, "2026-12-08", REGION, scope="disclosure")
    assert states("consent-not-withdrawn", sent, back, again, as_of=LATER) == [KEPT, BROKEN]
    assert states("consent-not-withdrawn", sent, back, anew, again, as_of=LATER) == [KEPT, KEPT]


def test_consent_to_something_else_neither_stops_a_leg_nor_opens_it():
    again = did(HandoverQuestionAnswered, "2026-12-10", REGION)
    assert (
        of("consent-not-withdrawn", withdrawn("2026-12-05", scope="collection"), again, as_of=LATER).state
        is KEPT
    )
    other = did(i.ConsentGiven, "2026-12-08", REGION, scope="back-reporting")
    assert of("consent-not-withdrawn", withdrawn("2026-12-05"), other, again, as_of=LATER).state is BROKEN


def test_what_she_says_to_either_party_binds_both():
    again = did(HandoverSent, "2026-12-10", REGION)
    assert of("consent-not-withdrawn", withdrawn("2026-12-05", TOWN), again, as_of=LATER).state is BROKEN
    objected = did(i.ObjectionRegistered, "2026-12-05", TOWN, scope="disclosure")
    told = did(i.DisclosedWithoutConsent, "2026-12-10", REGION, basis="sul:41.2.1")
    assert of("no-disclosure-against-objection", objected, told, as_of=LATER).state is BROKEN


def test_an_objection_to_look_up_is_none_to_disclosure_and_stops_only_41_2_1():
    told = did(i.DisclosedWithoutConsent, "2026-12-10", basis="sul:41.2.1")
    look_up = did(i.ObjectionRegistered, "2026-12-05", scope="look-up")
    assert of("no-disclosure-against-objection", look_up, told, as_of=LATER).state is KEPT
    objected = did(i.ObjectionRegistered, "2026-12-05", scope="disclosure")
    for basis in ("sul:41.2.4", "sul:43.2.2", "psyl:13c", "fvl:31"):
        other = did(i.DisclosedWithoutConsent, "2026-12-10", basis=basis)
        assert states("no-disclosure-against-objection", objected, other, as_of=LATER) == []


def test_whoever_discloses_without_consent_tells_her_of_it():
    told = did(i.DisclosedWithoutConsent, "2026-12-14", basis="sul:41.2.4")
    informed = did(i.CitizenInformed, "2026-12-15", of="disclosure", matter=matter("disclosure"))
    of_something_else = did(i.CitizenInformed, "2026-12-15", of="breach", matter=matter("disclosure"))
    assert of("informed-of-disclosure", told, informed, as_of=LATER).state is KEPT
    assert of("informed-of-disclosure", told, of_something_else, as_of=LATER).state is BROKEN


# Representation (FVL §8)


def acting(when="2026-12-01", by=TOWN, **more):
    facts = {"scope": "whole-case", "letters": True, "until": None} | more
    return did(p.RepresentativeAppointed, when, by, **facts)


def letter(to, when="2026-12-10", by=TOWN, about="decision"):
    return did(b.LetterSent, when, by, addressee=to, about=about)


@pytest.mark.parametrize(("to", "state"), [("citizen", BROKEN), ("representative", KEPT), ("both", KEPT)])
def test_letters_go_to_whoever_acts_for_her(to, state):
    assert of("letters-to-representative", acting(), letter(to), as_of=LATER).state is state


@pytest.mark.parametrize(
    "before",
    [
        [],
        [acting(letters=False)],
        [acting(until="2026-12-09")],
        [acting(), did(p.RepresentationEnded, "2026-12-05")],
        [acting("2026-12-11")],
        [acting(by=REGION)],
        [acting(scope="access")],
        [acting(scope="hearing")],
    ],
)
def test_where_nobody_acts_in_this_and_now_they_go_to_herself(before):
    assert of("letters-to-representative", *before, letter("citizen"), as_of=LATER).state is KEPT


@pytest.mark.parametrize(
    ("scope", "about"), [("access", "access"), ("hearing", "hearing"), ("appeal", "complaint")]
)
def test_who_acts_in_one_thing_gets_the_letters_of_it(scope, about):
    given = acting(scope=scope)
    found = of("letters-to-representative", given, letter("citizen", about=about), as_of=LATER)
    assert found.state is BROKEN


def test_of_two_representatives_one_remains():
    second = acting("2026-12-02", representative=matter("representative", 2))
    ended = did(p.RepresentationEnded, "2026-12-05")
    assert of("letters-to-representative", acting(), second, ended, letter("citizen"), as_of=LATER).state is (
        BROKEN
    )


def test_a_successor_is_bound_by_the_appointment():
    carried = did(HandoverCarriedOver, "2026-12-05", EAST, from_authority=REGION, to_authority=EAST)
    found = of(
        "letters-to-representative", acting(by=REGION), carried, letter("citizen", by=EAST), as_of=LATER
    )
    assert found.state is BROKEN


def test_a_refusal_of_a_representative_is_reasoned():
    refused = did(p.RepresentativeRefused, "2026-12-10", reasons_given=False)
    assert of("representative-reasons", refused, as_of=LATER).state is BROKEN


# Disqualification (FVL §§3-6)


def test_whoever_is_disqualified_does_not_decide_and_another_takes_over():
    declared = did(p.DisqualificationDeclared, "2026-12-14", person=CASEWORKER)
    replaced = did(p.CaseworkerReplaced, "2026-12-15", person=CASEWORKER)
    own, others = (
        did(d.DecisionMade, "2026-12-16"),
        did(d.DecisionMade, "2026-12-16", TOWN, matter("somebody else")),
    )
    assert of("decision-in-person", declared, own, as_of=LATER).state is BROKEN
    assert of("decision-in-person", declared, others, as_of=LATER).state is KEPT
    assert (
        of(
            "decision-in-person",
            own,
            did(p.DisqualificationDeclared, "2026-12-17", person=CASEWORKER),
            as_of=LATER,
        ).state
        is KEPT
    ), "decided before"
    assert of("caseworker-replaced", declared, replaced, as_of=LATER).state is KEPT
    assert of("caseworker-replaced", declared, as_of=LATER).state is State.TO_BE_ASSESSED
