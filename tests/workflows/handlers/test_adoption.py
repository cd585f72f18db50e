"""Rules are taken into use by a person, for a reason; two persons at once are told apart."""

import pytest

from domain.events.refusal import Refused
from domain.handover.streams import adoptions
from domain.law.adoption_reasons import FIRST, adoption_reasons
from domain.proof.adoption import RulesAdopted, decide_adopt_rules, last_adoption
from tests.journeys.cast import person
from workflows.handlers import adoption
from workflows.handlers.adoption import adopt_rules, adopted
from workflows.ports.log import StreamConflict

OLD, NEW = "12" * 32, "34" * 32
SOMEBODY = person("operator", "0000")


def test_each_adoption_names_the_rules_before_and_after_the_person_and_the_reason(house):
    assert adopted(house.log) is None
    adopt_rules(house.services, SOMEBODY, OLD, FIRST)
    other = person("operator", "0000")
    found = adopt_rules(house.services, other, NEW, "calendar")
    assert found == adopted(house.log)
    assert (found.rules, found.by, found.reason, found.version) == (NEW, other.id, "calendar", 2)
    events = [one.event for one in house.log.stream(adoptions())]
    assert events == [
        RulesAdopted(rules_before=None, rules_after=OLD, reason=FIRST),
        RulesAdopted(rules_before=OLD, rules_after=NEW, reason="calendar"),
    ]


def test_of_two_at_once_one_stands(house, monkeypatch):
    adopt_rules(house.services, SOMEBODY, OLD, FIRST)
    before = adopted(house.log)
    adopt_rules(house.services, SOMEBODY, NEW, "new-law")
    # when another had read the state before that
    monkeypatch.setattr(adoption, "adopted", lambda log: before)
    with pytest.raises(StreamConflict):
        adopt_rules(house.services, SOMEBODY, NEW, "calendar")
    monkeypatch.undo()
    assert adopted(house.log).version == 2


@pytest.mark.parametrize(
    ("rules", "reason", "code"),
    [(NEW, "because", "reason-unknown"), (NEW, FIRST, "not-the-first"), (OLD, "new-law", "already-adopted")],
)
def test_what_is_no_change_or_has_no_reason_is_refused(sqlite_house, rules, reason, code):
    adopt_rules(sqlite_house.services, SOMEBODY, OLD, FIRST)
    with pytest.raises(Refused) as refused:
        adopt_rules(sqlite_house.services, SOMEBODY, rules, reason)
    assert refused.value.code == code
    assert adopted(sqlite_house.log).rules == OLD


def test_every_reason_can_be_given_for_a_change():
    assert last_adoption([]) is None
    assert decide_adopt_rules(None, NEW, FIRST).rules_before is None
    assert FIRST in adoption_reasons()
    assert all(words[0].islower() or words.startswith("Overgang") for words in adoption_reasons().values())
