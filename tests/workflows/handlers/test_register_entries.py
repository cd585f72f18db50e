"""The register: who enters authorities, units and referrers, and what is registered to one unit only."""

import pytest

from domain.register import commands as c
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    person,
    secretariat,
)
from tests.journeys.house import refused
from tests.journeys.papers import GLN, SOR
from workflows.handlers.entries import AuthorityNotFound
from workflows.handlers.register import (
    publish_processing_time,
    publish_referrer,
    register_authority,
    register_unit,
)
from workflows.handlers.routing import register, unit_of_address
from workflows.ports.log import RegisterClash

OTHER_GLN, OTHER_SOR = "5790000000005", "265161000016000"


@pytest.fixture
def registered(house):
    house.authority(REGION)
    house.authority(MUNICIPALITY)
    house.unit(MUNICIPALITY, CENTRE)
    return house


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


def test_nothing_is_entered_under_an_authority_that_is_not_registered(house):
    with pytest.raises(AuthorityNotFound):
        house.mailbox(MUNICIPALITY)
    with pytest.raises(AuthorityNotFound):
        house.unit(MUNICIPALITY, CENTRE)


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


@pytest.mark.parametrize("role", ["clinician", "leader", "auditor", "operator", "integration"])
def test_only_registrars_enter_anything(sqlite_house, role):
    sqlite_house.authority(MUNICIPALITY)
    command = c.RegisterUnit(
        authority=MUNICIPALITY, unit=CENTRE, kind="other", name="Enheden", sor=None, gln=None
    )
    context = sqlite_house.as_(person(role, MUNICIPALITY, CENTRE))
    assert refused(lambda: register_unit(sqlite_house.services, context, command)) == "role-not-allowed"
    assert sqlite_house.refusals_by(MUNICIPALITY) == [("register-unit", "role-not-allowed")]


NEW_YEAR = "2026-12-31T23:00:00.000000Z"


def _publication(authority, valid_to=None):
    return c.PublishReferrer(
        authority=authority, referrer="municipality-social", valid_from=NEW_YEAR, valid_to=valid_to
    )


def test_a_region_publishes_who_may_refer_and_takes_it_back(registered):
    own = person("registrar", REGION)
    publish_referrer(registered.services, registered.as_(own), _publication(REGION))
    found = register(registered.log, REGION)
    assert found.may_refer("municipality-social", NEW_YEAR).counts
    assert not found.may_refer("municipality-social", "2026-12-31T22:59:59.999999Z").counts
    assert not found.may_refer("municipality-health", NEW_YEAR).counts
    # When: the same publication is given an end.
    until = "2027-06-30T22:00:00.000000Z"
    publish_referrer(registered.services, registered.as_(own), _publication(REGION, until))
    found = register(registered.log, REGION)
    assert found.may_refer("municipality-social", NEW_YEAR).counts
    assert not found.may_refer("municipality-social", until).counts


def test_a_municipality_publishes_no_referrers(registered):
    context = registered.as_(secretariat())
    assert (
        refused(lambda: publish_referrer(registered.services, context, _publication(MUNICIPALITY)))
        == "not-a-region"
    )


def _processing_time(authority, length=4, valid_from="2026-01-01"):
    return c.PublishProcessingTime(
        authority=authority,
        legal_basis="sel:101",
        length=length,
        unit="weeks",
        valid_from=valid_from,
        source="municipal-website",
    )


def test_a_municipality_publishes_how_long_it_takes_to_decide(registered):
    own = registered.as_(person("registrar", MUNICIPALITY))
    publish_processing_time(registered.services, own, _processing_time(MUNICIPALITY))
    publish_processing_time(registered.services, own, _processing_time(MUNICIPALITY, 6, "2026-06-01"))
    # When: what was published from the first day is put right.
    publish_processing_time(registered.services, own, _processing_time(MUNICIPALITY, 5))
    found = register(registered.log, MUNICIPALITY).processing_times
    assert [(one.valid_from, one.length, one.unit) for one in found.values()] == [
        ("2026-01-01", 5, "weeks"),
        ("2026-06-01", 6, "weeks"),
    ]


def test_a_region_publishes_no_time_of_decision(registered):
    context = registered.as_(secretariat())
    assert (
        refused(lambda: publish_processing_time(registered.services, context, _processing_time(REGION)))
        == "not-a-municipality"
    )


def test_no_other_municipality_publishes_it(registered):
    context = registered.as_(person("registrar", OTHER_MUNICIPALITY))
    assert (
        refused(lambda: publish_processing_time(registered.services, context, _processing_time(MUNICIPALITY)))
        == "role-not-allowed"
    )
