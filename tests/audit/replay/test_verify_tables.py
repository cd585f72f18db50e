"""The tables that commit with the log: whoever changes one of them, and no entry, is found."""

from uuid import UUID, uuid4

import pytest

from audit.replay.source import StoredLog
from audit.replay.verify import verify
from domain.handover.streams import register_of
from tests.audit.replay.forge import execute, position_of
from tests.journeys.cast import MUNICIPALITY, REGION, caseworker, clinician
from tests.journeys.papers import GLN, SOR, cpr, document, message, origin


@pytest.fixture
def kept(past):
    """A past with repeats, a MedCom message and a unit with its codes."""
    house = past.house
    house.unit(MUNICIPALITY, "rusmiddelcenter-2", sor=SOR, gln=GLN)
    past.created = house.submit(clinician(), document(cpr(3)), key="create")
    past.medcom = house.submit(clinician(), message(), medcom=origin())
    house.open(caseworker(), past.created, key="read")
    house.acknowledge(caseworker(), past.created, key="acknowledge")
    house.relay()
    return past


def judge(past, **more):
    return verify(StoredLog(past.store.log_database), tables=True, **more)


def count(past, table):
    with past.store.log_database.read() as rows:
        return rows.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]


def test_tables_that_say_what_the_log_says_hold(kept):
    verdict = judge(kept)
    assert verdict.fault is None
    assert count(kept, "idempotency") == 3
    assert verdict.rows == sum(count(kept, table) for table in ("view_worklist", "idempotency", "claim"))
    assert judge(kept, jobs=2) == verdict
    assert verify(StoredLog(kept.store.log_database)).rows is None


def test_a_rebuilt_view_holds_as_the_live_one_did(kept):
    kept.house.projector.rebuild("worklist")
    assert judge(kept).holds


def last_step(past, case):
    return past.house.last_step(case).header.position


@pytest.mark.parametrize(
    "change",
    [
        "status = 'taken_over'",
        "version = version + 1",
        "position = position + 1",
        "opened = 0",
        "receiver_unit = 'another'",
        "mailbox = NULL",
        "due = '2026-01-01T00:00:00.000000Z'",
        "priority = 0",
        "submitted_position = 0",
        "label_position = NULL",
        "receiver_key = 'another'",
        "sender_unit = 'another'",
    ],
)
def test_a_row_of_the_mailbox_that_says_otherwise_is_found(sqlite_past, change):
    past = sqlite_past
    execute(past.store, f"UPDATE view_worklist SET {change} WHERE key = ?", str(past.case))
    fault = judge(past).fault
    assert (fault.code, fault.position) == ("view-differs", last_step(past, past.case))
    assert verify(StoredLog(past.store.log_database)).holds, "the entries are as they were"


def test_a_case_that_is_hidden_from_its_mailbox_is_found(kept):
    execute(kept.store, "DELETE FROM view_worklist WHERE key = ?", str(kept.waiting))
    fault = judge(kept).fault
    assert (fault.code, fault.position) == ("view-differs", last_step(kept, kept.waiting))


def test_a_case_that_never_was_is_found_in_the_mailbox(kept):
    columns = ", ".join(column.name for column in kept.house.projector.views["worklist"].columns)
    execute(
        kept.store,
        f"INSERT INTO view_worklist (key, {columns}) SELECT ?, {columns} FROM view_worklist WHERE key = ?",
        str(uuid4()),
        str(kept.case),
    )
    fault = judge(kept).fault
    assert (fault.code, fault.position) == ("view-differs", None)


def create_at(past):
    return past.house.log.stream(past.created)[0].header.position


def test_a_create_that_could_be_carried_out_twice_is_found(kept):
    execute(kept.store, "DELETE FROM idempotency WHERE resource = ? AND status = 201", str(kept.created))
    fault = judge(kept).fault
    assert (fault.code, fault.position) == ("idempotency-missing", create_at(kept))


def test_an_answer_to_a_create_that_never_was_is_found(kept):
    execute(
        kept.store,
        "INSERT INTO idempotency SELECT ?, fingerprint, status, location, resource, etag, 3 FROM idempotency"
        " WHERE position = ?",
        str(uuid4()),
        create_at(kept),
    )
    fault = judge(kept).fault
    assert (fault.code, fault.position) == ("idempotency-differs", 3)


def test_an_answer_that_points_at_another_entry_is_found(kept):
    execute(kept.store, "UPDATE idempotency SET position = 1 WHERE position = ?", create_at(kept))
    assert judge(kept).fault.code == "idempotency-differs"


def _claims(past):
    """Each kind of claim with the event that implies it."""
    [attachment] = past.house.state(past.case).attachments
    medcom = past.house.log.stream(past.medcom)[0]
    [alert] = past.house.alerts(past.case)
    mailbox = past.house.state(past.case).mailbox
    return {
        f"attachment:{attachment.id}": position_of(past.store, "handover-submitted"),
        f"medcom-message:{medcom.event.medcom_message}": medcom.header.position,
        f"alert:{alert.event.about_position}": alert.header.position,
        f"mailbox:{mailbox}": position_of(past.store, "main-mailbox-proposed"),
        f"authority:{REGION}": position_of(past.store, "authority-registered"),
        "unit:rusmiddelcenter-2": _last(past, "unit-registered"),
        f"sor:{SOR}": _last(past, "unit-registered"),
        f"gln:{GLN}": _last(past, "unit-registered"),
    }


def _last(past, event):
    return position_of(past.store, event, -1)


def test_a_claim_that_was_freed_or_given_to_another_is_found(kept):
    for claim, position in _claims(kept).items():
        with kept.store.log_database.read() as rows:
            found = rows.execute("SELECT stream FROM claim WHERE claim = ?", (claim,)).fetchone()
        assert found is not None, claim
        other = register_of("0101")
        execute(kept.store, "UPDATE claim SET stream = ? WHERE claim = ?", str(other), claim)
        assert _where(kept) == ("claim-missing", position), claim
        execute(kept.store, "DELETE FROM claim WHERE claim = ?", claim)
        assert _where(kept) == ("claim-missing", position), claim
        execute(kept.store, "INSERT INTO claim VALUES (?, ?)", claim, str(UUID(found[0])))
    assert judge(kept).holds


def _where(past):
    fault = judge(past).fault
    return fault.code, fault.position


def test_a_fault_of_an_entry_is_named_before_what_follows_from_it(kept):
    execute(kept.store, "DELETE FROM view_worklist")
    execute(kept.store, "UPDATE stored_events SET leaf = ? WHERE position = 5", bytes(32))
    assert _where(kept) == ("leaf-hash", 5)
