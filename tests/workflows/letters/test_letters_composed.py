"""A letter is complete or is not made: what the law demands is named when it is missing, never repeated."""

import hashlib
from datetime import date

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.law.appeal_tracks import AppealTrackUnknown
from tests.workflows.letters.examples import EXAMPLES, letter_of, values_of
from workflows.letters.compose import compose
from workflows.letters.guidance import AppealRequest
from workflows.letters.letter import Told, as_text, canonical_content, content_hash
from workflows.letters.loader import frame, letter_template
from workflows.letters.values import LetterRefused

REASONS = ("rules", "considerations", "facts")
GUIDANCE = AppealRequest(
    basis=("sel:101",),
    authority_kind="municipality",
    decided_on=date(2026, 11, 24),
    presumed_arrival=date(2026, 11, 26),
    send_to=("Rusmiddelcentret",),
)
GIVEN_PARTS = [
    (name, version, number, part)
    for name, version, number in EXAMPLES
    for part in values_of(name, version, number)
]


def refused(name: str, number: int = 0, **changed: object) -> LetterRefused:
    with pytest.raises(LetterRefused) as found:
        letter_of(name, number=number, **changed)
    return found.value


def codes(fault: LetterRefused) -> dict[str, str]:
    return {one.part: one.code for one in fault.faults}


@pytest.mark.parametrize(("name", "version", "number", "part"), GIVEN_PARTS)
def test_without_a_part_the_letter_is_made_only_where_the_part_is_optional(name, version, number, part):
    template = letter_template(name, version)
    field = next(one for one in (*frame().fields, *template.fields) if one.name == part)
    values = values_of(name, version, number) | {part: None}
    if field.required is False:
        assert compose(template, values).sha256 != letter_of(name, version, number).sha256
        return
    with pytest.raises(LetterRefused) as found:
        compose(template, values)
    assert found.value.missing == (part,)
    assert str(found.value) == f"missing: {part}"


def test_given_a_decision_against_her_then_three_reasons_and_guidance_are_demanded_each_for_itself():
    for part in (*REASONS, "guidance"):
        assert refused("afgoerelse", 1, **{part: None}).missing == (part,)
        assert refused("afgoerelse", 1, outcome="partial", **{part: None}).missing == (part,)
    assert refused("afgoerelse", 1, rules="  ", facts="\n").missing == ("rules", "facts")


def test_given_a_fully_favourable_decision_then_neither_reasons_nor_guidance_are_demanded():
    letter = letter_of("afgoerelse", outcome="full")
    assert "klage" not in as_text(letter).lower()
    assert (letter.told, letter.guidance_version) == ((), None)


def test_given_a_favourable_decision_with_reasons_all_the_same_then_they_stand_in_it():
    assert "Serviceloven § 101" in as_text(letter_of("afgoerelse", rules="Serviceloven § 101"))


def test_given_an_adverse_decision_then_what_it_told_of_appeal_is_kept_as_facts():
    letter = letter_of("afgoerelse", number=1)
    assert letter.told == (Told("A", date(2026, 12, 28)),)
    assert letter.guidance_version == 1
    assert "28. december 2026" in as_text(letter)


@pytest.mark.parametrize("part", ["withheld", "wider_access", "guidance"])
def test_given_partial_access_then_ground_per_passage_wider_access_and_guidance_are_demanded(part):
    assert refused("aktindsigt-svar", 1, **{part: None}).missing == (part,)


def test_given_full_access_then_a_withheld_passage_has_no_place_and_is_not_lost_unseen():
    passage = [{"passage": "side 2", "ground": "§ 15", "explanation": "andres forhold"}]
    fault = refused("aktindsigt-svar", withheld=passage)
    assert codes(fault) == {"withheld": "no-place"}


def test_given_a_withheld_passage_without_a_ground_then_it_is_refused():
    fault = refused("aktindsigt-svar", 1, withheld=[{"passage": "side 2", "explanation": "andres forhold"}])
    assert codes(fault) == {"withheld": "malformed"}
    empty = [{"passage": "side 2", "ground": " ", "explanation": "andres forhold"}]
    assert codes(refused("aktindsigt-svar", 1, withheld=empty)) == {"withheld": "malformed"}


def test_given_disclosure_without_consent_then_a_named_professional_and_a_reason_are_demanded():
    without = {"professional": None, "reason": None}
    assert refused("orientering-videregivelse", 1, **without).missing == ("professional", "reason")


def test_given_a_hearing_then_it_tells_that_a_decision_may_follow_and_of_companion_and_access():
    text = as_text(letter_of("partshoering"))
    for told in ("14. december 2026", "kan vi afgøre sagen", "bisidder", "repræsentant", "aktindsigt"):
        assert told in text
    for fact in values_of("partshoering")["facts"]:
        assert all(member in text for member in fact.values())


def test_guidance_is_never_a_text_that_somebody_wrote():
    text = "Klag til Ankestyrelsen inden 4 uger."
    assert codes(refused("afgoerelse", 1, guidance=text)) == {"guidance": "malformed"}
    letter = letter_of("afgoerelse", number=1, guidance=GUIDANCE)
    assert letter.told == (Told("A", date(2026, 12, 28)),)


def test_a_combination_that_the_law_does_not_have_makes_no_letter():
    wrong = msgspec.structs.replace(GUIDANCE, authority_kind="region")
    with pytest.raises(AppealTrackUnknown):
        letter_of("afgoerelse", number=1, guidance=wrong)


def test_a_letter_to_a_representative_says_whom_it_is_about():
    text = as_text(letter_of("partshoering", number=1))
    assert "repræsentant for Østen Prøve" in text and "Bodil Repræsentant\nPrøvegade 9" in text
    assert refused("partshoering", 1, about=None).missing == ("about",)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"outcome": "hemmelig-borger"}, {"outcome": "code-unknown"}),
        ({"outcome": ["hemmelig-borger"]}, {"outcome": "malformed"}),
        ({"date": "hemmelig-borger"}, {"date": "malformed"}),
        ({"subject": "hemmelig-borger\nto linjer"}, {"subject": "malformed"}),
        ({"subject": "hemmelig-borger" * 30}, {"subject": "too-long"}),
        ({"subject": 7001014321}, {"subject": "malformed"}),
        ({"decision": "hemmelig-borger\u202e"}, {"decision": "unprintable"}),
        ({"decision": "hemmelig-borger\x00"}, {"decision": "unprintable"}),
        ({"decision": "hemmelig-borger " * 600}, {"decision": "too-long"}),
        ({"recipient": "hemmelig-borger"}, {"recipient": "malformed"}),
        ({"recipient": ["hemmelig-borger"] * 201}, {"recipient": "too-long"}),
        ({"hemmelig-borger": "x"}, {"": "unknown-part"}),
        ({"date": "2025-12-31"}, {"date": "not-in-force"}),
    ],
)
def test_a_value_that_cannot_be_used_is_named_by_its_part_and_never_repeated(changed, fault):
    found = refused("afgoerelse", **changed)
    assert codes(found) == fault
    assert "hemmelig-borger" not in str(found) and "7001014321" not in str(found)


def test_a_required_part_that_a_template_lets_vanish_is_missed_all_the_same():
    template = letter_template("partshoering", 1)
    lax = [
        msgspec.structs.replace(field, required=False) if field.name == "facts" else field
        for field in template.fields
    ]
    with pytest.raises(LetterRefused) as found:
        compose(
            msgspec.structs.replace(template, fields=tuple(lax)), values_of("partshoering") | {"facts": None}
        )
    assert found.value.missing == ("facts",)


@pytest.mark.parametrize(("name", "version", "number"), EXAMPLES)
def test_the_hash_is_over_the_canonical_content_and_stands_in_the_letter(name, version, number):
    letter = letter_of(name, version, number)
    content = msgspec.to_builtins(letter)
    del content["sha256"]
    assert canonical_content(letter) == rfc8785.dumps(content)
    assert letter.sha256 == content_hash(letter) == hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    assert as_text(letter).count(letter.sha256) == 1


@pytest.mark.parametrize("part", sorted({"unit", "caseworker", "case_number", "subject", "decision"}))
def test_another_content_is_another_hash(part):
    assert letter_of("afgoerelse", **{part: "noget andet"}).sha256 != letter_of("afgoerelse").sha256


def test_the_same_values_give_the_same_letter():
    assert letter_of("afgoerelse", number=1) == letter_of("afgoerelse", number=1)
    assert letter_of("afgoerelse", date=date(2026, 11, 24)) == letter_of("afgoerelse")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=200))
def test_whatever_is_written_stands_in_the_letter_as_it_was_written(text):
    assert text in as_text(letter_of("fristbrev", reason=text))
    for word in ("{expected}", "{limit.AKT_FVL}", "{0}", "{"):
        assert text + word in as_text(letter_of("fristbrev", reason=text + word))


def test_paragraphs_and_line_breaks_are_kept():
    text = as_text(letter_of("fristbrev", reason="Første linje\r\nanden linje\n\nnæste afsnit"))
    assert "Første linje\nanden linje\n\nnæste afsnit" in text


def test_letters_read_as_danish_where_a_phrase_is_put_in():
    told = as_text(letter_of("orientering-videregivelse", number=1))
    assert "De skal bruges til dette: at kommunen" in told and "fra din patientjournal." in told
    assert "Det besluttede Jørn Mønster, overlæge." in told
    assert "fik vi dette ved en samtale: at du" in as_text(letter_of("anmodning-bekraeftelse", number=1))
