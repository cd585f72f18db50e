"""Who a citizen is and how her keys are held, on both stores (design section 4)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from audit.database.sqlite import SqliteDatabase
from audit.vault.keys import KeyUnusable
from audit.vault.vault import NotAReading, Vault
from domain.handover import events as h
from tests.stores import EPOCH_KEY, append, new_event, person
from workflows.ports.vault import Holder, KeyDestroyed, SubjectUnknown

REGION = Holder(controller="1085", retention="journal-10")
MUNICIPALITY = Holder(controller="0370", retention="sag-5")
CPR, REPLACEMENT, THIRD = person("7001014321"), person("7103054322"), person("7207094323")


def _reading(store, *key_ids: str):
    event = h.DocumentRead(handover=uuid4(), document_id=uuid4())
    [recorded] = store.log.append(append(new_event(event, subjects=key_ids)))
    return recorded


def test_the_same_number_is_the_same_citizen(store):
    first = store.vault.provision(person=CPR, holders=(REGION,))
    again = store.vault.provision(person=CPR, holders=(REGION,))
    by_key = store.vault.provision(key_id=first.keys["1085"], holders=(MUNICIPALITY,))
    other = store.vault.provision(person=THIRD, holders=(REGION,))
    assert (first.subject, first.keys) == (again.subject, again.keys)
    assert by_key.subject == first.subject
    assert store.vault.provision(person=CPR, holders=(MUNICIPALITY,)) == by_key
    assert other.subject != first.subject


def test_a_citizens_id_is_random_and_says_nothing_of_the_number(store, tmp_path_factory):
    database = SqliteDatabase(tmp_path_factory.mktemp("other") / "vault.sqlite")
    other = Vault(database, EPOCH_KEY)
    other.migrate()
    here = store.vault.provision(person=CPR, holders=(REGION,))
    there = other.provision(person=CPR, holders=(REGION,))
    assert here.subject.version == 4
    assert here.subject != there.subject
    assert store.vault.lookup(CPR) != other.lookup(CPR), "each installation has a pepper of its own"
    assert store.vault.fingerprint(b"x") != other.fingerprint(b"x")
    database.close()


def test_there_is_one_key_for_each_citizen_controller_and_retention_class(store):
    longer = Holder(controller="1085", retention="journal-30")
    keys = [
        store.vault.provision(person=citizen, holders=(holder,)).keys[holder.controller]
        for citizen in (CPR, THIRD)
        for holder in (REGION, MUNICIPALITY, longer)
    ]
    assert len(set(keys)) == 6
    both = store.vault.provision(person=CPR, holders=(REGION, MUNICIPALITY)).keys
    assert both == {"1085": keys[0], "0370": keys[1]}


def test_what_one_key_has_sealed_no_other_opens(store):
    keys = store.vault.provision(person=CPR, holders=(REGION, MUNICIPALITY)).keys
    ciphertext = store.vault.sealer(keys["1085"]).seal(b"n" * 12, b"secret", b"ad")
    openers = store.vault.release(_reading(store, *keys.values())).openers()
    assert openers[keys["1085"]].open(b"n" * 12, ciphertext, b"ad") == b"secret"
    for key_id, associated_data in ((keys["0370"], b"ad"), (keys["1085"], b"da")):
        with pytest.raises(Exception, match="does not open"):
            openers[key_id].open(b"n" * 12, ciphertext, associated_data)


def test_somebody_else_in_a_case_gets_an_id_without_a_number(store):
    one, two = (store.vault.provision(holders=(REGION,)) for _ in range(2))
    assert one.subject != two.subject
    assert one.keys != two.keys
    with store.vault_database.read() as rows:
        assert rows.execute("SELECT COUNT(*) FROM identity_index").fetchone() == (0,)


def test_many_first_contacts_at_once_make_one_citizen(store):
    vaults = [store.vault]
    if store.kind == "postgres":
        vaults += [store.another()[1] for _ in range(2)]

    def contact(n: int):
        holders = (REGION, MUNICIPALITY) if n % 2 else (MUNICIPALITY, REGION)
        return vaults[n % len(vaults)].provision(person=CPR, holders=holders, documents=(UUID(int=n + 1),))

    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(contact, range(24)))
    assert len({provisioned.subject for provisioned in made}) == 1
    assert len({tuple(sorted(provisioned.keys.items())) for provisioned in made}) == 1
    with store.vault_database.read() as rows:
        counts = [
            rows.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0]
            for t in ("citizen", "data_key", "content_key")
        ]
    assert counts == [1, 2, 48]


def test_new_keys_asked_for_in_any_order_do_not_deadlock(postgres_store):
    """PostgreSQL would end one of two transactions that wait for each other's new keys."""
    vaults = [postgres_store.vault, postgres_store.another()[1]]
    for round_ in range(6):
        citizen = person(f"61010100{round_:02d}")
        vaults[0].provision(person=citizen, holders=(REGION,))
        holders = tuple(Holder(controller=f"{code:04d}", retention="sag-5") for code in range(300, 312))

        def contact(n: int, citizen=citizen, holders=holders):
            return vaults[n % 2].provision(person=citizen, holders=holders if n % 2 else holders[::-1])

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(contact, range(8)))
        assert all(provisioned.keys == made[0].keys for provisioned in made)


def test_another_epoch_key_is_refused_and_changes_nothing(store):
    other = Vault(store.vault_database, bytes(32))
    for start in (other.unlock, other.migrate):
        with pytest.raises(KeyUnusable):
            start()
    key = store.vault.provision(person=CPR, holders=(REGION,)).keys["1085"]
    with pytest.raises(KeyUnusable):
        other.sealer(key)
    again = Vault(store.vault_database, EPOCH_KEY)
    again.unlock()
    assert again.fingerprint(b"x") == store.vault.fingerprint(b"x")
    assert again.provision(person=CPR, holders=(REGION,)).keys["1085"] == key


def test_a_wrapped_data_key_cannot_be_moved_to_another_citizen_or_controller(store):
    mine = store.vault.provision(person=CPR, holders=(REGION, MUNICIPALITY)).keys
    hers = store.vault.provision(person=THIRD, holders=(REGION,)).keys
    for victim in (mine["0370"], hers["1085"]):

        def move(rows, victim=victim):
            [wrapped] = rows.execute(
                "SELECT wrapped FROM data_key WHERE key_id = ?", (mine["1085"],)
            ).fetchone()
            rows.execute("UPDATE data_key SET wrapped = ? WHERE key_id = ?", (wrapped, victim))

        store.vault_database.write(move)
        with pytest.raises(KeyUnusable):
            store.vault.sealer(victim)
        with pytest.raises(KeyUnusable):
            store.vault.release(_reading(store, victim))
    assert store.vault.sealer(mine["1085"]).key_id == mine["1085"]


def test_a_wrapped_content_key_cannot_be_moved_to_another_document_or_holder(store):
    documents = (uuid4(), uuid4())
    made = store.vault.provision(person=CPR, holders=(REGION, MUNICIPALITY), documents=documents)
    region, municipality = made.keys["1085"], made.keys["0370"]

    def move(rows):
        [wrapped] = rows.execute(
            "SELECT wrapped FROM content_key WHERE document_id = ? AND key_id = ?",
            (str(documents[0]), region),
        ).fetchone()
        for document, key_id in ((documents[1], region), (documents[0], municipality)):
            rows.execute(
                "UPDATE content_key SET wrapped = ? WHERE document_id = ? AND key_id = ?",
                (wrapped, str(document), key_id),
            )

    store.vault_database.write(move)
    release = store.vault.release(_reading(store, region), (documents[0],))
    assert release.content_key(documents[0]) == made.content_keys[documents[0]]
    with pytest.raises(KeyUnusable):
        store.vault.release(_reading(store, region), (documents[1],))
    with pytest.raises(KeyUnusable):
        store.vault.release(_reading(store, municipality), (documents[0],))


@pytest.mark.parametrize("damaged", [b"", b"short", b"\x00" * 60])
def test_a_damaged_key_is_told_apart_from_a_destroyed_one(store, damaged):
    key = store.vault.provision(person=CPR, holders=(REGION,)).keys["1085"]
    store.vault_database.write(
        lambda rows: rows.execute("UPDATE data_key SET wrapped = ?", (damaged,)) and None
    )
    with pytest.raises(KeyUnusable):
        store.vault.sealer(key)


def test_what_is_destroyed_seals_nothing_and_opens_nothing(store):
    document = uuid4()
    gone = store.vault.provision(person=CPR, holders=(REGION,), documents=(document,))
    kept = store.vault.provision(person=THIRD, holders=(REGION,), documents=(document,))
    store.vault.sealer(gone.keys["1085"])
    vaults = [store.vault, store.another()[1]] if store.kind == "postgres" else [store.vault]
    for vault in vaults:
        vault.release(_reading(store, gone.keys["1085"]))
    assert store.vault.destroy(keep=lambda key_id: key_id == kept.keys["1085"]) == 1
    for vault in vaults:
        with pytest.raises(KeyDestroyed):
            vault.sealer(gone.keys["1085"])
        with pytest.raises(KeyDestroyed):
            vault.provision(key_id=gone.keys["1085"], holders=(MUNICIPALITY,))
        reading = _reading(store, gone.keys["1085"], kept.keys["1085"])
        release = vault.release(reading, (document,))
        assert set(release.openers()) == {kept.keys["1085"]}
        assert release.content_key(document) == kept.content_keys[document]
        alone = vault.release(_reading(store, gone.keys["1085"]), (document,))
        assert alone.openers() == {}
        with pytest.raises(KeyDestroyed):
            alone.content_key(document)
    anew = store.vault.provision(person=CPR, holders=(REGION,))
    assert (anew.subject, anew.keys["1085"] != gone.keys["1085"]) == (gone.subject, True)


def test_a_destroyed_key_is_not_left_in_the_sqlite_file(sqlite_store):
    store = sqlite_store
    made = store.vault.provision(person=CPR, holders=(REGION,), documents=(uuid4(),))
    with store.vault_database.read() as rows:
        wrapped = [
            bytes(w)
            for table in ("data_key", "content_key")
            for (w,) in rows.execute(f"SELECT wrapped FROM {table}").fetchall()
        ]
    assert len(wrapped) == 2
    assert made.keys
    store.vault.destroy()
    store.vault_database.close()
    left = b"".join(path.read_bytes() for path in store.place.glob("vault.sqlite*"))
    assert all(key not in left for key in wrapped)


def test_a_replacement_number_whose_real_number_is_new_keeps_its_citizen(store):
    known = store.vault.provision(person=REPLACEMENT, holders=(REGION,))
    alias = store.vault.propose_alias(CPR, of=REPLACEMENT, by="1085")
    with store.vault_database.read() as rows:
        assert rows.execute("SELECT COUNT(*) FROM identity_index").fetchone() == (1,), "not yet active"
    for _ in range(2):
        store.vault.activate_alias(alias)
        for number in (CPR, REPLACEMENT):
            assert store.vault.provision(person=number, holders=(REGION,)) == known


def test_two_citizens_who_turn_out_to_be_one_meet_in_the_real_number(store):
    replaced = store.vault.provision(person=REPLACEMENT, holders=(REGION,))
    real = store.vault.provision(person=CPR, holders=(REGION,))
    alias = store.vault.propose_alias(CPR, of=REPLACEMENT, by="1085")
    assert store.vault.provision(person=REPLACEMENT, holders=(REGION,)) == replaced
    for _ in range(2):
        store.vault.activate_alias(alias)
        for number in (CPR, REPLACEMENT):
            assert store.vault.provision(person=number, holders=(REGION,)) == real
    with store.vault_database.read() as rows:
        merged = rows.execute(
            "SELECT subject_id, merged_into FROM citizen WHERE merged_into IS NOT NULL"
        ).fetchall()
    assert merged == [(str(replaced.subject), str(real.subject))]
    openers = store.vault.release(_reading(store, replaced.keys["1085"])).openers()
    assert set(openers) == {replaced.keys["1085"]}, "what was sealed before the merge still opens"


def test_an_alias_of_a_merged_citizen_follows_her(store):
    store.vault.provision(person=REPLACEMENT, holders=(REGION,))
    first = store.vault.propose_alias(CPR, of=REPLACEMENT, by="1085")
    store.vault.activate_alias(first)
    third = store.vault.provision(person=THIRD, holders=(REGION,))
    second = store.vault.propose_alias(THIRD, of=REPLACEMENT, by="1085")
    store.vault.activate_alias(second)
    for number in (REPLACEMENT, CPR, THIRD):
        assert store.vault.provision(person=number, holders=(REGION,)) == third


def test_aliases_proposed_both_ways_do_not_merge_in_a_circle(store):
    store.vault.provision(person=REPLACEMENT, holders=(REGION,))
    store.vault.provision(person=CPR, holders=(REGION,))
    one = store.vault.propose_alias(CPR, of=REPLACEMENT, by="1085")
    other = store.vault.propose_alias(REPLACEMENT, of=CPR, by="1085")
    store.vault.activate_alias(one)
    store.vault.activate_alias(other)
    subjects = {
        store.vault.provision(person=number, holders=(REGION,)).subject for number in (CPR, REPLACEMENT)
    }
    assert len(subjects) == 1
    with store.vault_database.read() as rows:
        assert rows.execute("SELECT COUNT(*) FROM citizen WHERE merged_into IS NOT NULL").fetchone() == (1,)


def test_who_holds_no_key_gets_the_answer_of_an_unknown_number(store):
    store.vault.provision(person=REPLACEMENT, holders=(REGION,))

    def asked(of, by):
        with pytest.raises(SubjectUnknown) as refused:
            store.vault.propose_alias(CPR, of=of, by=by)
        return str(refused.value)

    answers = {asked(of, by) for of in (REPLACEMENT, THIRD) for by in ("0370", "0000")}
    assert len(answers | {asked(THIRD, "1085")}) == 1
    assert "7103054322" not in answers.pop()
    store.vault.activate_alias(uuid4())
    with store.vault_database.read() as rows:
        for table in ("alias", "release"):
            assert rows.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,), "nothing is left behind"
        assert rows.execute("SELECT COUNT(*) FROM citizen_number").fetchone() == (1,)


def test_a_key_from_before_a_merge_is_still_a_key_of_the_citizen(store):
    store.vault.provision(person=REPLACEMENT, holders=(REGION,))
    store.vault.provision(person=CPR, holders=(MUNICIPALITY,))
    store.vault.activate_alias(store.vault.propose_alias(CPR, of=REPLACEMENT, by="1085"))
    # The region's only key stands under the id that was merged away.
    assert store.vault.propose_alias(THIRD, of=REPLACEMENT, by="1085")
    assert store.vault.propose_alias(THIRD, of=CPR, by="0370")


@pytest.mark.parametrize("met_before", [False, True], ids=["new", "met before"])
def test_each_number_of_a_citizen_is_recovered_against_a_reading(store, met_before):
    key = store.vault.provision(person=REPLACEMENT, holders=(REGION,)).keys["1085"]
    assert store.vault.numbers(_reading(store, key), key) == (REPLACEMENT.sealed,)
    if met_before:
        store.vault.provision(person=CPR, holders=(MUNICIPALITY,))
    alias = store.vault.propose_alias(CPR, of=REPLACEMENT, by="1085")
    assert store.vault.numbers(_reading(store, key), key) == (REPLACEMENT.sealed,), "not yet active"
    store.vault.activate_alias(alias)
    reading = _reading(store, key)
    assert set(store.vault.numbers(reading, key)) == {REPLACEMENT.sealed, CPR.sealed}
    assert (reading.header.position, key) in store.vault.releases()


def test_numbers_are_told_against_a_reading_of_that_citizen_only(store):
    key = store.vault.provision(person=CPR, holders=(REGION,)).keys["1085"]
    other = store.vault.provision(person=THIRD, holders=(REGION,)).keys["1085"]
    with pytest.raises(KeyDestroyed):
        store.vault.numbers(_reading(store, other), key)
    [closed] = store.log.append(
        append(new_event(h.HandoverClosed(outcome="treatment-started"), subjects=(key,)))
    )
    with pytest.raises(NotAReading):
        store.vault.numbers(closed, key)
    store.vault.destroy()
    with pytest.raises(KeyDestroyed):
        store.vault.numbers(_reading(store, key), key)


def test_a_sealed_number_does_not_stand_in_the_clear_nor_under_another_number(store):
    key = store.vault.provision(person=CPR, holders=(REGION,)).keys["1085"]
    store.vault.provision(person=THIRD, holders=(REGION,))
    with store.vault_database.read() as rows:
        sealed = [bytes(one) for (one,) in rows.execute("SELECT sealed FROM citizen_number").fetchall()]
    assert len(sealed) == 2
    assert not any(b"7001014321" in one for one in sealed)

    def swap(rows):
        for lookup, other in ((CPR, THIRD), (THIRD, CPR)):
            value = sealed_of[store.vault.lookup(other)]
            rows.execute(
                "UPDATE citizen_number SET sealed = ? WHERE lookup = ?", (value, store.vault.lookup(lookup))
            )

    with store.vault_database.read() as rows:
        found = rows.execute("SELECT lookup, sealed FROM citizen_number").fetchall()
    sealed_of = {bytes(lookup): bytes(one) for lookup, one in found}
    store.vault_database.write(swap)
    with pytest.raises(KeyUnusable):
        store.vault.numbers(_reading(store, key), key)
