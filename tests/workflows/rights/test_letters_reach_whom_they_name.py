"""A letter takes nothing from a document that is locked, and reaches whom it says that it goes to."""

import msgspec
import pytest

from domain.events.refusal import Refused
from domain.handover.events import DocumentRead
from domain.rights.access import AccessDelayNotified, AccessRequested
from domain.rights.disclosure import ConsentWithdrawn
from domain.rights.letter_commands import Dispatch, SendLetter, Signature
from domain.rights.letters import LetterSent
from domain.rights.persons import RepresentativeAppointed
from tests.domain.rights.samples import sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from tests.workflows.rights.test_letters import Folder
from workflows.handlers.letters import preview_letter, send_letter
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


def test_a_letter_to_her_representative_names_that_person_and_goes_not_to_her_mailbox(house):
    # given that letters go to somebody who acts for her
    handover = house.submit(clinician())
    house.open(caseworker(), handover)
    whole = {"scope": "whole-case", "letters": True, "until": None}
    house.right(caseworker(), sample(RepresentativeAppointed, handover=handover, **whole))
    unnamed = _delay(house, handover, addressee="representative")
    # when a letter says that it goes there, but has her own name, or goes to her own mailbox
    for way, code in (("in-person", "recipient-missing"), ("digital-post", "not-to-her-mailbox")):
        wrong = msgspec.structs.replace(unnamed, dispatch=msgspec.structs.replace(unnamed.dispatch, way=way))
        with pytest.raises(Refused) as refused:
            send_letter(house.services, house.as_(caseworker()), wrong)
        # then it is not sent
        assert refused.value.code == code
    assert not [one for one in house.events() if isinstance(one.event, LetterSent)]
    # and with the representative's own name and address it is
    named = msgspec.structs.replace(unnamed.dispatch, recipient=("Robin Holm", "Prøvevej 2, 4700 Næstved"))
    command = msgspec.structs.replace(unnamed, dispatch=named)
    assert preview_letter(house.services, house.as_(caseworker()), command).recipient == named.recipient


def test_no_letter_goes_by_digital_post_without_her_number(house):
    # given that the document, which has her number, may not be opened
    handover = house.submit(clinician())
    house.right(clinician(), sample(ConsentWithdrawn, handover=handover, scope="disclosure"))
    stated = {"way": "digital-post", "recipient": ("Test Testesen", "Eksempelvej 1, 4700 Næstved")}
    with pytest.raises(Refused) as refused:
        send_letter(house.services, house.as_(caseworker()), _delay(house, handover, **stated))
    assert refused.value.code == "not-to-her-mailbox"
