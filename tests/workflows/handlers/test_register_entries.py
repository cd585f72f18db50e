"""The register: who enters what, and that valid times of main mailboxes never overlap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.events.instant import to_instant
from domain.register import commands as c
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    REGION,
    caseworker,
    clinician,
    person,
    secretariat,
)
from tests.journeys.house import MORNING, refused
from tests.journeys.papers import GLN, SOR
from workflows.handlers.mailbox import MailboxNotFound
from workflows.handlers.register import (
    AuthorityNotFound,
    end_main_mailbox,
    register_authority,
    register_main_mailbox,
    register_unit,
)
from workflows.handlers.routing import register, unit_of_address
from workflows.ports import IdempotentReplay, RegisterClash, StreamConflict

OTHER_GLN, OTHER_SOR = "5790000000005", "265161000016000"
DAY = timedelta(days=1)


@pytest.fixture
def registered(house):
    house.authority(REGION)
    house.authority(MUNICIPALITY)
    house.unit(MUNICIPALITY, CENTRE)
    return house


def _mailbox_command(begins=MORNING, ends=None, unit=None, served_by=CENTRE):
    return c.RegisterMainMailbox(
        authority=MUNICIPALITY,
        unit=unit,
        served_by=served_by,
        address="hovedpostkasse@naestved.example",
        valid_from=to_instant(begins),
        valid_to=to_instant(ends) if ends else None,
    )


def test_an_authority_and_its_new_name(registered):
    register_authority(
        registered.services,
        registered.as_(secretariat()),
        c.RegisterAuthority(authority=MUNICIPALITY, name="Nyt Næstved"),
    )
    found = register(registered.log, MUNICIPALITY)
    assert (found.name, found.kind, found.version) == ("Nyt Næstved", "municipality", 3)


@pytest.mark.parametrize("code", ["0999", "1080", "0000"])
def test_a_code_that_is_no_authority_is_none(sqlite_house, code):
    command = c.RegisterAuthority(authority=code, name="Intet")
    assert (
        refused(lambda: register_authority(sqlite_house.services, sqlite_house.as_(secretariat()), command))
        == "unknown-authority"
    )
    assert sqlite_house.events() == []


@pytest.mark.parametrize("role", ["clinician", "leader", "auditor", "operator", "integration"])
def test_only_registrars_enter_anything(sqlite_house, role):
    sqlite_house.authority(REGION)
    sqlite_house.authority(MUNICIPALITY)
    sqlite_house.unit(MUNICIPALITY, CENTRE)
    actor = person(role, MUNICIPALITY, CENTRE)
    command = _mailbox_command()
    assert (
        refused(lambda: register_main_mailbox(sqlite_house.services, sqlite_house.as_(actor), command))
        == "role-not-allowed"
    )
    assert sqlite_house.refusals_by(MUNICIPALITY) == [("register-main-mailbox", "role-not-allowed")]


def test_an_authoritys_registrar_keeps_its_own_entries_only(registered):
    own, other = person("registrar", MUNICIPALITY), person("registrar", REGION)
    register_main_mailbox(registered.services, registered.as_(own), _mailbox_command())
    assert (
        refused(lambda: register_main_mailbox(registered.services, registered.as_(other), _mailbox_command()))
        == "role-not-allowed"
    )


def test_nothing_is_entered_under_an_authority_that_is_not_registered(house):
    with pytest.raises(AuthorityNotFound):
        house.mailbox(MUNICIPALITY)
    with pytest.raises(AuthorityNotFound):
        house.unit(MUNICIPALITY, CENTRE)


@pytest.mark.parametrize(
    ("begins", "ends", "clashes"),
    [
        (0, None, True),
        (-5, 1, True),
        (4, 6, True),
        (1, 2, True),
        (-5, 20, True),
        (-5, 0, False),
        (5, 9, False),
        (5, None, False),
    ],
)
def test_two_main_mailboxes_are_never_valid_at_once(sqlite_house, begins, ends, clashes):
    sqlite_house.authority(REGION)
    sqlite_house.authority(MUNICIPALITY)
    sqlite_house.unit(MUNICIPALITY, CENTRE)
    sqlite_house.mailbox(MUNICIPALITY, valid_from=MORNING, valid_to=MORNING + 5 * DAY)
    command = _mailbox_command(MORNING + begins * DAY, None if ends is None else MORNING + ends * DAY)
    work = lambda: register_main_mailbox(  # noqa: E731
        sqlite_house.services, sqlite_house.as_(secretariat()), command
    )
    if clashes:
        assert refused(work) == "valid-time-overlaps"
        assert sqlite_house.refusals_by("0000") == [("register-main-mailbox", "valid-time-overlaps")]
    else:
        work()


def test_a_unit_and_its_authority_may_each_have_one(registered):
    registered.unit(MUNICIPALITY, CENTRE)
    registered.mailbox(MUNICIPALITY)
    registered.mailbox(MUNICIPALITY, CENTRE)
    assert len(register(registered.log, MUNICIPALITY).mailboxes) == 2


@pytest.mark.parametrize(
    "units", [("ukendt-enhed", CENTRE), (None, "ukendt-enhed"), (CENTRE, "ukendt-enhed")]
)
def test_a_mailbox_for_a_unit_that_is_not_registered_is_refused(registered, units):
    command = _mailbox_command(unit=units[0], served_by=units[1])
    assert (
        refused(lambda: register_main_mailbox(registered.services, registered.as_(secretariat()), command))
        == "unit-unknown"
    )


@pytest.mark.parametrize("length", [0, -1])
def test_a_mailbox_that_would_never_be_valid_is_refused(sqlite_house, length):
    sqlite_house.authority(REGION)
    sqlite_house.authority(MUNICIPALITY)
    sqlite_house.unit(MUNICIPALITY, CENTRE)
    command = _mailbox_command(MORNING, MORNING + length * DAY)
    assert (
        refused(
            lambda: register_main_mailbox(sqlite_house.services, sqlite_house.as_(secretariat()), command)
        )
        == "valid-time-empty"
    )


def test_after_the_end_of_one_the_next_begins(registered):
    first = registered.mailbox(MUNICIPALITY)
    registered.end_mailbox(first, MORNING + DAY)
    second = registered.mailbox(MUNICIPALITY, valid_from=MORNING + DAY)
    found = register(registered.log, MUNICIPALITY)
    purpose = found.mailboxes[first].purpose
    for moment, expected in (
        (MORNING, first),
        (MORNING + DAY - timedelta(microseconds=1), first),
        (MORNING + DAY, second),
    ):
        assert found.main_mailbox(None, purpose, to_instant(moment)).id == expected


def test_an_end_comes_after_the_beginning_and_is_never_moved_later(registered):
    begins = MORNING
    mailbox = registered.mailbox(MUNICIPALITY, valid_from=begins)
    assert refused(lambda: registered.end_mailbox(mailbox, begins)) == "valid-time-empty"
    registered.end_mailbox(mailbox, begins + 3 * DAY)
    assert refused(lambda: registered.end_mailbox(mailbox, begins + 4 * DAY)) == "valid-time-empty"
    registered.end_mailbox(mailbox, begins + 2 * DAY)
    with pytest.raises(MailboxNotFound):
        registered.end_mailbox(uuid4(), begins)


def test_a_handover_keeps_the_mailbox_it_went_to_after_that_has_ended(registered):
    mailbox = registered.mailbox(MUNICIPALITY)
    handover = registered.submit(clinician())
    registered.end_mailbox(mailbox, registered.clock.now() + timedelta(seconds=1))
    registered.clock.advance(days=1)
    assert registered.show(caseworker(), mailbox).listed[0].row.handover == handover
    registered.open(caseworker(), handover)
    registered.take_over(caseworker(), handover)


def test_a_sor_a_gln_and_a_units_name_belong_to_one_unit(registered):
    registered.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    for authority, unit, sor, gln, kind in (
        (REGION, CENTRE, None, None, "unit"),
        (REGION, AMBULATORY, SOR, None, "sor"),
        (REGION, AMBULATORY, None, GLN, "gln"),
        (MUNICIPALITY, OTHER_CENTRE, SOR, OTHER_GLN, "sor"),
        (MUNICIPALITY, OTHER_CENTRE, OTHER_SOR, GLN, "gln"),
    ):
        with pytest.raises(RegisterClash) as clash:
            registered.unit(authority, unit, sor=sor, gln=gln)
        assert clash.value.kind == kind
        assert GLN not in str(clash.value)
    assert unit_of_address(registered.log, SOR, GLN) == (MUNICIPALITY, CENTRE)


def test_a_unit_may_change_its_number_and_take_it_back(registered):
    registered.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    registered.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=OTHER_GLN)
    assert unit_of_address(registered.log, SOR, GLN) is None
    registered.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    assert unit_of_address(registered.log, SOR, GLN) == (MUNICIPALITY, CENTRE)
    assert unit_of_address(registered.log, SOR, OTHER_GLN) is None


def test_a_number_moves_to_another_unit_of_the_authority_once_it_is_free(registered):
    registered.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    registered.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=OTHER_GLN)
    registered.unit(MUNICIPALITY, OTHER_CENTRE, sor=OTHER_SOR, gln=GLN)
    assert unit_of_address(registered.log, OTHER_SOR, GLN) == (MUNICIPALITY, OTHER_CENTRE)
    with pytest.raises(RegisterClash):
        registered.unit(REGION, OTHER_AMBULATORY, gln=GLN)


def test_the_same_entry_again_gets_the_same_answer_and_is_no_overlap(registered):
    actor = secretariat()
    command = _mailbox_command()
    context = registered.as_(actor, "m", "x")
    first = register_main_mailbox(registered.services, context, command)
    for _ in range(2):
        with pytest.raises(IdempotentReplay) as replay:
            register_main_mailbox(registered.services, context, command)
        assert replay.value.outcome.resource == first.resource
    assert registered.refusals_by("0000") == []


def test_entries_at_once_clash_or_conflict_and_never_both_stand(registered):
    def one(_):
        try:
            return registered.mailbox(MUNICIPALITY)
        except StreamConflict:
            return None
        except Exception as error:
            return getattr(error, "code", error)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(8)))
    assert len(register(registered.log, MUNICIPALITY).mailboxes) == 1
    assert all(answer in (None, "valid-time-overlaps") for answer in answers if not hasattr(answer, "hex"))


def test_ending_the_same_mailbox_again_gets_the_same_answer(registered):
    mailbox = registered.mailbox(MUNICIPALITY)
    context = registered.as_(secretariat(), "e", "x")
    command = c.EndMainMailbox(mailbox=mailbox, valid_to=to_instant(MORNING))
    first = end_main_mailbox(registered.services, context, command)
    with pytest.raises(IdempotentReplay) as replay:
        end_main_mailbox(registered.services, context, command)
    assert (replay.value.outcome.resource, replay.value.outcome.etag) == (mailbox, first.etag)


def test_a_unit_may_say_that_it_offers_treatment_of_dual_diagnoses(registered):
    command = c.RegisterUnit(
        authority=REGION,
        unit=AMBULATORY,
        kind="ambulatory",
        name="Ambulatoriet",
        sor=None,
        gln=None,
        offers_dual_diagnosis=True,
    )
    register_unit(registered.services, registered.as_(secretariat()), command)
    assert register(registered.log, REGION).units[AMBULATORY].offers_dual_diagnosis
