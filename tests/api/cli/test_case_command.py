"""`overgang audit case`: one case in a folder; a letter is opened only by a reading that the citizen sees."""

import json
import sqlite3
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.handover import step_commands as s
from domain.handover.streams import readings_of
from domain.rights.letters import LetterArrived
from tests.api.cli.stores import installed
from tests.audit.exports.lettering import TEXT, heard
from tests.domain.rights.samples import sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician, person
from tests.journeys.papers import cpr, document


@pytest.fixture
def lettered(folder):
    """A case with two letters of hearing, handed over; of the second it was registered that it came."""
    with installed(folder) as (_, house):
        house.two_authorities()
        case = house.submit(clinician(), document(cpr(1)))
        house.open(caseworker(), case)
        house.take_over(caseworker(), case)
        letters = [heard(house, case, number) for number in (1, 2)]
        stated = {"letter": letters[1].letter, "matter": letters[1].matter, "about": "hearing"}
        house.right(caseworker(), sample(LetterArrived, handover=case, evidence="handed-over", **stated))
        return {"case": case, "letters": letters, "last": house.log.length() - 1}


def written(run, folder, out, lettered, *more):
    status, told, err = run(
        "audit", "case", lettered["case"], "--data", folder, "--out", out, "--as-of", "2026-11-24", *more
    )
    assert (status, err) == (0, "")
    return told


def readings(folder, case):
    with installed(folder) as (_, house):
        return [
            (one.header.position, one.header.purpose, one.header.controller, one.event.document_id)
            for one in house.log.stream(readings_of(case))
        ]


def test_a_case_is_written_with_hashes_and_nothing_is_opened(run, folder, lettered, tmp_path):
    before, out = readings(folder, lettered["case"]), tmp_path / "out"
    written(run, folder, out, lettered)
    manifest = json.loads((out / "manifest.json").read_bytes())
    names = {one["name"] for one in manifest["files"]}
    assert names == {
        f"{name}.{kind}" for name in ("tidslinje", "vurderinger", "dokumenter") for kind in ("txt", "json")
    }
    for one in manifest["files"]:
        content = (out / one["name"]).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
        assert TEXT.encode() not in content
        assert b"Testesen" not in content
    assert {one.name for one in out.rglob("*") if one.is_file()} == names | {"manifest.json"}
    assert (manifest["head"]["at_index"], manifest["readings"]) == (lettered["last"], [])
    assert readings(folder, lettered["case"]) == before
    assert out.stat().st_mode & 0o077 == 0


def test_the_index_has_the_letters_how_they_left_and_what_proves_that_they_came(
    run, folder, lettered, tmp_path
):
    written(run, folder, tmp_path / "out", lettered)
    found = json.loads((tmp_path / "out/dokumenter.json").read_bytes())
    letters = [one for one in found["papers"] if one["kind"] == "letter"]
    assert [(one["id"], one["matter"]) for one in letters] == [
        (str(one.letter), str(one.matter)) for one in lettered["letters"]
    ]
    with sqlite3.connect(folder / "log.db") as database:
        for one in letters:
            [stored] = database.execute(
                "SELECT ciphertext FROM document WHERE id = ?", (one["id"],)
            ).fetchone()
            assert (one["stored"], one["sha256"]) == ("holds", sha256(stored).hexdigest())
    database.close()
    first, second = found["sendings"]
    assert [one["letter"] for one in (first, second)] == [one["id"] for one in letters]
    assert first["arrived"] == []
    [arrival] = second["arrived"]
    assert (arrival["code"], arrival["position"]) == ("handed-over", lettered["last"])
    told = (tmp_path / "out/dokumenter.txt").read_text()
    assert f"  Bevis for fremkomst: intet i loggen til og med post {lettered['last']}" in told
    assert f"udleveret personligt (post {lettered['last']})" in told
    timeline = (tmp_path / "out/tidslinje.txt").read_text()
    assert "Næstved Kommune: Borgeren blev hørt (partshøring)" in timeline


def test_the_verdicts_are_those_that_the_log_gives(run, folder, lettered, tmp_path):
    written(run, folder, tmp_path / "out", lettered)
    asked = ("--data", folder, "--handover", lettered["case"], "--as-of", "2026-11-24", "--json")
    found = json.loads(run("audit", "rights", *asked)[1])
    kept = json.loads((tmp_path / "out/vurderinger.json").read_bytes())
    assert kept["verdicts"] == found["verdicts"] != []
    assert kept["summary"] == found["summary"]
    text = (tmp_path / "out/vurderinger.txt").read_text()
    assert text.count("  Regel: ") == len(found["verdicts"])


def test_a_stored_letter_that_is_another_is_said_so(run, folder, lettered, tmp_path):
    with sqlite3.connect(folder / "log.db") as database:
        database.execute(
            "UPDATE document SET ciphertext = ? WHERE id = ?", (b"other", str(lettered["letters"][0].letter))
        )
        database.execute("DELETE FROM document WHERE id = ?", (str(lettered["letters"][1].letter),))
    database.close()
    written(run, folder, tmp_path / "out", lettered)
    found = json.loads((tmp_path / "out/dokumenter.json").read_bytes())["papers"]
    assert [one["stored"] for one in found if one["kind"] == "letter"] == ["differs", "missing"]


def test_opening_the_letters_stands_on_the_log_first_with_actor_and_purpose(run, folder, lettered, tmp_path):
    out = tmp_path / "out"
    told = written(run, folder, out, lettered, "--bodies")
    ids = [one.letter for one in lettered["letters"]]
    new = readings(folder, lettered["case"])[-2:]
    last = lettered["last"]
    assert new == [(last + 1 + at, "audit", MUNICIPALITY, one) for at, one in enumerate(ids)]
    assert "Breve åbnet med formålet Revision: 2." in told
    assert f"post {last + 1}, {last + 2}, aktør" in told
    for one in ids:
        letter = (out / f"breve/{one}.txt").read_text()
        assert TEXT in letter and "8. december 2026" in letter
        # The letter alone: not the number that it went to.
        assert set(json.loads((out / f"breve/{one}.json").read_bytes())) >= {"template", "authority"}
        assert cpr(1).encode() not in (out / f"breve/{one}.json").read_bytes()
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["readings"] == [last + 1, last + 2]
    assert manifest["head"]["at_index"] == last + 2
    status, _, _ = run("audit", "verify", "--data", folder)
    assert status == 0, "each release names its reading"
    found = json.loads(run("audit", "rights", "--data", folder, "--json", "--as-of", "2030-01-01")[1])
    assert "read-without-purpose" not in found["summary"]["by_rule"]


def test_what_is_shut_stays_shut_and_what_is_forgotten_is_gone(run, folder, lettered, tmp_path):
    with installed(folder) as (overgang, _):
        overgang.vault.destroy()
    told = written(run, folder, tmp_path / "gone", lettered, "--bodies")
    assert "2 kunne ikke åbnes: nøglen er slettet." in told
    assert not (tmp_path / "gone/breve").exists()
    with installed(folder) as (_, house):
        house.take(
            person("leader", MUNICIPALITY, "rusmiddelcenter"),
            lettered["case"],
            s.ReportWrongPerson,
        )
        length = house.log.length()
    told = written(run, folder, tmp_path / "shut", lettered, "--bodies")
    assert "Ingen breve er åbnet" in told
    with installed(folder) as (_, house):
        assert house.log.length() == length


def test_calls_that_write_nothing(run, folder, lettered, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "file").write_text("x")
    for handover, out, said in (
        (lettered["case"], full, "ikke tom"),
        ("x", tmp_path / "out", "UUID"),
        (uuid4(), tmp_path / "out", "ingen overgang med dette id"),
    ):
        status, _, err = run("audit", "case", handover, "--data", folder, "--out", out, "--bodies")
        assert (status, said in err) == (2, True), err
    assert not (tmp_path / "out").exists()
    assert [one.name for one in full.iterdir()] == ["file"]
