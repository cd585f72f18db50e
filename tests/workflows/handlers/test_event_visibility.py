"""Who may see what: every event type of a real journey, every role, every kind of authority.

The table is written by hand. A new event type fails here until somebody has said who sees it.
"""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.auth.claims import ROLES
from audit.exports.authority import begin_export
from audit.replay.bodies import begin
from domain.events.catalogue import EVENT_TYPES
from domain.events.lanes import may_see
from domain.events.model import Recorded
from domain.events.refusal import Refused
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.identity.person import parse_person_id
from domain.law.loader import rules_hash
from domain.rights.events import RIGHTS_EVENTS
from domain.rights.hers import Standing, is_hers
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    EAST,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    OTHER_REGION,
    REGION,
    person,
)
from tests.journeys.everything import Parties, take_every_step
from tests.journeys.house import MORNING, House
from tests.journeys.keeping import keep_everything
from tests.journeys.papers import GLN, SOR, message, origin, written_by
from workflows.handlers.adoption import adopt_rules
from workflows.handlers.merge import merge_replacement_number

BEFORE_VERSION_2 = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
NEW_YEARS_MORNING = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)

CASE = {"clinician", "caseworker", "leader", "integration", "auditor"}
LEAD = {"leader", "auditor"}
ALL = {"clinician", "caseworker", "leader", "integration", "auditor", "registrar", "steering", "operator"}
EVERYBODY = None

SENDER, BOTH, OWN = {"sender"}, {"sender", "receiver"}, {"controller"}
KEEPERS = {"registrar", "auditor"}
OWN_AND_SECRETARIAT = {"controller", "secretariat"}
"""What is only proposed is for those who keep the register."""
OWN_AND_THE_CASES = {"controller", "parties-of-the-case"}
"""An attempt on a case from outside it is seen by those whose case it is."""

BOTH_AND_THE_SUCCESSOR = {"sender", "receiver", "successor"}
BOTH_AND_THE_SECRETARIAT = {"sender", "receiver", "secretariat"}

STEPS_OF_THE_CASE = (
    "handover-corrected",
    "handover-question-asked",
    "handover-question-answered",
    "handover-returned",
    "handover-declined",
    "handover-insisted",
    "handover-responsibility-unresolved",
    "handover-responsibility-resolved",
    "handover-redirected",
    "handover-forwarded",
    "handover-withdrawal-requested",
    "handover-withdrawal-confirmed",
    "handover-withdrawal-refused",
    "handover-withdrawn",
    "handover-misdirected",
    "handover-wrong-person",
    "handover-entered-in-error",
    "handover-completed-otherwise",
    "handover-migrated",
    "handover-import-confirmed",
    "handover-import-denied",
    "inquiry-received",
    "referral-received",
    "visitation-started",
    "visitation-ended",
    "citizen-admitted",
    "citizen-discharged",
    "acting-municipality-changed",
    "treatment-started",
    "treatment-ended",
    "follow-up-done",
    "referred-elsewhere",
    "citizen-moved",
    "citizen-deceased",
    "telephone-contact-made",
    "case-fact-retracted",
)
"""What passes between the two, and what either records of the citizen's course."""

TABLE = {
    "handover-submitted": (SENDER, CASE),
    "handover-held": (SENDER, CASE),
    "handover-routed": (BOTH, CASE),
    "handover-sent": (BOTH, CASE),
    "handover-delivered": (BOTH, CASE),
    "handover-opened": (BOTH, CASE),
    "handover-acknowledged": (BOTH, CASE),
    "handover-taken-over": (BOTH, CASE),
    "handover-completed": (BOTH, CASE),
    "handover-closed": (BOTH, CASE),
    "document-read": (OWN, LEAD),
    "outside-access-used": (OWN, LEAD),
    "lead-alerted": (OWN, LEAD),
    "mailbox-shown": (OWN, LEAD),
    "command-refused": (OWN_AND_THE_CASES, LEAD),
    "replacement-number-merged": (OWN, LEAD),
    "unit-list-shown": (OWN, LEAD),
    "bodies-replayed": (OWN, LEAD),
    "authority-exported": (OWN, LEAD),
    **dict.fromkeys(STEPS_OF_THE_CASE, (BOTH, CASE)),
    "handover-imported": (BOTH, CASE),
    "handover-carried-over": (BOTH_AND_THE_SUCCESSOR, CASE),
    # How an authority divides its own work is nobody else's business, nor how it assesses a breach.
    "handover-distributed": (OWN, CASE),
    "handover-assigned": (OWN, CASE),
    **dict.fromkeys((event.NAME for event in RIGHTS_EVENTS), (OWN, CASE)),
    # What she says of disclosure binds both, and that its service ends, the region tells the municipality.
    "consent-given": (BOTH, CASE),
    "consent-withdrawn": (BOTH, CASE),
    "objection-registered": (BOTH, CASE),
    "objection-lifted": (BOTH, CASE),
    "ending-notified": (BOTH, CASE),
    "breach-assessment-opened": (OWN, LEAD),
    "breach-assessed": (OWN, LEAD),
    # That its deadline comes near is told within the authority.
    "deadline-warned": (OWN, CASE),
    "handover-escalated": (BOTH_AND_THE_SECRETARIAT, LEAD | {"steering"}),
    "carry-over-begun": (OWN, LEAD),
    "carry-over-completed": (EVERYBODY, ALL),
    "authority-registered": (EVERYBODY, ALL),
    "unit-registered": (EVERYBODY, ALL),
    "main-mailbox-registered": (EVERYBODY, ALL),
    "main-mailbox-ended": (EVERYBODY, ALL),
    "main-mailbox-asked": (EVERYBODY, ALL),
    "main-mailbox-confirmed": (EVERYBODY, ALL),
    "main-mailbox-unconfirmed": (EVERYBODY, ALL),
    "authority-succeeded": (EVERYBODY, ALL),
    "unit-succeeded": (EVERYBODY, ALL),
    "referrer-published": (EVERYBODY, ALL),
    "processing-time-published": (EVERYBODY, ALL),
    "rules-adopted": (EVERYBODY, ALL),
    "main-mailbox-proposed": (OWN_AND_SECRETARIAT, KEEPERS),
    "main-mailbox-proposal-withdrawn": (OWN_AND_SECRETARIAT, KEEPERS),
    "main-mailbox-end-proposed": (OWN_AND_SECRETARIAT, KEEPERS),
    "succession-proposed": (OWN_AND_SECRETARIAT, KEEPERS),
}

STRICTLY_INTERNAL = {
    "decision-drafted",
    "hearing-assessed",
    "disqualification-declared",
    "caseworker-replaced",
    "oral-information-received",
    "note-made",
}
"""How an authority prepares a decision and divides its work is no step of the citizen's."""

CITIZENS = (
    ({name for name, (seen_by, _) in TABLE.items() if seen_by in (BOTH, BOTH_AND_THE_SUCCESSOR)})
    | {"handover-submitted"}
    | {event.NAME for event in RIGHTS_EVENTS}
) - STRICTLY_INTERNAL - {"handover-migrated"}  # fmt: skip
"""What she sees in her own view: what passes between the authorities, and her rights in both lanes."""

PLACES = {
    REGION: (AMBULATORY, OTHER_AMBULATORY, "clinician"),
    MUNICIPALITY: (CENTRE, OTHER_CENTRE, "caseworker"),
}
FOREIGN = (OTHER_MUNICIPALITY, OTHER_REGION, EAST, "0000")


def _member(authority, *, outside=False):
    unit, other, role = PLACES[authority]
    return person(role, authority, other if outside else unit)


def _journey(house: House, sender: str, receiver: str) -> None:
    """Everything that can happen, once at least, from one authority to the other."""
    house.clock.set(BEFORE_VERSION_2)
    house.authority(sender)
    house.authority(receiver)
    house.unit(sender, PLACES[sender][0])
    unit = PLACES[receiver][0]
    writer, reader = _member(sender), _member(receiver)
    paper = written_by(sender, samtykke__consent_expires_on="2026-11-24")
    migrated = house.submit(writer, receiver_unit=_unit(house, receiver, unit))
    house.clock.set(MORNING)
    assert [one.handover for one in house.migrate_to(2)] == [migrated]

    waiting = house.submit(writer, message(), medcom=origin())
    house.unit(receiver, unit, sor=SOR, gln=GLN)
    mailbox = house.mailbox(receiver, unit)
    house.relay()
    held = house.submit(writer, written_by(sender, samtykke__objection=True), receiver_unit=unit)
    handover = house.submit(writer, paper, receiver_unit=unit)

    house.show(reader, mailbox)
    for case in (waiting, handover):
        house.open(reader, case)
        house.open(writer, case)
    house.complete(writer, waiting)
    for member in (_member(sender, outside=True), _member(receiver, outside=True)):
        house.open(member, handover, reason="joint-case")
    house.open(_member(sender, outside=True), held, reason="supervision")
    house.acknowledge(reader, handover)
    house.take_over(reader, handover)
    house.close(reader, handover)
    for stranger in (writer, reader, person("caseworker", OTHER_MUNICIPALITY, CENTRE)):
        with suppress(Refused):
            house.close(stranger, handover)
    local = parse_person_id("local", "260770E001", issuer=sender)
    house.submit(writer, written_by(sender, "260770E001", replacement_of=sender), receiver_unit=unit)
    real = parse_person_id("cpr", "7103054322", allow_test_numbers=True)
    merge_replacement_number(house.services, house.as_(writer), local, real)
    take_every_step(house, Parties(writer, reader), PLACES[receiver][1])
    begin(house.log, 1, house.vault, person("auditor", "0000"), house.store.ids)
    adopt_rules(house.services, person("operator", "0000"), rules_hash(), "first-installation")
    begin_export(house.log, sender, person("operator", "0000"), house.store.ids)
    house.relay()
    house.end_mailbox(mailbox, house.clock.now())
    keep_everything(house, PLACES[REGION][0])
    house.clock.set(NEW_YEARS_MORNING)
    house.project()
    # Nobody has said who succeeds the other unit of the region: what it was given waits.
    assert house.carry_over() == (1 if receiver == REGION else 0)
    house.relay()


def _unit(house: House, authority: str, unit: str) -> str:
    house.unit(authority, unit)
    return unit


class Seeing:
    """Who the parties are at each event, by the case as it stood."""

    def __init__(self) -> None:
        self._cases: dict[UUID, Handover] = {}

    def named(self, event: Recorded) -> dict[str, set[str]]:
        """The authorities behind the table's words."""
        facts, header = event.event, event.header
        before = self._cases.get(getattr(facts, "handover", None) or header.stream)
        after = None
        if header.workflow is not None:
            after = fold(before, [event])
            assert after is not None
            self._cases[header.stream] = after
        on_the_way = header.event in ("handover-routed", "handover-sent", "handover-delivered")
        state = after if before is None or on_the_way else before
        parties = [] if state is None else [state.sender_authority]
        if state is not None and (on_the_way or state.receiver_key is not None):
            parties.append(str(state.receiver_authority))
        return {
            "sender": set(parties[:1]),
            "receiver": set(parties[1:]),
            "successor": {getattr(facts, "to_authority", "")},
            "controller": {header.controller},
            "secretariat": {"0000"},
            "parties-of-the-case": set() if header.controller in parties else set(parties),
        }


@pytest.mark.parametrize(
    ("sender", "receiver"), [(REGION, MUNICIPALITY), (MUNICIPALITY, REGION)], ids=["to the centre", "back"]
)
def test_each_event_is_seen_by_those_the_table_names_and_by_nobody_else(house, sender, receiver):
    _journey(house, sender, receiver)
    events = house.events()

    assert set(TABLE) == set(EVENT_TYPES), "say in the table who sees a new event"
    assert {event.header.event for event in events} == set(TABLE), "the journey meets every event"

    seeing = Seeing()
    for event in events:
        header, kind = event.header, EVENT_TYPES[event.header.event]
        seen_by, roles = TABLE[header.event]
        named = seeing.named(event)
        authorities = None if seen_by is EVERYBODY else set().union(*(named[who] for who in seen_by))
        for authority in (sender, receiver, *FOREIGN):
            for role in (*ROLES, "system", "citizen", ""):
                expected = role in roles and (authorities is None or authority in authorities)
                found = may_see(
                    lane=kind.lane,
                    roles=kind.roles,
                    visible_to=header.visible_to,
                    role=role,
                    authority=authority,
                )
                assert found == expected, (header.event, header.controller, authority, role)
        assert header.controller in header.visible_to
        assert set(header.visible_to) <= {sender, receiver, *FOREIGN}


@pytest.mark.parametrize(("sender", "receiver"), [(REGION, MUNICIPALITY), (MUNICIPALITY, REGION)])
def test_neither_party_sees_the_others_own_lane(sqlite_store, sender, receiver):
    house = House(sqlite_store)
    _journey(house, sender, receiver)

    def own_lane_of(controller, seen_from):
        return {
            event.header.event
            for event in house.events()
            for kind in [EVENT_TYPES[event.header.event]]
            if kind.lane == "own"
            and event.header.controller == controller
            and may_see(
                lane=kind.lane,
                roles=kind.roles,
                visible_to=event.header.visible_to,
                role="leader",
                authority=seen_from,
            )
        }

    for authority, other in ((sender, receiver), (receiver, sender)):
        assert own_lane_of(authority, other) == set()
        assert own_lane_of(authority, authority) >= {"document-read", "outside-access-used", "lead-alerted"}
    third = own_lane_of(OTHER_MUNICIPALITY, OTHER_MUNICIPALITY)
    assert {"command-refused"} <= third <= {"command-refused", "bodies-replayed"}
    for party in (sender, receiver):
        assert own_lane_of(OTHER_MUNICIPALITY, party) == {"command-refused"}, "it was our case"


def test_the_citizen_sees_what_passes_between_them_and_her_rights_and_no_internal_step():
    whole, hers = Standing(role="citizen"), {name for name in EVENT_TYPES if is_hers(name)}
    assert hers == CITIZENS
    assert {name for name in EVENT_TYPES if whole.sees(name)} == hers
    # and who acts for her sees what the representation is about
    for scope in ("whole-case", "access", "appeal", "hearing"):
        shown = {name for name in EVENT_TYPES if Standing(role="representative", scope=scope).sees(name)}
        assert shown <= hers and ("hearing-sent" in shown) == (scope != "appeal")
        assert ("handover-submitted" in shown) == (scope in ("whole-case", "access"))
    # and nobody who works in an authority comes in by that door
    assert not any(Standing(role=role).sees(name) for role in ALL for name in EVENT_TYPES)


def test_the_roles_that_a_token_can_carry_are_the_ones_that_were_walked():
    assert ALL <= ROLES == ALL | {"citizen", "representative"}
    assert "system" not in ROLES, "nobody comes in as the system"


def test_of_the_region_the_municipality_sees_what_passes_between_them_and_no_more(sqlite_store):
    house = House(sqlite_store)
    _journey(house, REGION, MUNICIPALITY)
    seen = {
        event.header.event
        for event in house.events()
        if MUNICIPALITY in event.header.visible_to and event.header.controller == REGION
    }
    passing = {"handover-routed", "handover-sent", "handover-completed"}
    assert passing < seen <= passing | set(STEPS_OF_THE_CASE)
    assert not seen & {"handover-submitted", "handover-held", "document-read", "breach-assessed"}
