"""Where a handover must stand for each operation on it: the steps that somebody has taken before."""

from dataclasses import dataclass
from typing import Any

from tests.api.http.bodies import step_bodies


@dataclass(frozen=True)
class Step:
    """A step: who takes it, at which address under the handover."""

    role: str
    path: str
    operation: str = ""
    """Whose body it has; none where it has none."""

    @property
    def body(self) -> Any:
        """What it is asked with."""
        return {**_OWN, **step_bodies()}.get(self.operation)


_OWN: dict[str, dict[str, Any]] = {"open": {}, "close": {"outcome": "other"}}
READ = Step("caseworker", "readings", "open")
ACKNOWLEDGE = Step("caseworker", "acknowledgement")
TAKE_OVER = Step("caseworker", "takeover")
CLOSE = Step("caseworker", "closure", "close")
ASK = Step("caseworker", "questions", "ask_handover")
DECLINE = Step("caseworker", "decline", "decline_handover")
INSIST = Step("clinician", "insistence", "insist_handover")
RETURN = Step("caseworker", "return", "return_handover")
REQUEST = Step("clinician", "withdrawal-request", "request_withdrawal_handover")
MISDIRECTED = Step("caseworker", "misdirection", "report_misdirected_handover")

ALL_THE_WAY = (READ, ACKNOWLEDGE, TAKE_OVER, CLOSE)
BEFORE: dict[str, tuple[Step, ...]] = {
    "open_handover": (),
    "acknowledge_handover": (READ,),
    "take_over_handover": (READ,),
    "close_handover": (READ, ACKNOWLEDGE, TAKE_OVER),
    "ask_handover": (READ, ACKNOWLEDGE),
    "answer_question": (READ, ASK),
    "correct_handover": (READ,),
    "return_handover": (),
    "redirect_handover": (RETURN,),
    "forward_handover": (),
    "decline_handover": (READ,),
    "insist_handover": (READ, DECLINE),
    "resolve_handover": (READ, DECLINE, INSIST),
    "distribute_handover": (),
    "assign_handover": (),
    "request_withdrawal_handover": (),
    "confirm_withdrawal_handover": (REQUEST,),
    "refuse_withdrawal_handover": (REQUEST,),
    "withdraw_handover": (RETURN,),
    "enter_in_error_handover": (),
    "complete_otherwise_handover": (RETURN,),
    "report_misdirected_handover": (READ,),
    "report_wrong_person_handover": ALL_THE_WAY,
    "show_case_breach": (READ, MISDIRECTED),
    "assess_case_breach": (READ, MISDIRECTED),
}
"""Operation -> the steps before it. Imported cases and messages are made otherwise."""
