"""Whatever may happen in a lane of rights: events with any codes, any days, and few matters."""

import types
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from domain.course import events as f
from domain.events.header import ENVELOPE, Header
from domain.events.model import AuthorityCode, Count, Facts, Recorded, Sha256
from domain.handover import exits as x
from domain.handover.events import HandoverSent
from domain.handover.streams import facts_of, rights_of
from domain.rights.codes import codes
from domain.rights.duties import Grade, RightsFactRetracted
from domain.rights.events import RIGHTS_EVENTS
from domain.rights.model import Day, RightsEvent, SealedLetter
from tests.domain.course.course import delivered, submitted
from tests.domain.rights.given import CASEWORKER, REGION, TOWN, at
from tests.domain.rights.samples import HANDOVER, matter

DAYS = ("2026-11-20", "2026-12-01", "2026-12-15", "2026-12-24", "2026-12-31", "2027-01-04", "2027-03-01")
ODD_DAYS = ("1900-01-01", "2028-02-29", "2099-12-31")
"""The first and the last that a day may be, far outside the table of helligdage, and a leap day."""
_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    Day: st.sampled_from(DAYS * 3 + ODD_DAYS),
    AuthorityCode: st.sampled_from((TOWN, REGION)),
    Sha256: st.just("0" * 64),
    Count: st.integers(0, 12),
    Grade: st.integers(1, 5),
    SealedLetter: st.none(),
}


def _value(event: type[RightsEvent], name: str, hint: Any) -> st.SearchStrategy[Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kind = next(one for one in inner if one is not type(None))
        return st.none() | _value(event, name, kind)
    known = codes(event, name)
    if origin is tuple:
        return st.lists(st.sampled_from(list(known or ("rusmidler.monster",))), max_size=2).map(tuple)
    if known is not None:
        return st.sampled_from(list(known))
    if hint is UUID:
        kind = "decision" if name in ("matter", "after") else name
        people = [CASEWORKER] if name == "person" else []
        return st.sampled_from([matter(kind), matter(kind), matter(kind, 2), *people])
    return _VALUES.get(hint, st.just("access-requested"))


def _any(event: type[RightsEvent]) -> st.SearchStrategy[RightsEvent]:
    hints = get_type_hints(event, include_extras=True)
    fields = {
        name: _value(event, name, hints[name])
        for name in event.__struct_fields__
        if name not in ("handover", "note", "written")
    }
    return st.builds(event, handover=st.just(HANDOVER), **fields)


LANE = st.sampled_from([one for one in RIGHTS_EVENTS if one is not RightsFactRetracted]).flatmap(_any)
"""Any event of a lane but a retraction."""
COURSE = st.sampled_from(
    [
        submitted(),
        delivered(),
        HandoverSent(channel="overgang-mailbox", attempt=1),
        x.HandoverDeclined(reason="at-capacity"),
        f.ReferralReceived(handover=HANDOVER, region=REGION, referrer="gp", counts=True, rule="by-law"),
        f.InquiryReceived(handover=HANDOVER, channel="telephone", wishes_treatment=True),
        f.TreatmentStarted(handover=HANDOVER, authority=TOWN, provisional=False),
        f.TreatmentEnded(handover=HANDOVER, authority=TOWN, status="completed"),
        f.FollowUpDone(handover=HANDOVER, after_months=1, status="in-treatment"),
        f.ReferredElsewhere(handover=HANDOVER, place="private", citizens_choice=True),
        f.CitizenDeceased(handover=HANDOVER),
    ]
)
"""Steps of the handover, and facts of the citizen's course."""
RETURNED = st.just(x.HandoverReturned(reason="wrong-recipient", suggested=None))
"""It was with a wrong receiver: a 14-day clock begins anew when it comes again (`domain.course.clocks`)."""
WHEN = st.integers(0, 150 * 24 * 4).map(
    lambda quarter: at(
        f"2026-{11 + quarter % 2}-{1 + quarter // 4 // 24 % 28:02}", f"{quarter % 24:02}:{quarter % 60:02}"
    )
)


def logs(events: st.SearchStrategy[Facts], max_size: int = 14) -> st.SearchStrategy[list[Recorded]]:
    """Events of two authorities as they stand on a log, each at a moment of its own, in any order."""
    told = st.tuples(events, WHEN, st.sampled_from((TOWN, TOWN, REGION)))
    return st.lists(told, max_size=max_size, unique_by=lambda one: one[1]).map(on_the_log)


def on_the_log(told: list[tuple[Facts, str, str]]) -> list[Recorded]:
    """Events with when they happened and whose they are, recorded in this order."""
    return [recorded(event, position, when, by) for position, (event, when, by) in enumerate(told)]


def recorded(event: Facts, position: int, when: str, by: str, actor: UUID = CASEWORKER) -> Recorded:
    """An event of a lane, a fact of the course or a step of the handover on a log."""
    stream = HANDOVER
    if isinstance(event, RightsEvent):
        stream = rights_of(HANDOVER, by)
    elif isinstance(event, f.CaseFact):
        stream = facts_of(HANDOVER)
    header = Header(
        envelope=ENVELOPE,
        position=position,
        stream=stream,
        stream_version=1 + position,
        event=event.NAME,
        schema=event.SCHEMA,
        workflow=None,
        occurred_at=when,
        recorded_at=at("2027-12-01"),
        actor=actor,
        role="caseworker",
        unit=None,
        authority=by,
        controller=by,
        visible_to=(by,),
        legal_basis=(),
        purpose="rights",
        subjects=(),
        correlation_id=UUID(int=9),
        causation_id=None,
        idempotency_id=None,
        software="test",
        rules="0" * 64,
    )
    return Recorded(header=header, event=event, entry=b"")
