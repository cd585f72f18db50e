"""The steps beside the first line told in plain Danish: one sentence an event."""

from collections.abc import Mapping

from audit.replay import words as w
from audit.replay.danish import danish_moment, genitive
from audit.replay.names import Names
from audit.replay.telling import Sentence, actor
from domain.events.header import Header
from domain.events.model import Facts
from domain.handover import exits as x
from domain.handover import steps as s


def _because(of: str, code: str) -> str:
    return f"Grund: {w.code(of, 'reason', code)}."


def _corrected(names: Names, header: Header, facts: s.HandoverCorrected) -> str:
    return (
        f"{actor(names, header)} rettede dokumentet. {_because('correct', facts.reason)}"
        " Den tidligere udgave kan stadig læses, og den nye skal åbnes, før nogen kan overtage."
    )


def _asked(names: Names, header: Header, facts: s.HandoverQuestionAsked) -> str:
    return f"{actor(names, header)} stillede et spørgsmål. Fristerne løber imens."


def _answered(names: Names, header: Header, facts: s.HandoverQuestionAnswered) -> str:
    return f"{actor(names, header)} svarede på spørgsmålet."


def _distributed(names: Names, header: Header, facts: s.HandoverDistributed) -> str:
    return f"{actor(names, header)} fordelte sagen til {names.unit(header.controller, facts.unit)}."


def _assigned(names: Names, header: Header, facts: s.HandoverAssigned) -> str:
    return f"{actor(names, header)} tildelte sagen til en medarbejder."


def _migrated(names: Names, header: Header, facts: s.HandoverMigrated) -> str:
    return f"Sagen blev flyttet fra arbejdsgangens version {facts.from_version} til {facts.to_version}."


def _carried_over(names: Names, header: Header, facts: s.HandoverCarriedOver) -> str:
    old = names.unit(facts.from_authority, facts.from_unit)
    new = names.unit(facts.to_authority, facts.to_unit)
    return f"Sagen blev ført over fra {old}, til {new}, med samtykker og frister."


def _imported(names: Names, header: Header, facts: s.HandoverImported) -> str:
    sender = names.unit(facts.sender_authority, facts.sender_unit)
    receiver = names.unit(facts.receiver_authority, facts.receiver_unit)
    return (
        f"Sagen blev indlæst: den var i gang mellem {sender}, og {receiver}."
        " Ansvaret er uafklaret, til modtageren har bekræftet."
    )


def _import_confirmed(names: Names, header: Header, facts: s.HandoverImportConfirmed) -> str:
    return f"{actor(names, header)} bekræftede den indlæste sag. Den er overtaget."


def _import_denied(names: Names, header: Header, facts: s.HandoverImportDenied) -> str:
    return f"{actor(names, header)} bestred den indlæste sag."


def _returned(names: Names, header: Header, facts: x.HandoverReturned) -> str:
    told = f"{actor(names, header)} sendte dokumentet retur. {_because('return', facts.reason)}"
    if facts.suggested is not None:
        told += f" Foreslået modtager: {names.authority(facts.suggested)}."
    return told


def _declined(names: Names, header: Header, facts: x.HandoverDeclined) -> str:
    return (
        f"{actor(names, header)} afviste overgangen. {_because('decline', facts.reason)}"
        " Sagen bliver hos modtageren, og ingen frist standser."
    )


def _insisted(names: Names, header: Header, facts: x.HandoverInsisted) -> str:
    return f"{actor(names, header)} fastholdt, at borgeren hører til hos modtageren."


def _unresolved(names: Names, header: Header, facts: x.HandoverResponsibilityUnresolved) -> str:
    told = (
        f"Ansvaret er uafklaret: {w.code('declare_unresolved', 'reason', facts.reason)}."
        f" Begge ledere tager stilling senest {danish_moment(facts.leaders_by)}."
    )
    if facts.acting_meanwhile is not None:
        why = "retssikkerhedsloven § 9, stk. 8" if facts.basis else "folkeregisterkommunen er ikke oplyst"
        told += f" Imens handler {names.authority(facts.acting_meanwhile)} ({why})."
    return told


def _resolved(names: Names, header: Header, facts: x.HandoverResponsibilityResolved) -> str:
    who = w.code("resolve", "decided_by", facts.decided_by)
    whose = genitive(names.authority(facts.authority))
    return f"{actor(names, header)} registrerede, at ansvaret er {whose} ({who})."


def _redirected(names: Names, header: Header, facts: x.HandoverRedirected) -> str:
    receiver = names.unit(facts.receiver_authority, facts.receiver_unit)
    return f"{actor(names, header)} sendte overgangen til en anden modtager: {receiver}."


def _forwarded(names: Names, header: Header, facts: x.HandoverForwarded) -> str:
    receiver = names.unit(facts.receiver_authority, facts.receiver_unit)
    return f"{actor(names, header)} sendte overgangen videre til {receiver}."


def _withdrawal_requested(names: Names, header: Header, facts: x.HandoverWithdrawalRequested) -> str:
    return (
        f"{actor(names, header)} bad om at trække overgangen tilbage."
        f" {_because('request_withdrawal', facts.reason)}"
    )


def _withdrawal_confirmed(names: Names, header: Header, facts: x.HandoverWithdrawalConfirmed) -> str:
    return f"{actor(names, header)} bekræftede, at overgangen er trukket tilbage."


def _withdrawal_refused(names: Names, header: Header, facts: x.HandoverWithdrawalRefused) -> str:
    return (
        f"{actor(names, header)} afslog, at overgangen blev trukket tilbage."
        f" {_because('refuse_withdrawal', facts.reason)}"
    )


def _withdrawn(names: Names, header: Header, facts: x.HandoverWithdrawn) -> str:
    return f"{actor(names, header)} trak overgangen tilbage. {_because('withdraw', facts.reason)}"


def _misdirected(names: Names, header: Header, facts: x.HandoverMisdirected) -> str:
    return f"{actor(names, header)} meldte dokumentet fejlsendt. Det er lukket, og bruddet bliver vurderet."


def _wrong_person(names: Names, header: Header, facts: x.HandoverWrongPerson) -> str:
    return (
        f"{actor(names, header)} meldte, at dokumentet handler om en anden borger."
        " Det er lukket og holdt ude af borgerens sag."
    )


def _in_error(names: Names, header: Header, facts: x.HandoverEnteredInError) -> str:
    return (
        f"{actor(names, header)} annullerede overgangen: den skulle ikke have været oprettet."
        f" {_because('enter_in_error', facts.reason)}"
    )


def _otherwise(names: Names, header: Header, facts: x.HandoverCompletedOtherwise) -> str:
    how = w.code("complete_otherwise", "means", facts.means)
    receiver = names.authority(facts.authority)
    return f"{actor(names, header)} gennemførte overgangen på anden vis til {receiver}: {how}."


STEP_SENTENCES: Mapping[type[Facts], Sentence] = {
    s.HandoverCorrected: _corrected,
    s.HandoverQuestionAsked: _asked,
    s.HandoverQuestionAnswered: _answered,
    s.HandoverDistributed: _distributed,
    s.HandoverAssigned: _assigned,
    s.HandoverMigrated: _migrated,
    s.HandoverCarriedOver: _carried_over,
    s.HandoverImported: _imported,
    s.HandoverImportConfirmed: _import_confirmed,
    s.HandoverImportDenied: _import_denied,
    x.HandoverReturned: _returned,
    x.HandoverDeclined: _declined,
    x.HandoverInsisted: _insisted,
    x.HandoverResponsibilityUnresolved: _unresolved,
    x.HandoverResponsibilityResolved: _resolved,
    x.HandoverRedirected: _redirected,
    x.HandoverForwarded: _forwarded,
    x.HandoverWithdrawalRequested: _withdrawal_requested,
    x.HandoverWithdrawalConfirmed: _withdrawal_confirmed,
    x.HandoverWithdrawalRefused: _withdrawal_refused,
    x.HandoverWithdrawn: _withdrawn,
    x.HandoverMisdirected: _misdirected,
    x.HandoverWrongPerson: _wrong_person,
    x.HandoverEnteredInError: _in_error,
    x.HandoverCompletedOtherwise: _otherwise,
}
"""Event -> sentence, beside the first line."""
