"""Dates and names as a Dane writes them."""

import pytest

from audit.replay.danish import danish_date, danish_moment, danish_number, genitive


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2026-11-23T07:14:00.000000Z", "23. november 2026 kl. 08.14"),
        ("2026-07-01T22:05:59.999999Z", "2. juli 2026 kl. 00.05"),
        ("2026-12-31T23:30:00.000000Z", "1. januar 2027 kl. 00.30"),
    ],
)
def test_an_instant_is_told_in_danish_time(instant, text):
    assert danish_moment(instant) == text
    assert danish_date(instant) == text.split(" kl.")[0]


def test_the_hour_that_comes_twice_says_which_of_the_two():
    assert danish_moment("2026-10-25T00:30:00.000000Z") == "25. oktober 2026 kl. 02.30 (sommertid)"
    assert danish_moment("2026-10-25T01:30:00.000000Z") == "25. oktober 2026 kl. 02.30 (normaltid)"
    assert danish_moment("2026-10-25T02:30:00.000000Z") == "25. oktober 2026 kl. 03.30"


@pytest.mark.parametrize(
    ("name", "owned"),
    [("Næstved Kommune", "Næstved Kommunes"), ("Region Sjælland", "Region Sjællands"), ("Et Hus", "Et Hus'")],
)
def test_the_possessive_takes_s_or_an_apostrophe(name, owned):
    assert genitive(name) == owned


def test_thousands_have_a_full_stop():
    assert [danish_number(n) for n in (7, 1234, 1234567)] == ["7", "1.234", "1.234.567"]
