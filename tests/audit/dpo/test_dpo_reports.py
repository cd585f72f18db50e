"""What a data protection officer gets is made from the schema: nothing that is new can be forgotten."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from audit.dpo.installation import Installation
from audit.dpo.knowledge import categories, places, risks
from audit.dpo.markdown import written
from audit.dpo.report import Report, Statement, Table
from audit.dpo.reports import REPORTS, make
from audit.dpo.schema import Schema, installed
from domain.document.loader import templates
from domain.events.catalogue import EVENT_TYPES, EventType
from domain.events.header import Header
from domain.events.lanes import Lane, may_see
from domain.events.model import Body, Code, Facts
from domain.law.arrival_ways import arrival_file
from domain.law.loader import purposes
from domain.rights.rule import rights_register

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 11, 25)
HERE = Installation(
    environment="production",
    store="postgres",
    durable=True,
    key_source="command",
    scanner="clamd",
    scanner_host="skanner.example",
    mail_host="mail.example",
    mail_security="tls",
    issuer_hosts=("login.example",),
    development_issuer=False,
    test_persons=False,
    simulated_log=False,
    rate_limit_per_minute=6000,
    faults=(),
)


def report(name: str, schema: Schema | None = None, here: Installation = HERE, day: date = DAY) -> Report:
    return make(name, schema or installed(), here, day, "overgang/test")


def tables(found: Report) -> dict[str, Table]:
    return {table.about.id: table for chapter in found.chapters for table in chapter.tables}


def statements(found: Report) -> list[Statement]:
    return [
        statement
        for chapter in found.chapters
        for statement in (*chapter.statements, *(table.about for table in chapter.tables))
    ]


def column(found: Report, table: str, name: str) -> list[object]:
    return [row[name] for row in tables(found)[table].rows]


EVERY = pytest.mark.parametrize("name", REPORTS)


class NobodyThoughtOf(Facts, frozen=True, kw_only=True):
    """A new event, as a later version may have it."""

    NAME = "nobody-thought-of"

    why: Code


class NewBody(Body, frozen=True, kw_only=True):
    """What it seals."""

    words: str


NEW = EventType(facts=NobodyThoughtOf, body=NewBody, lane=Lane.OWN, roles=frozenset({"nurse"}), reading=True)


def test_every_event_type_stands_in_the_impact_assessment_and_under_a_period():
    for name, table in (("dpia", "event-types"), ("retention", "log-period-of-each-event")):
        assert column(report(name), table, "event") == list(EVENT_TYPES)


def test_an_event_that_is_new_stands_there_without_another_hand_on_the_reports():
    known = installed()
    schema = msgspec.structs.replace(known, events=(*known.events, NEW))
    dpia = report("dpia", schema)
    assert column(dpia, "event-types", "event")[-1] == "nobody-thought-of"
    assert tables(dpia)["facts"].rows[-1] == {
        "event": "nobody-thought-of",
        "field": "why",
        "kind": "kode",
        "many": False,
        "optional": False,
    }
    assert tables(dpia)["bodies"].rows[-1]["field"] == "words"
    assert "nobody-thought-of" in column(dpia, "releases", "event")
    assert "nurse" in column(dpia, "roles-by-lanes", "role")
    assert tables(report("retention", schema))["log-period-of-each-event"].rows[-1]["class"] == (
        "læsninger og andre opslag"
    )
    assert "nobody-thought-of" in column(report("split", schema), "controller-of-entries", "events")[1]


def test_every_clear_field_of_every_event_is_listed_with_its_type():
    listed = {
        (row["event"], str(row["field"]).partition(".")[0]) for row in tables(report("dpia"))["facts"].rows
    }
    assert listed == {
        (name, field) for name, event in EVENT_TYPES.items() for field in event.facts.__struct_fields__
    }


def test_every_sealed_field_of_every_event_is_listed():
    listed = {
        (row["event"], str(row["field"]).partition(".")[0]) for row in tables(report("dpia"))["bodies"].rows
    }
    assert listed == {
        (name, field)
        for name, event in EVENT_TYPES.items()
        if event.body is not None
        for field in event.body.__struct_fields__
    }


def test_no_clear_field_of_an_event_is_free_text_or_of_a_type_without_a_name():
    kinds = set(column(report("dpia"), "facts", "kind"))
    assert not kinds & {"tekst", "ikke navngivet type"}


def test_the_counts_by_lane_add_up_to_all_event_types():
    counts = column(report("dpia"), "lanes", "event_types")
    assert sum(int(str(count)) for count in counts) == len(EVENT_TYPES)
    assert sum(int(str(count)) for count in column(report("retention"), "log-periods", "event_types")) == len(
        EVENT_TYPES
    )


def test_who_may_open_what_is_what_the_guard_says():
    roles = sorted({role for event in EVENT_TYPES.values() for role in event.roles})
    rows = tables(report("dpia"))["roles-by-lanes"].rows
    assert len(rows) == len(roles)
    for role, row in zip(roles, rows, strict=True):
        for lane in Lane:
            of = [event for event in EVENT_TYPES.values() if event.lane is lane]
            seen = sum(
                may_see(lane=lane, roles=event.roles, visible_to=("0370",), role=role, authority="0370")
                for event in of
            )
            assert row[lane.value] == f"{seen} af {len(of)}"


def test_the_operator_sees_no_event_about_a_citizen():
    said = {statement.id: statement.text for statement in statements(report("split"))}
    assert said["operator-sees"].endswith("ser kun: det offentlige register.")


def test_every_section_and_every_field_of_every_template_is_listed():
    record, dpia = tables(report("record"))["sections"].rows, report("dpia")
    listed = {(row["section"], label) for row in record for label in row["fields"]}
    fields = {*column(dpia, "document-facts", "field"), *column(dpia, "sealed-fields", "field")}
    for template in templates().values():
        for section in template.sections:
            assert any(row["section"] == section.id and template.label in row["templates"] for row in record)
            for field in section.fields:
                assert (section.id, field.label) in listed
                assert field.id in fields


def test_a_field_that_some_version_lets_stand_in_the_clear_is_never_called_sealed():
    dpia = report("dpia")
    clear = {(row["field"], row["templates"]) for row in tables(dpia)["document-facts"].rows}
    for one in installed().fields():
        fact = any(
            field.fact
            for template in templates().values()
            if template.label in one.versions and (field := template.field(one.field.id)) is not None
        )
        assert ((one.field.id, one.versions) in clear) == fact
    assert len(clear) + len(tables(dpia)["sealed-fields"].rows) == len(list(installed().fields()))


def test_a_section_that_nobody_has_categorised_is_a_question():
    known = installed()
    last = known.templates[-1]
    new = msgspec.structs.replace(last.sections[0], id="nyt_afsnit", title="Et nyt afsnit")
    schema = msgspec.structs.replace(
        known,
        templates=(*known.templates[:-1], msgspec.structs.replace(last, sections=(*last.sections, new))),
    )
    found = report("record", schema)
    assert tables(found)["sections"].rows[-1]["categories"] == ("ikke kategoriseret",)
    assert "Hvilke kategorier hører disse afsnit til: Et nyt afsnit?" in [one.text for one in found.questions]


def test_every_section_has_its_categories_and_none_is_named_that_is_not_there():
    sections = {section.id for template in templates().values() for section in template.sections}
    known = categories()
    assert known.sections.keys() == sections
    for held in known.sections.values():
        assert set(held.categories) <= known.categories.keys()
        assert set(held.subjects) <= known.subjects.keys()
    assert {"borgeren", "fagpersoner"} <= set(column(report("record"), "subjects", "subject"))


def test_every_purpose_stands_in_the_record_with_its_basis():
    record = report("record")
    assert column(record, "purposes", "purpose") == list(purposes())
    assert all(column(record, "purposes", "basis"))


def test_every_rule_of_the_register_of_rights_stands_in_the_impact_assessment():
    assert column(report("dpia"), "rights", "rule") == [rule.id for rule in rights_register().rules]


def test_every_way_a_letter_goes_and_who_carries_it_stands_in_the_record():
    ways = arrival_file().ways
    record = report("record")
    assert column(record, "letters", "way") == [way.da for way in ways.values()]
    assert {carrier for carriers in column(record, "letters", "carriers") for carrier in carriers} == {
        carrier.da for way in ways.values() for carrier in way.carriers.values()
    }


def test_every_basis_of_disclosure_that_a_template_offers_stands_in_the_record():
    offered = {
        value.code
        for template in templates().values()
        if (field := template.field("samtykke.basis"))
        for value in template.values(field.value_set)
    }
    assert set(column(report("record"), "disclosures", "basis")) == offered


@EVERY
def test_each_statement_names_where_it_comes_from_and_how_sure_it_is(name):
    for statement in statements(report(name)):
        assert statement.source
        assert all((ROOT / source).exists() for source in statement.source), statement.source
        assert statement.certainty in ("F", "F-i", "M", "U")
        assert statement.text.endswith(".")


@EVERY
def test_what_is_unsettled_is_a_question(name):
    found = report(name)
    asked = {question.text for question in found.questions}
    assert asked and len(asked) == len(found.questions)
    for statement in statements(found):
        if statement.certainty == "U":
            assert statement.question in asked, statement.id


def test_each_risk_names_events_that_exist_and_each_that_asks_is_a_question():
    assert {event for risk in risks().risks for event in risk.events} <= EVENT_TYPES.keys()
    asked = {question.about for question in report("dpia").questions}
    assert {f"risk-{risk.id}" for risk in risks().risks if risk.question} <= asked


def test_nothing_is_said_in_a_chapter_that_is_not_there():
    there = {f"{name}.{chapter.id}" for name in REPORTS for chapter in report(name).chapters}
    assert places() <= there


def test_an_authority_that_has_ceased_is_no_controller_any_more():
    regions = tables(report("record"))["controllers"].rows[0]["authorities"]
    later = tables(report("record", day=date(2027, 1, 1)))["controllers"].rows[0]["authorities"]
    assert "Sjælland (1085)" in regions and "Sjælland (1085)" not in later
    assert "Østdanmark (1099, foreløbig kode)" in later


def test_the_services_that_the_settings_name_are_possible_sub_processors():
    hosts = column(report("split"), "outside-services", "host")
    assert hosts == ["login.example", "skanner.example", "mail.example", "PostgreSQL"]
    alone = msgspec.structs.replace(
        HERE, store="sqlite", scanner_host=None, mail_host=None, issuer_hosts=(), scanner="none"
    )
    found = tables(report("split", here=alone))["outside-services"]
    assert found.rows == () and "ingen anden maskine" in found.about.text


def test_what_production_would_refuse_is_said_and_asked_about():
    broken = msgspec.structs.replace(HERE, faults=("no-malware-scanner",))
    found = report("record", here=broken)
    assert column(found, "production-faults", "name") == ["vedhæftninger bliver ikke skannet"]
    assert any("nægte at starte" in question.text for question in found.questions)
    assert not any("nægte at starte" in question.text for question in report("record").questions)


def test_the_header_is_described_field_by_field():
    names = {str(name).partition(".")[0] for name in column(report("dpia"), "header", "field")}
    assert names == set(Header.__struct_fields__)


@EVERY
def test_the_same_input_gives_the_same_report(name):
    assert written(report(name)) == written(report(name))
    assert msgspec.json.encode(report(name)) == msgspec.json.encode(report(name))


@EVERY
def test_a_table_is_whole_in_markdown(name):
    lines = written(report(name)).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    width = {re.sub(r"\\\|", "", line).count("|") for line in rows}
    assert rows and min(width) >= 3
    for before, line in pairwise(lines):
        if before.startswith("|") and line.startswith("|"):
            assert before.replace("\\|", "").count("|") == line.replace("\\|", "").count("|")


@EVERY
def test_a_report_holds_no_number_of_a_person(name):
    for text in (written(report(name)), msgspec.json.encode(report(name)).decode()):
        assert re.search(r"(?<![0-9a-f])[0-9]{6}-?[0-9]{4}(?![0-9a-f])", text) is None
