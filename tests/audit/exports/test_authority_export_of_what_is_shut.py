"""What an authority leaves Overgang with of a case that was shut, or that is not its own any more."""

import io
import json
from contextlib import contextmanager

import pytest

from audit.exports.authority import AuthorityExport, begin_export
from audit.replay.bodies import begin
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from domain.handover import step_commands as s
from domain.handover.events import OtherPerson
from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, REGION, SERVING, caseworker, person
from tests.journeys.checks import check_all
from tests.journeys.house import House
from tests.journeys.papers import cpr, document
from tests.journeys.reaching import READER, WRITER, Scene
from workflows.handlers import steps

NAME, RELATIVE, NUMBER = "Test Fortrolig", "Test Pårørende", cpr(9)
NEIGHBOUR = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)
OPERATOR = person("operator", "0000")
WORDS = {"name": NAME, "number": NUMBER, "relative": RELATIVE, "question": "Hvem udleverer", "file": "%PDF"}


class _Files:
    """Attachments that are there; which of them may be read is the vault's to say."""

    @contextmanager
    def open(self, blob_id, key, associated_data):
        assert len(key) == 32
        yield io.BytesIO(b"%PDF")


@pytest.fixture
def house(store):
    return Scene(House(store)).house


@pytest.fixture
def handover(house):
    """Read and asked about by its receiver, with an attachment and a representative."""
    paper = document(
        NUMBER,
        name=NAME,
        relative=OtherPerson(name=RELATIVE, relation="paaroerende"),
        samtykke__covers="every-authority",
        medicin__supply_ends="2026-11-30",
    )
    made = house.submit(WRITER, paper, attachments=(house.upload(WRITER),))
    house.open(READER, made)
    house.ask(READER, made)
    return made


def _taken(house, tmp_path, authority, handover):
    """The case as an authority takes it out, which of the words are in the files, and the manifest."""
    exported = begin_export(house.log, authority, OPERATOR, house.services.ids)
    out = tmp_path / authority
    export = AuthorityExport(house.log, house.vault, _Files(), authority, exported)
    manifest = export.write(out, house.clock.now(), lambda *_: None)
    whole = "".join(path.read_text() for path in sorted(out.rglob("*")) if path.is_file())
    case = json.loads((out / "cases" / f"{handover}.json").read_text())
    return case, {said for said, word in WORDS.items() if word in whole}, whole, manifest


def _has_nothing(house, tmp_path, authority, handover, why):
    case, said, whole, manifest = _taken(house, tmp_path, authority, handover)
    assert case["withheld"] == why
    assert (case["label"], case["documents"], case["notes"], case["attachments"]) == (None, [], [], [])
    assert said == set()
    assert "medicin.supply_ends" not in whole, "nor what is coded in it"
    assert (manifest.withheld, manifest.documents, manifest.attachments, manifest.forgotten) == (1, 0, 0, 0)
    entries = [json.loads(line) for line in whole.splitlines() if '"leaf_hash"' in line]
    steps_taken = {entry["header"]["event"] for entry in entries}
    assert "handover-delivered" in steps_taken, "that it had it, it takes along"


def _has_all(house, tmp_path, authority, handover, words):
    case, said, whole, manifest = _taken(house, tmp_path, authority, handover)
    assert (case["withheld"], manifest.withheld) == (None, 0)
    assert said == words
    assert "medicin.supply_ends" in whole


ALL = set(WORDS)
RECEIVERS = ALL - {"relative"}
"""Who speaks for the citizen is sealed with the submission, under the sender's key."""


def test_of_an_open_case_both_take_all_that_they_control(house, handover, tmp_path):
    _has_all(house, tmp_path, REGION, handover, ALL)
    _has_all(house, tmp_path, MUNICIPALITY, handover, RECEIVERS)


@pytest.mark.parametrize("then", ["nothing", "withdrawn"])
def test_what_went_astray_stays_with_its_sender_and_not_with_the_wrong_receiver(
    house, handover, tmp_path, then
):
    house.take(READER, handover, s.ReportMisdirected)
    if then == "withdrawn":
        house.take(WRITER, handover, s.WithdrawHandover, reason="wrong-receiver")
    _has_all(house, tmp_path, REGION, handover, ALL)
    _has_nothing(house, tmp_path, MUNICIPALITY, handover, "misdirected")


def test_what_was_entered_in_error_stays_with_its_sender(house, handover, tmp_path):
    house.take(WRITER, handover, s.EnterInError, reason="duplicate")
    _has_all(house, tmp_path, REGION, handover, ALL)
    _has_nothing(house, tmp_path, MUNICIPALITY, handover, "entered_in_error")


@pytest.mark.parametrize("relayed", [True, False])
def test_what_is_about_another_citizen_goes_with_nobody(house, handover, tmp_path, monkeypatch, relayed):
    """Also before the vault has followed: a crash may have come in between."""
    if not relayed:
        monkeypatch.setattr(steps, "shut_away", lambda *_: None)
    house.take(READER, handover, s.ReportWrongPerson)
    for authority in (REGION, MUNICIPALITY):
        _has_nothing(house, tmp_path, authority, handover, "wrong_person")


def test_what_was_keyed_anew_is_opened_for_nobody_though_its_controller_asks(
    house, handover, tmp_path, monkeypatch
):
    """Its key is the controller's too; but no entry of the case names it."""
    house.take(READER, handover, s.ReportWrongPerson)
    monkeypatch.setattr("domain.handover.state.Handover.withheld_from", lambda *_: None)
    case, said, _, manifest = _taken(house, tmp_path, REGION, handover)
    assert (case["documents"], case["notes"], case["attachments"]) == ([], [], [])
    assert (manifest.documents, manifest.attachments, said & {"question", "file"}) == (0, 0, set())


@pytest.mark.parametrize("how", ["sent-back", "passed-on", "misdirected"])
def test_who_has_it_no_more_takes_nothing_and_who_has_it_now_takes_all(house, handover, tmp_path, how):
    if how == "passed-on":
        house.forward(READER, handover, OTHER_MUNICIPALITY)
    else:
        if how == "sent-back":
            house.send_back(READER, handover)
        else:
            house.take(READER, handover, s.ReportMisdirected)
        house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    house.open(NEIGHBOUR, handover)
    _has_nothing(house, tmp_path, MUNICIPALITY, handover, "not-a-party")
    # What was asked before it came is not the new receiver's.
    _has_all(house, tmp_path, OTHER_MUNICIPALITY, handover, RECEIVERS - {"question"})
    _has_all(house, tmp_path, REGION, handover, ALL)


def test_of_all_who_ever_had_it_nobody_takes_what_is_about_another_citizen(house, handover, tmp_path):
    house.send_back(READER, handover)
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    house.open(NEIGHBOUR, handover)
    house.take(NEIGHBOUR, handover, s.ReportWrongPerson)
    _has_nothing(house, tmp_path, MUNICIPALITY, handover, "not-a-party")
    for authority in (OTHER_MUNICIPALITY, REGION):
        _has_nothing(house, tmp_path, authority, handover, "wrong_person")
    check_all(house)


def test_a_replay_of_all_bodies_finds_the_log_whole_and_opens_nothing_of_nobodys(house, handover):
    house.take(READER, handover, s.ReportWrongPerson)
    nobodys = set(house.vault.wrapped_content(house.state(handover).document_id))
    bodies = begin(house.log, house.log.length(), house.vault, OPERATOR, house.services.ids)
    releases = stored_releases(house.vault.database)
    verdict = verify(StoredLog(house.database), bodies=bodies, releases=releases, jobs=1)
    assert verdict.holds, verdict.fault
    assert nobodys and nobodys.isdisjoint(key for _, key in house.vault.releases())
