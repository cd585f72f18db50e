"""Guidance on appeal (FVL §25): made from the tracks of the decision, with a rule and a cautious date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.danish_dates import danish_date
from domain.law.appeal_tracks import AppealTrackUnknown, appeal_tracks, last_date, tracks_by_id
from domain.law.deadline_register import deadline_rules
from workflows.letters.guidance import AppealRequest, Guidance, TrackGuidance, guidance_on_appeal, sentences

FILE = appeal_tracks()
PLACE = "Rusmiddelcentret, Eksempelvej 1, 4700 Næstved"
COMBINATIONS = [
    (basis, kind, main)
    for row in FILE.rows
    for basis in row.basis
    for kind in row.authority
    for main in (row.main or (None,))
]


def guidance(*basis: str, kind: str = "municipality", **more: object) -> Guidance:
    given_ = {
        "decided_on": date(2026, 11, 24),
        "presumed_arrival": date(2026, 11, 26),
        "send_to": (PLACE,),
        **more,
    }
    return guidance_on_appeal(AppealRequest(basis=basis, authority_kind=kind, **given_))


def track(name: str, *basis: str, **more: object) -> TrackGuidance:
    return next(one for one in guidance(*basis, **more).tracks if one.track == name)


def text(found: Guidance) -> str:
    return "\n".join(line for one in found.tracks for line in one.paragraphs)


@pytest.mark.parametrize(("basis", "kind", "main"), COMBINATIONS)
def test_every_combination_of_the_table_has_a_guidance_in_danish(basis, kind, main):
    found = guidance(basis, kind=kind, main=main)
    assert found.tracks and found.tracks_version == FILE.version
    assert "aktindsigt" in found.file_access
    assert "repræsentant" in found.representative and "bisidder" in found.representative
    for one in found.tracks:
        assert one.heading and all(line.endswith(".") for line in one.paragraphs)
        assert "{" not in "".join(one.paragraphs)


@pytest.mark.parametrize(("basis", "kind", "main"), COMBINATIONS)
def test_where_no_ordinary_body_is_known_it_says_so_names_the_supervision_and_takes_a_complaint(
    basis, kind, main
):
    for one in guidance(basis, kind=kind, main=main).tracks:
        known = tracks_by_id()[one.track]
        said = "Der kendes ingen almindelig klageinstans" in one.body
        assert said == (known.body is None and known.appealable)
        if said:
            assert "Ankestyrelsen som tilsyn" in one.body and "Ombudsmand" in one.body
            assert "modtager vi den og sender den videre" in one.body
            assert one.last_date is None and one.deadline is None


def test_given_social_treatment_then_the_whole_block_is_there_and_promises_no_full_review():
    one = track("A", "sel:101")
    assert one.body == "Du kan klage til Ankestyrelsen."
    assert PLACE in str(one.send_to)
    assert "4 uger" in str(one.deadline)
    assert "26. november 2026" in str(one.deadline) and "28. december 2026" in str(one.deadline)
    assert one.last_date == date(2026, 12, 28)
    assert "sender vi den videre alligevel" in str(one.late)
    assert "mundtligt" in str(one.how)
    assert "inden 4 uger" in str(one.reassessment) and "inden 14 dage" in str(one.reassessment)
    assert "kun" in str(one.review) and "retlige spørgsmål" in str(one.review)
    assert "gælder, selv om du klager" in str(one.effect)
    assert one.dialogue is None


def test_given_the_clinical_track_then_2_and_5_years_and_no_dispensation():
    one = track("D", "sul:38", kind="region")
    assert "2 år" in str(one.deadline) and "5 år" in str(one.deadline)
    assert "Vidste du det før, er den sidste dag tidligere" in str(one.deadline)
    assert "dispensation" in str(one.late)
    assert one.last_date == date(2028, 11, 26)
    assert one.reassessment is None and one.effect is None


def test_only_a_region_offers_a_conversation_about_the_complaint():
    assert "samtale" in str(track("D", "sul:38", kind="region").dialogue)
    assert track("D", "sul:38", kind="municipality").dialogue is None


def test_given_the_region_refuses_integrated_treatment_then_it_tells_of_no_body_and_of_c_and_d():
    found = guidance("sul:82c", kind="region")
    assert [one.track for one in found.tracks] == ["C-82c", "C", "D"]
    assert "på de andre måder" in found.tracks[0].body


def test_given_several_provisions_then_every_track_stands_once():
    found = guidance("sul:82c", "sul:87", "gdpr:14", kind="region")
    assert [one.track for one in found.tracks] == ["C-82c", "C", "D", "E"]


def test_given_a_refusal_under_the_public_access_act_then_the_supervision_is_named_and_when_it_is_sent_on():
    one = track("B2", "ofl:36")
    assert "Ankestyrelsen som tilsyn" in one.body
    assert "7 arbejdsdage" in str(one.reassessment)
    assert "Vi kender ikke en frist" in str(one.deadline)


def test_given_anonymous_treatment_then_it_says_that_the_law_gives_no_appeal():
    one = track("G", "sel:101a")
    assert one.paragraphs == (sentences().not_appealable,)


@given(arrival=st.dates(date(2026, 1, 2), date(2031, 12, 31)))
def test_the_concrete_date_is_that_of_the_register_for_every_arrival(arrival):
    one = track("A", "sel:101", presumed_arrival=arrival)
    assert one.last_date == last_date(tracks_by_id()["A"], arrival)
    assert danish_date(one.last_date) in str(one.deadline) and danish_date(arrival) in str(one.deadline)


def test_no_number_stands_in_a_sentence_it_comes_from_the_register():
    said = sentences()
    fixed = [said.reassessment, said.dialogue, *said.deadlines.values(), *said.forwarding.values()]
    assert not [one for one in fixed if any(character.isdigit() for character in one)]


def test_every_code_of_a_track_has_its_sentence_and_no_sentence_stands_for_nothing():
    said, tracks = sentences(), [one for one in FILE.tracks if one.body]
    assert {one.first for one in tracks} == said.first.keys()
    triggers = {deadline_rules()[rule].trigger for one in tracks for rule in one.deadlines}
    assert triggers == said.deadlines.keys()
    firsts = {deadline_rules()[one.deadlines[0]].trigger for one in tracks if one.deadlines}
    assert firsts == said.last_date.keys()
    assert {one.late for one in tracks if one.late} == said.late.keys()
    assert {one.review for one in tracks if one.review} == said.review.keys()


def test_what_the_authority_writes_about_itself_is_never_taken_for_a_placeholder():
    assert "{body} {0}" in str(track("A", "sel:101", send_to=("{body} {0}",)).send_to)


@pytest.mark.parametrize("missing", [{"basis": ()}, {"send_to": ()}, {"send_to": (" ",)}])
def test_a_guidance_without_basis_or_without_a_place_to_complain_to_is_refused(missing):
    whole = {
        "basis": ("sel:101",),
        "authority_kind": "municipality",
        "decided_on": date(2026, 11, 24),
        "presumed_arrival": date(2026, 11, 26),
        "send_to": (PLACE,),
    }
    with pytest.raises(ValueError, match="needs a legal basis and a place"):
        AppealRequest(**whole | missing)


def test_a_combination_that_the_law_does_not_have_gives_no_guidance():
    with pytest.raises(AppealTrackUnknown):
        guidance("sel:101", kind="region")
