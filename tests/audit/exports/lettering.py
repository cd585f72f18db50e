"""A hearing by letter: composed, and sealed as it was sent."""

from uuid import UUID

from domain.rights.decisions import DecisionDrafted
from domain.rights.hearing import HearingSent
from domain.rights.letter_commands import Dispatch, SendLetter, Signature
from domain.rights.letters import LetterSent
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import caseworker
from tests.journeys.house import House
from workflows.handlers.letters import send_letter

TEXT = "Du mødte ikke til tre samtaler."
SIGNATURE = Signature(caseworker="Kim Larsen", title="sagsbehandler", contact=("telefon 00 00 00 00",))


def heard(house: House, case: UUID, number: int = 1) -> LetterSent:
    """Hear the citizen by a letter that is handed over; returns that it was sent."""
    decision, hearing = matter("decision", number), matter("hearing", number)
    house.right(caseworker(), sample(DecisionDrafted, handover=case, decision=decision, kind="ending"))
    right = sample(HearingSent, handover=case, hearing=hearing, decision=decision, answer_by="2026-12-08")
    command = SendLetter(
        right=right,
        values={
            "subject": "social stofmisbrugsbehandling",
            "facts": [{"fact": TEXT, "source": "ambulatoriet", "weight": "stor"}],
        },
        signature=SIGNATURE,
        dispatch=Dispatch(way="in-person"),
    )
    send_letter(house.services, house.as_(caseworker()), command)
    sent = house.events()[-1].event
    assert isinstance(sent, LetterSent)
    return sent
