"""A letter in a package: as it was sent, but for an address that its reader may not see (CPRL §28)."""

from uuid import uuid4

import pytest

from audit.access.texts import PROTECTED, WITHOUT_ADDRESS, address_protected, text_of
from domain.document.masking import Audience
from tests.journeys.papers import document
from workflows.handlers.access_contents import LETTER, Item

RECIPIENT = ["Test Testesen", "Hemmelig Vej 7", "4700 Næstved"]


def _letter(*, address_shown):
    content = {"text": "\n".join((*RECIPIENT, "", "Vi har fået din klage.")), "recipient_id": None}
    content["letter"] = {"recipient": RECIPIENT, "title": "Din klage"}
    sealed = {"template": "letter", "template_version": 1, "sections": {"letter": content}}
    item = Item(id=uuid4(), kind=LETTER, event="decision-made", at="2026-11-23T09:00:00.000000Z", position=1)
    return text_of(
        item,
        sealed,
        (),
        audience=Audience.CITIZEN if address_shown else Audience.REPRESENTATIVE,
        others_shown=True,
        others_ground=None,
        address_shown=address_shown,
    )


def test_whom_it_may_be_shown_to_gets_the_letter_as_it_was_sent():
    found = _letter(address_shown=True)
    assert "Hemmelig Vej 7" in found.plain and found.exempted == ()


def test_a_representative_who_may_not_see_the_address_gets_the_rest_and_is_told():
    found = _letter(address_shown=False)
    for text in (found.plain, str(found.data)):
        assert "Hemmelig" not in text and "4700" not in text
        assert "Test Testesen" in text and WITHOUT_ADDRESS in text
    assert "Vi har fået din klage." in found.plain
    assert [one.why for one in found.exempted] == [PROTECTED]


@pytest.mark.parametrize("protected", [True, False])
def test_whether_it_is_protected_is_what_the_document_says(protected):
    written = document(stamoplysninger__protected=protected)
    made = {"template": written.template, "template_version": written.template_version}
    made |= {"sections": written.sections}
    assert address_protected(made, Audience.REPRESENTATIVE) is protected
    assert address_protected(made, Audience.CITIZEN) is False
    assert address_protected({"template": "letter"}, Audience.REPRESENTATIVE) is None
