"""The verdicts over a case, an authority and the log, at any index and moment (audit-log.md E2)."""

import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest

from audit.log.entry import decode_entry
from audit.replay import source
from audit.replay.merkle import Tree
from audit.replay.replay import BeyondTheLog, UnknownHandover
from audit.replay.source import StoredLog
from audit.verdicts.checks import violations
from audit.verdicts.rights import Rights, ask, head
from domain.course.events import TreatmentStarted
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover.events import DocumentRead
from domain.handover.steps import HandoverQuestionAsked, Note
from domain.handover.streams import facts_of, readings_of, register_of
from domain.law.loader import calendars_hash, rules_hash
from domain.rights.access import AccessGiven, AccessRequested
from domain.rights.decisions import ApplicationReceived
from domain.rights.disclosure import ConsentGiven, ConsentWithdrawn
from domain.rights.verdict import State
from tests.audit.verdicts.questions import answered, of_rule, rights_of, summed
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, REGION, caseworker, clinician
from tests.journeys.house import House
from tests.journeys.papers import cpr, document
from workflows.handlers.rights import verdicts_of
from workflows.ports.log import Append, NewEvent

ASKED = datetime(2026, 11, 23, 11, tzinfo=UTC)
"""A request that came this Monday must be answered by Wednesday 2 December (seven working days)."""
LAST_DAY = "2026-12-02T22:59:59.999999Z"
DAY_AFTER = "2026-12-02T23:00:00.000000Z"


@pytest.fixture
def case(house):
    """A case that the municipality has taken over."""
    handover = house.submit(clinician(), document(cpr(1)))
    house.open(caseworker(), handover)
    house.take_over(caseworker(), handover)
    return handover


def request(house, handover, number=1, at=ASKED, by=None):
    house.clock.set(max(house.clock.now(), at))
    event = sample(AccessRequested, handover=handover, request=matter("request", number), regime="fvl")
    house.right(by or caseworker(), event, at)


def give(house, handover, at, number=1):
    house.clock.set(max(house.clock.now(), at))
    given = sample(AccessGiven, handover=handover, request=matter("request", number), outside=True)
    house.right(caseworker(), given, at)


@pytest.mark.parametrize(("as_of", "state"), [(LAST_DAY, State.PENDING), (DAY_AFTER, State.VIOLATED)])
def test_given_a_request_when_nobody_answers_then_it_waits_to_the_last_day_and_is_broken_the_day_after(
    house, case, as_of, state
):
    request(house, case)
    [row] = of_rule(answered(house, as_of=as_of), "access-fvl")
    assert (row.state, row.authority, row.trigger_event) == (state, MUNICIPALITY, "access-requested")
    assert str(row.strict) == str(row.lenient) == "2026-12-02"
    # Provable absence: nothing on the whole log up to its last entry has closed it.
    assert (row.closed_by, row.nothing_until) == (None, house.log.length() - 1)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2026-12-21T22:59:59.999999Z", State.PENDING), ("2026-12-21T23:00:00.000000Z", State.VIOLATED)],
)
def test_given_a_published_time_of_decision_then_the_log_is_judged_by_what_stood_on_the_day(
    house, case, as_of, state
):
    house.publish_time(MUNICIPALITY, "sel:101", 4, "weeks", valid_from="2026-01-01")
    house.clock.set(ASKED)
    applied = sample(ApplicationReceived, handover=case, decision=matter("decision"), legal_basis="sel:101")
    house.right(caseworker(), applied)
    house.clock.advance(days=1)
    house.publish_time(MUNICIPALITY, "sel:101", 9, "weeks", valid_from="2026-01-01")
    [row] = of_rule(answered(house, as_of=as_of), "processing-time")
    assert (str(row.strict), row.state, row.reason) == ("2026-12-21", state, None)
    [live] = of_rule(verdicts_of(house.services, case, MUNICIPALITY, as_of), "processing-time")
    assert (live.strict, live.state) == (row.strict, row.state)


def test_given_it_was_answered_then_the_entry_that_closed_it_is_named(house, case):
    request(house, case)
    give(house, case, datetime(2026, 12, 1, 12, tzinfo=UTC))
    [row] = of_rule(answered(house, as_of=DAY_AFTER), "access-fvl")
    assert (row.state, row.closing_event, row.nothing_until) == (State.FULFILLED, "access-given", None)
    assert row.closed_outside, "it rests on the word of whoever registered it, and when"
    assert row.closed_recorded_at == house.events()[-1].header.recorded_at
    assert row.closed_by == house.log.length() - 1


def test_given_an_earlier_index_then_what_came_later_was_not_known(house, case):
    request(house, case)
    known = house.log.length() - 1
    give(house, case, datetime(2026, 12, 1, 12, tzinfo=UTC))
    [then] = of_rule(answered(house, at_index=known, as_of=DAY_AFTER), "access-fvl")
    [now] = of_rule(answered(house, as_of=DAY_AFTER), "access-fvl")
    assert (then.state, then.nothing_until) == (State.VIOLATED, known)
    assert now.state is State.FULFILLED


def test_an_index_alone_asks_at_the_moment_of_its_entry(house, case):
    request(house, case)
    known = house.log.length() - 1
    house.clock.advance(days=60)
    with StoredLog(house.database).snapshot() as log:
        asked = ask(log, to_instant(house.clock.now()), at_index=known)
        assert asked.as_of == house.log.at([known])[known].header.recorded_at
        assert asked.at_index == known


def test_the_same_question_has_the_same_answer_though_the_log_has_grown(house, case):
    request(house, case)
    asked = {"at_index": house.log.length() - 1, "as_of": DAY_AFTER}

    def answer():
        with StoredLog(house.database).snapshot() as log:
            found = ask(log, "2030-01-01T00:00:00.000000Z", **asked)
            about = head(found, log.root(found.at_index))
            return about, [row for each in Rights(log, found).cases() for row in each.rows]

    before = answer()
    give(house, case, datetime(2026, 12, 1, 12, tzinfo=UTC))
    house.submit(clinician(), document(cpr(2)))
    assert answer() == before
    about, _ = before
    assert (about.rules, about.calendars, about.register_version) == (rules_hash(), calendars_hash(), 1)


def test_the_root_hash_of_the_head_is_that_of_the_entries_up_to_the_index(house, case):
    request(house, case)
    tree, roots = Tree(), []
    with StoredLog(house.database).snapshot() as log:
        for page in log.pages():
            for row in page:
                tree.append(row.leaf)
                roots.append(tree.root().hex())
        assert [log.root(index) for index in range(len(roots))] == roots
        assert log.root(-1) == Tree().root().hex()


def test_a_case_and_an_authority_see_their_own(house, case):
    other = house.submit(clinician(), document(cpr(2)))
    request(house, case)
    request(house, other, number=2, by=clinician())
    whole = answered(house, as_of=DAY_AFTER)
    of_case = answered(house, handover=case, as_of=DAY_AFTER)
    of_town = answered(house, authority=MUNICIPALITY, as_of=DAY_AFTER)
    of_region = answered(house, authority=REGION, handover=other, as_of=DAY_AFTER)
    assert of_case == [row for row in whole if row.handover == case]
    assert of_town == [row for row in whole if row.authority == MUNICIPALITY]
    assert of_region == [row for row in whole if (row.authority, row.handover) == (REGION, other)]
    assert {row.handover for row in whole} == {case, other}
    assert of_rule(of_region, "access-fvl")


def test_the_auditor_judges_each_authority_as_its_own_guard_did(house, case):
    """What only the other authority's lane says was not known to whoever acted."""
    request(house, case)
    house.right(caseworker(), sample(ConsentWithdrawn, handover=case, scope="disclosure"))
    for authority in (MUNICIPALITY, REGION):
        for as_of in (LAST_DAY, DAY_AFTER):
            own = verdicts_of(house.services, case, authority, as_of)
            rows = answered(house, handover=case, authority=authority, as_of=as_of)
            assert [(one.rule, one.state, one.strict) for one in own] == [
                (row.rule, row.state, row.strict) for row in rows
            ]


def test_given_treatment_began_late_then_the_entry_that_ended_the_clock_is_named(house, case):
    house.clock.advance(days=20)
    house.record(caseworker(), TreatmentStarted(handover=case, authority=MUNICIPALITY, provisional=False))
    [row] = of_rule(answered(house), "start-municipality")
    assert (row.state, row.trigger_event) == (State.FULFILLED_LATE, "handover-delivered")
    assert (row.closing_event, row.closed_by) == ("treatment-started", house.log.length() - 1)


def read_for_no_purpose(house, case):
    """A reading that no guard let through: without a purpose that is known."""
    state = house.state(case)
    new = NewEvent(
        decided=Decided(event=DocumentRead(handover=case, document_id=state.document_id)),
        stream=readings_of(case),
        expected_version=None,
        controller=MUNICIPALITY,
        visible_to=(MUNICIPALITY,),
        purpose="curiosity",
        legal_basis=(),
        subjects=(state.receiver_key,),
    )
    [read] = house.log.append(Append(events=(new,), actor=caseworker(), correlation_id=uuid4()))
    assert decode_entry(read.entry).header.purpose == "curiosity"
    return read


def test_what_an_entry_shows_by_itself_stands_beside_as_violated_with_its_basis(house, case):
    read = read_for_no_purpose(house, case)
    for scope in ({}, {"handover": case}, {"authority": MUNICIPALITY}):
        [row] = of_rule(answered(house, **scope), "read-without-purpose")
        assert (row.state, row.kind, row.trigger) == (State.VIOLATED, "check", read.header.position)
        assert (row.basis, row.handover) == (("gdpr:15", "gdpr:32"), case)
    assert of_rule(answered(house, authority=REGION), "read-without-purpose") == []
    # The replay finds the same.
    assert [one.code for one in violations(house.events())] == ["read-without-purpose"]
    counts = summed(house)
    assert counts.not_kept == counts.by_state["violated"] == 1
    assert msgspec.to_builtins(counts)["by_authority"][MUNICIPALITY]["violated"] == 1


def test_the_summary_counts_late_as_not_kept(house, case):
    request(house, case)
    give(house, case, datetime(2026, 12, 3, 12, tzinfo=UTC))
    counts = summed(house)
    assert counts.by_rule["access-fvl"] == {"fulfilled-late": 1}
    assert counts.not_kept == 1


def test_a_moment_before_the_case_has_no_verdicts(house, case):
    request(house, case)
    assert answered(house, as_of="2026-11-22T10:00:00.000000Z") == []


def test_an_unknown_case_and_an_index_beyond_the_log(house, case):
    with StoredLog(house.database).snapshot() as log:
        with pytest.raises(UnknownHandover):
            rights_of(house, log, handover=uuid4())
        with pytest.raises(BeyondTheLog):
            rights_of(house, log, at_index=house.log.length())


def test_an_empty_log_has_an_answer(sqlite_store):
    house = House(sqlite_store)
    with StoredLog(house.database).snapshot() as log:
        answer = rights_of(house, log)
        assert (list(answer.cases()), answer.loose()) == ([], ())
        assert ask(log, to_instant(house.clock.now())).at_index == -1


def test_memory_does_not_grow_with_the_verdicts(house, case, monkeypatch):
    """Nothing but the case in hand and a page is held: twelve cases take no more than three."""
    monkeypatch.setattr(source, "PAGE", 8)

    def peak():
        with StoredLog(house.database).snapshot() as log:
            tracemalloc.start()
            judged = sum(len(found.rows) for found in rights_of(house, log, as_of=DAY_AFTER).cases())
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert judged > 3
            return found

    def more(first, last):
        for number in range(first, last):
            handover = house.submit(clinician(), document(cpr(number)))
            request(house, handover, number=number, by=clinician())

    more(2, 4)
    peak()  # what is made once and kept
    few = peak()
    more(4, 13)
    assert peak() < 1.5 * few


def ask_without_asking_her(house, case):
    """A question of the municipality's that no guard asked about."""
    state = house.state(case)
    new = NewEvent(
        decided=Decided(
            event=HandoverQuestionAsked(
                question=matter("question"),
                sections=("medicin",),
                note=Note(document_id=matter("note"), document_sha256="0" * 64),
                waiting=1,
            )
        ),
        stream=case,
        expected_version=state.version + 1,
        controller=MUNICIPALITY,
        visible_to=(MUNICIPALITY, REGION),
        purpose="handover",
        legal_basis=(),
        subjects=(state.receiver_key,),
    )
    house.log.append(Append(events=(new,), actor=caseworker(), correlation_id=uuid4()))


def tell_back_without_asking_her(house, case):
    """How it goes after the take-over, told the sender, and no guard asked about it."""
    new = NewEvent(
        decided=Decided(event=TreatmentStarted(handover=case, authority=MUNICIPALITY, provisional=False)),
        stream=facts_of(case),
        expected_version=None,
        controller=MUNICIPALITY,
        visible_to=(MUNICIPALITY, REGION),
        purpose="handover",
        legal_basis=(),
        subjects=(house.state(case).receiver_key,),
    )
    house.log.append(Append(events=(new,), actor=caseworker(), correlation_id=uuid4()))


@pytest.mark.parametrize("consented", [True, False])
def test_a_case_alone_shows_what_the_whole_log_shows_of_it(house, consented):
    """What was asked, and told back, on her consent, which lies in a lane and not among the steps."""
    handover = house.submit(
        clinician(),
        document(cpr(1), samtykke__basis="sul-43-2-2", samtykke__exception_reason="danger-to-life"),
    )
    if consented:
        for scope in ("collection", "back-reporting"):
            consent = {"consent": matter(scope), "scope": scope, "lapses_on": None}
            given = sample(ConsentGiven, handover=handover, **consent)
            house.right(caseworker(), given)
    house.open(caseworker(), handover)
    ask_without_asking_her(house, handover)
    house.take_over(caseworker(), handover)
    tell_back_without_asking_her(house, handover)
    with StoredLog(house.database).snapshot() as log:
        alone = rights_of(house, log).case(handover).rows
        [whole] = [one.rows for one in rights_of(house, log).cases() if one.handover == handover]
    assert alone == whole
    for check in ("asked-without-consent", "told-back-without-consent"):
        assert bool(of_rule(list(alone), check)) is not consented


def test_a_page_of_cases_is_judged_as_each_alone_and_reads_a_shared_register_once(house, case, monkeypatch):
    # given more cases of the same parties, and a reading of one of them without a purpose
    page = [case, *(house.submit(clinician(), document(cpr(number))) for number in (2, 3))]
    read_for_no_purpose(house, page[1])
    read, stream = [], source.Snapshot.stream

    def noted(log, one, until=None):
        read.append(one)
        return stream(log, one, until)

    monkeypatch.setattr(source.Snapshot, "stream", noted)
    with StoredLog(house.database).snapshot() as log:
        alone = [rights_of(house, log).case(one) for one in page]
        of_one = Counter(read)[register_of(MUNICIPALITY)] // len(page)
        read.clear()
        together = list(rights_of(house, log).these(page))
    assert together == alone
    assert [bool(of_rule(list(one.rows), "read-without-purpose")) for one in together] == [False, True, False]
    assert of_one == Counter(read)[register_of(MUNICIPALITY)] > 0
