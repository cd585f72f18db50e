"""What a Dane reads, and what concerns others."""

from datetime import date
from typing import Any

import pytest

from domain.calendar.danish_dates import danish_date
from domain.document.example import example_document
from domain.document.loader import get_template
from domain.document.reading import other_persons
from domain.document.render import plain_text
from domain.document.validate import validate_document
from domain.document.values import standard_checks

TEMPLATE = get_template("overgangsdokument", 1)
MEDCOM = get_template("medcom-message", 1)


def validated(changes: dict[str, object], template: Any = TEMPLATE) -> dict[str, Any]:
    document = example_document(template)
    for field_id, value in changes.items():
        section, name = field_id.split(".")
        document["sections"].setdefault(section, {})[name] = value
    checks = standard_checks(allow_test_numbers=True)
    return validate_document(document, template, today=date(2026, 10, 31), checks=checks).as_document()


def test_the_reader_sees_labels_danish_dates_and_names_of_codes() -> None:
    text = plain_text(validated({}), TEMPLATE, audience="authority")
    assert text.startswith("Overgangsdokument (foreslået skabelon)\n")
    for line in (
        "1. Overgang",
        "Behandlingsform før: Integreret behandling",
        "Planlagt dato for skiftet: 14. december 2026",
        "Personnummer: 700101-4321 (CPR-nummer)",
        "Handlekommune: Næstved (0370)",
        "Underskrevet: 23. november 2026 kl. 09.15",
        "  - [a2] Mødte til 11 af 12 aftalte samtaler. (kilde: egen iagttagelse)",
    ):
        assert line in text.split("\n")


def test_the_reader_sees_what_was_withheld_and_why_and_what_the_kip_holds() -> None:
    text = plain_text(
        validated(
            {
                "risiko.assertions": {"withheld": "citizens-wish"},
                "medicin.supply_ends": {"withheld": "not-necessary"},
                "stamoplysninger.kip": {"date": "2026-05-01", "coordinator": "Bo Eksempel"},
                "stamoplysninger.address": {"skipped": "kip"},
            }
        ),
        TEMPLATE,
        audience="authority",
    )
    assert "Oplysninger: tilbageholdt: borgerens ønske" in text
    assert "Borgeren har medicin til og med: tilbageholdt: ikke nødvendigt for overgangen" in text
    assert "Adresse: findes i KIP" in text
    assert "(KIP): Planens dato: 1. maj 2026; Koordinator (tovholder): Bo Eksempel" in text


def test_a_local_number_is_read_with_its_issuer_and_lines_stay_lines() -> None:
    local = {"type": "local", "value": "UKENDT-17", "issuer": "urn:oid:1.2.3"}
    text = plain_text(
        validated(
            {
                "stamoplysninger.person_id": local,
                "stamoplysninger.relatives": [],
                "overgang.reason_text": "første\nanden",
                "risiko.assertions": [{"text": "en\nto"}],
            }
        ),
        TEMPLATE,
        audience="authority",
    )
    assert "UKENDT-17 (Lokalt erstatningspersonnummer, udstedt af urn:oid:1.2.3)" in text
    assert "Uddybning af årsagen: første\n  anden\n" in text
    assert "  - [a1] en\n    to (kilde: faglig vurdering)\n" in text
    assert "Nærmeste pårørende:\n  ingen\n" in text


def test_a_time_is_read_as_danish_time() -> None:
    signed = validated({"afslutning.signed_at": "2026-07-01T22:30:00Z"})
    text = plain_text(signed, TEMPLATE, audience="authority")
    assert "Underskrevet: 2. juli 2026 kl. 00.30" in text
    assert danish_date(date(2027, 1, 31)) == "31. januar 2027"


def test_a_medcom_message_is_read_under_its_own_template() -> None:
    attachment = {
        "id": "00000000-0000-4000-8000-000000000004",
        "title": "Epikrise",
        "media_type": "application/pdf",
    }
    document = validated({"vedhaeftninger.attachments": [attachment]}, MEDCOM)
    text = plain_text(document, MEDCOM, audience="authority")
    assert "Behandlingsform efter: Ukendt" in text
    assert "Emnekategori: Rusmiddelbehandling" in text
    assert "Titel: Epikrise; Filtype: PDF" in text


@pytest.mark.parametrize("reason", [None, {"withheld": "objection"}])
def test_what_concerns_another_person_is_pointed_out(reason: object) -> None:
    relatives = [{"name": "Ida Eksempel", "relation": "søster", "may_be_contacted": True}]
    changes: dict[str, object] = {
        "stamoplysninger.has_representative": True,
        "stamoplysninger.representative": {"name": "Bo Eksempel", "relation": "advokat"},
        "stamoplysninger.relatives": reason or relatives,
    }
    pointers = set(other_persons(validated(changes), TEMPLATE))
    expected = {"/sections/stamoplysninger/representative"}
    assert pointers == (expected if reason else expected | {"/sections/stamoplysninger/relatives"})
