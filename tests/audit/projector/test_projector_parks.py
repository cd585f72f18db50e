"""An event that a view cannot take is parked, visible, and others go on."""

import sqlite3

import msgspec
import psycopg.errors
import pytest

from audit.projector import projector as module
from audit.projector.projector import Projector
from domain.handover import events as e
from tests.journeys.cast import (
    caseworker,
    clinician,
)
from tests.journeys.papers import cpr, document
from workflows.views.installed import FOLLOWING
from workflows.views.model import Change, Column, View
from workflows.views.volume import VOLUME
from workflows.views.worklist import WORKLIST

NAMES = sorted(view.name for view in FOLLOWING)


def _submissions(house, count):
    house.two_authorities()
    return [house.submit(clinician(), document(cpr(n))) for n in range(count)]


def _spoil(house, position, state):
    house.database.write(
        lambda rows: rows.execute("UPDATE stored_events SET state = ? WHERE position = ?", (state, position))
    )


def _entry(house, position):
    with house.database.read() as rows:
        row = rows.execute("SELECT state FROM stored_events WHERE position = ?", (position,)).fetchone()
    return bytes(row[0])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda entry: b"\x00 no entry", "EntryDamaged"),
        (lambda entry: entry.replace(b'"handover-submitted"', b'"handover-cancelled"'), "UnknownEvent"),
        (lambda entry: entry.replace(b'"schema":1', b'"schema":9'), "SchemaTooNew"),
        (lambda entry: entry.replace(b'"envelope":1', b'"envelope":2'), "SchemaTooNew"),
    ],
    ids=["garbage", "unknown event", "newer schema", "newer envelope"],
)
def test_an_entry_that_cannot_be_read_is_parked_and_the_others_are_taken(house, change, fault):
    first, second = _submissions(house, 2)
    position = house.log.stream(first)[0].header.position
    _spoil(house, position, change(_entry(house, position)))

    house.project()

    assert [(one.view, one.position, one.fault) for one in house.projector.parked()] == [
        (name, position, fault) for name in NAMES
    ]
    assert house.projector.lag() == 0
    rows = {row[0]: row for row in house.rows("volume")}
    assert set(rows) == {str(first), str(second)}, "what came after it in the same case is taken too"


def test_what_was_parked_is_taken_by_a_rebuild_once_it_can_be_read(house):
    first, _ = _submissions(house, 2)
    position = house.log.stream(first)[0].header.position
    entry = _entry(house, position)
    _spoil(house, position, b"spoilt")
    house.project()
    assert len(house.projector.parked()) == len(NAMES)
    _spoil(house, position, entry)
    for view in NAMES:
        house.projector.rebuild(view)
    assert house.projector.parked() == []
    columns = [column.name for column in VOLUME.columns]
    row = next(row for row in house.rows("volume") if row[0] == str(first))
    assert dict(zip(columns, row[1:], strict=True))["counts"] == 1


def test_a_rebuild_of_the_committed_view_parks_what_it_cannot_read(house):
    first, second = _submissions(house, 2)
    position = house.log.stream(first)[0].header.position
    _spoil(house, position, b"spoilt")
    house.projector.rebuild("worklist")
    assert [(one.view, one.position) for one in house.projector.parked()] == [("worklist", position)]
    assert {row[0] for row in house.rows("worklist")} == {str(first), str(second)}


class Poison(Exception):
    """An applier meets what it did not expect."""


def _counting(name, poisoned=frozenset()):
    """A view with a row an event, that cannot take the poisoned ones after it has begun on them."""

    def applier(recorded):
        changes = [Change(key=f"{recorded.header.position}", values={"seen": 1})]
        if recorded.header.stream in poisoned:
            changes.append(Change(key="spoilt", values={"seen": object()}))
            raise Poison("name of a citizen")
        return changes

    return View(name=name, columns=(Column("seen", "BIGINT", 0),), appliers={e.HandoverSubmitted: applier})


def test_an_applier_that_raises_parks_its_event_in_its_view_only(house):
    first, second, third = _submissions(house, 3)
    whole, broken = _counting("whole"), _counting("broken", {second})
    projector = Projector(house.database, house.log, (broken, whole), ())
    projector.migrate()
    while projector.step():
        pass
    position = house.log.stream(second)[0].header.position
    [parked] = projector.parked()
    assert (parked.view, parked.position, parked.fault) == ("broken", position, "Poison")
    assert "citizen" not in str(parked)
    with house.database.read() as rows:
        taken = {row[0] for row in rows.execute("SELECT key FROM view_broken").fetchall()}
        assert taken == {str(house.log.stream(one)[0].header.position) for one in (first, third)}
        assert len(rows.execute("SELECT key FROM view_whole").fetchall()) == 3
    assert projector.lag() == 0


def test_a_change_that_the_table_refuses_is_parked_whole(house):
    first, second = _submissions(house, 2)

    def applier(recorded):
        odd = recorded.header.stream == first
        return [
            Change(key=f"a{recorded.header.position}", values={"seen": 1}),
            Change(key=f"b{recorded.header.position}", values={"nowhere" if odd else "seen": 1}),
        ]

    view = View(name="half", columns=(Column("seen", "BIGINT", 0),), appliers={e.HandoverSubmitted: applier})
    projector = Projector(house.database, house.log, (view,), ())
    projector.migrate()
    if house.store.kind == "sqlite":
        # SQLite calls an unknown column an operational fault, which is never the event's.
        with pytest.raises(sqlite3.OperationalError):
            projector.step()
        assert projector.position("half") == -1
        return
    projector.step()
    assert [one.fault for one in projector.parked()] == ["UndefinedColumn"]
    with house.database.read() as rows:
        assert {row[0][0] for row in rows.execute("SELECT key FROM view_half").fetchall()} == {"a", "b"}
        assert len(rows.execute("SELECT key FROM view_half").fetchall()) == 2, "nothing of the first"
    assert second


def test_a_fault_of_the_database_parks_nothing_and_is_tried_again(house, monkeypatch):
    """A deadlock, a lock that was not given, a full disk: the event is as good as before."""
    _submissions(house, 2)
    fault = sqlite3.OperationalError
    if house.store.kind == "postgres":
        fault = psycopg.errors.DeadlockDetected

    def unlucky(rows, view, changes, suffix=""):
        raise fault

    projector = Projector(house.database, house.log, (_counting("unlucky"),), ())
    projector.migrate()
    with monkeypatch.context() as patched:
        patched.setattr(module, "write", unlucky)
        with pytest.raises(fault):
            projector.step()
    assert (projector.parked(), projector.position("unlucky")) == ([], -1)
    while projector.step():
        pass
    assert (projector.parked(), projector.lag()) == ([], 0)
    with house.database.read() as rows:
        assert len(rows.execute("SELECT key FROM view_unlucky").fetchall()) == 2


def test_a_committed_view_that_cannot_take_an_event_lets_nothing_be_committed(house):
    """The mailbox view commits with the events, or neither does."""
    [handover] = _submissions(house, 1)

    def applier(recorded):
        raise Poison

    broken = msgspec.structs.replace(
        WORKLIST, appliers={**WORKLIST.appliers, e.HandoverAcknowledged: applier}
    )
    house.projector = Projector(house.database, house.log, (VOLUME,), (broken,))
    before = (len(house.events()), house.rows("worklist"))
    with pytest.raises(Poison):
        house.acknowledge(caseworker(), handover)
    assert (len(house.events()), house.rows("worklist")) == before
    assert house.state(handover).status == "delivered"


def test_what_the_live_view_has_parked_stays_so_until_the_rebuilt_one_takes_its_place(house, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 5)
    first, _ = _submissions(house, 4)[:2]
    position = house.log.stream(first)[0].header.position
    entry = _entry(house, position)
    _spoil(house, position, b"spoilt")
    house.project()
    before = house.projector.parked()
    assert [one.view for one in before] == NAMES
    seen = []

    def look(done, total):
        if done < total:
            seen.append(house.projector.parked())

    # While the event is spoilt still: the shadow parks it too, and is not counted as well.
    house.projector.rebuild("volume", look)
    assert seen
    assert all(one == before for one in [*seen, house.projector.parked()])

    class Died(BaseException):
        pass

    def die(done, total):
        raise Died

    _spoil(house, position, entry)
    with pytest.raises(Died):
        house.projector.rebuild("volume", die)
    assert house.projector.parked() == before, "a rebuild that died has mended nothing"
    house.projector.rebuild("volume")
    assert [one.view for one in house.projector.parked()] == [name for name in NAMES if name != "volume"]
