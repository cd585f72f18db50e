"""`overgang mailbox`: where it would have gone, the annex, how far each municipality is; in two times."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.bootstrap import Overgang
from api.settings import load_settings
from domain.register import commands as c
from tests.api.cli.stores import house_over
from tests.journeys.cast import AMBULATORY, EAST, MUNICIPALITY, REGION, secretariat
from tests.journeys.papers import GLN, SOR
from tests.stores import FrozenClock
from workflows.handlers.mailbox_entries import ask_for_main_mailbox
from workflows.handlers.register import register_unit
from workflows.handlers.successions import confirm_succession, propose_succession

ASKED_ON, ENTERED_ON, STOPPED_ON = (datetime(2026, 11, day, 9, 30, tzinfo=UTC) for day in (2, 9, 23))
AGAIN_ON = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
OTHERS = "0330"
EASTERN_UNIT = "ambulatorium-oest"
NEW_YEAR = "2026-12-31T23:00:00.000000Z"


def fill(overgang: Overgang, clock: FrozenClock) -> None:
    """Two municipalities asked, one of which has answered; an ambulatory; the end of Region Sjælland."""
    overgang.migrate()
    house = house_over(overgang)
    clock.set(ASKED_ON)
    for code in (REGION, EAST, MUNICIPALITY, OTHERS):
        house.authority(code)
    for code in (MUNICIPALITY, OTHERS):
        command = c.AskForMainMailbox(authority=code, means="letter", asked_on="2026-11-02")
        ask_for_main_mailbox(house.services, house.as_(secretariat()), command)
    ambulatory = c.RegisterUnit(
        authority=REGION,
        unit=AMBULATORY,
        kind="ambulatory",
        name="Psykiatrisk Ambulatorium",
        sor=SOR,
        gln=GLN,
        offers_dual_diagnosis=True,
    )
    register_unit(house.services, house.as_(secretariat()), ambulatory)
    clock.set(ENTERED_ON)
    proposed = house.propose_mailbox(MUNICIPALITY, telephone="55667788", kle=("27.51.04",))
    house.confirm_mailbox(proposed)
    clock.set(STOPPED_ON)
    house.doubt_mailbox(proposed)
    succession = c.ProposeSuccession(
        authority=REGION,
        unit=None,
        successor_authority=EAST,
        successor_unit=None,
        valid_from=NEW_YEAR,
        basis="ovl-2026",
    )
    proposal = propose_succession(house.services, house.as_(secretariat()), succession).resource
    confirmation = c.ConfirmSuccession(authority=REGION, proposal=proposal)
    confirm_succession(house.services, house.as_(secretariat()), confirmation)
    clock.set(AGAIN_ON)
    command = c.AskForMainMailbox(authority=OTHERS, means="telephone-call", asked_on="2026-12-01")
    ask_for_main_mailbox(house.services, house.as_(secretariat()), command)
    house.confirm_mailbox(proposed)
    until = {"valid_to": datetime(2026, 12, 31, tzinfo=UTC), "receiver_kind": "health-staff"}
    house.confirm_mailbox(house.propose_mailbox(EAST, EASTERN_UNIT, **until))


@pytest.fixture
def ask(run, tmp_path: Path):
    """`overgang mailbox ...` on a store at rest."""
    clock = FrozenClock()
    overgang = Overgang(load_settings(data_dir=tmp_path / "store"), clock=clock)
    fill(overgang, clock)
    overgang.close()
    return lambda *arguments: run("mailbox", *arguments, "--data", tmp_path / "store")


@pytest.mark.parametrize(
    ("on", "known", "found"),
    [
        ("2026-11-10", "2026-11-08", False),
        ("2026-11-10", "2026-11-09", True),
        ("2026-11-10", None, True),
        # Before anybody had entered it, as known since: it was valid.
        ("2026-11-01", None, True),
        ("2026-11-01", "2026-11-01", False),
        # Nobody vouches for it from the 23rd; the day before, nobody knew that.
        ("2026-11-24", None, False),
        ("2026-11-24", "2026-12-02", False),
        ("2026-12-02", None, True),
        ("2026-12-02", "2026-11-30", False),
        ("2026-11-24", "2026-11-22", True),
        ("2025-12-31", None, False),
    ],
)
def test_where_would_it_have_gone_on_a_date_as_known_on_a_date(ask, on, known, found):
    known_option = ("--known", known) if known else ()
    status, out, _ = ask("where", MUNICIPALITY, "--on", on, *known_option)
    assert status == (0 if found else 1)
    assert ("hovedpostkasse@myndighed-0370.example" in out) == found
    assert ("Ingen steder" in out) != found
    answer = json.loads(ask("where", MUNICIPALITY, "--on", on, *known_option, "--json")[1])
    assert (answer["mailbox"] is not None) == found
    assert answer["hold_reason"] == (None if found else "no-main-mailbox")
    assert answer["counts_as"] == ("social" if found else None)


def test_it_is_told_in_danish(ask):
    status, out, _ = ask("where", MUNICIPALITY, "--on", "2026-11-10", "--known", "2026-11-20")
    assert status == 0
    assert out == (
        "Til Næstved Kommune\n"
        "Gældende 10. november 2026 kl. 23.59, som det var kendt 20. november 2026 kl. 23.59.\n"
        "Hovedpostkasse: hovedpostkasse@myndighed-0370.example (Overgangs postkasse), registrets version 5\n"
        "Åbnes af: Enheden rusmiddelcenter, Næstved Kommune\n"
        "Modtagere: blandet personale, regnes ved videregivelse som socialforvaltningen\n"
        "Bekræftet: 9. november 2026 (prøvebrev, der blev besvaret, 9. november 2026)\n"
    )


def test_who_counts_as_nobody_else_is_told_by_the_kind_alone(ask):
    out = ask("where", EAST, "--unit", EASTERN_UNIT, "--on", "2026-12-02")[1]
    assert "Modtagere: sundhedspersoner" in out.splitlines()


def test_after_a_succession_the_answer_is_the_successors(ask):
    status, out, _ = ask("where", REGION, "--on", "2027-01-01")
    assert (status, "Efterfølger: Region Østdanmark" in out) == (1, True)
    assert "Efterfølger" not in ask("where", REGION, "--on", "2026-12-30")[1]
    status, out, _ = ask("where", REGION, "--unit", AMBULATORY, "--on", "2027-01-01")
    assert (status, "ingen er angivet som efterfølger" in out) == (1, True)


def test_the_annex_lists_everybody_in_order_of_code(ask):
    status, out, _ = ask("bilag", "--as-of", "2026-11-10")
    assert status == 0
    lines = out.splitlines()
    codes = [line[:4] for line in lines if line[:1] == "0"]
    assert len(codes) == 17
    assert codes == sorted(codes)
    start = lines.index("0370 Næstved Kommune")
    assert lines[start + 1 : start + 8] == [
        "  Status: bekræftet (spurgt 2. november 2026)",
        "  Hovedpostkasse: hovedpostkasse@myndighed-0370.example (Overgangs postkasse)",
        "  Telefon: 55 66 77 88",
        "  Åbnes af: Enheden rusmiddelcenter. Modtagere: blandet personale, regnes ved videregivelse som "
        "socialforvaltningen",
        "  Ejer: Enheden rusmiddelcenter. Stedfortræder: ingen",
        "  KLE 27.51.04",
        "  Gælder fra 1. januar 2026 kl. 01.00",
    ]
    slagelse = lines.index("0330 Slagelse Kommune")
    assert lines[slagelse + 1 : slagelse + 3] == [
        "  Status: spurgt (spurgt 2. november 2026)",
        "  Hovedpostkasse: ingen",
    ]
    assert "1085 Region Sjælland, Psykiatrisk Ambulatorium" in lines
    assert "Uden bekræftet hovedpostkasse: 17. Til dem sendes intet; det tilbageholdes synligt." in lines


def test_the_annex_for_a_program(ask):
    found = json.loads(ask("bilag", "--as-of", "2026-11-10", "--known", "2026-11-20", "--json")[1])
    by_code = {one["authority"]: one for one in found["municipalities"]}
    assert len(by_code) == 17
    mailbox = by_code[MUNICIPALITY]["mailbox"]
    assert (mailbox["kle"], mailbox["receiver_kind"], mailbox["counts_as"]) == (
        ["27.51.04"], "mixed", "social",
    )  # fmt: skip
    assert by_code["0253"]["state"] == "not-asked"
    [ambulatory] = found["ambulatories"]
    assert (ambulatory["unit"]["gln"], ambulatory["state"]) == (GLN, "not-asked")
    assert json.loads(ask("bilag", "--as-of", "2027-01-01", "--json")[1])["ambulatories"] == []


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2026-11-01", ("not-asked", "not-asked")),
        ("2026-11-02", ("asked", "asked")),
        ("2026-11-09", ("confirmed", "asked")),
        ("2026-11-24", ("answered", "asked")),
    ],
)
def test_the_state_of_each_municipality(ask, day, states):
    found = json.loads(ask("state", "--as-of", day, "--known", day, "--json")[1])["municipalities"]
    assert (found[MUNICIPALITY], found[OTHERS]) == states
    assert len(found) == 17
    out = ask("state", "--as-of", day, "--known", day)[1]
    assert len(out.splitlines()) == 19


@pytest.mark.parametrize("known", [(), ("--known", "2026-12-02")])
@pytest.mark.parametrize(
    ("day", "states", "asked"),
    [
        # One that begins in January is valid then as known since; how far the others were stays as it was.
        ("2026-11-01", ("confirmed", "not-asked"), ""),
        ("2026-11-05", ("confirmed", "asked"), " (spurgt 2. november 2026)"),
        ("2026-11-24", ("answered", "asked"), " (spurgt 2. november 2026)"),
        ("2026-12-02", ("confirmed", "asked"), " (spurgt 1. december 2026)"),
    ],
)
def test_the_state_on_an_earlier_day_as_known_later(ask, day, states, asked, known):
    found = json.loads(ask("state", "--as-of", day, *known, "--json")[1])["municipalities"]
    assert (found[MUNICIPALITY], found[OTHERS]) == states
    lines = ask("bilag", "--as-of", day, *known)[1].splitlines()
    state = {"asked": "spurgt", "not-asked": "ikke spurgt"}[states[1]]
    assert lines[lines.index("0330 Slagelse Kommune") + 1] == f"  Status: {state}{asked}"


def test_the_annex_says_when_nobody_vouched_for_it(ask):
    gap = (
        "  Ikke bekræftet fra 23. november 2026 kl. 10.30 til 1. december 2026 kl. 10.30 "
        "(postkassen bliver ikke læst)"
    )
    assert gap in ask("bilag", "--as-of", "2026-12-02")[1].splitlines()
    assert gap not in ask("bilag", "--as-of", "2026-11-10", "--known", "2026-11-20")[1].splitlines()


def test_what_is_no_authority_or_no_date_is_refused_and_not_repeated(ask):
    for arguments in (("0999", "--on", "2026-11-10"), (MUNICIPALITY, "--on", "7001014321")):
        status, out, err = ask("where", *arguments)
        assert (status, out) == (2, "")
        assert "7001014321" not in err


@pytest.mark.parametrize("command", [(), ("where",), ("bilag",), ("state",)])
def test_every_command_has_help(run, command):
    status, out, _ = run("mailbox", *command, "--help")
    assert (status, "Usage" in out) == (0, True)
