"""What else happens on the way, in the demo: questions, corrections, wrong places, disputes, taking back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.cli.demo_cast import Cast
from api.cli.demo_client import DemoFailed
from domain.calendar.danish_dates import danish_date
from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant

NAESTVED, SLAGELSE, VORDINGBORG = "0370", "0330", "0390"
Tell = Callable[[str], None]


class Story:
    """One handover after the other, each told in a sentence or two."""

    def __init__(self, cast: Cast, say: Tell, tell: Tell) -> None:
        self._cast = cast
        self._say = say
        self._tell = tell
        self._number = 100

    def all(self) -> str:
        """Every story; returns the handover that the auditor replays."""
        self.urgent()
        self.asked_and_answered()
        told = self.corrected()
        self.returned()
        self.forwarded()
        self.declined()
        self.withdrawn()
        self.misdirected()
        self.whose_duty()
        return told

    def _new(self, code: str = NAESTVED, **changes: Any) -> str:
        self._number += 3  # the same ambulatory each time
        return self._cast.submit(self._number, code, **changes)

    @property
    def _clinic(self) -> Any:
        return self._cast.clinic(self._number)

    def _version(self, case: str) -> int:
        version: int = self._clinic.get(f"/v1/handovers/{case}")["version"]
        return version

    def _open(self, case: str, code: str = NAESTVED) -> Any:
        return self._cast.centre(code).post(f"/v1/handovers/{case}/readings", {"purpose": "handover"})

    def _step(self, who: Any, case: str, step: str, content: Any = None) -> Any:
        return who.post(f"/v1/handovers/{case}/{step}", content, if_match=self._version(case))

    def _status(self, case: str) -> Any:
        return self._clinic.get(f"/v1/handovers/{case}")

    def urgent(self) -> None:
        """The medicine runs out; the work list says so before all else."""
        self._say("One is urgent, and the medicine runs out: the ambulatory has telephoned, and says so.")
        ends = danish_day(datetime.now(UTC)) + timedelta(days=3)
        case = self._new(
            overgang__urgency="hurtig-24h",
            overgang__telephone_contact={
                "at": datetime.now(UTC).replace(microsecond=0).isoformat(),
                "with_whom": "Vagthavende, Rusmiddelcenter",
            },
            medicin__supply_ends=str(ends),
        )
        mailbox = self._cast.mailboxes[NAESTVED]
        first = self._cast.centre(NAESTVED).get(f"/v1/mailboxes/{mailbox}/handovers?status=delivered")[
            "items"
        ][0]
        _expect(first["id"] == case, "the urgent one stands first")
        _expect(
            f"Medicin til {danish_date(ends)}" in first["headline"], "the list says when the medicine ends"
        )
        self._tell(f"It stands first on the work list: {', '.join(first['headline'])}.")
        acute = self._cast.submission(self._number, NAESTVED, overgang__urgency="akut")
        _expect(
            self._clinic.refused("/v1/handovers", acute) == "not-for-acute-cases", "an acute one is refused"
        )
        self._tell("An acute one is refused, with the number to call: Overgang is not for acute cases.")
        reading = self._open(case)
        self._cast.centre(NAESTVED).act(case, "takeover", reading["version"])

    def asked_and_answered(self) -> None:
        """What is missing is asked for."""
        self._say("A centre lacks something. It asks; it does not return. No clock stops.")
        case, centre = self._new(), self._cast.centre(NAESTVED)
        self._open(case)
        question = {"concerns": ["medicin"], "text": "Hvem udleverer medicinen i ugen efter skiftet?"}
        self._step(centre, case, "questions", question)
        waiting = self._status(case)["questions"][0]
        answer = {"text": "Ambulatoriet til og med søndag, derefter jeres center."}
        self._step(self._clinic, case, f"questions/{waiting}/answer", answer)
        note = self._status(case)["notes"][-1]["id"]
        read = centre.post(f"/v1/handovers/{case}/readings", {"purpose": "handover", "document": note})
        self._tell(f"Asked: {question['text']} Answered: {read['document']['sections']['svar']['text']}")

    def corrected(self) -> str:
        """A corrected document is opened before anybody takes over."""
        self._say("A clinic finds an error and corrects the document; the old version stays readable.")
        case, centre = self._new(), self._cast.centre(NAESTVED)
        self._open(case)
        document = self._cast.document(self._number, NAESTVED, ("integreret", "parallel"))
        self._step(self._clinic, case, "correction", {"document": document, "reason": "error"})
        status = self._status(case)
        _expect(status["status"] == "delivered" and len(status["documents"]) == 2, "it is to be read again")
        old = {"purpose": "handover", "document": status["documents"][0]}
        _expect(centre.post(f"/v1/handovers/{case}/readings", old)["document"], "the old one opens")
        reading = self._open(case)
        centre.act(case, "takeover", reading["version"])
        self._tell("The centre opens the corrected version before it can take over.")
        return case

    def returned(self) -> None:
        """Wrong recipient: back, and on to the right one."""
        self._say("A handover has come to the wrong municipality. It is returned, and sent to the right one.")
        case = self._new()
        wrong = {"reason": "not-acting-municipality", "suggested": SLAGELSE}
        self._step(self._cast.centre(NAESTVED), case, "return", wrong)
        _expect(self._status(case)["held_by"] == "1085", "the sender follows it up meanwhile")
        self._step(self._clinic, case, "redirection", {"receiver_authority": SLAGELSE})
        status = self._status(case)
        _expect((status["status"], status["leg"]) == ("delivered", 2), "it begins anew at the right one")
        reading = self._open(case, SLAGELSE)
        self._cast.centre(SLAGELSE).act(case, "takeover", reading["version"])
        self._tell(f"{self._cast.name(SLAGELSE)} takes over; {self._cast.name(NAESTVED)} sees no more of it.")

    def forwarded(self) -> None:
        """Another authority is the right one, and the consent says whether it may get it."""
        self._say("A centre sees that another municipality is the right one, and passes it on.")
        covered, not_covered = self._new(), self._new(samtykke__covers="addressed-receiver")
        for case in (covered, not_covered):
            self._open(case)
            to = {"receiver_authority": VORDINGBORG}
            self._step(self._cast.centre(NAESTVED), case, "forwarding", to)
        _expect(
            self._status(covered)["receiver_authority"] == VORDINGBORG, "it goes where the consent reaches"
        )
        _expect(
            self._status(not_covered)["status"] == "returned", "what the consent does not cover goes back"
        )
        self._tell("The citizen's consent covers the first. The second goes back to the sender instead.")

    def declined(self) -> None:
        """A no, a no to the no, and two leaders."""
        self._say("A centre has no place. Its no stops no clock, and both leaders are told.")
        case, centre = self._new(), self._cast.centre(NAESTVED)
        self._open(case)
        self._step(centre, case, "decline", {"reason": "at-capacity"})
        self._step(self._clinic, case, "insistence", {})
        _expect(self._status(case)["unresolved_since"], "both have said no")
        self._tell(
            "The clinic insists: responsibility is unresolved. The leaders decide by the next working day;"
            " otherwise the case number goes to the steering group, from 2027 to the sundhedsråd."
        )
        lead = self._cast.lead(NAESTVED)
        alerts = lead.get(f"/v1/units/rusmiddelcenter-{NAESTVED}/alerts")["items"]
        _expect(
            any(one["handover"] == case for one in self._wait_for(alerts, lead, case)), "the leader is told"
        )
        own = {"authority": NAESTVED, "decided_by": "own-authority"}
        self._step(lead, case, "resolution", own)
        centre.act(case, "takeover", self._version(case))
        self._tell(
            f"The leader of {self._cast.name(NAESTVED)} takes the responsibility, and the centre takes over."
        )

    def _wait_for(self, alerts: Any, lead: Any, case: str) -> Any:
        deadline = datetime.now(UTC) + timedelta(seconds=30)
        while not any(one["handover"] == case for one in alerts) and datetime.now(UTC) < deadline:
            alerts = lead.get(f"/v1/units/rusmiddelcenter-{NAESTVED}/alerts")["items"]
        return alerts

    def withdrawn(self) -> None:
        """Two-sided once it was delivered."""
        self._say("A clinic takes a handover back: it asks, and the centre confirms.")
        case = self._new()
        self._step(self._clinic, case, "withdrawal-request", {"reason": "citizen-declines"})
        self._step(self._cast.centre(NAESTVED), case, "withdrawal-confirmation")
        _expect(self._status(case)["status"] == "withdrawn", "it is withdrawn")
        self._tell("Withdrawn. A clock that the citizen's own approach has started would run on.")

    def misdirected(self) -> None:
        """Found out after a positive receipt."""
        self._say("After the take-over it turns out that the document was with the wrong centre.")
        case, centre = self._new(), self._cast.centre(NAESTVED)
        reading = self._open(case)
        centre.act(case, "takeover", reading["version"])
        self._step(centre, case, "misdirection", {})
        refused = centre.refused(f"/v1/handovers/{case}/readings", {"purpose": "handover"})
        _expect(refused == "quarantined", "nobody opens it any more")
        lead = self._cast.lead(NAESTVED)
        lead.post(f"/v1/handovers/{case}/breach", {"outcome": "notified", "citizen_informed": True})
        self._tell("It is shut at once. Each authority assesses the breach within 72 hours; Næstved has.")

    def whose_duty(self) -> None:
        """Facts from outside, each with its own time, decide whose the duty is."""
        self._say(
            "Whose is the duty to treat, and who follows up? Two timelines, from facts with their own time."
        )
        case, today = self._new(), datetime.now(UTC)
        centre = self._cast.centre(NAESTVED)
        facts = (
            (self._clinic, {"event": "visitation-ended", "reason": "goals-met"}, 5),
            (centre, {"event": "inquiry-received", "channel": "telephone", "wishes_treatment": True}, 3),
        )
        for who, fact, days in facts:
            fact |= {"occurred_at": to_instant(today - timedelta(days=days))}
            who.post(f"/v1/handovers/{case}/facts", fact)
        found = centre.get(f"/v1/handovers/{case}/responsibility")
        [clock] = found["clocks"]
        _expect(found["duty"][-1]["authority"] == NAESTVED, "the duty is the municipality's")
        _expect(
            found["held_by"][-1]["authority"] == "1085", "the sender follows up until somebody takes over"
        )
        due = danish_date(date.fromisoformat(clock["due"]))
        self._tell(
            f"The duty to treat is {self._cast.name(NAESTVED)}'s, since the visitation ended. The region"
            " follows up until somebody has taken over."
            f" Treatment is due by {due}: 14 days from the citizen's own call."
        )


def _expect(holds: object, what: str) -> None:
    if not holds:
        raise DemoFailed(f"it does not hold that {what}")
