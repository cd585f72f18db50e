"""Whatever is proposed, confirmed, doubted and ended: one main mailbox at a time, and the past stays."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.refusal import Refused
from domain.register import commands as c
from domain.register import decide as d
from domain.register.events import AuthorityRegistered, UnitRegistered
from domain.register.fold import fold
from domain.register.known import as_known
from domain.register.mailbox_events import Channel
from tests.domain.register.recorded import ANOTHER, SOMEBODY, THIRD, recorded

PURPOSE = "dual-diagnosis-handover"
UNITS = (None, "centre-1")
PEOPLE = (SOMEBODY, ANOTHER, THIRD)
HOURS = range(-2, 60)


def instant(hour: int) -> str:
    hour += 24
    return f"2026-01-{1 + hour // 24:02d}T{hour % 24:02d}:00:00.000000Z"


people = st.sampled_from(PEOPLE)
which = st.integers(0, 4)
"""How many entries back."""
entries = (
    people,
    st.sampled_from(UNITS),
    st.integers(0, 20),
    st.none() | st.integers(0, 20),
    st.none() | which,
)
acts = st.one_of(
    st.tuples(st.just("enter"), *entries),
    st.tuples(st.just("enter"), *entries),
    st.tuples(st.just("propose"), *entries),
    st.tuples(st.just("confirm"), people, which),
    st.tuples(st.just("withdraw"), people, which),
    st.tuples(st.just("doubt"), people, which, st.integers(0, 40)),
    st.tuples(st.just("propose end"), people, which, st.integers(0, 60)),
    st.tuples(st.just("confirm end"), people, which),
)


class Keeper:
    """Carries out what is drawn, an hour apart, and keeps the stream."""

    def __init__(self) -> None:
        self.stream = []
        self.ids: list[UUID] = []
        self._put(AuthorityRegistered(authority="0370", kind="municipality", name="Test", cvr=None))
        for unit in ("centre-1", "centre-2"):
            self._put(
                UnitRegistered(
                    authority="0370",
                    unit=unit,
                    kind="other",
                    name="Enhed",
                    sor=None,
                    gln=None,
                    offers_dual_diagnosis=True,
                )
            )

    def now(self) -> int:
        return len(self.stream)

    def _put(self, event, by=SOMEBODY) -> None:
        self.stream.append(recorded(event, len(self.stream) + 1, instant(self.now()), by))

    def do(self, act) -> bool:
        if act[0] == "enter":
            # As it mostly goes: another person confirms it next.
            other = PEOPLE[(PEOPLE.index(act[1]) + 1) % len(PEOPLE)]
            return self.do(("propose", *act[1:])) and self.do(("confirm", other, 0))
        try:
            event = self._decide(*act)
        except Refused:
            return False
        self._put(event, act[1])
        return True

    def _decide(self, name, by, *given):
        register, today = fold(None, self.stream), instant(self.now())[:10]
        if name == "propose":
            unit, begins, length, replaced = given
            command = c.ProposeMainMailbox(
                authority="0370",
                unit=unit,
                served_by="centre-1",
                channels=(Channel(channel="overgang-mailbox", address="post@naestved.example"),),
                receiver_kind="mixed",
                owner="centre-1",
                valid_from=instant(begins),
                valid_to=None if length is None else instant(begins + length),
                replaces=None if replaced is None else self._id(replaced),
            )
            mailbox = UUID(int=100 + len(self.ids))
            event = d.decide_propose(register, command, mailbox, PURPOSE)
            self.ids.append(mailbox)
            return event
        mailbox = self._id(given[0])
        common = {"mailbox": mailbox, "expected_version": 0}
        if name == "confirm":
            command = c.ConfirmMainMailbox(**common, evidence="letter", evidence_on=today)
            return d.decide_confirm(register, command, by, instant(self.now()))
        if name == "withdraw":
            return d.decide_withdraw_proposal(
                register, c.WithdrawMailboxProposal(**common, reason="mistyped")
            )
        if name == "doubt":
            command = c.WithdrawMailboxConfirmation(**common, reason="not-read", since=instant(given[1]))
            return d.decide_withdraw_confirmation(register, command, instant(self.now()))
        if name == "propose end":
            command = c.ProposeMailboxEnd(
                **common, valid_to=instant(given[1]), evidence="letter", evidence_on=today
            )
            return d.decide_propose_end(register, command, today)
        return d.decide_confirm_end(register, c.ConfirmMailboxEnd(**common), by)

    def _id(self, index: int) -> UUID:
        return self.ids[-1 - index % len(self.ids)] if self.ids else UUID(int=99)


def valid(register, unit, hour):
    return [
        mailbox.id
        for mailbox in register.mailboxes.values()
        if mailbox.unit == unit and mailbox.valid_at(instant(hour))
    ]


def answers(register):
    """Where a document would go, for every unit and hour."""
    return {
        (unit, hour): (found.id, found.version)
        for unit in UNITS
        for hour in HOURS
        if (found := register.main_mailbox(unit, PURPOSE, instant(hour)))
    }


@given(st.lists(acts, max_size=40))
def test_at_every_instant_at_most_one_is_valid_whatever_was_entered(drawn):
    keeper = Keeper()
    for act in drawn:
        if keeper.do(act):
            register = fold(None, keeper.stream)
            for unit in UNITS:
                for hour in HOURS:
                    assert len(valid(register, unit, hour)) <= 1


@given(st.lists(acts, max_size=40))
def test_a_confirmation_leaves_no_hour_without_one_that_had_one(drawn):
    keeper = Keeper()
    for act in drawn:
        before = answers(fold(None, keeper.stream))
        if keeper.do(act) and act[0] in ("confirm", "enter"):
            assert before.keys() <= answers(fold(None, keeper.stream)).keys()


doubts = st.one_of(
    st.tuples(st.just("confirm"), people, st.integers(0, 1)),
    st.tuples(st.just("doubt"), people, st.integers(0, 1), st.integers(0, 20)),
    st.tuples(st.just("enter"), *entries),
)


@given(st.lists(doubts, max_size=20))
def test_what_is_confirmed_again_was_not_confirmed_meanwhile(drawn):
    """What an hour that has passed was, it stays, whoever vouches for the entry again."""
    keeper = Keeper()
    keeper.do(("enter", SOMEBODY, None, 0, None, None))
    for act in drawn:
        before, now = fold(None, keeper.stream), keeper.now()
        if not keeper.do(act):
            continue
        mailbox = keeper.stream[-1].event.mailbox
        if act[0] == "confirm" and mailbox in before.mailboxes:
            was, now_is = before.mailboxes[mailbox], fold(None, keeper.stream).mailboxes[mailbox]
            passed = [instant(hour) for hour in HOURS if hour < now]
            assert [now_is.valid_at(at) for at in passed] == [was.valid_at(at) for at in passed]


@given(st.lists(acts, max_size=40))
def test_what_was_known_is_never_changed_by_what_is_registered_later(drawn):
    keeper, then = Keeper(), {}
    for act in drawn:
        keeper.do(act)
        then[keeper.now() - 1] = answers(fold(None, keeper.stream))
    for hour, known in then.items():
        assert answers(as_known(keeper.stream, instant(hour))) == known


@given(st.lists(acts, max_size=40))
def test_whoever_entered_what_is_valid_did_not_confirm_it_alone(drawn):
    keeper = Keeper()
    for act in drawn:
        keeper.do(act)
    entered, vouched = {}, {}
    for one in keeper.stream:
        if one.header.event == "main-mailbox-proposed":
            entered[one.event.mailbox] = one.header.actor
        elif one.header.event == "main-mailbox-confirmed":
            vouched[one.event.mailbox] = one.header.actor
    register = fold(None, keeper.stream)
    for mailbox in register.mailboxes:
        assert entered[mailbox] != vouched[mailbox]


@given(st.lists(acts, max_size=25), st.integers(0, 24))
def test_a_fold_taken_on_is_the_fold_of_the_whole(drawn, cut):
    keeper = Keeper()
    for act in drawn:
        keeper.do(act)
    first, rest = keeper.stream[: 1 + cut], keeper.stream[1 + cut :]
    assert fold(fold(None, first), rest) == fold(None, keeper.stream)


def test_before_anything_was_recorded_nothing_was_known():
    keeper = Keeper()
    assert as_known(keeper.stream, instant(-1)) is None
    assert as_known(keeper.stream, instant(0)).units == {}, "that instant is included"
    assert as_known(iter(keeper.stream), instant(30)) == fold(None, keeper.stream)


def test_the_examples_do_reach_what_they_are_about():
    keeper = Keeper()
    for act in (
        ("propose", SOMEBODY, None, 0, None, None),
        ("confirm", ANOTHER, 0),
        ("propose", SOMEBODY, None, 10, None, 0),
        ("confirm", THIRD, 0),
        ("doubt", SOMEBODY, 0, 4),
        ("confirm", ANOTHER, 0),
        ("propose end", SOMEBODY, 0, 30),
        ("confirm end", ANOTHER, 0),
    ):
        assert keeper.do(act), act
    register = fold(None, keeper.stream)
    assert [valid(register, None, hour) for hour in (0, 9, 10, 29, 30)] == [
        [UUID(int=100)], [UUID(int=100)], [UUID(int=101)], [UUID(int=101)], [],
    ]  # fmt: skip
    with pytest.raises(Refused):
        keeper._decide("confirm end", ANOTHER, 0)
