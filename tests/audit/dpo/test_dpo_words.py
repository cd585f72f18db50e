"""Every code that a report meets has its Danish, and no word stands for nothing."""

from audit.dpo import words
from audit.dpo.events import stored_table
from audit.dpo.fields import fields_of
from audit.dpo.markdown import ACTS
from audit.dpo.schema import installed
from audit.dpo.words import EVENTS, FAULTS, HEADER, KINDS, LANES, ROLES, STORED
from domain.events.catalogue import EVENT_TYPES
from domain.events.header import Header
from domain.events.lanes import Lane

SCHEMA = installed()


def test_every_event_type_has_a_danish_name():
    nameless = [event.name for event in SCHEMA.events if SCHEMA.label(event) == event.name]
    assert nameless == [], "give it a name in audit/dpo/words.py"


def test_no_name_is_kept_of_an_event_that_is_not_there_or_that_has_one_elsewhere():
    assert EVENTS.keys() <= EVENT_TYPES.keys()
    for name, label in EVENTS.items():
        assert SCHEMA.label(EVENT_TYPES[name]) == label


def test_every_role_lane_header_field_and_table_has_its_danish():
    assert set(SCHEMA.roles()) == ROLES.keys()
    assert set(Lane) == LANES.keys() == words.LANE_SEEN_BY.keys()
    assert [row.path for row in fields_of(Header)] == list(HEADER)
    assert [row["table"] for row in stored_table().rows] == list(STORED)


def test_every_kind_of_field_has_its_danish():
    kinds = {row.kind for event in SCHEMA.events for row in (*SCHEMA.facts(event), *SCHEMA.body(event))}
    assert kinds <= KINDS.keys()


def test_a_name_of_a_fault_is_plain_danish():
    assert all(name[0].islower() and not name.endswith(".") for name in FAULTS.values())


def test_short_names_of_acts_are_in_order():
    assert list(ACTS) == sorted(ACTS)
