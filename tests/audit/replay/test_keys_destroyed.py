"""Header and facts are enough: every key is destroyed, and nothing that is judged or counted changes."""

from audit.replay.bodies import begin
from audit.replay.replay import replay
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from audit.volume.volume import volume
from tests.audit.replay.forge import entry_at, position_of, put
from tests.journeys.cast import (caseworker, person,)


def everything(past):
    """States, views, counts, replays and the verdict."""
    house = past.house
    with StoredLog(past.store.log_database).snapshot() as log:
        replays = [replay(log), replay(log, handover=past.case), replay(log, handover=past.waiting)]
    verdict = verify(
        StoredLog(past.store.log_database),
        releases=stored_releases(past.store.vault_database),
        attachments=past.blobs,
    )
    return {
        "states": [house.state(case) for case in (past.case, past.waiting)],
        "views": {view: house.rows(view) for view in house.projector.views},
        "volume": volume(past.store.log_database),
        "replays": replays,
        "verdict": verdict,
    }


def test_states_views_counts_and_replays_are_unchanged_without_any_key(past):
    before = everything(past)
    assert past.store.vault.destroy() > 0
    assert everything(past) == before
    # And: the views can be rebuilt, and cases go on.
    for view in past.house.projector.views:
        past.house.projector.rebuild(view)
    assert everything(past) == before
    assert before["verdict"].holds


def open_all(past):
    house = past.house
    replaying = begin(house.log, house.log.length(), house.vault, person("operator", "0000"), past.store.ids)
    verdict = verify(
        StoredLog(past.store.log_database),
        releases=stored_releases(past.store.vault_database),
        bodies=replaying,
    )
    return verdict, replaying


def test_a_body_replay_opens_every_body_after_its_own_event(past):
    verdict, replaying = open_all(past)
    assert (verdict.fault, verdict.bodies, replaying.forgotten) == (None, 4, 0)
    last = past.house.events()[-1]
    assert last.header.event == "bodies-replayed"
    assert last.event.last_position == last.header.position - 1
    assert any(position == last.header.position for position, _ in past.store.vault.releases())


def test_a_body_that_does_not_open_under_its_header_is_found(past):
    position = position_of(past.store, "handover-delivered")
    entry = entry_at(past.store, position)
    # The header is changed and the leaf hash with it: only the seal can tell.
    put(past.store, position, entry.replace(b'"software":"0.1.0+test"', b'"software":"0.1.0+tess"'))
    assert verify(StoredLog(past.store.log_database)).holds
    verdict, _ = open_all(past)
    assert (verdict.fault.code, verdict.fault.position) == ("body-unopened", position)


def test_a_forgotten_citizen_is_no_fault(past):
    past.store.vault.destroy()
    verdict, replaying = open_all(past)
    assert (verdict.holds, replaying.forgotten) == (True, 4)


def test_a_case_goes_on_after_the_replay(past):
    open_all(past)
    past.house.open(caseworker(), past.waiting)
    assert past.house.state(past.waiting).status == "opened"
