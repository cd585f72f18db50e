"""`overgang export`, `overgang workflow migrate`: another version, and leaving."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.course.events import VisitationEnded
from domain.handover.step_commands import ReportMisdirected, ReportWrongPerson
from tests.api.cli.stores import events_of, installed
from tests.api.http.town import pdf
from tests.journeys.cast import (
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.papers import cpr, document


@pytest.fixture
def lived_in(data):
    """A handover with an attachment, a question with its answer and a fact, and one of two other parties."""
    writer, reader = clinician(), caseworker()
    with installed(data) as (overgang, house):
        house.authority(OTHER_MUNICIPALITY)
        house.mailbox(OTHER_MUNICIPALITY)
        spool = overgang.spools.spool(1 << 20)
        spool.write(pdf())
        kept = overgang.intake.take(
            writer, spool, "application/pdf", uuid4(), b"fingerprint", overgang.clock.now()
        )
        spool.close()
        case = house.submit(writer, document(cpr(1), name="Test Borger"), attachments=(kept.id,))
        house.open(reader, case)
        house.answer(writer, case, house.ask(reader, case, "Hvem udleverer medicinen?"), "Ambulatoriet gør.")
        house.record(reader, VisitationEnded(handover=case, reason="goals-met"))
        other = house.submit(writer, document(cpr(2), municipality=OTHER_MUNICIPALITY, name="Test Fremmed"))
    return {"data": data, "case": str(case), "other": str(other), "attachment": kept.id}


def test_an_authority_takes_all_that_it_controls_with_it_and_nothing_of_others(run, lived_in, tmp_path):
    out = tmp_path / "ud"
    status, told, _ = run("export", MUNICIPALITY, "--data", lived_in["data"], "--out", out)
    assert status == 0
    assert "1 sager, 3 dokumenter, 1 bilag" in told
    assert "ikke krypteret" in told
    case = json.loads((out / "cases" / f"{lived_in['case']}.json").read_text())
    assert (case["side"], case["status"]) == ("receiver", "opened")
    assert case["label"]["person"]["name"] == "Test Borger"
    assert case["documents"][0]["content"]["sections"]["stamoplysninger"]["name"] == "Test Borger"
    assert "Hvem udleverer medicinen?" in str(case["notes"])
    assert "Ambulatoriet gør." in str(case["notes"])
    assert [fact["event"] for fact in case["facts"]] == ["visitation-ended"]
    [attachment] = case["attachments"]
    assert (out / attachment["file"]).read_bytes().startswith(b"%PDF")
    whole = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert b"Test Fremmed" not in whole
    assert cpr(2).encode() not in whole
    assert not (out / "cases" / f"{lived_in['other']}.json").exists()


@pytest.mark.parametrize(
    ("report", "taken"), [(ReportMisdirected, {REGION}), (ReportWrongPerson, set())], ids=["astray", "person"]
)
def test_of_a_case_that_is_shut_the_content_goes_with_those_whose_it_is(
    run, lived_in, tmp_path, report, taken
):
    with installed(lived_in["data"]) as (_, house):
        house.take(caseworker(), UUID(lived_in["case"]), report)
    for authority in (REGION, MUNICIPALITY):
        out = tmp_path / authority
        status, told, _ = run("export", authority, "--data", lived_in["data"], "--out", out)
        assert status == 0
        withheld = authority not in taken
        assert ("Af 1 sager er kun trinene skrevet" in " ".join(told.split())) == withheld
        whole = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
        assert (b"Test Borger" in whole, b"%PDF" in whole) == (not withheld, not withheld)
    status, told, _ = run("audit", "verify", "--data", lived_in["data"], "--bodies")
    assert status == 0, told


def test_what_was_taken_out_can_be_checked_and_is_for_its_owner_alone(run, lived_in, tmp_path):
    out = tmp_path / "ud"
    status, told, _ = run("export", REGION, "--data", lived_in["data"], "--out", out, "--json")
    assert status == 0
    assert (json.loads(told)["cases"], json.loads(told)["attachments"]) == (2, 1)
    manifest = json.loads((out / "manifest.json").read_text())
    for file in manifest["files"]:
        content = (out / file["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    entries = [json.loads(line) for line in (out / "entries.jsonl").read_text().splitlines()]
    assert len(entries) == manifest["entries"]
    assert all(REGION in one["header"]["visible_to"] or _is_public(one) for one in entries)
    assert {path.stat().st_mode & 0o077 for path in [out, *out.rglob("*")]} == {0}


def test_the_name_of_an_imported_case_is_with_its_receiver_and_with_the_sender_once_documented(
    run, data, tmp_path
):
    with installed(data) as (_, house):
        case = house.import_running()

    def exported(authority, out):
        assert run("export", authority, "--data", data, "--out", tmp_path / out)[0] == 0
        return json.loads((tmp_path / out / "cases" / f"{case}.json").read_text())

    assert exported(MUNICIPALITY, "modtager")["label"]["person"]["name"] == "Test Testesen"
    before = exported(REGION, "afsender")
    assert (before["side"], before["label"], before["documents"]) == ("sender", None, [])
    with installed(data) as (_, house):
        house.complete(clinician(), case, document(name="Test Testesen"))
    [added] = exported(REGION, "siden")["documents"]
    assert added["content"]["sections"]["stamoplysninger"]["name"] == "Test Testesen"


def _is_public(entry):
    return entry["header"]["event"] in (
        "authority-registered",
        "unit-registered",
        "main-mailbox-confirmed",
    )


def test_it_stands_on_the_log_before_a_key_is_released_and_the_log_verifies(run, lived_in, tmp_path):
    run("export", MUNICIPALITY, "--data", lived_in["data"], "--out", tmp_path / "ud")
    with installed(lived_in["data"]) as (_, house):
        last = house.events()[-1]
    assert (last.header.event, last.header.controller, last.header.visible_to) == (
        "authority-exported",
        MUNICIPALITY,
        (MUNICIPALITY,),
    )
    status, out, _ = run("audit", "verify", "--data", lived_in["data"], "--bodies")
    assert status == 0, out


def test_an_export_writes_over_nothing(run, lived_in, tmp_path):
    out = tmp_path / "ud"
    out.mkdir()
    (out / "noget").write_text("andet")
    before = events_of(lived_in["data"])
    for wrong in ((MUNICIPALITY, out), ("0411", tmp_path / "ny"), ("9999", tmp_path / "ny")):
        assert run("export", wrong[0], "--data", lived_in["data"], "--out", wrong[1])[0] == 2
    assert events_of(lived_in["data"]) == before
    assert not (tmp_path / "ny").exists()


def test_a_citizen_who_was_forgotten_is_counted_and_left_out(run, lived_in, tmp_path):
    with installed(lived_in["data"]) as (overgang, _):
        overgang.vault.destroy(lambda key: False)
    status, told, _ = run("export", MUNICIPALITY, "--data", lived_in["data"], "--out", tmp_path / "ud")
    assert status == 0
    assert "1 sager, 0 dokumenter, 0 bilag" in told
    assert "1 poster kan ikke åbnes, fordi borgeren er glemt." in told


def test_running_cases_are_moved_to_a_version_of_the_workflow(run, data):
    with installed(data) as (overgang, house):
        overgang.clock.set(datetime(2026, 10, 20, 9, 0, tzinfo=UTC))
        early = document(version=1, samtykke__consent_given_on="2026-10-01")
        handover = house.submit(clinician(), early)
        assert house.state(handover).workflow_version == 1
    status, out, _ = run("workflow", "migrate", "--to", 2, "--data", data, "--dry-run")
    assert (status, "1 sager kan flyttes til version 2. 0 bliver." in out) == (0, True)
    status, out, _ = run("workflow", "migrate", "--to", 2, "--data", data, "--json")
    assert (status, json.loads(out)) == (0, {"dry_run": False, "moved": 1, "left": []})
    status, out, _ = run("workflow", "migrate", "--to", 2, "--data", data)
    assert "0 sager er flyttet" in out
    assert run("workflow", "migrate", "--to", 77, "--data", data)[0] == 2
    status, out, _ = run("audit", "replay", "--data", data, "--handover", handover)
    assert status == 0
    assert "flyttet" in out


def test_how_often_the_two_timelines_differ_is_counted(run, lived_in):
    found = json.loads(run("volume", "--data", lived_in["data"], "--responsibility", "--json")[1])
    by_town = {one["municipality"]: one for one in found["responsibility"]}
    assert (by_town[MUNICIPALITY]["handovers"], by_town[MUNICIPALITY]["differ_now"]) == (1, 1)
    assert by_town[OTHER_MUNICIPALITY]["differ_now"] == 0
    out = run("volume", "--data", lived_in["data"], "--responsibility")[1]
    assert "Hvor ofte den, der følger op, ikke er den, der har pligten til at behandle" in out
