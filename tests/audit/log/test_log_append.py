"""What one append writes, on both stores: positions, versions, counters, times, all or nothing."""

from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from audit.log.entry import MAX_ENTRY_BYTES, EntryDamaged, EntryTooLarge, encode_entry, leaf_hash
from domain.events.header import ENVELOPE, Header
from domain.handover import events as h
from domain.handover.fold import fold as fold_handover
from domain.register.fold import fold as fold_register
from tests.audit.log.history import HANDOVER, HISTORY, LABEL, MAILBOX, record
from tests.stores import RULES, SOFTWARE, append, make_store, new_event
from workflows.ports.log import Idempotency, Outcome, RegisterClash, SealedDocument

SENT = h.HandoverSent(channel="overgang", attempt=1)


def counts(store) -> dict[str, int]:
    tables = ("stored_events", "subject_counter", "idempotency", "claim", "document")
    with store.log_database.read() as rows:
        return {table: rows.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables}


def whole(key: str = "a", **more):
    """An append that writes to every table."""
    document = SealedDocument(id=uuid4(), ciphertext=b"\x00" * 100, ciphertext_sha256="0" * 64)
    return append(
        new_event(SENT, subjects=[key]),
        idempotency=Idempotency(id=uuid4(), fingerprint=b"f" * 32),
        outcome=Outcome(status=201, location="/v1/handovers/x", resource=uuid4(), etag=1),
        documents=(document,),
        claims=(f"gln:{uuid4().int}",),
        **more,
    )


def test_positions_are_dense_from_0_and_the_notification_id_is_one_more(store):
    assert store.log.length() == 0
    recorded = [
        *store.log.append(append(new_event(SENT), new_event(SENT))),
        *store.log.append(append(new_event(SENT))),
    ]
    assert [entry.header.position for entry in recorded] == [0, 1, 2]
    assert store.log.length() == 3
    assert [n.id for n in store.log.notification_log.select(start=1, limit=10)] == [1, 2, 3]
    assert [n.id for n in store.log.notification_log.select(start=2, limit=10, stop=2)] == [2]
    assert [n.id for n in store.log.notification_log.select(start=2, limit=10, inclusive_of_start=False)] == [
        3
    ]
    assert store.recorder.max_notification_id() == 3


@pytest.mark.parametrize("fault", ["too large", "unreadable", "claim", "view"])
def test_an_append_that_fails_leaves_nothing_and_no_gap(kind_and_place, fault):
    def view(rows, recorded):
        if recorded[0].header.purpose == "refuse":
            raise RuntimeError("the view cannot take it")

    store = make_store(*kind_and_place, in_transaction=view)
    try:
        first = whole()
        store.log.append(first)
        before = counts(store)
        second = whole()
        extra = {
            "too large": new_event(
                h.MailboxShown(mailbox=uuid4(), handovers=tuple(uuid4() for _ in range(1700)))
            ),
            "unreadable": new_event(h.HandoverSent(channel="Free Text", attempt=1), subjects=["b"]),
            "claim": new_event(SENT),
            "view": new_event(SENT),
        }[fault]
        events = (*second.events, extra)
        if fault == "view":
            events = tuple(replace(event, purpose="refuse") for event in events)
        claims = (*second.claims, *first.claims) if fault == "claim" else second.claims
        expected = {
            "too large": EntryTooLarge,
            "unreadable": EntryDamaged,
            "claim": RegisterClash,
            "view": RuntimeError,
        }[fault]
        with pytest.raises(expected) as refused:
            store.log.append(replace(second, events=events, claims=claims))
        assert "Free Text" not in str(refused.value)
        assert counts(store) == before
        assert store.log.document(second.documents[0].id) is None
        assert store.log.replayed(second.idempotency) is None
        [entry] = store.log.append(second)
        assert entry.header.position == 1
        assert entry.header.subjects[0].n == 2
        assert store.log.document(second.documents[0].id) == second.documents[0].ciphertext
        assert store.log.replayed(second.idempotency).location == "/v1/handovers/x"
        assert store.log.claimant(second.claims[0]) == second.events[0].stream
    finally:
        store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def kind_and_place(request, tmp_path):
    place = tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres_place")
    return request.param, place


def test_the_view_commits_with_its_events(kind_and_place):
    seen: list[int] = []

    def view(rows, recorded):
        rows.execute("CREATE TABLE IF NOT EXISTS seen (position BIGINT)")
        for entry in recorded:
            rows.execute("INSERT INTO seen VALUES (?)", (entry.header.position,))
            seen.append(entry.header.position)

    store = make_store(*kind_and_place, in_transaction=view)
    try:
        store.log.append(append(new_event(SENT), new_event(SENT)))
        with store.log_database.read() as rows:
            assert rows.execute("SELECT position FROM seen ORDER BY position").fetchall() == [(0,), (1,)]
        assert seen == [0, 1]
    finally:
        store.close()


def test_versions_count_each_stream_by_itself(store):
    one, other = uuid4(), uuid4()
    recorded = store.log.append(
        append(new_event(SENT, stream=one), new_event(SENT, stream=other), new_event(SENT, stream=one))
    )
    recorded += store.log.append(append(new_event(SENT, stream=one, expected_version=3)))
    assert [(entry.header.stream, entry.header.stream_version) for entry in recorded] == [
        (one, 1),
        (other, 1),
        (one, 2),
        (one, 3),
    ]


def test_each_subject_has_a_counter_of_its_own_and_a_key_counts_once_an_event(store):
    recorded = store.log.append(
        append(new_event(SENT, subjects=["b", "a", "b"]), new_event(SENT, subjects=["a"]), new_event(SENT))
    )
    assert [[(ref.key_id, ref.n) for ref in entry.header.subjects] for entry in recorded] == [
        [("a", 1), ("b", 1)],
        [("a", 2)],
        [],
    ]


def test_recorded_time_never_goes_back_though_the_clock_does(store):
    times = []
    for minutes in (0, 5, -60, 1, 120):
        store.clock.advance(minutes=minutes)
        [entry] = store.log.append(append(new_event(SENT)))
        times.append(entry.header.recorded_at)
        assert entry.header.occurred_at == entry.header.recorded_at
    assert times == [
        "2026-11-02T08:30:00.000000Z",
        "2026-11-02T08:35:00.000000Z",
        "2026-11-02T08:35:00.000000Z",
        "2026-11-02T08:35:00.000000Z",
        "2026-11-02T09:36:00.000000Z",
    ]


def test_what_happened_before_keeps_its_own_time(store):
    [entry] = store.log.append(append(new_event(SENT, occurred_at="2026-10-30T22:15:00.000000Z")))
    assert entry.header.occurred_at == "2026-10-30T22:15:00.000000Z"
    assert entry.header.recorded_at == "2026-11-02T08:30:00.000000Z"
    with pytest.raises(EntryDamaged):
        store.log.append(append(new_event(SENT, occurred_at="30 October")))
    assert store.log.length() == 1


def test_what_append_returns_is_what_stands_on_the_log(store):
    recorded = store.log.append(
        append(new_event(SENT), new_event(h.HandoverClosed(outcome="treatment-started")))
    )
    assert store.log.read(-1, 10) == list(recorded)
    assert all(leaf_hash(entry.entry) for entry in recorded)


def test_the_log_reads_by_position_by_stream_and_by_fold(store):
    recorded = record(store.log, store.clock)
    assert store.log.read(-1, len(HISTORY)) == recorded
    assert store.log.read(4, 3) == recorded[5:8]
    assert store.log.read(len(HISTORY) - 1, 100) == []
    assert store.log.at([3, 17, 999]) == {3: recorded[3], 17: recorded[17]}
    assert store.log.at([]) == {}
    assert store.log.stream(HANDOVER) == [entry for entry in recorded if entry.header.stream == HANDOVER]
    assert store.log.stream(uuid4()) == []
    assert store.log.document(uuid4()) is None
    handover = store.log.fold(HANDOVER, fold_handover)
    assert (handover.status, handover.version, handover.id) == ("closed", 10, HANDOVER)
    register = store.log.fold(recorded[0].header.stream, fold_register)
    assert register.units["rusmiddelcenter"].offers_dual_diagnosis is True
    assert register.mailboxes[MAILBOX].valid_to == "2026-12-31T23:00:00.000000Z"
    assert store.log.fold(uuid4(), fold_handover) is None


def test_a_second_start_on_the_same_store_goes_on_where_the_first_stopped(store):
    record(store.log, store.clock)
    store.recorder.migrate()
    [entry] = store.log.append(append(new_event(SENT, stream=HANDOVER)))
    assert entry.header.position == len(HISTORY)
    assert entry.header.stream_version == 11


def test_a_body_needs_a_key_and_its_own_event(store):
    held = h.HandoverHeld(reason="no-main-mailbox", receiver_authority=None, receiver_unit=None)
    submitted = HISTORY[4]
    with pytest.raises(ValueError, match="needs a key"):
        store.log.append(append(new_event(submitted.decided.event, body=LABEL)))
    with pytest.raises(ValueError, match="own type"):
        store.log.append(append(new_event(held, body=LABEL, keys=submitted.keys)))
    assert store.log.length() == 0


def _header(unit: str) -> Header:
    return Header(
        envelope=ENVELOPE,
        position=0,
        stream=UUID(int=1),
        stream_version=1,
        event="handover-sent",
        schema=1,
        workflow=None,
        occurred_at="2026-11-02T08:30:00.000000Z",
        recorded_at="2026-11-02T08:30:00.000000Z",
        actor=UUID(int=2),
        role="clinician",
        unit=unit,
        authority="1085",
        controller="1085",
        visible_to=("1085",),
        legal_basis=(),
        purpose="handover",
        subjects=(),
        correlation_id=UUID(int=3),
        causation_id=None,
        idempotency_id=None,
        software=SOFTWARE,
        rules=RULES,
    )


def test_an_entry_is_at_most_65535_bytes():
    def entry(length: int) -> bytes:
        return encode_entry(_header("x" * length), b'{"attempt":1,"channel":"overgang"}', None, None, bytes)

    rest = MAX_ENTRY_BYTES - len(entry(0))
    assert len(entry(rest)) == 65_535
    with pytest.raises(EntryTooLarge):
        entry(rest + 1)
