"""`overgang import`, `overgang export`, `overgang workflow migrate`: going live, and leaving."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.course.events import VisitationEnded
from tests.api.cli.stores import installed
from tests.api.http.town import pdf
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.papers import cpr, document

HEADING = (
    "person_id_type;person_id;name;sender_authority;sender_unit;receiver_authority;receiver_unit;"
    "move_from;move_to;handlekommune;began_on;claimed"
)


def row(number=1, **changes):
    fields = {
        "person_id_type": "cpr",
        "person_id": cpr(number),
        "name": "Test Testesen",
        "sender_authority": REGION,
        "sender_unit": AMBULATORY,
        "receiver_authority": MUNICIPALITY,
        "receiver_unit": CENTRE,
        "move_from": "integreret",
        "move_to": "koordineret",
        "handlekommune": MUNICIPALITY,
        "began_on": "2026-09-01",
        "claimed": "sent",
    }
    return fields | changes


def csv_of(*rows, heading=HEADING):
    return "\n".join([heading, *(";".join(one.values()) for one in rows)]) + "\n"


@pytest.fixture
def data(tmp_path) -> Path:
    """A store in which the authorities stand."""
    folder = tmp_path / "store"
    with installed(folder) as (_, house):
        house.two_authorities()
    return folder


@pytest.fixture
def file(tmp_path):
    """Write the file that is imported."""

    def write(content, name="sager.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def _events(data):
    with installed(data) as (_, house):
        return [event.header.event for event in house.events()]


def test_a_dry_run_judges_every_row_and_writes_nothing(run, data, file):
    before = _events(data)
    path = file(csv_of(row(1), row(2), row(1), row(3, claimed="perhaps"), row(4, person_id="0000000000")))
    status, out, _ = run("import", path, "--data", data, "--dry-run", "--json")
    found = json.loads(out)
    assert status == 1
    assert (found["rows"], found["wrote"], found["importable"], found["already"], found["refused"]) == (
        5,
        False,
        2,
        1,
        2,
    )
    faults = {one["row"]: (one["column"], one["code"]) for one in found["results"] if one["code"]}
    assert faults == {4: ("claimed", "unknown-code"), 5: ("person_id", "cpr-date")}
    assert _events(data) == before


def test_one_refused_row_keeps_the_whole_file_out_and_no_value_is_repeated(run, data, file):
    path = file(csv_of(row(1), row(2, person_id="7001014321x", name="Nadia Navn")))
    status, out, err = run("import", path, "--data", data)
    assert status == 1
    assert "Række 2: afvist. Kolonnen person_id: cpr-format." in out
    assert "Intet er indlæst." in out
    for secret in ("7001014321", "Nadia", cpr(1)):
        assert secret not in out + err
    assert "handover-imported" not in _events(data)


@pytest.mark.parametrize("kind", ["csv", "comma", "json", "bom"])
def test_cases_are_imported_once_from_csv_and_json_alike(run, data, file, kind):
    content = csv_of(row(1), row(2))
    if kind == "comma":
        content = content.replace(";", ",")
    if kind == "json":
        content = json.dumps({"cases": [row(1), row(2)]})
    if kind == "bom":
        content = b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode()
    path = file(content)
    status, out, _ = run("import", path, "--data", data)
    assert status == 0, out
    assert "2 sager er indlæst" in out
    status, out, _ = run("import", path, "--data", data, "--json")
    assert (status, json.loads(out)["imported"], json.loads(out)["already"]) == (0, 0, 2)
    assert _events(data).count("handover-imported") == 2
    assert run("audit", "verify", "--data", data)[0] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (csv_of(heading=HEADING.replace(";claimed", "")), "claimed"),
        (csv_of(heading=HEADING + ";diagnose"), "ikke kender"),
        (csv_of(heading=HEADING + ";name"), "to gange"),
        (HEADING + "\ncpr;1;2\n", "antal kolonner"),
        ("{", "JSON"),
        ('{"cases": 7}', "liste af sager"),
        (json.dumps([row(1) | {"began_on": 7}]), "tekst"),
        ("", "mangler kolonner"),
    ],
)
def test_a_file_that_is_none_of_ours_is_told_what_is_wrong_with_it(run, data, file, content, words):
    status, _, err = run("import", file(content), "--data", data)
    assert status == 2
    assert words in " ".join(err.split())
    assert "diagnose" not in err


def test_a_file_or_a_store_that_is_not_there(run, data, file, tmp_path):
    assert run("import", tmp_path / "nothing.csv", "--data", data)[0] == 2
    assert run("import", file(csv_of(row())), "--data", tmp_path / "nowhere")[0] == 2
    assert not (tmp_path / "nowhere").exists()


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
    before = _events(lived_in["data"])
    for wrong in ((MUNICIPALITY, out), ("0411", tmp_path / "ny"), ("9999", tmp_path / "ny")):
        assert run("export", wrong[0], "--data", lived_in["data"], "--out", wrong[1])[0] == 2
    assert _events(lived_in["data"]) == before
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
