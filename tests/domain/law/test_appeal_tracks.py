"""Where a decision can be appealed (law.md 7): it follows from the legal basis and from who decided."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.model import Code
from domain.law.appeal_tracks import (
    FAULTS,
    AppealTrackUnknown,
    appeal_tracks,
    last_date,
    tracks_by_id,
    tracks_for,
)
from domain.law.deadline_register import deadline_rules

FILE = appeal_tracks()
DAY = date(2026, 11, 24)
ARRIVED = date(2026, 11, 26)
IN_THE_CALENDAR = st.dates(date(2026, 1, 1), date(2031, 12, 31))


def ids(basis: str, kind: str, main: str | None = None) -> list[str]:
    return [track.id for track in tracks_for(basis, kind, DAY, main=main)]


def test_every_track_of_the_law_stands_once(shared):
    section = (shared / "law.md").read_text().split("## 7. ")[1].split("## 8. ")[0]
    names = [line.split("|")[1].strip(" *") for line in section.splitlines() if line.startswith("| **")]
    named = ["C-82c" if name == "C?" else name for name in names]
    assert [track.id for track in FILE.tracks] == named == list(tracks_by_id())


@pytest.mark.parametrize("track", FILE.tracks, ids=lambda track: track.id)
def test_a_track_has_a_basis_words_and_limits_of_the_register(track):
    assert track.basis
    assert msgspec.convert(track.code, type=Code).upper() == track.id.upper()
    assert track.first in {None, *FILE.words.addressees}
    assert track.body in {None, *FILE.words.bodies}
    assert set(track.supervision) <= FILE.words.bodies.keys()
    assert set(track.beside) <= tracks_by_id().keys()
    for rule in (*track.deadlines, *track.internal):
        assert rule in deadline_rules()
    for rule in track.deadlines:
        assert deadline_rules()[rule].trigger in FILE.counted_from
        assert deadline_rules()[rule].owner == "citizen"
    assert bool(track.deadlines) == (track.late is not None)


@pytest.mark.parametrize("track", FILE.tracks, ids=lambda track: track.id)
def test_a_track_that_leads_to_no_body_names_the_supervision_or_the_law_that_says_so(track):
    if track.body is None and track.appealable:
        assert track.supervision and track.certainty.application == "U"
    if not track.appealable:
        assert track.body is None and not track.supervision and track.certainty.law == "F"


def test_no_word_and_no_track_stands_for_nothing():
    words = FILE.words
    assert {track.first for track in FILE.tracks} - {None} == words.addressees.keys()
    bodies = {track.body for track in FILE.tracks} - {None}
    assert bodies | {one for track in FILE.tracks for one in track.supervision} == words.bodies.keys()
    assert {one for row in FILE.rows for one in row.tracks} == tracks_by_id().keys()


def test_a_combination_stands_in_one_row():
    seen = [
        (basis, kind, main)
        for row in FILE.rows
        for basis in row.basis
        for kind in row.authority
        for main in (row.main or (None,))
    ]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("basis", "kind", "main", "tracks"),
    [
        ("sel:101", "municipality", None, ["A"]),
        ("sel:101.7", "municipality", None, ["A"]),
        ("sul:141", "municipality", None, ["B"]),
        ("sul:142", "municipality", None, ["B"]),
        ("sul:87", "region", None, ["C"]),
        ("sul:90", "region", None, ["C"]),
        ("sul:38", "region", None, ["D"]),
        ("gdpr:15", "municipality", None, ["E"]),
        ("psyl:12", "region", None, ["F"]),
        ("ofl:36", "region", None, ["B2"]),
    ],
)
def test_given_a_legal_basis_and_who_decided_then_the_law_says_where_to_appeal(basis, kind, main, tracks):
    assert ids(basis, kind, main) == tracks


def test_given_the_region_refuses_or_ends_integrated_treatment_then_tracks_c_and_d_stand_beside_no_body():
    assert ids("sul:82c", "region") == ["C-82c", "C", "D"]


def test_given_an_anonymous_treatment_then_the_law_gives_no_appeal():
    (track,) = tracks_for("sel:101a", "municipality", DAY)
    assert (track.id, track.appealable, last_date(track, ARRIVED)) == ("G", False, None)


@pytest.mark.parametrize(
    ("kind", "main", "tracks"),
    [
        ("municipality", "sel:101", ["A2"]),
        ("municipality", "sul:142", ["B"]),
        ("region", "sul:87", ["C"]),
        ("region", "sul:82c", ["C-82c", "C", "D"]),
    ],
)
def test_a_decision_on_party_access_is_appealed_as_the_case_itself(kind, main, tracks):
    assert ids("fvl:16", kind, main) == tracks


def test_a_refusal_under_the_public_access_act_goes_to_the_supervision_only_where_the_case_has_no_body():
    assert ids("ofl:36", "municipality", "sel:101") == ["A2"]
    assert ids("ofl:36", "municipality", "sul:141") == ["B2"]
    assert ids("ofl:36", "municipality") == ["B2"]


@pytest.mark.parametrize(
    ("basis", "kind", "main", "code"),
    [
        ("7001014321", "municipality", None, "basis-unknown"),
        ("sel:101", "region", None, "combination-unknown"),
        ("sul:82c", "municipality", None, "combination-unknown"),
        ("fvl:16", "municipality", None, "main-case-missing"),
        ("fvl:16", "municipality", "sel:101a", "main-case-unknown"),
        ("sel:101", "municipality", "sel:101", "main-case-unknown"),
    ],
)
def test_what_the_table_does_not_have_is_an_error_without_an_echo_and_never_a_guess(basis, kind, main, code):
    with pytest.raises(AppealTrackUnknown) as refused:
        tracks_for(basis, kind, DAY, main=main)
    assert refused.value.code == code
    assert str(refused.value) == f"{code}: {FAULTS[code]}"


def test_a_decision_from_before_the_tracks_were_valid_has_none_on_file():
    with pytest.raises(AppealTrackUnknown, match="not-in-force"):
        tracks_for("sel:101", "municipality", FILE.valid_from - timedelta(days=1))


@pytest.mark.parametrize("track", ["A", "A2", "C"])
@pytest.mark.parametrize(
    ("arrived", "last"),
    [("2026-02-28", "2026-03-30"), ("2026-03-06", "2026-04-07"), ("2026-11-26", "2026-12-28")],
)
def test_given_a_presumed_arrival_then_the_letter_states_the_lenient_date_after_4_weeks(track, arrived, last):
    found = last_date(tracks_by_id()[track], date.fromisoformat(arrived))
    assert found == date.fromisoformat(last)


def test_given_the_clinical_track_then_it_is_2_years_and_no_later_than_5_after_the_event():
    clinical = tracks_by_id()["D"]
    assert last_date(clinical, ARRIVED) == date(2028, 11, 26)
    assert last_date(clinical, ARRIVED, event=date(2026, 11, 20)) == date(2028, 11, 26)
    assert last_date(clinical, ARRIVED, event=date(2022, 3, 1)) == date(2027, 3, 1)


@given(
    track=st.sampled_from([one for one in FILE.tracks if one.deadlines]),
    presumed=IN_THE_CALENDAR,
    proven=IN_THE_CALENDAR,
)
def test_a_proven_arrival_may_move_the_last_date_later_and_never_earlier(track, presumed, proven):
    told, due = last_date(track, presumed), last_date(track, presumed, proven)
    assert told is not None and due is not None and due >= told
    assert due == last_date(track, max(presumed, proven))


@pytest.mark.parametrize("track", [one for one in FILE.tracks if not one.deadlines], ids=lambda one: one.id)
def test_where_no_limit_is_known_no_date_is_told(track):
    assert last_date(track, ARRIVED, ARRIVED) is None
