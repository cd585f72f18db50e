"""A letter takes nothing from a document that is locked, and reaches whom it says that it goes to."""

import msgspec
import pytest

from domain.events.refusal import Refused
from domain.handover.events import DocumentRead
from domain.rights.access import AccessDelayNotified, AccessRequested
from domain.rights.disclosure import ConsentWithdrawn
from domain.rights.letter_commands import Dispatch, SendLetter, Signature
from tests.domain.rights.samples import sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from tests.workflows.rights.test_letters import Folder
from workflows.handlers.letters import preview_letter
from workflows.letters.values import LetterRefused

SIGNATURE = Signature(caseworker="Kim Larsen", title="sagsbehandler", contact=("telefon 00 00 00 00",))


@pytest.fixture
def house(sqlite_house):
    sqlite_house.two_authorities()
    sqlite_house.authority(MUNICIPALITY, cvr="29189625")
    sqlite_house.services = msgspec.structs.replace(sqlite_house.services, post=Folder())
    return sqlite_house


def _delay(house, handover, **dispatch):
    house.right(caseworker(), sample(AccessRequested, handover=handover, regime="fvl"))
    return SendLetter(
        right=sample(AccessDelayNotified, handover=handover),
        values={"reason": "Sagen er stor."},
        signature=SIGNATURE,
        dispatch=Dispatch(**{"way": "in-person"} | dispatch),
    )


def test_a_letter_opens_no_document_that_she_has_locked(house):
    # given a document that nobody has opened, and consent that was taken back
    handover = house.submit(clinician())
    house.right(clinician(), sample(ConsentWithdrawn, handover=handover, scope="disclosure"))
    # when its receiver previews a letter
    with pytest.raises(LetterRefused) as refused:
        preview_letter(house.services, house.as_(caseworker()), _delay(house, handover))
    # then name and address are not taken from the document, and it was not read
    assert "recipient" in refused.value.missing
    assert not [one for one in house.events() if isinstance(one.event, DocumentRead)]
