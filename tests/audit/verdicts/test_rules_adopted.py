"""With every guard gone, the replay finds what was written under rules that nobody had adopted."""

import msgspec

from audit.verdicts.checks import violations
from domain.proof.adoption import RulesAdopted
from domain.register import events as e
from tests.domain.register.recorded import SOMEBODY, stream

OLD, NEW, OTHER = "12" * 32, "34" * 32, "56" * 32
AT = "2026-11-01T12:00:00.000000Z"


def _adopted(rules, before=None):
    return RulesAdopted(rules_before=before, rules_after=rules, reason="new-law")


def _registered(authority="0370"):
    return e.AuthorityRegistered(authority=authority, kind="municipality", name="Kommunen", cvr=None)


def _found(*history):
    """The positions of what was found; each entry with the rules in its header, and whose it is."""
    entries = stream([(event, AT, SOMEBODY) for event, *_ in history])
    written = [
        msgspec.structs.replace(
            recorded,
            header=msgspec.structs.replace(
                recorded.header, rules=rules, controller=owner[0] if owner else recorded.header.controller
            ),
        )
        for recorded, (_, rules, *owner) in zip(entries, history, strict=True)
    ]
    first = written[0].header.position
    found = [one for one in violations(written) if one.code == "rules-not-adopted"]
    return [(one.position - first, one.authority) for one in found]


def test_a_log_without_any_adoption_is_asked_nothing():
    assert _found((_registered(), OLD), (_registered(), NEW)) == []


def test_what_was_written_before_the_first_adoption_is_asked_nothing():
    assert _found((_registered(), OLD), (_adopted(NEW), NEW), (_registered(), NEW)) == []


def test_what_was_written_under_other_rules_than_those_adopted_last_is_found():
    history = ((_adopted(OLD), OLD), (_registered(), OLD), (_registered(), NEW, "0370"))
    assert _found(*history) == [(2, "0370")]
    # when a person adopts them afterwards, it stays found, and what follows is well
    assert _found(*history, (_adopted(NEW, OLD), NEW), (_registered(), NEW)) == [(2, "0370")]


def test_going_back_to_earlier_rules_is_a_change_too():
    history = ((_adopted(OLD), OLD), (_adopted(NEW, OLD), NEW), (_registered(), OLD, "0370"))
    assert _found(*history) == [(2, "0370")]


def test_it_is_told_once_for_each_authority_and_each_rules_until_somebody_adopts():
    unadopted = ((_registered(), NEW, "0370"), (_registered(), NEW, "0370"), (_registered(), NEW, "0330"))
    history = ((_adopted(OLD), OLD), *unadopted, (_registered(), OTHER, "0370"))
    assert _found(*history) == [(1, "0370"), (3, "0330"), (4, "0370")]


def test_an_adoption_that_was_written_under_other_rules_than_it_adopts_is_found():
    assert _found((_adopted(OLD), NEW, "0000")) == [(0, "0000")]
