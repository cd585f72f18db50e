"""An effect that fails again and again is put aside, visibly, and nothing waits for it for ever."""

import sqlite3

import msgspec
import pytest

from audit.log.entry import open_body
from audit.projector.cursor import ATTEMPTS, ATTEMPTS_WITHOUT_DATABASE, DurableCursor
from domain.handover.events import OutsideAccessUsed
from tests.journeys.cast import OTHER_AMBULATORY, clinician
from tests.journeys.papers import cpr, document
from workflows.delivery.relay import relay_step, retry_parked


class Broken(Exception):
    """Whatever may go wrong with one effect."""


class BrokenAt:
    """A log that cannot take the alerts about some positions."""

    def __init__(self, log, *positions, fault=Broken):
        self._log, self._positions, self._fault = log, set(positions), fault

    def __getattr__(self, name):
        return getattr(self._log, name)

    def append(self, append):
        if any(
            getattr(new.decided.event, "about_position", None) in self._positions for new in append.events
        ):
            raise self._fault("name of a citizen")
        return self._log.append(append)


@pytest.fixture
def accesses(house):
    """Two accesses from outside that the lead must be told of; returns their positions."""
    house.two_authorities()
    for number in (1, 2):
        handover = house.submit(clinician(), document(cpr(number)))
        house.open(clinician(OTHER_AMBULATORY), handover, reason="acute-substitute")
    return [one.header.position for one in house.events() if isinstance(one.event, OutsideAccessUsed)]


def broken(house, *positions, fault=Broken):
    return msgspec.structs.replace(house.services, log=BrokenAt(house.log, *positions, fault=fault))


def attempts_until_aside(services, cursor, fault=Broken):
    failed = 0
    while True:
        try:
            if not relay_step(services, cursor, open_body):
                return failed
        except fault:
            failed += 1


def alerted(house):
    return [one.event.about_position for one in house.events() if one.header.event == "lead-alerted"]


def test_a_broken_effect_is_put_aside_and_those_behind_it_are_carried_out(house, accesses):
    first, second = accesses
    assert attempts_until_aside(broken(house, first), house.cursor) == ATTEMPTS - 1, "the last one parks"
    assert alerted(house) == [second]
    [parked] = house.projector.parked()
    assert (parked.view, parked.position, parked.fault) == ("relay", first, "Broken")
    assert house.cursor.position() == len(house.events()) - 1


def test_until_it_is_put_aside_the_cursor_waits_for_it(house, accesses):
    first, _ = accesses
    services = broken(house, first)
    for _ in range(ATTEMPTS - 1):
        with pytest.raises(Broken):
            relay_step(services, house.cursor, open_body)
        assert house.cursor.position() < first
        assert house.projector.parked() == []
    # Each attempt counts for its own event only: once it succeeds, the next has all of them.
    house.relay()
    assert alerted(house) == accesses


def test_what_was_put_aside_is_tried_again_and_carried_out_once(house, accesses):
    first, _ = accesses
    attempts_until_aside(broken(house, first), house.cursor)
    assert retry_parked(broken(house, first), house.cursor, open_body) == 0, "it stays where it is"
    assert [one.position for one in house.projector.parked()] == [first]
    assert retry_parked(house.services, house.cursor, open_body) == 1
    assert retry_parked(house.services, house.cursor, open_body) == 0
    assert house.projector.parked() == []
    assert sorted(alerted(house)) == sorted(accesses)


def test_one_that_stays_broken_keeps_no_other_aside(house, accesses):
    first, second = accesses
    attempts_until_aside(broken(house, first, second), house.cursor)
    assert [one.position for one in house.projector.parked()] == accesses
    assert retry_parked(broken(house, first), house.cursor, open_body) == 1
    assert [one.position for one in house.projector.parked()] == [first]


def test_attempts_begin_afresh_with_a_new_process_but_what_is_aside_stays(house, accesses):
    first, second = accesses
    attempts_until_aside(broken(house, first), house.cursor)
    again = DurableCursor(house.database, "relay")
    again.migrate()
    assert again.parked() == [first]
    assert DurableCursor(house.database, "another").parked() == []
    assert attempts_until_aside(broken(house, second), again) == 0, "the second was carried out already"


def test_a_database_that_says_no_for_a_while_puts_nothing_aside(house, accesses):
    first, _ = accesses
    services = broken(house, first, fault=sqlite3.OperationalError)
    for _ in range(ATTEMPTS * 3):
        with pytest.raises(sqlite3.OperationalError):
            relay_step(services, house.cursor, open_body)
    assert house.projector.parked() == []
    house.relay()
    assert alerted(house) == accesses


def test_a_database_that_says_no_to_one_effect_for_ever_does_not_stop_the_others(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    handover = house.submit(clinician())
    house.open(clinician(OTHER_AMBULATORY), handover, reason="acute-substitute")
    [position] = [one.header.position for one in house.events() if isinstance(one.event, OutsideAccessUsed)]
    services = broken(house, position, fault=sqlite3.OperationalError)
    failed = attempts_until_aside(services, house.cursor, sqlite3.OperationalError)
    assert failed == ATTEMPTS_WITHOUT_DATABASE - 1
    assert [one.fault for one in house.projector.parked()] == ["OperationalError"]


def test_an_entry_that_cannot_be_read_is_put_aside_too(house, accesses):
    first, second = accesses

    def spoil(state):
        house.database.write(
            lambda rows: (
                rows.execute("UPDATE stored_events SET state = ? WHERE position = ?", (state, first)) and None
            )
        )

    entry = house.log.at([first])[first].entry
    spoil(b"spoilt")
    failed = 0
    while True:
        try:
            if not relay_step(house.services, house.cursor, open_body):
                break
        except Exception:
            failed += 1
    assert failed == ATTEMPTS - 1
    [parked] = house.projector.parked()
    assert (parked.view, parked.position, parked.fault) == ("relay", first, "EntryDamaged")
    spoil(entry)
    assert alerted(house) == [second]
    assert retry_parked(house.services, house.cursor, open_body) == 1
    assert sorted(alerted(house)) == sorted(accesses)


def test_a_log_that_cannot_be_read_for_long_skips_no_event_that_is_yet_to_come(house, accesses):
    house.relay()

    class Unreadable:
        def __getattr__(self, name):
            return getattr(house.log, name)

        def read(self, after, limit):
            raise sqlite3.OperationalError

    services = msgspec.structs.replace(house.services, log=Unreadable())
    before = house.cursor.position()
    for _ in range(ATTEMPTS_WITHOUT_DATABASE + 1):
        with pytest.raises(sqlite3.OperationalError):
            relay_step(services, house.cursor, open_body)
    assert (house.cursor.position(), house.projector.parked()) == (before, [])
