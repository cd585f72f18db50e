"""The handover as plain dictionaries: what should come of each thing that anybody does.

Written from the design and the Danish arbejdsgangsbeskrivelse, not from the code: no workflow
definition, no rule and no applier is used here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")
WAITING = ("held", "routed", "sent")


@dataclass
class Box:
    """A main mailbox with its valid time."""

    id: UUID
    authority: str
    unit: str | None
    begins: datetime
    ends: datetime | None
    served_by: str = ""

    def valid(self, now: datetime) -> bool:
        """Whether it is valid at a moment."""
        return self.begins <= now and (self.ends is None or now < self.ends)


@dataclass
class Case:
    """A handover as it should stand."""

    sender: str
    sender_unit: str
    receiver: str | None
    receiver_unit: str | None
    """The addressed unit; from the delivery on the one that serves the mailbox."""
    objects: bool
    consent_until: date | None
    message: bool = False
    address_known: bool = True
    needs_completion: bool = False
    status: str = "held"
    reason: str | None = None
    version: int = 0
    box: UUID | None = None
    opened: bool = False
    arrived: bool = False

    def side(self, authority: str) -> str | None:
        """Which side an authority is on; the addressee is no party before the delivery."""
        if authority == self.sender:
            return "sender"
        return "receiver" if self.arrived and authority == self.receiver else None


@dataclass
class Model:
    """Everything that should have happened."""

    now: datetime
    cases: dict[UUID, Case] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)
    address_registered: bool = False
    events: int = 0
    news: bool = False
    """A main mailbox was registered that the relay has not yet seen."""
    unseen_accesses: int = 0
    alerts: int = 0

    # Routing

    def _reason(self, case: Case) -> str | None:
        today = self.now.astimezone(DENMARK).date()
        basis = None
        if case.objects:
            basis = "citizen-objects"
        elif case.consent_until is not None and case.consent_until < today:
            basis = "consent-lapsed"
        if case.message and not self.address_registered:
            return "receiver-not-in-register"
        return basis or (None if self._box(case) else "no-main-mailbox")

    def _box(self, case: Case) -> Box | None:
        for unit in dict.fromkeys((case.receiver_unit, None if case.message else case.receiver_unit)):
            for box in self.boxes:
                if (box.authority, box.unit) == (case.receiver, unit) and box.valid(self.now):
                    return box
        return None

    def _deliver(self, case: Case) -> None:
        box = self._box(case)
        assert box is not None
        case.status, case.reason, case.box, case.arrived = "delivered", None, box.id, True
        case.receiver_unit = box.served_by
        case.version += 3

    def submitted(self, handover: UUID, case: Case) -> None:
        """A case begins: delivered at once, or held."""
        case.version, case.reason = 1, self._reason(case)
        if case.reason is None:
            self._deliver(case)
        else:
            case.status = "held"
            case.version += 1
        self.cases[handover] = case
        self.events += case.version

    def tick(self) -> list[UUID]:
        """Every waiting case is tried; returns those that are delivered now."""
        delivered = []
        for handover, case in self.cases.items():
            if case.status != "held":
                continue
            before, reason = case.version, self._reason(case)
            if reason is None:
                self._deliver(case)
                delivered.append(handover)
            elif reason != case.reason:
                case.reason = reason
                case.version += 1
            self.events += case.version - before
        return delivered

    def relay(self) -> list[UUID]:
        """The relay catches up."""
        self.alerts += self.unseen_accesses
        self.events += self.unseen_accesses
        self.unseen_accesses = 0
        if not self.news:
            return []
        self.news = False
        return self.tick()

    # Steps

    def _unit_of(self, case: Case, side: str) -> str | None:
        return case.sender_unit if side == "sender" else case.receiver_unit

    def outside(self, case: Case, authority: str, unit: str) -> bool:
        """Whether somebody works outside the unit that has the case."""
        side = case.side(authority)
        return side is not None and self._unit_of(case, side) not in (None, unit)

    def step(
        self,
        handover: UUID,
        command: str,
        role: str,
        authority: str,
        unit: str,
        version: int,
        objects: bool = False,
    ) -> str:
        """What comes of a step: `done`, `stale`, or the code of the refusal."""
        case = self.cases[handover]
        side = case.side(authority)
        if side is None:
            return self._refused("not-a-party")
        if version != case.version:
            return "stale"
        expected_side, allowed = {
            "acknowledge": ("receiver", case.status in ("delivered", "opened")),
            "take_over": ("receiver", case.status in ("opened", "acknowledged")),
            "close": ("receiver", case.status == "taken_over"),
            "complete": ("sender", case.status != "closed"),
        }[command]
        if not allowed:
            # What can be done once it is opened is refused for that reason.
            reader = side == "receiver" and role in ("clinician", "caseworker", "leader")
            unread = command == "take_over" and reader and case.status == "delivered"
            return self._refused("document-opened-by-receiver" if unread else "not-allowed-now")
        if side != expected_side:
            return self._refused("wrong-side")
        if role not in ("clinician", "caseworker", "leader"):
            return self._refused("role-not-allowed")
        if self.outside(case, authority, unit):
            return self._refused("outside-unit")
        if command == "take_over" and not case.opened:
            return self._refused("document-opened-by-receiver")
        if command == "complete" and not case.needs_completion:
            return self._refused("needs-completion")
        if command == "complete" and objects:
            return self._refused("disclosure-basis-live")
        self._do(case, command)
        return "done"

    def _refused(self, code: str) -> str:
        self.events += 1
        return code

    def _do(self, case: Case, command: str) -> None:
        events = 1
        if command == "acknowledge":
            case.status = "acknowledged"
        elif command == "take_over":
            events = 1 if case.status == "acknowledged" else 2
            case.status = "taken_over"
        elif command == "close":
            case.status = "closed"
        else:
            case.needs_completion, case.opened = False, False
            case.status = "delivered" if case.status == "opened" else case.status
        case.version += events
        self.events += events

    def open(self, handover: UUID, role: str, authority: str, unit: str, reason: str | None) -> str:
        """What comes of a reading: `read` or the code of the refusal."""
        case = self.cases[handover]
        side = case.side(authority)
        if side is None:
            return self._refused("not-a-party")
        if role not in ("clinician", "caseworker", "leader"):
            return self._refused("role-not-allowed")
        outside = self.outside(case, authority, unit)
        if outside and reason is None:
            return self._refused("outside-unit")
        self.events += 1
        if outside:
            self.events += 1
            self.unseen_accesses += 1
        if (
            side == "receiver"
            and not outside
            and not case.opened
            and case.status in ("delivered", "acknowledged", "taken_over")
        ):
            case.opened = True
            case.status = "opened" if case.status == "delivered" else case.status
            case.version += 1
            self.events += 1
        return "read"

    # The register

    def register_box(self, box: Box) -> bool:
        """A main mailbox is entered; False when its time overlaps another's."""
        for other in self.boxes:
            if (other.authority, other.unit) != (box.authority, box.unit):
                continue
            if (box.ends is None or other.begins < box.ends) and (
                other.ends is None or box.begins < other.ends
            ):
                self.events += 2  # proposed, and refused when it was to be confirmed
                return False
        self.boxes.append(box)
        self.events += 2
        self.news = True
        return True

    def end_box(self, box: Box, at: datetime) -> bool:
        """A main mailbox ends; False when it may not end then."""
        self.events += 1
        if at <= box.begins or (box.ends is not None and box.ends < at):
            return False
        self.events += 1
        box.ends = at
        return True

    def listed(self, box: UUID, statuses: tuple[str, ...]) -> set[UUID]:
        """The cases a mailbox should list."""
        return {
            handover
            for handover, case in self.cases.items()
            if case.arrived and case.box == box and case.status in statuses
        }
