"""The 19 sections of version 2: what must be there, what may stand in clear, what is refused."""

from typing import Any

import pytest

from domain.document.loader import get_template
from domain.document.problems import DocumentRefused
from domain.document.template import Field
from domain.document.validate import validate_document
from tests.domain.document.versions import CHECKS, GONE, changed, faults, validated

FIRST = get_template("overgangsdokument", 1)
TEMPLATE = get_template("overgangsdokument", 2)
CALL = {"at": "2026-11-01T08:05:00+01:00", "with_whom": "Vagthavende, Rusmiddelcenter Eksempelby"}
CONSENTS = ("sul-41-1", "sul-43-1", "rsl-11a", "fvl-28")
Changes = dict[str, Any]


def field(field_id: str) -> Field:
    found = TEMPLATE.field(field_id)
    assert found is not None, field_id
    return found


def fields() -> list[Field]:
    return [entry for section in TEMPLATE.sections for entry in section.fields]


def test_it_has_the_nineteen_sections_in_order_and_says_which_must_be_there() -> None:
    assert [section.number for section in TEMPLATE.sections] == list(range(1, 20))
    left_out = {section.number for section in TEMPLATE.sections if not section.required}
    assert left_out == {7, 11, 12, 15, 17}  # if known, if relevant, computed (law.md 9.3)


def test_it_is_proposed_and_nobody_has_approved_it() -> None:
    assert (TEMPLATE.status, TEMPLATE.approved_by, TEMPLATE.approved_on) == ("proposed", None, None)
    assert "foreslået skabelon" in TEMPLATE.title
    assert TEMPLATE.in_force_from.isoformat() == "2026-11-01"


def test_every_field_of_the_first_version_keeps_its_id_and_its_kind() -> None:
    for section in FIRST.sections:
        for before in section.fields:
            assert field(before.id).kind == before.kind
            assert [member.id for member in field(before.id).fields] == [m.id for m in before.fields]


def test_every_fact_of_the_first_version_is_still_one() -> None:
    kept = {entry.id for entry in fields() if entry.fact}
    assert {entry.id for section in FIRST.sections for entry in section.fields if entry.fact} <= kept


def test_what_the_clocks_the_rules_and_the_figures_need_stands_in_the_facts() -> None:
    facts = validated(TEMPLATE).facts
    assert facts["overgang.urgency"] == "rutine"
    assert facts["risiko.level"] == "mellem"
    assert facts["medicin.supply_ends"] == "2026-12-09"
    assert facts["overgang.citizen_position"] == "agrees"
    assert facts["borgerens_perspektiv.wishes_treatment"] is True
    assert facts["overgang.treatment_wish_documented"] is True
    assert facts["parter.sender_services.sul-82c"] is True
    assert facts["parter.receiver_services.sel-101"] is facts["parter.receiver_services.sul-142"] is True
    assert facts["stamoplysninger.folkeregisterkommune"] == "0370"
    assert facts["stamoplysninger.handlekommune_basis"] == "bopael"
    assert facts["samtykke.covers"] == "every-authority"
    assert (facts["rettigheder.copy"], facts["rettigheder.copy_channel"]) == ("given", "in-person")
    assert facts["rettigheder.copy_on"] == "2026-11-01"


def test_nothing_about_illness_children_or_the_citizens_own_words_is_a_fact() -> None:
    sealed = {"psykiatrisk_status", "rusmiddelstatus", "somatik", "sociale_forhold",
              "boern", "behandlingsforloeb", "andre_aktoerer", "planer"}  # fmt: skip
    assert {entry.id.partition(".")[0] for entry in fields() if entry.fact} & sealed == set()
    own = [entry.id for entry in fields() if entry.fact and entry.id.startswith("borgerens_perspektiv.")]
    assert own == ["borgerens_perspektiv.wishes_treatment"]  # it starts the municipality's 14 days


@pytest.mark.parametrize(
    "field_id",
    [
        "stamoplysninger.name",
        "stamoplysninger.person_id",
        "stamoplysninger.handlekommune",
        "stamoplysninger.protected",
        "stamoplysninger.has_representative",
        "stamoplysninger.representative",
    ],
)
def test_these_are_never_skipped_and_never_withheld(field_id: str) -> None:
    kip = {"stamoplysninger.kip": {"date": "2026-05-01"}}
    pointer = f"/sections/{field_id.replace('.', '/')}"
    assert ("may-not-be-skipped", pointer) in faults(TEMPLATE, {**kip, field_id: {"skipped": "kip"}})
    assert ("may-not-be-withheld", pointer) in faults(TEMPLATE, {field_id: {"withheld": "citizens-wish"}})


def test_the_look_up_time_always_stands_beside_the_protection_flag() -> None:
    """Also where there is no protection, and no address: "no" is of a moment too, and ends."""
    pointer = "/sections/stamoplysninger/protection_checked_at"
    for protected in (True, False):
        changes: Changes = {
            "stamoplysninger.protected": protected,
            "stamoplysninger.protection_checked_at": GONE,
            "stamoplysninger.address": {"withheld": "not-necessary"},
        }
        assert faults(TEMPLATE, changes) == {("missing-field", pointer)}


def test_nothing_is_entered_under_deadlines() -> None:
    section = TEMPLATE.section("frister")
    assert section is not None and section.fields
    assert {entry.requirement for entry in section.fields} == {"computed"}
    for entry in section.fields:
        pointer = f"/sections/frister/{entry.name}"
        assert faults(TEMPLATE, {entry.id: "2026-12-08"}) == {("computed-field", pointer)}


@pytest.mark.parametrize("urgency", ["hurtig-72h", "hurtig-24h"])
def test_an_urgent_handover_needs_a_recorded_telephone_contact(urgency: str) -> None:
    missing = ("telephone-contact-missing", "/sections/overgang/telephone_contact")
    assert faults(TEMPLATE, {"overgang.urgency": urgency}) == {missing}
    withheld = {"overgang.urgency": urgency, "overgang.telephone_contact": {"withheld": "not-necessary"}}
    assert {code for code, _ in faults(TEMPLATE, withheld)} == {"may-not-be-withheld"}
    result = validated(TEMPLATE, {"overgang.urgency": urgency, "overgang.telephone_contact": CALL})
    assert result.warnings == ()


def test_a_telephone_contact_says_when_and_with_whom() -> None:
    changes: Changes = {"overgang.urgency": "hurtig-24h", "overgang.telephone_contact": {}}
    assert faults(TEMPLATE, changes) == {
        ("missing-field", "/sections/overgang/telephone_contact/at"),
        ("missing-field", "/sections/overgang/telephone_contact/with_whom"),
    }
    late = {"overgang.telephone_contact": {**CALL, "at": "2026-11-02T08:00:00+01:00"}}
    codes = {warning.code for warning in validated(TEMPLATE, late).warnings}
    assert codes == {"telephone-contact-in-the-future"}


def test_an_acute_case_is_refused_with_what_to_do_instead() -> None:
    refused = refusal({"overgang.urgency": "akut"})
    assert [problem.code for problem in refused.problems] == ["not-for-acute-cases"]
    assert "112" in refused.problems[0].detail and "112" in refused.problems[0].detail_en


def refusal(changes: Changes) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refused:
        validate_document(changed(TEMPLATE, changes), TEMPLATE, today=TEMPLATE.in_force_from, checks=CHECKS)
    return refused.value


@pytest.mark.parametrize("side", ["sender", "receiver"])
@pytest.mark.parametrize("service", ["sel-101a", "sul-141-7"])
def test_an_anonymous_case_is_neither_sender_nor_receiver(side: str, service: str) -> None:
    """SEL §101a(7), SUL §141(7): such a case never appears with a CPR number (law.md 14, 11)."""
    refused = refusal({f"parter.{side}_services": ["sel-101", service]})
    [problem] = refused.problems
    assert (problem.code, problem.pointer) == (
        "not-for-anonymous-treatment",
        f"/sections/parter/{side}_services/1",
    )
    assert "CPR-nummer" in problem.detail and "CPR number" in problem.detail_en
    assert faults(TEMPLATE, {f"parter.{side}_services": [service]})


def test_each_side_says_which_service_it_is() -> None:
    for side in ("sender", "receiver"):
        field_id, pointer = f"parter.{side}_services", f"/sections/parter/{side}_services"
        assert faults(TEMPLATE, {field_id: GONE}) == {("missing-field", pointer)}
        assert faults(TEMPLATE, {field_id: []}) == {("too-few", pointer)}


@pytest.mark.parametrize("basis", CONSENTS)
def test_a_consent_says_whom_it_covers(basis: str) -> None:
    missing = ("consent-covers-missing", "/sections/samtykke/covers")
    assert missing in faults(TEMPLATE, {"samtykke.basis": basis, "samtykke.covers": GONE})


def test_a_basis_that_is_no_consent_covers_nobody_in_particular() -> None:
    assert validated(TEMPLATE, {"samtykke.basis": "sul-41-2-1", "samtykke.covers": GONE})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"planer.existing": ["ingen", "kip"]}, "no-plan-stands-alone"),
        ({"rusmiddelstatus.substances": ["alkohol", "ukendt"]}, "no-use-stands-alone"),
        (
            {
                "stamoplysninger.handlekommune_basis": "rsl-9-8",
                "stamoplysninger.folkeregisterkommune": GONE,
            },
            "folkeregisterkommune-missing",
        ),
        ({"boern.in_home": "ja"}, "children-arrangements-missing"),
        ({"boern.notification": "ja"}, "notification-date-missing"),
        ({"rettigheder.copy_on": GONE}, "copy-date-missing"),
        ({"rettigheder.copy_channel": GONE}, "copy-channel-missing"),
        ({"rettigheder.copy": "declined"}, "copy-channel-contradicted"),
        ({"rettigheder.copy": "not-yet", "rettigheder.copy_channel": GONE}, "copy-date-contradicted"),
        ({"afslutning.on_paper": True}, "paper-date-missing"),
        ({"afslutning.paper_written_on": "2026-10-20"}, "paper-date-contradicted"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(changes: Changes, code: str) -> None:
    assert {found for found, _ in faults(TEMPLATE, changes)} == {code}


@pytest.mark.parametrize(
    "changes",
    [
        {"planer.existing": ["ingen"], "planer.plans": GONE},
        {"planer.existing": {"withheld": "objection"}},
        {"boern.in_home": "ja", "boern.arrangements": "Bor hos far i ugen efter skiftet."},
        {"rettigheder.copy": "declined", "rettigheder.copy_channel": GONE},
        {"afslutning.on_paper": True, "afslutning.paper_written_on": "2026-10-20"},
        {"stamoplysninger.handlekommune_basis": "rsl-9-8"},
    ],
)
def test_a_document_that_agrees_with_itself_is_accepted_without_a_warning(changes: Changes) -> None:
    assert validated(TEMPLATE, changes).warnings == ()


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        (
            {"rettigheder.copy": "not-yet", "rettigheder.copy_on": GONE, "rettigheder.copy_channel": GONE},
            {"copy-not-settled"},
        ),
        ({"rettigheder.copy_on": "2026-11-02"}, {"copy-in-the-future"}),
        ({"overgang.treatment_wish_documented": False}, {"wish-not-documented"}),
        (
            {
                "overgang.treatment_wish_documented": False,
                "borgerens_perspektiv.wishes_treatment": False,
            },
            set(),
        ),
        ({"planer.existing": ["kip"]}, {"kip-details-missing"}),
        ({"risiko.level": "hoej", "risiko.safety_plan": GONE}, {"safety-plan-missing"}),
        ({"behandlingsforloeb.ended_on": "2026-01-01"}, {"treatment-ends-before-it-starts"}),
        (
            {
                "stamoplysninger.handlekommune_basis": "rsl-9-8",
                "stamoplysninger.folkeregisterkommune": "0360",
            },
            {"temporary-handlekommune-differs"},
        ),
        (
            {
                "overgang.change_of_handlekommune": True,
                "overgang.move_from": "koordineret",
                "stamoplysninger.folkeregisterkommune": GONE,
            },
            {"folkeregisterkommune-not-stated"},
        ),
        ({"stamoplysninger.folkeregisterkommune": GONE}, set()),
        (
            {"afslutning.on_paper": True, "afslutning.paper_written_on": "2026-11-02"},
            {"paper-in-the-future"},
        ),
        (
            {"boern.notification": "ja", "boern.notified_on": "2026-11-02"},
            {"notified-in-the-future"},
        ),
    ],
)
def test_what_a_sender_should_look_at_is_a_warning(changes: Changes, warnings: set[str]) -> None:
    assert {warning.code for warning in validated(TEMPLATE, changes).warnings} == warnings


def test_a_paper_document_carries_the_day_it_was_written_as_a_fact() -> None:
    paper = {"afslutning.on_paper": True, "afslutning.paper_written_on": "2026-10-20"}
    facts = validated(TEMPLATE, paper).facts
    assert facts["afslutning.paper_written_on"] == "2026-10-20"
    assert facts["afslutning.on_paper"] is True


def test_every_assertion_of_sections_7_to_14_has_a_default_provenance_and_takes_a_comment() -> None:
    found = {
        entry.id.partition(".")[0]: entry.provenance
        for section in TEMPLATE.sections
        for entry in section.fields
        if entry.kind == "assertions" and entry.citizen_comment
    }
    sections = [section.id for section in TEMPLATE.sections if 7 <= section.number <= 14]
    assert sorted(found) == sorted(sections)
    assert all(entry.citizen_comment for entry in fields() if entry.kind == "assertions")


def test_the_clinic_sets_no_legal_flags() -> None:
    words = ("afgoerelse", "decision", "partshoering", "hearing", "appeal", "klage", "access")
    for entry in fields():
        if any(word in entry.id for word in words):
            assert entry.requirement == "computed"
