"""The length of a limit in Danish words."""

import pytest

from domain.law.deadlines import DeadlineRefused
from domain.law.limit_words import limit_in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("KLAGE_RSL", "4 uger"),
        ("AKT_FVL", "7 arbejdsdage"),
        ("AKT_GDPR", "1 måned"),
        ("KLAGE_STPK5", "5 år"),
        ("BRUD", "72 timer"),
    ],
)
def test_a_length_is_written_as_a_dane_writes_it(rule, words):
    assert limit_in_words(rule) == words


def test_a_length_that_somebody_else_sets_and_a_rule_that_nobody_knows_have_no_words():
    with pytest.raises(ValueError, match="no length of its own"):
        limit_in_words("SAGSBEH")
    with pytest.raises(DeadlineRefused, match="rule-unknown"):
        limit_in_words("7001014321")
