"""What time brings: one thing that cannot be done keeps no other from being done."""

from datetime import timedelta
from uuid import uuid4

import pytest

from api.bootstrap import Overgang
from api.settings import load_settings
from api.workers import Workers
from audit.blobs.store import BlobStore
from audit.vault.drafts import KEPT_FOR
from audit.vault.uploads import SWEPT_AFTER
from tests.journeys.cast import clinician
from workflows.handlers.carry_over import CarryOverFailed


@pytest.fixture
def overgang(tmp_path):
    made = Overgang(load_settings(data_dir=tmp_path / "store"))
    made.migrate()
    yield made
    made.close()


def test_what_the_relay_put_aside_is_tried_again_at_the_start_and_then_every_hour(overgang, monkeypatch):
    tried = []
    monkeypatch.setattr("api.workers.retry_parked", lambda *given: tried.append(given) or 0)
    workers = Workers(overgang)
    workers._tick()
    workers._tick()
    assert len(tried) == 1
    workers._next_sweep = 0.0
    workers._tick()
    assert len(tried) == 2


def test_a_handover_that_cannot_be_tried_lets_drafts_end_and_files_be_swept(overgang, monkeypatch):
    owner = clinician()
    long_ago = overgang.clock.now() - KEPT_FOR - timedelta(days=1)
    overgang.drafts.create(owner, uuid4(), b"f", {}, long_ago)
    swept = []
    monkeypatch.setattr(BlobStore, "sweep", lambda self, known, now, older_than: swept.append(older_than))

    def broken(after, limit):
        raise OSError

    monkeypatch.setattr(overgang.worklists, "stalled", broken)
    with pytest.raises(OSError):
        Workers(overgang)._tick()
    with overgang.vault.database.read() as rows:
        assert rows.execute("SELECT COUNT(*) FROM draft").fetchone() == (0,)
    assert swept == [SWEPT_AFTER]


def test_what_cannot_be_carried_over_is_counted_and_keeps_nothing_else_from_its_time(overgang, monkeypatch):
    done = []

    def failing(services, open_body):
        raise CarryOverFailed(3)

    monkeypatch.setattr("api.workers.carry_over_all", failing)
    monkeypatch.setattr("api.workers.escalate_unresolved", lambda services: done.append("escalated"))
    monkeypatch.setattr("api.workers.deliver_all_stalled", lambda *given: done.append("delivered"))
    workers = Workers(overgang)
    with pytest.raises(CarryOverFailed):
        workers._tick()
    assert workers.carry_overs_waiting == 3
    assert done == ["escalated", "delivered"]
