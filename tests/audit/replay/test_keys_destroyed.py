"""Header and facts are enough: every key is destroyed, and nothing that is judged or counted changes."""

from hashlib import sha256

from audit.replay.bodies import begin
from audit.replay.replay import replay
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from audit.volume.volume import volume
from tests.audit.replay.forge import entry_at, execute, forge, position_of, put
from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, REGION, caseworker, person
from workflows.ports.vault import Holder


def judged(past):
    """The verdict that needs no key."""
    return verify(
        StoredLog(past.store.log_database),
        releases=stored_releases(past.store.vault_database),
        attachments=past.blobs,
        tables=True,
    )


def everything(past):
    """States, views, counts, replays and the verdict."""
    house = past.house
    with StoredLog(past.store.log_database).snapshot() as log:
        replays = [replay(log), replay(log, handover=past.case), replay(log, handover=past.waiting)]
    verdict = judged(past)
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
        attachments=past.blobs,
        bodies=replaying,
        tables=True,
    )
    return verdict, replaying


def test_a_body_replay_opens_all_that_is_sealed_after_its_own_events(past):
    length = past.house.log.length()
    verdict, replaying = open_all(past)
    assert (verdict.fault, verdict.bodies, replaying.forgotten, verdict.keys_missing) == (None, 4, 0, 0)
    assert verdict.contents == 6, "two documents and an attachment, each under the keys of both authorities"
    replays = past.house.events()[length:]
    assert {one.header.event for one in replays} == {"bodies-replayed"}
    assert {one.event.last_position for one in replays} == {length - 1}


def test_each_authority_sees_the_replay_of_its_own_citizens_records_and_no_other(past):
    length = past.house.log.length()
    open_all(past)
    replays = past.house.events()[length:]
    assert [(one.header.controller, one.header.visible_to) for one in replays] == [
        (MUNICIPALITY, (MUNICIPALITY,)),
        (REGION, (REGION,)),
    ]
    vault = past.store.vault
    for one in replays:
        keys = {key for position, key in vault.releases() if position == one.header.position}
        assert keys
        assert set(vault.controllers_of(keys).values()) == {one.header.controller}
    # And: nobody gets another authority's keys by naming them.
    municipal, regional = replays
    foreign = {key for position, key in vault.releases() if position == regional.header.position}
    assert vault.replay_openers(municipal, foreign) == {}
    # The next verification agrees with what the vault has released.
    assert verify(
        StoredLog(past.store.log_database), releases=stored_releases(past.store.vault_database)
    ).holds


def test_no_key_is_released_before_its_event_even_to_an_authority_that_comes_later(past):
    house = past.house
    replaying = begin(house.log, house.log.length(), house.vault, person("operator", "0000"), past.store.ids)
    newcomer = Holder(controller=OTHER_MUNICIPALITY, retention="sag-5")
    key = house.vault.provision(key_id=house.state(past.case).sender_key, holders=(newcomer,)).keys
    length = house.log.length()
    assert set(replaying.openers({key[OTHER_MUNICIPALITY]})) == {key[OTHER_MUNICIPALITY]}
    [recorded] = house.events()[length:]
    assert recorded.header.visible_to == (OTHER_MUNICIPALITY,)
    assert (recorded.header.position, key[OTHER_MUNICIPALITY]) in house.vault.releases()


def test_a_body_that_does_not_open_under_its_header_is_found(past):
    position = position_of(past.store, "handover-delivered")
    entry = entry_at(past.store, position)
    # The header is changed and the leaf hash with it: only the seal can tell.
    put(past.store, position, entry.replace(b'"software":"0.1.0+test"', b'"software":"0.1.0+tess"'))
    assert verify(StoredLog(past.store.log_database)).holds
    verdict, _ = open_all(past)
    assert (verdict.fault.code, verdict.fault.position) == ("body-unopened", position)


def test_keys_that_are_gone_without_an_event_are_counted_and_are_a_fault_of_a_body_replay(past):
    """There is no event for an erasure yet: whatever is gone, somebody has taken away."""
    first = position_of(past.store, "handover-submitted")
    gone = past.store.vault.destroy()
    assert judged(past).holds, "header and facts need no key"
    verdict, replaying = open_all(past)
    assert (verdict.fault.code, verdict.fault.position) == ("keys-missing", first)
    assert (verdict.keys_missing, replaying.forgotten, verdict.contents) == (gone, 4, 0)


def test_one_citizens_missing_key_is_named_by_the_first_entry_that_counts_on_it(past):
    lost = past.house.state(past.waiting).receiver_key
    assert past.store.vault.destroy(keep=lambda key: key != lost) == 1
    verdict, _ = open_all(past)
    delivered = position_of(past.store, "handover-delivered", 1)
    assert (verdict.fault.code, verdict.fault.position, verdict.keys_missing) == (
        "keys-missing",
        delivered,
        1,
    )


def test_a_content_key_that_is_gone_is_missing_too(past):
    """The citizen's key is there, and yet nobody of the authority can open the document."""
    state = past.house.state(past.case)
    past.store.vault_database.write(
        lambda rows: (
            rows.execute(
                "DELETE FROM content_key WHERE document_id = ? AND key_id = ?",
                (str(state.document_id), state.receiver_key),
            )
            and None
        )
    )
    assert judged(past).holds
    verdict, _ = open_all(past)
    assert (verdict.fault.code, verdict.keys_missing) == ("keys-missing", 1)
    assert verdict.fault.position == position_of(past.store, "handover-submitted")


def _content(past, change):
    """Change the sender's wrapped content key of the case's document."""
    state = past.house.state(past.case)
    past.store.vault_database.write(
        lambda rows: (
            rows.execute(
                "UPDATE content_key SET wrapped = ? WHERE document_id = ? AND key_id = ?",
                (change(rows, state), str(state.document_id), state.sender_key),
            )
            and None
        )
    )


def test_a_content_key_that_does_not_open_is_found(past):
    _content(past, lambda rows, state: bytes(60))
    verdict, _ = open_all(past)
    first = position_of(past.store, "handover-submitted")
    assert (verdict.fault.code, verdict.fault.position) == ("document-unopened", first)


def _stored(past, document, ciphertext):
    """Put other bytes in a document's place, and their hash into every entry that names it."""
    digest = sha256(ciphertext).hexdigest()
    execute(past.store, "UPDATE document SET ciphertext = ? WHERE id = ?", ciphertext, str(document))
    for event in ("handover-submitted", "handover-delivered"):
        position = position_of(past.store, event)
        forge(past.store, position, lambda entry: entry["facts"].update(document_sha256=digest))


def test_a_document_that_does_not_open_under_its_key_is_found_though_its_hash_fits(past):
    document = past.house.state(past.case).document_id
    _stored(past, document, bytes(500))
    assert judged(past).holds
    verdict, _ = open_all(past)
    first = position_of(past.store, "handover-submitted")
    assert (verdict.fault.code, verdict.fault.position) == ("document-unopened", first)


def test_an_attachment_that_does_not_open_is_found_though_its_hash_fits(past):
    """Sealed under another key than the one that was handed over with it."""
    [attachment] = past.house.state(past.case).attachments
    path = past.blobs._path(attachment.id)
    path.unlink()
    receipt = past.blobs.put(attachment.id, [b"%PDF-1.7 other"], bytes(32), attachment.id.bytes)
    for event in ("handover-submitted", "handover-delivered"):
        position = position_of(past.store, event)
        forge(
            past.store,
            position,
            lambda entry: entry["facts"]["attachments"][0].update(ciphertext_sha256=receipt.sha256),
        )
    assert judged(past).holds
    verdict, _ = open_all(past)
    assert verdict.fault.position == position_of(past.store, "handover-submitted")
    assert verdict.fault.code == "attachment-unopened"


def test_a_case_goes_on_after_the_replay(past):
    open_all(past)
    past.house.open(caseworker(), past.waiting)
    assert past.house.state(past.waiting).status == "opened"
