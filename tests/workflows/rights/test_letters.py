"""Rights kept by letters: composed, gated, sealed as sent, posted, proven to have arrived (FVL §§19-25)."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import msgspec
import pytest

from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.rights.access import AccessRequested
from domain.rights.complaints import ComplaintForwarded, ComplaintReceived
from domain.rights.decisions import DecisionDrafted, DecisionMade
from domain.rights.hearing import HearingAnswered, HearingOmitted, HearingSent, StatementMade
from domain.rights.letter_commands import Dispatch, SendLetter, Signature
from domain.rights.letters import LetterArrived, LetterSent
from domain.rights.verdict import State
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from tests.workflows.rights.decisions import ending
from workflows.delivery.letters import take_receipts
from workflows.handlers.letters import preview_letter, send_letter
from workflows.handlers.rights import verdicts_of
from workflows.letters.digital_post.read import read_memo
from workflows.letters.for_rights import as_written
from workflows.letters.letter import as_text
from workflows.letters.values import LetterRefused
from workflows.ports.post import PostReceipt

SIGNATURE = Signature(caseworker="Kim Larsen", title="sagsbehandler", contact=("telefon 00 00 00 00",))
REFUSED = {
    "subject": "social stofmisbrugsbehandling",
    "decision": "Vi afslutter behandlingen.",
    "rules": "Serviceloven § 101.",
    "considerations": "Regionen har ansvaret nu.",
    "facts": "Regionen har visiteret dig.",
}
HEARING = {
    "subject": "social stofmisbrugsbehandling",
    "facts": [{"fact": "Du mødte ikke til tre samtaler.", "source": "ambulatoriet", "weight": "stor"}],
}


class Folder:
    """Digital Post as the folder has it: what was put, and what comes back."""

    def __init__(self):
        self.put_in: dict[UUID, bytes] = {}
        self.waiting: list[PostReceipt] = []
        self.aside: list[str] = []

    def put(self, message, content):
        self.put_in[message] = content

    def receipts(self):
        return tuple(self.waiting)

    def done(self, name):
        self.waiting = [one for one in self.waiting if one.name != name]

    def set_aside(self, name):
        self.aside.append(name)
        self.done(name)


@pytest.fixture
def house(sqlite_house):
    sqlite_house.two_authorities()
    sqlite_house.authority(MUNICIPALITY, cvr="29189625")
    sqlite_house.post = Folder()
    sqlite_house.services = msgspec.structs.replace(sqlite_house.services, post=sqlite_house.post)
    return sqlite_house


@pytest.fixture
def case(house):
    handover = house.submit(clinician())
    house.open(caseworker(), handover)
    return handover


def _asked(right, values, way):
    return SendLetter(right=right, values=values, signature=SIGNATURE, dispatch=Dispatch(way=way))


def send(house, right, values, way="digital-post", actor=None):
    return send_letter(house.services, house.as_(actor or caseworker()), _asked(right, values, way))


def previewed(house, right, values, way="in-person"):
    return preview_letter(house.services, house.as_(caseworker()), _asked(right, values, way))


def _drafted(house, handover):
    house.right(caseworker(), sample(DecisionDrafted, handover=handover, kind="ending", adverse=True))


def _events(house, kind):
    return [one for one in house.events() if isinstance(one.event, kind)]


def test_an_adverse_decision_without_a_hearing_is_refused_and_nothing_is_sent(house, case):
    _drafted(house, case)
    with pytest.raises(Refused) as refused:
        send(house, ending(case), REFUSED)
    assert refused.value.code == "hearing"
    assert not _events(house, LetterSent)


def test_heard_and_answered_the_decision_goes_with_guidance_in_the_right_track(house, case):
    # given a hearing letter that she has answered
    _drafted(house, case)
    hearing = sample(HearingSent, handover=case, answer_by="2026-12-08", assertions=("risiko",))
    send(house, hearing, HEARING)
    with pytest.raises(Refused):
        send(house, ending(case), REFUSED)  # her time is not up, and she has not answered
    house.clock.advance(minutes=5)
    house.right(caseworker(), sample(HearingAnswered, handover=case), text="Jeg var syg.")
    # when the decision goes
    house.clock.advance(minutes=5)
    send(house, ending(case), REFUSED)
    # then it has the three parts of its reasons, guidance in track A, and a cautious last date
    [made] = _events(house, DecisionMade)
    assert (made.event.reasons_rules, made.event.reasons_considerations, made.event.reasons_facts) == (
        True,
        True,
        True,
    )
    assert made.event.guidance == ("a",)
    sent = _events(house, LetterSent)[-1]
    assert sent.event.track == "a" and sent.event.told_last_date >= "2026-12-21"
    assert made.event.written.document_id == sent.event.letter
    found = {one.rule: one.state for one in verdicts_of(house.services, case, MUNICIPALITY, _now(house))}
    for rule in ("hearing", "reasons", "appeal-guidance", "told-last-date", "access-holds-decision"):
        assert found[rule] is State.FULFILLED, rule
    assert found["decision-arrival"] is State.PENDING


def _now(house):
    return to_instant(house.clock.now())


def test_reasons_in_three_parts_are_required_by_the_letter_itself(house, case):
    _drafted(house, case)
    values = {key: value for key, value in REFUSED.items() if key != "considerations"}
    with pytest.raises(LetterRefused) as refused:
        send(house, ending(case), values)
    assert "considerations" in refused.value.missing


def test_a_request_for_access_holds_the_decision(house, case):
    house.right(caseworker(), sample(AccessRequested, handover=case))
    house.clock.advance(minutes=1)
    full = ending(case, kind="grant", outcome="full", adverse=False)
    values = {"subject": "behandling", "decision": "Du får behandling."}
    send(house, full, values)  # one step for a fully favourable decision (FVL §9b(2))
    other = sample(DecisionDrafted, handover=case, decision=matter("decision", 2), adverse=True)
    house.right(caseworker(), other)
    said = sample(StatementMade, handover=case, decision=matter("decision", 2))
    house.right(caseworker(), said, text="Det er jeg enig i.")
    house.clock.advance(minutes=1)
    with pytest.raises(Refused) as refused:
        send(house, ending(case, decision=matter("decision", 2), agreed=True), REFUSED)
    assert refused.value.code == "access-holds-decision"


def test_claimed_without_a_letter_it_is_refused_and_as_a_fact_it_is_judged(house, case):
    _drafted(house, case)
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), ending(case))
    assert refused.value.code == "letter-missing"
    # a paper letter that went out and is registered afterwards is never refused
    house.right(caseworker(), ending(case, outside=True))
    found = {one.rule: one.state for one in verdicts_of(house.services, case, MUNICIPALITY, _now(house))}
    assert found["hearing"] is State.VIOLATED


def test_by_digital_post_it_goes_out_and_its_receipt_proves_arrival_once(house, case):
    _drafted(house, case)
    send(house, sample(HearingSent, handover=case, answer_by="2026-12-08"), HEARING)
    house.relay()
    # then the message lies in the folder with her number, and no number in its title
    [(letter, content)] = house.post.put_in.items()
    memo = read_memo(content)
    assert memo.recipient.value == "7001014321"
    assert (memo.media_type, memo.content[:5]) == ("application/pdf", b"%PDF-")
    # when the receipt comes, twice
    arrived = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
    for name in ("one", "two"):
        house.post.waiting.append(
            PostReceipt(name=name, letter=letter, receipt_id="A-1", available_at=arrived, failed=False)
        )
    stranger = PostReceipt(
        name="three", letter=matter("letter"), receipt_id=None, available_at=arrived, failed=False
    )
    house.post.waiting.append(stranger)
    assert take_receipts(house.services) == 1
    # then it has arrived once, at its own time; what is about no letter of ours is kept aside
    [event] = _events(house, LetterArrived)
    assert event.header.occurred_at == "2026-11-23T09:20:00.000000Z"
    assert event.event.receipt == "A-1"
    assert house.post.aside == ["three"] and not house.post.waiting


def test_a_preview_sends_nothing(house, case):
    _drafted(house, case)
    command = SendLetter(
        right=sample(HearingSent, handover=case, answer_by="2026-12-08"),
        values=HEARING,
        signature=SIGNATURE,
        dispatch=Dispatch(way="in-person"),
    )
    letter = preview_letter(house.services, house.as_(caseworker()), command)
    assert "8. december 2026" in as_text(letter) and "Kim Larsen" in as_text(letter)
    assert not _events(house, LetterSent)


def test_a_letter_as_sent_is_read_again(house, case):
    _drafted(house, case)
    send(house, sample(HearingSent, handover=case, answer_by="2026-12-08"), HEARING, way="in-person")
    [sent] = _events(house, HearingSent)
    read = house.open(caseworker(), case, purpose="rights", paper=sent.event.written.document_id)
    assert "8. december 2026" in read.document["sections"]["letter"]["text"]


def test_a_registered_letter_says_who_carries_it(house, case):
    _drafted(house, case)
    hearing = sample(HearingSent, handover=case, answer_by="2026-12-08", assertions=("risiko",))
    with pytest.raises(Refused) as refused:
        send(house, hearing, HEARING, way="registered-letter")
    assert refused.value.code == "carrier-missing"
    assert "hvem der bringer brevet ud" in refused.value.detail_da


@pytest.mark.parametrize(("step", "noted"), [("forwarded-late", True), ("forwarded", False)])
def test_the_log_says_of_lateness_what_the_letter_says(step, noted):
    right = sample(ComplaintForwarded, lateness_noted=not noted)
    written = as_written(right, SimpleNamespace(told=()), {"step": step})
    assert written.lateness_noted is noted


def test_a_hearing_does_not_end_before_its_letter_can_have_arrived(house, case):
    _drafted(house, case)
    command = SendLetter(
        right=sample(HearingSent, handover=case, answer_by="2026-11-27"),
        values=HEARING,
        signature=SIGNATURE,
        dispatch=Dispatch(way="registered-letter", carrier="dao"),
    )
    with pytest.raises(Refused) as refused:
        send_letter(house.services, house.as_(caseworker()), command)
    assert refused.value.code == "hearing-too-short"
    assert not _events(house, LetterSent)


def test_an_ending_that_is_said_not_to_go_against_her_needs_a_hearing_all_the_same(house, case):
    _drafted(house, case)
    with pytest.raises(Refused) as refused:
        send(house, ending(case, adverse=False), REFUSED)
    assert refused.value.code == "hearing"


def test_a_complaint_is_late_by_the_log_and_not_by_what_somebody_says_of_it(house, case):
    # given a decision that went out today, whose letter tells a last date weeks from now
    full = ending(case, kind="grant", outcome="partial", adverse=False)
    house.right(caseworker(), sample(DecisionDrafted, handover=case, kind="grant", adverse=False))
    house.right(caseworker(), sample(HearingOmitted, handover=case), text="Hun kender oplysningerne.")
    send(house, full, REFUSED, way="in-person")
    # when her complaint is registered as a late one
    house.clock.advance(minutes=5)
    late = sample(
        ComplaintReceived, handover=case, decision=full.decision, track="a", urgent=False, late=True
    )
    house.right(caseworker(), late)
    # then it is not, and the four weeks of the reconsideration run
    [received] = _events(house, ComplaintReceived)
    assert received.event.late is False
    found = {one.rule: one.state for one in verdicts_of(house.services, case, MUNICIPALITY, _now(house))}
    assert found["reconsideration"] is State.PENDING and "late-complaint" not in found
