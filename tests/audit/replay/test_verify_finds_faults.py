"""Every fault that `verify` names, made by a real change to a real store, on both databases."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest

from audit.replay.faults import WORDS
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from tests.audit.replay.conftest import Past
from tests.audit.replay.forge import entry_at, execute, forge, position_of, put
from tests.stores import Store

Mutation = Callable[[Store], int | None]
MUTATIONS: dict[str, tuple[str, Mutation]] = {}


def mutation(code: str) -> Callable[[Mutation], Mutation]:
    """Register a change, the code it must be found under, and (returned) where."""

    def register(change: Mutation) -> Mutation:
        MUTATIONS[change.__name__] = (code, change)
        return change

    return register


def judge(past: Past):
    return verify(
        StoredLog(past.store.log_database),
        releases=stored_releases(past.store.vault_database),
        attachments=past.blobs,
    )


def test_an_untouched_store_holds(past):
    verdict = judge(past)
    assert verdict.fault is None
    assert verdict.holds
    assert verdict.entries == past.house.log.length()
    assert (verdict.documents, verdict.attachments) == (2, 1)
    assert verdict.releases == 3, "the showing, the reading, and the reading from outside"


@pytest.mark.parametrize("name", [
    "a_row_is_deleted", "the_last_row_is_deleted", "two_rows_change_places", "a_fact_is_altered",
    "a_ciphertext_is_altered", "a_header_is_altered", "a_leaf_is_altered", "a_stream_has_a_gap",
    "a_row_names_another_event", "a_counter_comes_twice", "a_counter_has_a_gap", "time_goes_backwards",
    "a_step_is_forged", "a_step_is_taken_by_another_role", "a_step_names_no_workflow",
    "a_step_names_another_workflow", "a_case_runs_under_an_unknown_workflow", "a_document_is_deleted",
    "a_document_is_altered", "an_unknown_event_stands_there", "a_newer_schema_stands_there",
    "a_newer_envelope_stands_there", "the_facts_do_not_fit", "a_fact_holds_a_cpr_number",
    "a_space_is_put_in", "a_letter_is_written_otherwise", "the_bytes_are_no_entry", "an_entry_is_too_large",
    "a_controller_may_not_see", "subjects_are_unsorted", "a_body_has_a_foreign_key",
    "a_release_names_no_reading", "a_release_names_another_citizen", "a_release_names_no_entry",
    "the_counter_table_is_altered", "the_head_row_is_altered",
])  # fmt: skip
def test_a_fault_is_found_where_it_is(past, name):
    code, change = MUTATIONS[name]
    position = change(past.store)
    verdict = judge(past)
    assert verdict.fault is not None
    assert (verdict.fault.code, verdict.fault.position) == (code, position)
    assert verdict.root_hash is None
    assert verdict.fault.words == WORDS[code]


def test_every_mutation_is_in_the_list_above():
    listed = test_a_fault_is_found_where_it_is.pytestmark[0].args[1]
    assert sorted(listed) == sorted(MUTATIONS)


@mutation("position-gap")
def a_row_is_deleted(store):
    execute(store, "DELETE FROM stored_events WHERE position = 5")
    return 5


@mutation("head-row")
def the_last_row_is_deleted(store):
    with store.log_database.read() as rows:
        last = rows.execute("SELECT MAX(position) FROM stored_events").fetchone()[0]
    execute(store, "DELETE FROM stored_events WHERE position = ?", last)
    return int(last)


@mutation("row-differs")
def two_rows_change_places(store):
    for here, there in ((5, -1), (6, 5), (-1, 6)):
        execute(store, "UPDATE stored_events SET position = ? WHERE position = ?", there, here)
    return 5


@mutation("leaf-hash")
def a_fact_is_altered(store):
    position = position_of(store, "handover-sent")
    forge(store, position, lambda entry: entry["facts"].update(attempt=2), leaf=False)
    return position


@mutation("leaf-hash")
def a_ciphertext_is_altered(store):
    position = position_of(store, "handover-submitted")
    entry = entry_at(store, position)
    at = entry.index(b'"ciphertext":"') + 20
    other = b"B" if entry[at : at + 1] == b"A" else b"A"
    put(store, position, entry[:at] + other + entry[at + 1 :], leaf=False)
    return position


@mutation("leaf-hash")
def a_header_is_altered(store):
    position = position_of(store, "document-read")
    forge(store, position, lambda entry: entry["header"].update(purpose="supervision"), leaf=False)
    return position


@mutation("leaf-hash")
def a_leaf_is_altered(store):
    execute(store, "UPDATE stored_events SET leaf = ? WHERE position = 3", bytes(32))
    return 3


@mutation("stream-version-gap")
def a_stream_has_a_gap(store):
    position = position_of(store, "handover-closed")

    def change(entry):
        entry["header"]["stream_version"] += 1

    forge(store, position, change)
    execute(
        store,
        "UPDATE stored_events SET originator_version = originator_version + 1 WHERE position = ?",
        position,
    )
    return position


@mutation("row-differs")
def a_row_names_another_event(store):
    execute(store, "UPDATE stored_events SET topic = 'handover-opened' WHERE position = 6")
    return 6


@mutation("subject-counter-gap")
def a_counter_comes_twice(store):
    position = position_of(store, "handover-sent")

    def change(entry):
        entry["header"]["subjects"][0]["n"] -= 1

    forge(store, position, change)
    return position


@mutation("subject-counter-gap")
def a_counter_has_a_gap(store):
    position = position_of(store, "handover-sent")

    def change(entry):
        entry["header"]["subjects"][0]["n"] += 1

    forge(store, position, change)
    return position


@mutation("recorded-at-backwards")
def time_goes_backwards(store):
    position = position_of(store, "handover-taken-over")
    forge(store, position, lambda entry: entry["header"].update(recorded_at="2026-01-01T00:00:00.000000Z"))
    return position


@mutation("step-not-allowed")
def a_step_is_forged(store):
    # The acknowledgement is turned into one more sending.
    position = position_of(store, "handover-acknowledged")

    def change(entry):
        entry["header"]["event"] = "handover-sent"
        entry["facts"] = {"attempt": 1, "channel": "overgang"}

    forge(store, position, change)
    execute(store, "UPDATE stored_events SET topic = 'handover-sent' WHERE position = ?", position)
    return position


@mutation("step-role")
def a_step_is_taken_by_another_role(store):
    position = position_of(store, "handover-taken-over")
    forge(store, position, lambda entry: entry["header"].update(role="integration"))
    return position


@mutation("workflow-missing")
def a_step_names_no_workflow(store):
    position = position_of(store, "handover-closed")
    forge(store, position, lambda entry: entry["header"].update(workflow=None))
    return position


@mutation("workflow-changed")
def a_step_names_another_workflow(store):
    position = position_of(store, "handover-closed")
    forge(store, position, lambda entry: entry["header"]["workflow"].update(version=1))
    return position


@mutation("workflow-unknown")
def a_case_runs_under_an_unknown_workflow(store):
    first = position_of(store, "handover-submitted", 1)
    for position in range(first, first + 4):
        forge(store, position, lambda entry: entry["header"]["workflow"].update(version=99))
    return first


def _document(store, which=0):
    position = position_of(store, "handover-submitted", which)
    return position, json.loads(entry_at(store, position))["facts"]["document_id"]


@mutation("document-missing")
def a_document_is_deleted(store):
    position, document = _document(store, 1)
    execute(store, "DELETE FROM document WHERE id = ?", document)
    return position


@mutation("document-hash")
def a_document_is_altered(store):
    position, document = _document(store)
    execute(store, "UPDATE document SET ciphertext = ? WHERE id = ?", bytes(100), document)
    return position


@mutation("unknown-event")
def an_unknown_event_stands_there(store):
    forge(store, 6, lambda entry: entry["header"].update(event="handover-teleported"))
    return 6


@mutation("schema-too-new")
def a_newer_schema_stands_there(store):
    forge(store, 6, lambda entry: entry["header"].update(schema=99))
    return 6


@mutation("schema-too-new")
def a_newer_envelope_stands_there(store):
    forge(store, 6, lambda entry: entry["header"].update(envelope=99))
    return 6


@mutation("facts-damaged")
def the_facts_do_not_fit(store):
    position = position_of(store, "handover-sent")
    forge(store, position, lambda entry: entry["facts"].update(note="hej"))
    return position


@mutation("facts-damaged")
def a_fact_holds_a_cpr_number(store):
    position = position_of(store, "handover-closed")
    forge(store, position, lambda entry: entry["facts"].update(outcome="7001014321"))
    return position


@mutation("not-canonical")
def a_space_is_put_in(store):
    position = position_of(store, "handover-sent")
    put(store, position, entry_at(store, position).replace(b'{"attempt":1,', b'{"attempt": 1,'))
    return position


@mutation("not-canonical")
def a_letter_is_written_otherwise(store):
    position = position_of(store, "handover-sent")
    put(store, position, entry_at(store, position).replace(b'"role":"system"', b'"role":"\\u0073ystem"'))
    return position


@mutation("entry-damaged")
def the_bytes_are_no_entry(store):
    put(store, 4, b"{}")
    return 4


@mutation("entry-too-large")
def an_entry_is_too_large(store):
    forge(store, 4, lambda entry: entry.update(body={"padding": "x" * 66_000}))
    return 4


@mutation("controller-not-visible")
def a_controller_may_not_see(store):
    position = position_of(store, "document-read")
    forge(store, position, lambda entry: entry["header"].update(visible_to=["0330"]))
    return position


@mutation("subjects-unsorted")
def subjects_are_unsorted(store):
    position = position_of(store, "handover-sent")

    def change(entry):
        entry["header"]["subjects"] *= 2

    forge(store, position, change)
    return position


@mutation("body-key")
def a_body_has_a_foreign_key(store):
    position = position_of(store, "handover-submitted")
    forge(store, position, lambda entry: entry["body"].update(key_id=uuid4().hex))
    return position


def _key(store, position):
    return json.loads(entry_at(store, position))["header"]["subjects"][0]["key_id"]


def _release(store, position, key_id):
    store.vault_database.write(
        lambda rows: rows.execute("INSERT INTO release VALUES (?, ?)", (position, key_id)) and None
    )


@mutation("release-without-reading")
def a_release_names_no_reading(store):
    position = position_of(store, "handover-submitted")
    _release(store, position, _key(store, position))
    return position


@mutation("release-without-reading")
def a_release_names_another_citizen(store):
    position = position_of(store, "document-read")
    _release(store, position, uuid4().hex)
    return position


@mutation("release-without-reading")
def a_release_names_no_entry(store):
    _release(store, 10_000, uuid4().hex)
    return 10_000


@mutation("subject-counter-table")
def the_counter_table_is_altered(store):
    execute(store, "UPDATE subject_counter SET n = n + 1")


@mutation("head-row")
def the_head_row_is_altered(store):
    with store.log_database.read() as rows:
        length = rows.execute("SELECT next_position FROM head").fetchone()[0]
    execute(store, "UPDATE head SET next_position = next_position + 5")
    return int(length)


def test_an_attachment_that_is_gone_or_altered_is_found(past, tmp_path):
    position = position_of(past.store, "handover-submitted")
    (path,) = (tmp_path / "attachments").glob("??/??/*.blob")
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert (judge(past).fault.code, judge(past).fault.position) == ("attachment-hash", position)
    path.unlink()
    assert (judge(past).fault.code, judge(past).fault.position) == ("attachment-missing", position)


def test_of_several_faults_the_first_is_named(past):
    a_document_is_altered(past.store)
    a_leaf_is_altered(past.store)
    the_counter_table_is_altered(past.store)
    assert judge(past).fault.position == 3


def test_several_processes_find_the_same(past):
    source = StoredLog(past.store.log_database)
    alone, together = verify(source, jobs=1), verify(source, jobs=2)
    assert alone == together
    a_step_is_forged(past.store)
    assert verify(source, jobs=2).fault == verify(source, jobs=1).fault
