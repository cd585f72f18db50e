"""A key is released against a committed reading or delivery only, and the release names it."""

from uuid import uuid4

import pytest

from audit.log.entry import open_body
from audit.vault.vault import AnotherCitizen, NotAReading
from domain.events.catalogue import EVENT_TYPES
from domain.handover import events as h
from tests.audit.log.history import HISTORY
from tests.stores import append, new_event, person
from workflows.ports.vault import BodyKeys, Holder, KeyDestroyed

REGION = Holder(controller="1085", retention="journal-10")
MUNICIPALITY = Holder(controller="0370", retention="sag-5")
CPR = "7001014321"

ROUTED = h.HandoverRouted(
    mailbox=uuid4(),
    mailbox_version=1,
    receiver_authority="0370",
    receiver_unit=None,
    routed_by="handlekommune",
)
READ = h.DocumentRead(handover=uuid4(), document_id=uuid4())


def _record(store, event, *key_ids):
    [recorded] = store.log.append(append(new_event(event, subjects=key_ids)))
    return recorded


@pytest.mark.parametrize("index", range(len(HISTORY)), ids=lambda index: HISTORY[index].decided.event.NAME)
def test_only_a_reading_or_a_delivery_releases_a_key(sqlite_store, index):
    event = HISTORY[index].decided.event
    kind = EVENT_TYPES[event.NAME]
    key = sqlite_store.vault.provision(person=person(), holders=(REGION,)).keys["1085"]
    recorded = _record(sqlite_store, event, key)
    if kind.reading or kind.delivery:
        assert set(sqlite_store.vault.release(recorded).openers()) == {key}
        assert sqlite_store.vault.releases() == {(0, key)}
        return
    for attempt in (sqlite_store.vault.release, lambda recorded: sqlite_store.vault.share(recorded, (), key)):
        with pytest.raises(NotAReading):
            attempt(recorded)
    assert sqlite_store.vault.releases() == set()


def test_the_readings_and_deliveries_are_the_expected_ones():
    assert {name for name, kind in EVENT_TYPES.items() if kind.reading or kind.delivery} == {
        "document-read",
        "mailbox-shown",
        "unit-list-shown",
        "handover-routed",
        "carry-over-begun",
        "letter-sent",
    }


def test_every_release_names_its_event_and_only_the_events_citizens(store):
    keys = [
        store.vault.provision(person=person(number), holders=(REGION,)).keys["1085"]
        for number in ("7001014321", "7103054322", "7207094323")
    ]
    shown = h.MailboxShown(mailbox=uuid4(), handovers=(uuid4(), uuid4()))
    events = [_record(store, READ, keys[0]), _record(store, shown, *keys[:2]), _record(store, READ, keys[0])]
    _record(store, h.HandoverClosed(outcome="treatment-started"), *keys)
    for recorded in events:
        release = store.vault.release(recorded)
        assert set(release.openers()) == {ref.key_id for ref in recorded.header.subjects}
    readings = {
        (entry.header.position, ref.key_id)
        for entry in store.log.read(-1, 100)
        if EVENT_TYPES[entry.header.event].reading
        for ref in entry.header.subjects
    }
    assert store.vault.releases() == readings == {(0, keys[0]), (1, keys[0]), (1, keys[1]), (2, keys[0])}
    store.vault.release(events[0])
    assert store.vault.releases() == readings, "again is the same release"


def test_a_released_key_opens_the_body_that_the_log_holds(store):
    submitted = HISTORY[4].decided
    keys = store.vault.provision(person=person(), holders=(REGION,)).keys
    other = store.vault.provision(holders=(REGION,)).keys["1085"]
    sealers = BodyKeys(
        main=store.vault.sealer(keys["1085"]), others={"/representative": store.vault.sealer(other)}
    )
    store.log.append(
        append(new_event(submitted.event, body=submitted.body, keys=sealers, subjects=[keys["1085"], other]))
    )
    [entry] = store.log.read(-1, 1)
    label = open_body(entry.entry, store.vault.release(_record(store, READ, keys["1085"])).openers())
    assert (label.person, label.representative) == (submitted.body.person, None)
    whole = open_body(entry.entry, store.vault.release(_record(store, READ, keys["1085"], other)).openers())
    assert whole == submitted.body


def test_a_document_is_shared_with_the_receiver_by_a_delivery(store):
    document, unshared = uuid4(), uuid4()
    made = store.vault.provision(person=person(), holders=(REGION,), documents=(document, unshared))
    region = made.keys["1085"]
    municipality = store.vault.provision(key_id=region, holders=(MUNICIPALITY,)).keys["0370"]
    before = store.vault.release(_record(store, READ, municipality), (document,))
    with pytest.raises(KeyDestroyed):
        before.content_key(document)
    routed = _record(store, ROUTED, region)
    for _ in range(2):
        shared = store.vault.share(routed, (document,), municipality)
        assert shared.content_key(document) == made.content_keys[document]
    after = store.vault.release(_record(store, READ, municipality), (document, unshared))
    assert after.content_key(document) == made.content_keys[document]
    with pytest.raises(KeyDestroyed):
        after.content_key(unshared)
    store.vault.destroy(keep=lambda key_id: key_id == region)
    own = store.vault.release(_record(store, READ, region), (document,))
    assert own.content_key(document) == made.content_keys[document], "the record it came from is untouched"
    ended = store.vault.release(_record(store, READ, municipality), (document,))
    with pytest.raises(KeyDestroyed):
        ended.content_key(document)


def test_a_document_is_never_shared_with_another_citizens_key(store):
    document = uuid4()
    region = store.vault.provision(person=person(), holders=(REGION,), documents=(document,)).keys["1085"]
    stranger = store.vault.provision(person=person("7103054322"), holders=(MUNICIPALITY,)).keys["0370"]
    with pytest.raises(AnotherCitizen):
        store.vault.share(_record(store, ROUTED, region), (document,), stranger)
    assert store.vault.releases() == set()
    with pytest.raises(KeyDestroyed):
        store.vault.release(_record(store, READ, stranger), (document,)).content_key(document)


def test_a_document_is_shared_across_a_merge(store):
    document = uuid4()
    replaced = store.vault.provision(person=person("7103054322"), holders=(REGION,), documents=(document,))
    real = store.vault.provision(person=person(), holders=(MUNICIPALITY,)).keys["0370"]
    alias = store.vault.propose_alias(person(), of=person("7103054322"), by="1085")
    store.vault.activate_alias(alias)
    shared = store.vault.share(_record(store, ROUTED, replaced.keys["1085"]), (document,), real)
    assert shared.content_key(document) == replaced.content_keys[document]


def _everything_stored(store) -> bytes:
    if store.kind == "sqlite":
        return b"".join(path.read_bytes() for path in store.place.iterdir())
    found = []
    for database in (store.log_database, store.vault_database):
        with database.read() as rows:
            tables = rows.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            ).fetchall()
            assert len(tables) > 5
            for (table,) in tables:
                for row in rows.execute(f"SELECT * FROM {table}").fetchall():
                    found += [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
    return b"\n".join(found)


def test_no_number_and_no_name_lies_in_the_databases(store):
    submitted = HISTORY[4].decided
    assert submitted.body.person.person_id == CPR
    document = uuid4()
    made = store.vault.provision(person=person(CPR), holders=(REGION, MUNICIPALITY), documents=(document,))
    sealer = store.vault.sealer(made.keys["1085"])
    store.log.append(
        append(
            new_event(
                submitted.event,
                body=submitted.body,
                keys=BodyKeys(main=sealer, others={"/representative": sealer}),
                subjects=made.keys.values(),
            )
        )
    )
    store.vault.provision(person=person("7103054322"), holders=(REGION,))
    alias = store.vault.propose_alias(person(CPR), of=person("7103054322"), by="1085")
    store.vault.activate_alias(alias)
    store.vault.release(_record(store, READ, *made.keys.values()), (document,))
    stored = _everything_stored(store)
    assert made.keys["1085"].encode() in stored, "the search does find what lies there"
    assert b"ambulatorium-1" in stored
    for secret in (CPR, "7103054322", "Testborger", "Æblegård", "Værge", "værge"):
        for encoding in ("utf-8", "utf-16-le", "latin-1"):
            assert secret.encode(encoding) not in stored
        assert secret.encode().hex().encode() not in stored


def test_what_is_secret_does_not_show_itself(store):
    document = uuid4()
    made = store.vault.provision(person=person(), holders=(REGION,), documents=(document,))
    release = store.vault.release(_record(store, READ, made.keys["1085"]), (document,))
    shown = f"{person()!r} {made!r} {release!r} {store.vault!r} {store.vault.sealer(made.keys['1085'])!r}"
    assert CPR not in shown
    assert repr(made.content_keys[document]) not in shown
    assert made.content_keys[document].hex() not in shown
