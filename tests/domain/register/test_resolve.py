"""Successors are followed to the last, at the instant that is asked about and at no other."""

from uuid import UUID

from domain.register.mailbox import MainMailbox
from domain.register.resolve import resolve, successor_of, unit_successor_of
from domain.register.state import Register
from domain.register.succession import Succession

PURPOSE = "dual-diagnosis-handover"
EARLY, FIRST, BETWEEN, SECOND, LATE = (f"20{year}-01-01T00:00:00.000000Z" for year in (26, 27, 28, 29, 30))


def succession(unit, authority, successor_unit, valid_from):
    return Succession(
        unit=unit,
        successor_authority=authority,
        successor_unit=successor_unit,
        valid_from=valid_from,
        basis="ovl-2026",
        version=1,
    )


def authority(code, *successions, mailboxes=()):
    return Register(
        authority=code,
        kind="region",
        name=code,
        cvr=None,
        version=1,
        successions={one.unit: one for one in successions},
        mailboxes={one.id: one for one in mailboxes},
    )


def mailbox(number, code, unit):
    return MainMailbox(
        id=UUID(int=number),
        version=1,
        authority=code,
        unit=unit,
        served_by=unit or "unit",
        purpose=PURPOSE,
        channel="overgang-mailbox",
        address="post@region.example",
        valid_from=EARLY,
        valid_to=None,
    )


REGISTERS = {
    "1085": authority(
        "1085",
        succession(None, "1099", None, FIRST),
        succession("a", "1099", "b", FIRST),
        mailboxes=(mailbox(1, "1085", "a"), mailbox(2, "1085", "left"), mailbox(3, "1085", None)),
    ),
    "1099": authority(
        "1099",
        succession("b", "1099", "c", SECOND),
        mailboxes=(mailbox(4, "1099", "b"), mailbox(5, "1099", "c")),
    ),
}


def test_the_last_successor_at_the_instant():
    assert successor_of(REGISTERS.get, "1085", EARLY) == "1085"
    assert successor_of(REGISTERS.get, "1085", FIRST) == "1099"
    assert successor_of(REGISTERS.get, "0370", LATE) == "0370", "one that is not registered"
    places = {
        at: unit_successor_of(REGISTERS.get, "1085", "a", at) for at in (EARLY, FIRST, BETWEEN, SECOND, LATE)
    }
    assert places == {
        EARLY: ("1085", "a"),
        FIRST: ("1099", "b"),
        BETWEEN: ("1099", "b"),
        SECOND: ("1099", "c"),
        LATE: ("1099", "c"),
    }


def test_the_mailbox_of_whoever_stands_there():
    found = [resolve(REGISTERS.get, "1085", "a", PURPOSE, at).mailbox.id for at in (EARLY, BETWEEN, LATE)]
    assert found == [UUID(int=1), UUID(int=4), UUID(int=5)]


def test_a_unit_of_an_authority_that_is_no_more_leads_nowhere():
    assert resolve(REGISTERS.get, "1085", "left", PURPOSE, EARLY).mailbox.id == UUID(int=2)
    later = resolve(REGISTERS.get, "1085", "left", PURPOSE, FIRST)
    assert (later.mailbox, later.hold_reason, later.authority) == (None, "receiver-succeeded", "1085")


def test_no_mailbox_is_a_reason_of_its_own():
    found = resolve(REGISTERS.get, "1085", None, PURPOSE, LATE)
    assert (found.mailbox, found.hold_reason, found.authority) == (None, "no-main-mailbox", "1099")
    assert resolve(REGISTERS.get, "0370", None, PURPOSE, LATE).hold_reason == "no-main-mailbox"


def test_successors_that_lead_back_end_the_way():
    """Two confirmations in two streams at once could do it; nobody hangs for it."""
    there = authority("1081", succession(None, "1082", None, EARLY))
    back = authority("1082", succession(None, "1081", None, EARLY))
    assert successor_of({"1081": there, "1082": back}.get, "1081", LATE) in ("1081", "1082")
