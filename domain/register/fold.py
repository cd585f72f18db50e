"""Folding an authority's register stream."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import asdict, replace

from domain.events.model import Facts, Recorded
from domain.register import events as e
from domain.register import mailbox_events as m
from domain.register import processing_events as p
from domain.register import referrer_events as r
from domain.register import succession_events as s
from domain.register.mailbox import EndProposal, MainMailbox, Proposal, delivering
from domain.register.processing_times import ProcessingTime
from domain.register.referrers import Publication
from domain.register.state import Answer, Asked, Register, Unit
from domain.register.succession import Succession, SuccessionProposal

Applier = Callable[[Register, Recorded, Any], Register]


def fold(register: Register | None, events: Iterable[Recorded]) -> Register | None:
    """Fold an authority's register stream. An event this table does not know changes the version alone."""
    for recorded in events:
        event = recorded.event
        if isinstance(event, e.AuthorityRegistered):
            register = _authority(register, recorded, event)
        elif register is not None:
            if (applier := APPLIERS.get(type(event))) is not None:
                register = applier(register, recorded, event)
            register = replace(register, version=recorded.header.stream_version)
    return register


def _authority(known: Register | None, recorded: Recorded, event: e.AuthorityRegistered) -> Register:
    version = recorded.header.stream_version
    if known is not None:
        return replace(known, kind=event.kind, name=event.name, cvr=event.cvr, version=version)
    return Register(
        authority=event.authority, kind=event.kind, name=event.name, cvr=event.cvr, version=version
    )


def _unit(register: Register, recorded: Recorded, event: e.UnitRegistered) -> Register:
    entry = asdict(event)
    unit = Unit(id=entry.pop("unit"), **entry)
    return replace(register, units={**register.units, event.unit: unit})


def _registered(register: Register, recorded: Recorded, event: e.MainMailboxRegistered) -> Register:
    """An entry of the first years: one person entered it, and it counts as confirmed."""
    header, entry = recorded.header, asdict(event)
    register = _answered(register, recorded, event)
    mailbox = MainMailbox(
        id=entry.pop("mailbox"),
        version=header.stream_version,
        channels=(m.Channel(channel=event.channel, address=event.address),),
        entered_by=header.actor,
        confirmed_at=header.occurred_at,
        **entry,
    )
    return _with(register, mailbox)


def _ended(register: Register, recorded: Recorded, event: e.MainMailboxEnded) -> Register:
    ended = register.mailboxes.get(event.mailbox)
    if ended is None:
        return register
    pending = {key: one for key, one in register.end_proposals.items() if key != event.mailbox}
    version = recorded.header.stream_version
    return replace(
        _with(register, replace(ended, valid_to=event.valid_to, version=version)), end_proposals=pending
    )


def _asked(register: Register, recorded: Recorded, event: m.MainMailboxAsked) -> Register:
    asked = Asked(version=recorded.header.stream_version, means=event.means, asked_on=event.asked_on)
    earlier = register.asked.get(event.purpose, ())
    return replace(register, asked={**register.asked, event.purpose: (*earlier, asked)})


def _answered(
    register: Register, recorded: Recorded, event: e.MainMailboxRegistered | m.MailboxEntry
) -> Register:
    """An entry came in; one that has before keeps its moment."""
    answer = Answer(unit=event.unit, purpose=event.purpose, entered_at=recorded.header.occurred_at)
    return replace(register, answers={event.mailbox: answer} | register.answers)


def _proposed(register: Register, recorded: Recorded, event: m.MainMailboxProposed) -> Register:
    header = recorded.header
    register = _answered(register, recorded, event)
    proposal = Proposal(
        version=header.stream_version, entered_by=header.actor, entered_at=header.occurred_at, entry=event
    )
    return replace(register, proposals={**register.proposals, event.mailbox: proposal})


def _withdrawn(register: Register, recorded: Recorded, event: m.MainMailboxProposalWithdrawn) -> Register:
    answers = register.answers
    if event.mailbox in register.proposals:
        withdrawn = replace(answers[event.mailbox], withdrawn_at=recorded.header.occurred_at)
        answers = {**answers, event.mailbox: withdrawn}
    return replace(
        register,
        answers=answers,
        proposals={key: one for key, one in register.proposals.items() if key != event.mailbox},
        end_proposals={key: one for key, one in register.end_proposals.items() if key != event.mailbox},
    )


def _confirmed(register: Register, recorded: Recorded, event: m.MainMailboxConfirmed) -> Register:
    header, entry = recorded.header, asdict(event)
    proposal, known = register.proposals.get(event.mailbox), register.mailboxes.get(event.mailbox)
    first = delivering(event.channels)
    mailbox = MainMailbox(
        id=entry.pop("mailbox"),
        version=header.stream_version,
        channel=first.channel,
        address=first.address,
        entered_by=proposal.entered_by if proposal else known.entered_by if known else None,
        confirmed_at=header.occurred_at,
        **entry,
    )
    if known is not None:
        mailbox = replace(mailbox, gaps=known.confirmed_again(header.occurred_at).gaps)
    register = _replaced(_answered(register, recorded, event), event, header.stream_version)
    pending = {key: one for key, one in register.proposals.items() if key != event.mailbox}
    return replace(_with(register, mailbox), proposals=pending)


def _replaced(register: Register, event: m.MainMailboxConfirmed, version: int) -> Register:
    """The main mailbox before it ends where this one begins, unless it ended earlier."""
    before = register.mailboxes.get(event.replaces) if event.replaces else None
    if before is None or (before.valid_to is not None and before.valid_to <= event.valid_from):
        return register
    return _with(register, replace(before, valid_to=event.valid_from, version=version))


def _unconfirmed(register: Register, recorded: Recorded, event: m.MainMailboxUnconfirmed) -> Register:
    mailbox = register.mailboxes.get(event.mailbox)
    if mailbox is None:
        return register
    version = recorded.header.stream_version
    return _with(
        register,
        replace(mailbox, version=version, unconfirmed_since=event.since, unconfirmed_reason=event.reason),
    )


def _end_proposed(register: Register, recorded: Recorded, event: m.MainMailboxEndProposed) -> Register:
    header = recorded.header
    proposal = EndProposal(
        version=header.stream_version,
        entered_by=header.actor,
        entered_at=header.occurred_at,
        mailbox=event.mailbox,
        valid_to=event.valid_to,
        evidence=event.evidence,
        evidence_on=event.evidence_on,
    )
    return replace(register, end_proposals={**register.end_proposals, event.mailbox: proposal})


def _succession_proposed(register: Register, recorded: Recorded, event: s.SuccessionProposed) -> Register:
    header = recorded.header
    proposal = SuccessionProposal(
        id=event.proposal,
        entered_by=header.actor,
        entered_at=header.occurred_at,
        succession=Succession(
            unit=event.unit,
            successor_authority=event.successor_authority,
            successor_unit=event.successor_unit,
            valid_from=event.valid_from,
            basis=event.basis,
            version=header.stream_version,
        ),
    )
    return replace(register, succession_proposals={**register.succession_proposals, event.proposal: proposal})


def _authority_succeeded(register: Register, recorded: Recorded, event: s.AuthoritySucceeded) -> Register:
    succession = Succession(
        unit=None,
        successor_authority=event.successor,
        successor_unit=None,
        valid_from=event.valid_from,
        basis=event.basis,
        version=recorded.header.stream_version,
    )
    return _succeeded(register, succession, event.proposal)


def _unit_succeeded(register: Register, recorded: Recorded, event: s.UnitSucceeded) -> Register:
    succession = Succession(
        unit=event.unit,
        successor_authority=event.successor_authority,
        successor_unit=event.successor_unit,
        valid_from=event.valid_from,
        basis=event.basis,
        version=recorded.header.stream_version,
    )
    return _succeeded(register, succession, event.proposal)


def _succeeded(register: Register, succession: Succession, proposal: UUID) -> Register:
    pending = {key: one for key, one in register.succession_proposals.items() if key != proposal}
    return replace(
        register,
        successions={**register.successions, succession.unit: succession},
        succession_proposals=pending,
    )


def _published(register: Register, recorded: Recorded, event: r.ReferrerPublished) -> Register:
    publication = Publication(referrer=event.referrer, valid_from=event.valid_from, valid_to=event.valid_to)
    key = (event.referrer, event.valid_from)
    return replace(register, publications={**register.publications, key: publication})


def _processing_time(register: Register, recorded: Recorded, event: p.ProcessingTimePublished) -> Register:
    entry = asdict(event)
    entry.pop("authority")
    times = {**register.processing_times, (event.legal_basis, event.valid_from): ProcessingTime(**entry)}
    return replace(register, processing_times=times)


def _with(register: Register, mailbox: MainMailbox) -> Register:
    return replace(register, mailboxes={**register.mailboxes, mailbox.id: mailbox})


APPLIERS: Mapping[type[Facts], Applier] = {
    e.UnitRegistered: _unit,
    e.MainMailboxRegistered: _registered,
    e.MainMailboxEnded: _ended,
    m.MainMailboxAsked: _asked,
    m.MainMailboxProposed: _proposed,
    m.MainMailboxProposalWithdrawn: _withdrawn,
    m.MainMailboxConfirmed: _confirmed,
    m.MainMailboxUnconfirmed: _unconfirmed,
    m.MainMailboxEndProposed: _end_proposed,
    s.SuccessionProposed: _succession_proposed,
    s.AuthoritySucceeded: _authority_succeeded,
    s.UnitSucceeded: _unit_succeeded,
    r.ReferrerPublished: _published,
    p.ProcessingTimePublished: _processing_time,
}
"""Event -> applier, the whole list."""

REGISTER_EVENTS: frozenset[type[Facts]] = frozenset({e.AuthorityRegistered, *APPLIERS})
"""Every event of an authority's register; each names its `authority`."""
