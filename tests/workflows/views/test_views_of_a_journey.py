"""The views say what the log says: after every step, and again when they are rebuilt."""

import pytest

from audit.projector import projector as module
from domain.handover.parties import municipality_of
from tests.journeys.cast import (
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.checks import check_all, check_cases, check_views
from tests.journeys.house import House
from tests.journeys.papers import GLN, SOR, cpr, document, message, origin
from workflows.views.worklist import priority


class Progress:
    """Keeps what a rebuild tells."""

    def __init__(self):
        self.told = []

    def __call__(self, done, total):
        self.told.append((done, total))


def _volume(house):
    house.project()
    columns = [column.name for column in house.projector.views["volume"].columns]
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in house.rows("volume")}


def _busy(house: House):
    house.two_authorities()
    found = []
    for n in range(12):
        handover = house.submit(clinician(), document(cpr(n), samtykke__objection=n % 4 == 0))
        found.append(handover)
        if n % 4 > 0:
            house.open(caseworker(), handover)
        if n % 4 > 1:
            house.take_over(caseworker(), handover)
        if n % 4 > 2:
            house.close(caseworker(), handover)
    house.open(clinician(OTHER_AMBULATORY), found[1], reason="joint-case")
    house.relay()
    return found


def test_the_work_list_follows_every_step_at_once(house):
    house.two_authorities()
    handover = house.submit(clinician())
    for step in (
        lambda: None,
        lambda: house.open(caseworker(), handover),
        lambda: house.acknowledge(caseworker(), handover),
        lambda: house.take_over(caseworker(), handover),
        lambda: house.close(caseworker(), handover),
    ):
        step()
        check_cases(house, house.events())


def test_a_rebuild_in_any_batches_gives_the_live_table(house, monkeypatch):
    _busy(house)
    for batch in (1, 7, 100, 10_000):
        monkeypatch.setattr(module, "BATCH", batch)
        check_all(house)


SPOILT = {
    "worklist": "UPDATE view_worklist SET status = 'closed'",
    "alerts": "UPDATE view_alerts SET position = 999",
    "volume": "DELETE FROM view_volume",
    "due": "UPDATE view_due SET strict_at = '2020'",
}


def test_a_spoilt_table_is_made_right_by_a_rebuild(house):
    _busy(house)
    house.project()
    assert set(SPOILT) | {"escalations", "successions"} == set(house.projector.views), "these are empty"
    total = len(house.events())
    for view, spoil in SPOILT.items():
        right = house.rows(view)
        house.database.write(lambda rows, spoil=spoil: rows.execute(spoil))
        assert house.rows(view) != right
        progress = Progress()
        assert house.projector.rebuild(view, progress) == total
        assert house.rows(view) == right
        assert progress.told[-1] == (total, total)


def test_a_rebuilt_view_goes_on_following(house):
    _busy(house)
    for view in house.projector.views:
        house.projector.rebuild(view)
    assert house.projector.lag() == 0 or house.projector.step() > 0
    house.submit(clinician(), document(cpr(40)))
    check_views(house)
    assert house.projector.lag() == 0


def test_volume_counts_a_handover_once_under_its_municipality(house):
    handovers = _busy(house)
    volume = _volume(house)
    assert set(volume) == {str(handover) for handover in handovers}
    assert sum(row["counts"] for row in volume.values()) == 12
    assert sum(row["sent"] for row in volume.values()) == 9
    assert sum(row["delivered"] for row in volume.values()) == 9
    assert sum(row["opened"] for row in volume.values()) == 9
    assert sum(row["taken_over"] for row in volume.values()) == 6
    assert {row["municipality"] for row in volume.values()} == {MUNICIPALITY}
    assert {row["month"] for row in volume.values()} == {"2026-11"}
    assert {row["direction"] for row in volume.values()} == {"region-to-municipality"}


def test_a_message_counts_from_its_completion(house):
    house.two_authorities()
    house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    handover = house.submit(clinician(), message(), medcom=origin())
    assert _volume(house)[str(handover)]["counts"] == 0
    house.complete(clinician(), handover)
    assert _volume(house)[str(handover)]["counts"] == 1


def test_a_handover_at_new_year_counts_in_the_danish_month(house):
    house.two_authorities()
    house.clock.set(house.clock.now().replace(month=11, day=30, hour=23, minute=30))
    handover = house.submit(clinician())
    assert _volume(house)[str(handover)]["month"] == "2026-12"


@pytest.mark.parametrize(
    ("sender", "receiver", "counted"),
    [
        (REGION, MUNICIPALITY, MUNICIPALITY),
        (MUNICIPALITY, REGION, MUNICIPALITY),
        ("0330", MUNICIPALITY, MUNICIPALITY),
        (REGION, None, None),
        (MUNICIPALITY, None, MUNICIPALITY),
    ],
)
def test_volume_is_counted_under_the_receiving_municipality_or_the_sending_one(sender, receiver, counted):
    assert municipality_of(sender, receiver) == counted


NOW = "2026-11-23T09:30:00.000000Z"


def test_priority_is_the_hours_that_the_urgency_allows():
    order = [priority({"overgang.urgency": code}, NOW) for code in ("hurtig-24h", "hurtig-72h", "rutine")]
    assert order == sorted(set(order))
    routine = [
        priority(facts, NOW) for facts in ({}, {"overgang.urgency": "rutine"}, {"overgang.urgency": True})
    ]
    assert set(routine) == {order[-1]}


def test_medicine_that_runs_out_soon_comes_before_the_routine_and_after_the_most_urgent():
    ends = {"medicin.supply_ends": "2026-12-07"}
    routine, soon = {"overgang.urgency": "rutine"}, {"overgang.urgency": "hurtig-24h"}
    assert priority(soon, NOW) < priority(routine | ends, NOW) < priority(routine, NOW)
    assert priority(soon | ends, NOW) == priority(soon, NOW)
    later = {"medicin.supply_ends": "2026-12-08"}
    assert priority(routine | later, NOW) == priority(routine, NOW)
