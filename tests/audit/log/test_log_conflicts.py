"""Three kinds of conflict, told apart on both stores (design section 4)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from domain.handover import events as h
from tests.stores import append, new_event
from workflows.ports.log import (
    Idempotency,
    IdempotencyMismatch,
    IdempotentReplay,
    Outcome,
    RegisterClash,
    StreamConflict,
)

SENT = h.HandoverSent(channel="overgang", attempt=1)


def create(stream: UUID | None = None, **more):
    stream = stream or uuid4()
    return append(
        new_event(SENT, stream=stream, expected_version=1),
        idempotency=more.pop("idempotency", Idempotency(id=uuid4(), fingerprint=b"f" * 32)),
        outcome=Outcome(status=201, location=f"/v1/handovers/{stream}", resource=stream, etag=1),
        **more,
    )


def test_the_same_create_again_gets_its_stored_answer(store):
    store.log.append(append(new_event(SENT)))
    first = create()
    store.log.append(first)
    again = create(idempotency=first.idempotency)
    for repeated in (first, again):
        with pytest.raises(IdempotentReplay) as replay:
            store.log.append(repeated)
        assert replay.value.outcome == replace(first.outcome, position=1)
    assert store.log.replayed(first.idempotency) == replace(first.outcome, position=1)
    assert store.log.length() == 2


def test_an_answer_without_an_etag_is_kept_as_such(store):
    first = replace(create(), outcome=Outcome(status=202, location="/v1/x", resource=UUID(int=7)))
    store.log.append(first)
    assert store.log.replayed(first.idempotency) == Outcome(
        status=202, location="/v1/x", resource=UUID(int=7), etag=None, position=0
    )


def test_the_same_key_with_other_content_is_refused_as_such(store):
    first = create()
    store.log.append(first)
    other = create(idempotency=Idempotency(id=first.idempotency.id, fingerprint=b"g" * 32))
    with pytest.raises(IdempotencyMismatch):
        store.log.append(other)
    with pytest.raises(IdempotencyMismatch):
        store.log.replayed(other.idempotency)
    assert store.log.length() == 1


def test_a_key_that_was_never_used_has_no_answer(store):
    assert store.log.replayed(Idempotency(id=uuid4(), fingerprint=b"f" * 32)) is None


@pytest.mark.parametrize("expected", [1, 2, 4, 9])
def test_a_case_that_was_changed_in_between_is_a_stream_conflict(store, expected):
    stream = uuid4()
    store.log.append(append(new_event(SENT, stream=stream), new_event(SENT, stream=stream)))
    with pytest.raises(StreamConflict):
        store.log.append(append(new_event(SENT), new_event(SENT, stream=stream, expected_version=expected)))
    assert store.log.length() == 2
    store.log.append(append(new_event(SENT, stream=stream, expected_version=3)))


def test_within_one_append_expected_versions_follow_each_other(store):
    stream = uuid4()
    store.log.append(append(*(new_event(SENT, stream=stream, expected_version=n) for n in (1, 2, 3))))
    with pytest.raises(StreamConflict):
        store.log.append(append(*(new_event(SENT, stream=stream, expected_version=n) for n in (4, 4))))
    assert [entry.header.stream_version for entry in store.log.stream(stream)] == [1, 2, 3]


def test_a_value_that_is_taken_is_a_register_clash_and_names_its_kind_only(store):
    store.log.append(create(claims=("gln:5798003500001", "sor:325421000016001")))
    with pytest.raises(RegisterClash) as clash:
        store.log.append(create(claims=("gln:5798003500002", "sor:325421000016001")))
    assert clash.value.kind == "sor"
    assert "325421000016001" not in str(clash.value)
    assert store.log.length() == 1
    assert store.log.claimant("gln:5798003500002") is None


def test_a_replay_is_told_before_any_other_conflict(store):
    stream = uuid4()
    first = create(stream, claims=("gln:5798003500001",))
    store.log.append(first)
    with pytest.raises(IdempotentReplay):
        store.log.append(first)
    with pytest.raises(StreamConflict):
        store.log.append(create(stream, claims=("gln:5798003500001",)))
    with pytest.raises(RegisterClash):
        store.log.append(create(claims=("gln:5798003500001",)))


def _race(count: int, attempt) -> list[object]:
    def outcome(n: int) -> object:
        try:
            return attempt(n)
        except (IdempotentReplay, StreamConflict, RegisterClash) as refused:
            return refused

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(outcome, range(count)))


def test_of_many_equal_creates_at_once_one_is_carried_out_and_all_get_its_answer(store):
    creates = [create(idempotency=Idempotency(id=UUID(int=5), fingerprint=b"f" * 32)) for _ in range(8)]
    outcomes = _race(8, lambda n: store.log.append(creates[n]))
    carried_out = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    replays = [outcome.outcome for outcome in outcomes if isinstance(outcome, IdempotentReplay)]
    assert (len(carried_out), len(replays), store.log.length()) == (1, 7, 1)
    assert {answer.resource for answer in replays} == {carried_out[0][0].header.stream}


def test_of_many_take_overs_at_once_one_wins(store):
    stream = uuid4()
    store.log.append(append(new_event(SENT, stream=stream)))
    outcomes = _race(
        8, lambda n: store.log.append(append(new_event(SENT, stream=stream, expected_version=2)))
    )
    assert sum(isinstance(outcome, StreamConflict) for outcome in outcomes) == 7
    assert [entry.header.stream_version for entry in store.log.stream(stream)] == [1, 2]


def test_of_many_registrations_of_one_gln_at_once_one_wins(store):
    outcomes = _race(8, lambda n: store.log.append(create(claims=("gln:5798003500001",))))
    assert sum(isinstance(outcome, RegisterClash) for outcome in outcomes) == 7
    assert store.log.length() == 1


def test_two_server_processes_see_each_others_conflicts(postgres_store):
    other, _ = postgres_store.another()
    first = create(claims=("gln:5798003500001",))
    postgres_store.log.append(first)
    with pytest.raises(IdempotentReplay) as replay:
        other.append(first)
    assert replay.value.outcome.resource == first.outcome.resource
    with pytest.raises(StreamConflict):
        other.append(create(first.events[0].stream))
    with pytest.raises(RegisterClash):
        other.append(create(claims=("gln:5798003500001",)))
    assert [entry.header.position for entry in other.append(create())] == [1]
