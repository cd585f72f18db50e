"""The citizen's comment on an assertion goes where the assertion goes, under versions that have it."""

from domain.document.loader import get_template
from domain.document.render import plain_text
from tests.domain.document.versions import faults, validated

FIRST = get_template("overgangsdokument", 1)
SECOND = get_template("overgangsdokument", 2)
COMMENTED = [{"id": "a1", "text": "Mødte ikke op.", "citizen_comment": " Jeg var indlagt.\nDet ved I godt. "}]


def test_a_comment_stays_with_its_assertion_in_the_document_and_before_the_reader() -> None:
    document = validated(SECOND, {"risiko.assertions": COMMENTED}).as_document()
    [kept] = document["sections"]["risiko"]["assertions"]
    assert kept["citizen_comment"] == "Jeg var indlagt.\nDet ved I godt."
    text = plain_text(document, SECOND, audience="authority")
    assert (
        "  - [a1] Mødte ikke op. (kilde: faglig vurdering)\n"
        "    Borgerens bemærkning: Jeg var indlagt.\n"
        "      Det ved I godt.\n"
    ) in text


def test_a_comment_is_checked_like_the_assertion_itself() -> None:
    place = "/sections/risiko/assertions/0/citizen_comment"
    for comment, code in (
        ("", "blank"),
        ("a\x00b", "control-character"),
        (7, "wrong-type"),
        ("x" * 4001, "too-long"),
    ):
        stated = [{"text": "x", "citizen_comment": comment}]
        assert faults(SECOND, {"risiko.assertions": stated}) == {(code, place)}


def test_the_first_version_knows_no_comments() -> None:
    unknown = ("unknown-member", "/sections/risiko/assertions/0")
    assert faults(FIRST, {"risiko.assertions": COMMENTED}) == {unknown}


def test_a_comment_is_no_fact() -> None:
    facts = validated(SECOND, {"risiko.assertions": COMMENTED}).facts
    assert not any("comment" in key or "indlagt" in str(value) for key, value in facts.items())
