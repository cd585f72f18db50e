"""Main mailboxes in time: never two at once, ended by two persons, stopped by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.register import commands as c
from tests.journeys.cast import CENTRE, MUNICIPALITY, caseworker, clinician, secretariat
from tests.journeys.house import MORNING, refused
from tests.workflows.handlers.mailbox_support import known, registered_in, valid
from workflows.handlers.mailbox import MailboxNotFound
from workflows.handlers.mailbox_entries import confirm_mailbox_end
from workflows.ports.log import StreamConflict

DAY = timedelta(days=1)


@pytest.fixture
def registered(house):
    return registered_in(house)


@pytest.fixture
def embedded(sqlite_house):
    """Over SQLite alone, where the question is not the database's."""
    return registered_in(sqlite_house)


@pytest.mark.parametrize(
    ("begins", "ends", "clashes"),
    [
        (0, None, True),
        (-5, 1, True),
        (4, 6, True),
        (1, 2, True),
        (-5, 20, True),
        (-5, 0, False),
        (5, 9, False),
        (5, None, False),
    ],
)
def test_two_main_mailboxes_are_never_valid_at_once(embedded, begins, ends, clashes):
    embedded.mailbox(MUNICIPALITY, valid_from=MORNING, valid_to=MORNING + 5 * DAY)
    until = None if ends is None else MORNING + ends * DAY
    other = embedded.propose_mailbox(MUNICIPALITY, valid_from=MORNING + begins * DAY, valid_to=until)
    if clashes:
        assert refused(lambda: embedded.confirm_mailbox(other)) == "valid-time-overlaps"
        assert embedded.refusals_by("0000") == [("confirm-main-mailbox", "valid-time-overlaps")]
    else:
        embedded.confirm_mailbox(other)


def test_one_that_replaces_another_ends_it_by_the_same_event(registered):
    first = registered.mailbox(MUNICIPALITY)
    before = len(registered.events())
    second = registered.propose_mailbox(MUNICIPALITY, valid_from=MORNING + DAY, replaces=first)
    registered.confirm_mailbox(second)
    assert [one.header.event for one in registered.events()[before:]] == [
        "main-mailbox-proposed",
        "main-mailbox-confirmed",
    ]
    assert valid(registered, MORNING + DAY - timedelta(microseconds=1)) == first
    assert valid(registered, MORNING + DAY) == second


def test_a_mistake_is_put_right_from_its_beginning(embedded):
    wrong = embedded.mailbox(MUNICIPALITY, valid_from=MORNING)
    right = embedded.propose_mailbox(MUNICIPALITY, valid_from=MORNING, replaces=wrong)
    embedded.confirm_mailbox(right)
    assert valid(embedded, MORNING) == right


def test_one_that_replaces_another_leaves_none_after_its_end_by_no_oversight(embedded):
    first = embedded.mailbox(MUNICIPALITY)
    meanwhile = {"valid_from": MORNING + DAY, "valid_to": MORNING + 3 * DAY, "replaces": first}
    work = lambda: embedded.propose_mailbox(MUNICIPALITY, **meanwhile)  # noqa: E731
    assert refused(work) == "replacement-ends-first"
    # What comes after it is entered first, as one that replaces the same.
    after = embedded.confirm_mailbox(
        embedded.propose_mailbox(MUNICIPALITY, valid_from=MORNING + 3 * DAY, replaces=first)
    )
    between = embedded.confirm_mailbox(work())
    assert [valid(embedded, MORNING + day * DAY) for day in range(5)] == [
        first, between, between, after, after,
    ]  # fmt: skip


def test_one_that_nobody_vouches_for_leaves_nothing_to_go_on(embedded):
    first = embedded.mailbox(MUNICIPALITY)
    embedded.doubt_mailbox(first)
    embedded.clock.advance(hours=1)
    meanwhile = embedded.propose_mailbox(
        MUNICIPALITY, valid_from=MORNING + DAY, valid_to=MORNING + 3 * DAY, replaces=first
    )
    # Once the first is confirmed again, the other would leave none after it.
    embedded.confirm_mailbox(first)
    assert refused(lambda: embedded.confirm_mailbox(meanwhile)) == "replacement-ends-first"


def test_what_was_held_while_nobody_vouched_stays_so(registered):
    """Confirmed again, it is not as if nobody had doubted it: the day in between shows that it was held."""
    mailbox = registered.mailbox(MUNICIPALITY)
    registered.doubt_mailbox(mailbox)
    registered.clock.advance(days=1)
    held = registered.submit(clinician())
    registered.clock.advance(days=1)
    registered.confirm_mailbox(mailbox)
    registered.relay()
    assert registered.state(held).status == "delivered"
    assert [valid(registered, MORNING + part * DAY / 2) for part in (-1, 1, 3, 5)] == [
        mailbox, None, None, mailbox,
    ]  # fmt: skip
    # A newer evidence is no gap.
    registered.clock.advance(days=1)
    registered.confirm_mailbox(mailbox)
    assert len(known(registered).mailboxes[mailbox].gaps) == 1


def test_one_goes_on_after_another_has_stood_in_for_it(embedded):
    first = embedded.mailbox(MUNICIPALITY)
    embedded.doubt_mailbox(first)
    embedded.clock.advance(days=1)
    second = embedded.mailbox(MUNICIPALITY, valid_from=MORNING, valid_to=MORNING + 3 * DAY)
    assert refused(lambda: embedded.confirm_mailbox(first)) == "valid-time-overlaps"
    embedded.clock.advance(days=3)
    for _ in range(2):
        # Again, on newer evidence: what stood in for it is not in the way.
        embedded.confirm_mailbox(first)
        embedded.clock.advance(hours=1)
    assert [valid(embedded, MORNING + day * DAY) for day in (-1, 0, 2, 3, 4)] == [
        first, second, second, None, first,
    ]  # fmt: skip


def test_what_replaces_another_is_of_the_same_place(embedded):
    of_unit = embedded.mailbox(MUNICIPALITY, CENTRE)
    work = lambda: embedded.propose_mailbox(MUNICIPALITY, replaces=of_unit)  # noqa: E731
    assert refused(work) == "replaces-unknown"


def test_after_the_end_of_one_the_next_begins(registered):
    first = registered.mailbox(MUNICIPALITY)
    registered.end_mailbox(first, MORNING + DAY)
    second = registered.mailbox(MUNICIPALITY, valid_from=MORNING + DAY)
    for moment, expected in (
        (MORNING, first),
        (MORNING + DAY - timedelta(microseconds=1), first),
        (MORNING + DAY, second),
    ):
        assert valid(registered, moment) == expected


def test_an_end_takes_two_persons_too(embedded):
    mailbox, somebody = embedded.mailbox(MUNICIPALITY), secretariat()
    embedded.propose_end(mailbox, MORNING + DAY, by=somebody)
    assert valid(embedded, MORNING + 2 * DAY) == mailbox
    command = c.ConfirmMailboxEnd(mailbox=mailbox, expected_version=embedded.version_of(mailbox))
    work = lambda by: confirm_mailbox_end(embedded.services, embedded.as_(by), command)  # noqa: E731
    assert refused(lambda: work(somebody)) == "same-person"
    work(secretariat())
    assert valid(embedded, MORNING + 2 * DAY) is None
    assert refused(lambda: work(secretariat())) == "nothing-proposed"


def test_an_end_comes_after_the_beginning_and_is_never_moved_later(registered):
    mailbox = registered.mailbox(MUNICIPALITY, valid_from=MORNING)
    assert refused(lambda: registered.end_mailbox(mailbox, MORNING)) == "valid-time-empty"
    registered.end_mailbox(mailbox, MORNING + 3 * DAY)
    assert refused(lambda: registered.end_mailbox(mailbox, MORNING + 4 * DAY)) == "valid-time-empty"
    registered.end_mailbox(mailbox, MORNING + 2 * DAY)
    with pytest.raises(MailboxNotFound):
        registered.end_mailbox(uuid4(), MORNING)


def test_a_handover_keeps_the_mailbox_it_went_to_after_that_has_ended(registered):
    mailbox = registered.mailbox(MUNICIPALITY)
    handover = registered.submit(clinician())
    registered.end_mailbox(mailbox, registered.clock.now() + timedelta(seconds=1))
    registered.clock.advance(days=1)
    assert registered.show(caseworker(), mailbox).listed[0].row.handover == handover
    registered.open(caseworker(), handover)
    registered.take_over(caseworker(), handover)


def test_one_person_is_enough_to_stop_and_two_to_go_on(registered):
    somebody = secretariat()
    mailbox = registered.confirm_mailbox(registered.propose_mailbox(MUNICIPALITY, by=somebody))
    registered.doubt_mailbox(mailbox, by=somebody)
    held = registered.submit(clinician())
    assert registered.state(held).held_reason == "no-main-mailbox"
    assert refused(lambda: registered.doubt_mailbox(mailbox)) == "not-confirmed"
    # Nor may the one who entered it let it go on.
    assert refused(lambda: registered.confirm_mailbox(mailbox, by=somebody)) == "same-person"
    registered.confirm_mailbox(mailbox)
    registered.relay()
    assert registered.state(held).status == "delivered"


def test_a_doubt_may_reach_back_but_not_ahead(embedded):
    mailbox = embedded.mailbox(MUNICIPALITY)
    work = lambda: embedded.doubt_mailbox(mailbox, since=MORNING + DAY)  # noqa: E731
    assert refused(work) == "date-in-future", "what is to end later on is an end, and takes two"
    embedded.doubt_mailbox(mailbox, since=MORNING - DAY)
    assert valid(embedded, MORNING - DAY) is None
    assert valid(embedded, MORNING - 2 * DAY) == mailbox


def test_another_may_take_the_place_of_one_that_nobody_vouches_for(embedded):
    first = embedded.mailbox(MUNICIPALITY)
    embedded.doubt_mailbox(first)
    second = embedded.mailbox(MUNICIPALITY, valid_from=MORNING)
    assert valid(embedded) == second
    assert refused(lambda: embedded.confirm_mailbox(first)) == "valid-time-overlaps"


def test_confirmations_at_once_clash_or_conflict_and_never_both_stand(registered):
    proposed = [registered.propose_mailbox(MUNICIPALITY) for _ in range(6)]

    def one(mailbox):
        try:
            return registered.confirm_mailbox(mailbox)
        except StreamConflict:
            return None
        except Exception as error:
            return getattr(error, "code", error)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, proposed))
    [standing] = known(registered).mailboxes
    assert all(answer in (None, "valid-time-overlaps", standing) for answer in answers)
