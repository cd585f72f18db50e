"""Main mailboxes in time: at most one valid at an instant, and valid_to is exclusive."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.register.mailbox import MainMailbox
from domain.register.state import Register

PURPOSE = "dual-diagnosis-handover"


def _instant(hour: int) -> str:
    return f"2026-01-{1 + hour // 24:02d}T{hour % 24:02d}:00:00.000000Z"


def _mailbox(number: int, unit: str | None, begins: int, ends: int | None) -> MainMailbox:
    return MainMailbox(
        id=UUID(int=number),
        version=number,
        authority="0370",
        unit=unit,
        served_by=unit or "centre-1",
        purpose=PURPOSE,
        channel="overgang-mailbox",
        address="hovedpostkasse@naestved.example",
        valid_from=_instant(begins),
        valid_to=None if ends is None else _instant(ends),
    )


def _register(mailboxes: list[MainMailbox]) -> Register:
    return Register(
        authority="0370",
        kind="municipality",
        name="Næstved Kommune",
        cvr=None,
        version=len(mailboxes),
        mailboxes={mailbox.id: mailbox for mailbox in mailboxes},
    )


spans = st.tuples(
    st.sampled_from((None, "centre-1")), st.integers(0, 40), st.none() | st.integers(1, 20)
).map(lambda span: (span[0], span[1], None if span[2] is None else span[1] + span[2]))


@given(st.lists(spans, max_size=12))
def test_whatever_is_entered_no_two_are_valid_at_once(wanted):
    accepted: list[MainMailbox] = []
    for number, (unit, begins, ends) in enumerate(wanted):
        new = _mailbox(number, unit, begins, ends)
        clash = _register(accepted).overlapping(unit, PURPOSE, new.valid_from, new.valid_to)
        together = [
            hour
            for hour in range(62)
            for other in accepted
            if other.unit == unit and other.valid_at(_instant(hour)) and new.valid_at(_instant(hour))
        ]
        assert (clash is not None) == bool(together)
        if clash is None:
            accepted.append(new)
    register = _register(accepted)
    for hour in range(62):
        for unit in (None, "centre-1"):
            valid = [one for one in accepted if one.unit == unit and one.valid_at(_instant(hour))]
            assert len(valid) <= 1
            assert register.main_mailbox(unit, PURPOSE, _instant(hour)) == (valid[0] if valid else None)


@given(st.integers(0, 40), st.integers(1, 20))
def test_it_is_valid_from_its_beginning_to_just_before_its_end(begins, length):
    mailbox = _mailbox(1, None, begins, begins + length)
    assert mailbox.valid_at(_instant(begins))
    assert not mailbox.valid_at(_instant(begins + length))
    if begins:
        assert not mailbox.valid_at(_instant(begins - 1))


def test_another_purpose_is_another_mailbox():
    register = _register([_mailbox(1, None, 0, None)])
    assert register.main_mailbox(None, "something-else", _instant(5)) is None
    assert register.overlapping(None, "something-else", _instant(0), None) is None
