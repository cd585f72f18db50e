"""What is missing is asked for and answered: no return, no clock stops, and both sides read both texts."""

from tests.api.http.handover import Case, listed, note_of, opened
from tests.api.http.running import Caller
from tests.api.http.town import Town, refused

ASKED, ANSWERED = "handover-question-asked", "handover-question-answered"
QUESTION = {"concerns": ["medicin", "aftaler"], "text": "Hvem udleverer medicinen i ugen efter skiftet?"}
ANSWER = {"text": "Ambulatoriet udleverer den til og med søndag.\nDerefter gør I."}


def _text(case: Case, who: Caller, note: str) -> str:
    """A note of one section, as it is read."""
    [section] = case.open(who, document=note)["sections"].values()
    return section["text"]


def test_a_question_is_answered_and_both_sides_read_both_texts(town: Town) -> None:
    # given an opened handover of which something is missing
    case = opened(town)
    before = case.shown(town.caseworker)
    # when the centre asks
    case.take(town.caseworker, "questions", QUESTION)
    # then the sender sees which question waits, what it concerns and where its text is
    shown = case.shown(town.clinician)
    [question] = shown["questions"]
    [note] = shown["notes"]
    assert (note["event"], note["question"], note["concerns"]) == (ASKED, question, QUESTION["concerns"])
    assert _text(case, town.clinician, note["id"]) == QUESTION["text"]
    answering = next(one for one in shown["allowed_actions"] if one["command"] == "answer")
    assert answering["href"] == f"{case.path}/questions/{question}/answer"
    # and when she answers, the centre reads it, and nothing waits
    case.take(town.clinician, f"questions/{question}/answer", ANSWER)
    after = case.shown(town.caseworker)
    assert after["questions"] == []
    assert _text(case, town.caseworker, note_of(after, ANSWERED)) == ANSWER["text"]
    assert _text(case, town.clinician, note_of(after, ANSWERED)) == ANSWER["text"]
    assert _text(case, town.caseworker, note_of(after, ASKED)) == QUESTION["text"]
    # and the case stands where it stood, with the same limits
    for name in ("status", "acknowledge_by", "take_over_by", "held_by", "returned_at"):
        assert after[name] == before[name], name
    # and the readings of both texts are on the log
    readings = town.leader.get(f"{case.path}/readings").json()["items"]
    assert {note_of(after, ASKED), note_of(after, ANSWERED)} <= {one["document"] for one in readings}


def test_each_of_two_questions_has_an_answer_of_its_own(town: Town) -> None:
    case = opened(town)
    for text in ("Er der aftalt transport?", "Hvem er kontaktperson?"):
        case.take(town.caseworker, "questions", {"concerns": ["aftaler"], "text": text})
    first, second = case.shown(town.clinician)["questions"]
    answers = [
        one["href"] for one in case.shown(town.clinician)["allowed_actions"] if one["command"] == "answer"
    ]
    assert [first in answers[0], second in answers[1]] == [True, True]
    case.take(town.clinician, f"questions/{second}/answer", ANSWER)
    assert case.shown(town.caseworker)["questions"] == [first]
    assert case.refused(town.clinician, f"questions/{second}/answer", ANSWER) == "question-open"
    row = next(
        one
        for one in listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers")
        if one["id"] == case.id
    )
    assert row["questions_waiting"] == 1 and "Spørgsmål venter på svar" in row["headline"]


def test_who_asks_and_who_answers_is_settled(town: Town) -> None:
    case = opened(town)
    assert case.refused(town.clinician, "questions", QUESTION) == "wrong-side"
    case.take(town.caseworker, "questions", QUESTION)
    [question] = case.shown(town.clinician)["questions"]
    assert case.refused(town.caseworker, f"questions/{question}/answer", ANSWER) == "wrong-side"
    assert "answer" not in case.actions(town.caseworker)
    # and a question does not keep the centre from taking over
    case.take(town.caseworker, "takeover")
    case.take(town.clinician, f"questions/{question}/answer", ANSWER)


def test_what_is_wrong_with_a_question_is_told_by_its_own_members(town: Town) -> None:
    case = opened(town)
    version = town.caseworker.get(case.path).headers["ETag"]
    for body, pointer, code in (
        (QUESTION | {"concerns": ["medicin", "medicin"]}, "/concerns", "repeated"),
        (QUESTION | {"concerns": ["hemmeligt"]}, "/concerns/0", "not-listed"),
        (QUESTION | {"concerns": []}, "/concerns", "too-short"),
        (QUESTION | {"text": "   "}, "/text", "pattern"),
    ):
        problem = refused(
            town.caseworker.act(f"{case.path}/questions", version, body), 422, "validation-failed"
        )
        [error] = problem["errors"]
        assert (error["pointer"], error["code"]) == (pointer, code)
        assert "hemmeligt" not in str(problem)
