"""Messages for the tests: our own (with MedCom's test person), a rich one, and MedCom's official examples."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from workflows.delivery.medcom.build import TEST_PATIENT, NewMessage, Writer, build_new_message
from workflows.delivery.medcom.message import Organisation

Json = dict[str, Any]

AMBULATORY = Organisation("265161000016000", "5790000209354", "Psykiatrisk ambulatorium")
CENTRE = Organisation("953741000016009", "5790001348120", "Rusmiddelcenter")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"

_CORE = "http://medcomfhir.dk/ig/core/StructureDefinition/"
_SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "medcom"


def official(folder: str) -> Path:
    """A folder of MedCom's published material beside the checkout; the test is skipped without it."""
    path = _SHARED / folder
    if not path.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("MedCom's official material is not beside the checkout")
        pytest.skip("MedCom's official material is not beside the checkout")
    return path


def official_example(name: str) -> bytes:
    """An official example by the beginning of its file name."""
    (path,) = official("examples").glob(f"{name}*.json")
    return path.read_bytes()


def ids() -> Callable[[], UUID]:
    """Ids that are the same in every run."""

    def numbers() -> Iterator[UUID]:
        number = 0
        while True:
            number += 1
            yield uuid5(UUID(int=0), str(number))

    source = numbers()
    return lambda: next(source)


def own_message(**changes: Any) -> NewMessage:
    """A message of our own making."""
    facts: dict[str, Any] = {
        "sender": AMBULATORY,
        "receiver": CENTRE,
        "patient": TEST_PATIENT,
        "writer": Writer("Anne", "Prøve", "Sygeplejerske", "38683868"),
        "text": "Første linje\nAnden linje: æøå <&> \u2013",
        "sent_at": datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=1))),
        "topic": "Overlevering, dobbeltdiagnose",
        "pdf": PDF,
        "pdf_title": "Overgangsdokument",
    }
    return NewMessage(**(facts | changes))


def own_raw(**changes: Any) -> bytes:
    """`own_message` as FHIR JSON."""
    return build_new_message(own_message(**changes), new_id=ids())


def only(bundle: Json, resource_type: str) -> Json:
    """The first resource of a type."""
    found: Json = next(
        e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == resource_type
    )
    return found


def add(bundle: Json, resource: Json) -> None:
    """Append a resource with its fullUrl and a narrative."""
    resource["text"] = {
        "status": "generated",
        "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div>',
    }
    url = f"https://overgang.example/fhir/{resource['resourceType']}/{resource['id']}"
    bundle["entry"].append({"fullUrl": url, "resource": resource})


def rich_bundle() -> Json:
    """Our message with all that may be there: address, course of treatment, specific sender and recipient."""
    bundle: Json = json.loads(own_raw(category="regarding-referral", priority="asap"))
    header, patient = only(bundle, "MessageHeader"), only(bundle, "Patient")
    communication, role = only(bundle, "Communication"), only(bundle, "PractitionerRole")
    patient["address"] = [
        {
            "line": ["Prøvevej 1"],
            "postalCode": "4000",
            "city": "Roskilde",
            "extension": [
                {
                    "url": "http://hl7.dk/fhir/core/StructureDefinition/dk-core-municipalityCodes",
                    "valueCodeableConcept": {
                        "coding": [
                            {
                                "system": "http://hl7.dk/fhir/core/CodeSystem/dk-core-municipality-codes",
                                "code": "0265",
                            }
                        ]
                    },
                }
            ],
        }
    ]
    patient["telecom"] = [{"system": "phone", "value": "12345678", "use": "mobile"}]
    patient["deceasedBoolean"] = False
    add(
        bundle,
        {
            "resourceType": "Encounter",
            "id": "e1",
            "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "subject": communication["subject"],
            "episodeOfCare": [
                {
                    "identifier": {
                        "system": "https://www.esundhed.dk/Registre/Landspatientregisteret",
                        "value": "urn:uuid:a0a0a0a0-0000-5000-8000-000000000001",
                    }
                }
            ],
        },
    )
    add(
        bundle,
        {
            "resourceType": "CareTeam",
            "id": "t1",
            "name": "Team Nord",
            "managingOrganization": [header["destination"][0]["receiver"]],
        },
    )
    communication["encounter"] = {"reference": "Encounter/e1"}
    communication["recipient"] = [{"reference": "CareTeam/t1"}]
    communication["extension"] = [
        {
            "url": _CORE + "medcom-core-sender-extension",
            "valueReference": {"reference": f"PractitionerRole/{role['id']}"},
        }
    ]
    return bundle


def encode(bundle: Json) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(bundle, ensure_ascii=False).encode()
