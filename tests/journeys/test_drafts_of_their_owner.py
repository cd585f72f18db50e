"""Drafts: their owner's only, sealed, gone after 30 days, and never on the log."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import msgspec
import pytest

from audit.vault.drafts import DraftNotFound, Drafts
from tests.journeys.cast import EAST, MUNICIPALITY, OTHER_AMBULATORY, REGION, clinician
from tests.journeys.house import House
from workflows.ports.log import IdempotencyMismatch, StreamConflict

CONTENT = {"sections": {"stamoplysninger": {"name": "Kladde Kladdesen"}}}


@pytest.fixture
def owner():
    return clinician()


def _create(house, owner, draft=None, content=CONTENT, fingerprint=b"f"):
    return house.drafts.create(owner, draft or uuid4(), fingerprint, content, house.clock.now())


def test_an_owner_gets_back_what_she_wrote(house, owner):
    draft = _create(house, owner)
    found = house.drafts.get(owner, draft.id, house.clock.now())
    assert (found.content, found.version) == (CONTENT, 1)
    assert house.events() == [], "submission is the first event"


def test_nobody_else_sees_changes_or_deletes_it(house, owner):
    draft = _create(house, owner)
    now = house.clock.now()
    moved = msgspec.structs.replace(owner, authority=MUNICIPALITY)
    for other in (clinician(), clinician(OTHER_AMBULATORY), moved):
        with pytest.raises(DraftNotFound):
            house.drafts.get(other, draft.id, now)
        with pytest.raises(DraftNotFound):
            house.drafts.replace(other, draft.id, 1, {}, now)
        with pytest.raises(DraftNotFound):
            house.drafts.delete(other, draft.id)
        assert house.drafts.list(other, now, 10) == []
    assert house.drafts.get(owner, draft.id, now).content == CONTENT


def test_what_she_kept_with_an_authority_that_was_succeeded_is_hers_with_the_successor(house, owner):
    now, draft = house.clock.now(), uuid4()
    _create(house, owner, draft)
    as_east, taken = msgspec.structs.replace(owner, authority=EAST), {REGION}
    with pytest.raises(DraftNotFound):
        house.drafts.get(as_east, draft, now, {MUNICIPALITY})
    stranger = clinician(authority=EAST)
    with pytest.raises(DraftNotFound):
        house.drafts.get(stranger, draft, now, taken)
    assert house.drafts.list(stranger, now, 10, taken) == []

    assert house.drafts.get(as_east, draft, now, taken).content == CONTENT
    again = house.drafts.create(as_east, draft, b"f", CONTENT, now, taken)
    assert again.version == 1, "sent again across the succession"
    assert [one.id for one in house.drafts.list(as_east, now, 10, taken)] == [draft]
    house.drafts.replace(as_east, draft, 1, {"n": 2}, now, taken)
    assert house.drafts.get(as_east, draft, now).content == {"n": 2}, "from then on it is the successor's"
    other = _create(house, owner)
    house.drafts.delete(as_east, other.id, taken)
    assert house.drafts.list(owner, now, 10) == []


def test_it_lives_for_thirty_days_after_its_last_change(house, owner):
    draft = _create(house, owner)
    house.clock.advance(days=20)
    house.drafts.replace(owner, draft.id, 1, {"changed": True}, house.clock.now())
    house.clock.advance(days=29, hours=23)
    assert house.drafts.get(owner, draft.id, house.clock.now()).content == {"changed": True}
    house.clock.advance(hours=1)
    for work in (
        lambda now: house.drafts.get(owner, draft.id, now),
        lambda now: house.drafts.replace(owner, draft.id, 2, {}, now),
    ):
        with pytest.raises(DraftNotFound):
            work(house.clock.now())
    assert house.drafts.list(owner, house.clock.now(), 10) == []
    assert house.drafts.expire(house.clock.now()) == 1
    with house.vault.database.read() as rows:
        assert rows.execute("SELECT COUNT(*) FROM draft").fetchone() == (0,)


def test_a_draft_is_replaced_under_the_version_that_was_read(house, owner):
    draft = _create(house, owner)
    now = house.clock.now()
    assert house.drafts.replace(owner, draft.id, 1, {"n": 2}, now).version == 2
    for stale in (1, 3):
        with pytest.raises(StreamConflict):
            house.drafts.replace(owner, draft.id, stale, {"n": 3}, now)
    assert house.drafts.get(owner, draft.id, now).content == {"n": 2}


def test_replaced_many_times_at_once_one_wins_each_version(house, owner):
    draft = _create(house, owner)

    def one(n):
        try:
            house.drafts.replace(owner, draft.id, 1, {"n": n}, house.clock.now())
        except StreamConflict:
            return None
        return n

    with ThreadPoolExecutor(6) as pool:
        won = [n for n in pool.map(one, range(6)) if n is not None]
    assert len(won) == 1
    assert house.drafts.get(owner, draft.id, house.clock.now()).content == {"n": won[0]}


def test_two_server_processes_that_replace_the_same_version_do_not_both(postgres_store, owner):
    """Both have read version 1 before either writes."""
    house = House(postgres_store)
    draft = _create(house, owner)
    both = Barrier(2)

    class Meeting(Drafts):
        def _row(self, *given):
            row = super()._row(*given)
            both.wait(timeout=10)
            return row

    drafts = Meeting(house.vault)

    def one(n):
        try:
            drafts.replace(owner, draft.id, 1, {"n": n}, house.clock.now())
        except StreamConflict:
            return None
        return n

    with ThreadPoolExecutor(2) as pool:
        [won] = [n for n in pool.map(one, (1, 2)) if n is not None]
    assert house.drafts.get(owner, draft.id, house.clock.now()).content == {"n": won}


def test_the_same_creation_again_is_the_same_draft(house, owner):
    draft = UUID(int=7)
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: _create(house, owner, draft).expires_at, range(4)))
    assert len(made) == 1
    assert len(house.drafts.list(owner, house.clock.now(), 10)) == 1
    with pytest.raises(IdempotencyMismatch):
        _create(house, owner, draft, fingerprint=b"other")


def test_the_same_request_id_from_somebody_else_is_told_so_and_shows_nothing(house, owner):
    draft = _create(house, owner, UUID(int=7))
    for other in (clinician(), msgspec.structs.replace(owner, authority=MUNICIPALITY)):
        with pytest.raises(IdempotencyMismatch):
            _create(house, other, draft.id)
    assert house.drafts.get(owner, draft.id, house.clock.now()).content == CONTENT


def test_a_draft_is_sealed_where_it_lies(house, owner):
    _create(house, owner)
    with house.vault.database.read() as rows:
        [row] = rows.execute("SELECT * FROM draft").fetchall()
    assert not any(b"Kladdesen" in bytes(cell) for cell in row if isinstance(cell, bytes | memoryview))
    assert "Kladdesen" not in str(row)


def test_the_newest_draft_comes_first(house, owner):
    first = _create(house, owner)
    house.clock.advance(minutes=1)
    second = _create(house, owner)
    house.clock.advance(minutes=1)
    assert [draft.id for draft in house.drafts.list(owner, house.clock.now(), 10)] == [second.id, first.id]
    assert [draft.id for draft in house.drafts.list(owner, house.clock.now(), 1)] == [second.id]
