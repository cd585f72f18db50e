"""The one pure function behind guard and verdict (design section 3, idea 2).

`judge` takes what has happened on a handover, in order of when it happened, and says what became of every
right. The guard asks it about a step before it is taken, the auditor about the log, at any index and moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from uuid import UUID

import msgspec

from domain.rights.computed import CONDITIONS, Past
from domain.rights.dates import Ends, appeal_ends, ends, later, stated
from domain.rights.moment import Moment, day_of, matches, says, successors
from domain.rights.published import NOT_PUBLISHED, Length, Publications, legal_basis_of
from domain.rights.rule import ANY, Condition, Match, Rule, rights_rules
from domain.rights.verdict import State, Verdict, not_kept, passed, state_of


class _Obligation(msgspec.Struct):
    """An obligation while it is judged."""

    rule: Rule
    owner: str
    matter: str
    trigger: Moment
    ends: Ends
    closing: Moment | None = None
    exempt: bool = False
    kept: bool = True
    reason: str | None = None
    told: str | None = None
    missing: str | None = None
    """Why there are no dates though the rule has a limit."""

    def open_at(self, at: str) -> bool:
        """Whether it waits at an instant: not closed, and its time has not run out."""
        return self.closing is None and not (self.ends[1] is not None and passed(self.ends[1], at))


class _Uses(msgspec.Struct):
    """What an event may do under the rules."""

    triggers: list[tuple[Rule, Match]] = msgspec.field(default_factory=list)
    moves: list[tuple[Rule, Match]] = msgspec.field(default_factory=list)
    fulfils: list[tuple[Rule, Match]] = msgspec.field(default_factory=list)
    exempts: list[tuple[Rule, Match]] = msgspec.field(default_factory=list)


@cache
def _all_uses() -> Mapping[str, _Uses]:
    return uses_of(rights_rules().values())


def uses_of(rules: Iterable[Rule]) -> Mapping[str, _Uses]:
    """Event -> what it may do under these rules."""
    found: dict[str, _Uses] = defaultdict(_Uses)
    for rule in rules:
        for of, matched in (
            ("triggers", rule.triggers),
            ("moves", rule.moved_by),
            ("fulfils", rule.fulfilled_by),
            ("exempts", rule.exempted_by),
        ):
            for match in matched:
                getattr(found[match.event], of).append((rule, match))
    return dict(found)


def judge(
    moments: Sequence[Moment],
    handover: UUID,
    as_of: str,
    uses: Mapping[str, _Uses] | None = None,
) -> list[Verdict]:
    """What became of every right on a handover, by trigger.

    `moments` are in order of when they happened and not after `as_of` (an instant); what the authorities have
    published of their times of decision is among them. `uses` (of `uses_of`) leaves rules out; by default all
    of the register judge.
    """
    case = _Case(_all_uses() if uses is None else uses, successors(moments), Publications(moments))
    for found in moments:
        case.take(found)
    return [_verdict(one, handover, as_of) for one in case.obligations if one.rule.kind != "period"]


class _Case:
    """The obligations of a handover, as far as its events have been taken."""

    def __init__(
        self, uses: Mapping[str, _Uses], place: Mapping[str, str], publications: Publications
    ) -> None:
        self._uses = uses
        self._succeeded = place
        self._publications = publications
        self._past: list[Moment] = []
        self._open: dict[str, dict[tuple[str, str], list[_Obligation]]] = defaultdict(dict)
        """Rule -> owner and matter -> what waits."""
        self.obligations: list[_Obligation] = []

    def take(self, found: Moment) -> None:
        """Judge an event by what was before it, then let it close, move and trigger."""
        uses = self._uses.get(found.event)
        if uses is not None:
            triggered = [one for one in (self._triggered(found, *use) for use in uses.triggers) if one]
            for rule, match in uses.moves:
                for one in self._of(rule, match, found):
                    if rule.limit is not None and rule.limit.fact is not None:
                        moved = stated(rule, found.fact(rule.limit.fact))
                        if moved[1] is None or not passed(moved[1], found.occurred_at):
                            one.ends = later(one.ends, moved)
            for exempt, closers in ((False, uses.fulfils), (True, uses.exempts)):
                for rule, match in closers:
                    self._close(rule, match, found, exempt=exempt)
            for one in triggered:
                self.obligations.append(one)
                if one.closing is None:
                    self._open[one.rule.id].setdefault((one.owner, one.matter), []).append(one)
        self._past.append(found)

    def _place(self, authority: str) -> str:
        for _ in self._succeeded:
            authority = self._succeeded.get(authority, authority)
        return authority

    def _of(self, rule: Rule, match: Match, found: Moment) -> list[_Obligation]:
        waiting = self._open.get(rule.id)
        if not waiting or not matches(match, found):
            return []
        matter = str(found.fact(match.key or rule.key))
        if match.owner == ANY:
            return [one for (_, about), ones in waiting.items() if about == matter for one in ones]
        return waiting.get((self._place(found.owner(match.owner)), matter), [])

    def _close(self, rule: Rule, match: Match, found: Moment, *, exempt: bool) -> None:
        closed = self._of(rule, match, found)
        for one in closed:
            reason = found.fact(match.reason) if match.reason else found.event
            if exempt and reason is None:
                continue  # without a reason it exempts from nothing
            if rule.kind == "told":
                _arrived(one, found)
                continue
            one.closing, one.exempt, one.reason = found, exempt, str(reason) if exempt else None
        if closed and rule.kind != "told":
            for waiting in self._open[rule.id].values():
                waiting[:] = [one for one in waiting if one.closing is None]

    def _triggered(self, found: Moment, rule: Rule, match: Match) -> _Obligation | None:
        if not matches(match, found) or not rule.holds_on(day_of(found.occurred_at)):
            return None
        owner = self._place(found.owner(match.owner))
        matter = str(found.fact(match.key or rule.key))
        if rule.given and not any(self._given(rule, one, matter) for one in rule.given):
            return None
        length = self._published(rule, match, found, matter)
        one = _Obligation(
            rule=rule, owner=owner, matter=matter, trigger=found, ends=ends(rule, found, length)
        )
        if rule.limit is not None and rule.limit.published and length is None:
            one.missing = NOT_PUBLISHED
        if rule.kind == "before":
            self._judge_before(one)
        elif rule.kind == "told":
            one.ends, one.told = _told(rule, found, found.fact("presumed_on")), found.fact("told_last_date")
        return one

    def _given(self, rule: Rule, match: Match, matter: str) -> bool:
        key = match.key or rule.key
        return any(matches(match, past) and str(past.fact(key)) == matter for past in self._past)

    def _published(self, rule: Rule, match: Match, found: Moment, matter: str) -> Length | None:
        """What whoever owed it then had published, under the legal basis of the matter."""
        if rule.limit is None or not rule.limit.published:
            return None
        basis = legal_basis_of(found, matter, rule.key, self._past)
        return self._publications.length(found.owner(match.owner), basis, found.occurred_at)

    def _judge_before(self, one: _Obligation) -> None:
        """By the first alternative of which everything holds; the entry that it rests on closes it."""
        one.kept = False
        for way in one.rule.any_of:
            holds = [self._holds(condition, one) for condition in way]
            if all(found is not None for found in holds):
                one.kept = True
                rests_on = [found for found in holds if found is not None and found is not one.trigger]
                one.closing = max(rests_on, key=lambda past: past.occurred_at, default=one.trigger)
                return

    def _holds(self, condition: Condition, one: _Obligation) -> Moment | None:
        """What a condition rests on: an earlier event, or the trigger itself. None: it does not hold."""
        if condition.trigger is not None:
            return one.trigger if says(condition.trigger, one.trigger) else None
        if condition.earlier is not None:
            match = condition.earlier
            for past in reversed(self._past):
                if (
                    matches(match, past)
                    and str(past.fact(match.key or one.rule.key)) == one.matter
                    and self._place(past.owner(match.owner)) == one.owner
                ):
                    return past
            return None
        if condition.computed is not None:
            past_of = Past(moments=self._past, owner=one.owner, place=self._place)
            return one.trigger if CONDITIONS[condition.computed](one.trigger, past_of) else None
        waits = any(self._waits(one, rule) for rule in condition.none_open)
        return None if waits else one.trigger

    def _waits(self, one: _Obligation, rule: str) -> bool:
        """Whether something waits under a rule: in the same matter, or of the whole handover."""
        at = one.trigger.occurred_at
        return any(
            waiting.open_at(at)
            and (waiting.rule.key == "request" or _matter(waiting, one.rule.key) == one.matter)
            for (owner, _), open_ones in self._open.get(rule, {}).items()
            if owner == one.owner
            for waiting in open_ones
        )


def _matter(one: _Obligation, key: str) -> str:
    return str(one.trigger.fact(key))


def _told(rule: Rule, found: Moment, start: object) -> Ends:
    assert rule.limit is not None
    return appeal_ends(rule.limit, str(found.fact("track")), date.fromisoformat(str(start)))


def _arrived(one: _Obligation, found: Moment) -> None:
    """Proven arrival may move the last date later, never earlier."""
    arrived = day_of(found.occurred_at).isoformat()
    one.ends = later(one.ends, _told(one.rule, one.trigger, arrived))


def _verdict(one: _Obligation, handover: UUID, as_of: str) -> Verdict:
    closing = one.closing
    return Verdict(
        rule=one.rule.id,
        basis=one.rule.basis,
        certainty=one.rule.certainty,
        authority=one.owner,
        handover=handover,
        matter=one.matter,
        trigger=one.trigger.position,
        trigger_event=one.trigger.event,
        triggered_at=one.trigger.occurred_at,
        strict=one.ends[0],
        lenient=one.ends[1],
        told=None if one.told is None else date.fromisoformat(one.told),
        state=_state(one, as_of),
        closed_by=closing.position if closing is not None else None,
        closing_event=closing.event if closing is not None else None,
        closed_at=closing.occurred_at if closing is not None else None,
        reason=one.reason or one.missing,
        opened=_opened(one) if one.exempt else (),
    )


def _opened(one: _Obligation) -> tuple[str, ...]:
    """What an exemption opens: those rules that the exempting event triggers. A withdrawal opens nothing."""
    return tuple(
        rule
        for rule in one.rule.opens
        if one.closing is not None
        and any(matches(match, one.closing) for match in rights_rules()[rule].triggers)
    )


def _state(one: _Obligation, as_of: str) -> State:
    rule = one.rule
    if rule.kind == "before":
        return State.FULFILLED if one.kept else not_kept(rule)
    if rule.kind == "told":
        return _state_of_told(one)
    return state_of(
        rule,
        *one.ends,
        closed_at=one.closing.occurred_at if one.closing is not None else None,
        exempt=one.exempt,
        as_of=as_of,
    )


def _state_of_told(one: _Obligation) -> State:
    """A letter may tell a later date than the one that is due, never an earlier one."""
    strict, lenient = one.ends
    if one.told is None or strict is None or lenient is None:
        return State.FULFILLED
    told = date.fromisoformat(one.told)
    if told < strict:
        return not_kept(one.rule)
    return State.DISPUTED if told < lenient else State.FULFILLED


def broken_by(
    proposed: Moment, moments: Sequence[Moment], handover: UUID, rules: Mapping[str, Rule] | None = None
) -> Iterator[Rule]:
    """The gated rules that a proposed act would break (a right that binds before it), in register order.

    `rules` are the gates in force; by default those of the register.
    """
    held = rights_rules() if rules is None else rules
    for verdict in judge([*moments, proposed], handover, proposed.occurred_at):
        rule = held.get(verdict.rule)
        broken = verdict.state in (State.VIOLATED, State.TO_BE_ASSESSED)
        if broken and verdict.trigger is None and rule is not None and rule.gated:
            yield rule
