"""`overgang import`: running cases from a file, whole or not at all."""

import json

import pytest

from tests.api.cli.stores import events_of
from tests.journeys.cast import AMBULATORY, CENTRE, MUNICIPALITY, REGION
from tests.journeys.papers import cpr

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
def file(tmp_path):
    """Write the file that is imported."""

    def write(content, name="sager.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_dry_run_judges_every_row_and_writes_nothing(run, data, file):
    before = events_of(data)
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
    assert events_of(data) == before


def test_one_refused_row_keeps_the_whole_file_out_and_no_value_is_repeated(run, data, file):
    path = file(csv_of(row(1), row(2, person_id="7001014321x", name="Nadia Navn")))
    status, out, err = run("import", path, "--data", data)
    assert status == 1
    assert "Række 2: afvist. Kolonnen person_id: cpr-format." in out
    assert "Intet er indlæst." in out
    for secret in ("7001014321", "Nadia", cpr(1)):
        assert secret not in out + err
    assert "handover-imported" not in events_of(data)


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
    assert events_of(data).count("handover-imported") == 2
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


def _judged(run, data, path):
    status, out, err = run("import", path, "--data", data, "--dry-run", "--json")
    assert err == ""
    return status, json.loads(out)["results"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADING.replace("name", '"name') + "\n", "rigtig CSV"),
        (json.dumps([row(1)]).replace('"sent"', "1" * 5000), "JSON"),
        (json.dumps([row(1, name="Navn \ud800")]), "JSON"),
        (json.dumps([row(1)]).replace('"name": ', '"name": "Nadia", "name": '), "samme nøgle to gange"),
        ('{"cases": [], "cases": []}', "samme nøgle to gange"),
        ("[" * 100_000, "JSON"),
    ],
    ids=["open-quote", "long-number", "lone-surrogate", "key-twice", "cases-twice", "deep"],
)
def test_a_damaged_file_is_named_and_is_no_unexpected_fault(run, data, file, content, words):
    status, _, err = run("import", file(content), "--data", data)
    assert status == 2
    assert words in " ".join(err.split())
    assert "Nadia" not in err and "uventet" not in err.lower()


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("20260901", "not-a-date"),
        ("2026-W36-2", "not-a-date"),
        ("2026-9-1", "not-a-date"),
        ("2026-09-01T00:00:00", "not-a-date"),
        ("0001-01-01", "too-early"),
        ("2006-12-31", "too-early"),
        ("9999-12-31", "in-the-future"),
    ],
)
def test_a_day_is_written_in_one_way_and_lies_where_a_case_can_begin(run, data, file, day, code):
    path = file(csv_of(row(1), row(2, began_on=day)))
    status, results = _judged(run, data, path)
    assert (status, results[1]["column"], results[1]["code"]) == (1, "began_on", code)
    assert run("import", path, "--data", data)[0] == 1
    assert "handover-imported" not in events_of(data)


@pytest.mark.parametrize(
    "change",
    [{"claimed": "acknowledged"}, {"name": "Test Testensen"}, {"move_from": "ukendt"}, {"handlekommune": ""}],
)
def test_another_row_about_the_same_case_is_a_fault_in_one_file_and_later(run, data, file, change):
    status, results = _judged(run, data, file(csv_of(row(1), row(2), row(1, **change))))
    told = [(one["result"], one["column"], one["code"], one["same_as"]) for one in results]
    assert (status, told[2]) == (1, ("refused", "person_id", "same-case-as-another-row", 1))
    assert [one[0] for one in told[:2]] == ["importable", "importable"]

    assert run("import", file(csv_of(row(1))), "--data", data)[0] == 0
    status, results = _judged(run, data, file(csv_of(row(1), row(1, **change))))
    told = [(one["result"], one["column"], one["code"]) for one in results]
    assert status == 1
    assert told == [("already", None, None), ("refused", "person_id", "imported-with-other-content")]
    assert events_of(data).count("handover-imported") == 1


def test_which_row_has_the_case_already_is_told_in_danish(run, data, file):
    out = run("import", file(csv_of(row(1), row(1, claimed="acknowledged"))), "--data", data)[1]
    told = " ".join(out.split())
    assert (
        "Række 2: afvist. Kolonnen person_id: same-case-as-another-row. Den samme sag står i række 1." in told
    )


def test_another_day_or_another_citizen_is_another_case(run, data, file):
    path = file(csv_of(row(1), row(2), row(1, began_on="2026-09-02")))
    assert run("import", path, "--data", data)[0] == 0
    assert events_of(data).count("handover-imported") == 3


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u0085", "\u2028"])
def test_a_name_whose_cell_breaks_its_line_is_one_name(run, data, file, line_break):
    """As a spreadsheet writes it: quoted. Cut into lines first, the row would fall apart."""
    path = file(csv_of(row(1, name=f'"Test{line_break}Testesen"'), row(2)))
    assert run("import", path, "--data", data)[0] == 0
    again = file(csv_of(row(1)))
    assert [one["result"] for one in _judged(run, data, again)[1]] == ["already"]


def test_whatever_is_judged_importable_is_imported(run, data, file):
    """The edges of every column together: nothing about a row fails once the whole file was judged."""
    local = {"person_id_type": "local", "person_id": "AB-12"}
    rows = [
        row(number, began_on=day, name=name, **more)
        for number, (day, name, more) in enumerate(
            (day, name, more)
            for day in ("2007-01-01", "2023-12-31", "2026-11-23")
            for name in ("A", "Å" * 200, "李 \U0001f600")
            for more in ({}, {"move_from": "ukendt", "move_to": "ukendt", "handlekommune": ""}, local)
            if more is not local or name == "A"
        )
    ]
    status, out, _ = run("import", file(json.dumps(rows)), "--data", data, "--json")
    assert (status, json.loads(out)["imported"]) == (0, len(rows))
    assert run("audit", "verify", "--data", data, "--bodies")[0] == 0


def test_the_help_says_what_has_no_place_in_the_file(run):
    told = " ".join(run("import", "--help")[1].split())
    for words in ("Every row carries a person id", "§101a", "acute"):
        assert words in told
