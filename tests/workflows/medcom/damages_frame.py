"""Damage to the frame of a message (Bundle, header, organisations, Provenance), with its code.

Each is applied to `rich_bundle()`, which has everything a new message may have.
"""

from .damaging import Damage, cut, put, without
from .medcom_support import add, only

_IG = "http://medcomfhir.dk/ig/"
DEFINITION = _IG + "messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition"
UNKNOWN = "MSG_VALUESET_VALUE_UNKNOWN"

FRAME = [
    Damage(name, apply, code)
    for name, apply, code in (
        ("bundle id missing", cut("Bundle", "id"), "required"),
        ("timestamp missing", cut("Bundle", "timestamp"), "required"),
        (
            "timestamp without zone",
            put("Bundle", "timestamp", value="2026-11-20T09:30:00"),
            "MSG_DATE_FORMAT",
        ),
        (
            "timestamp not in the calendar",
            put("Bundle", "timestamp", value="2026-02-30T09:30:00Z"),
            "MSG_DATE_FORMAT",
        ),
        ("bundle of another type", put("Bundle", "type", value="collection"), "value"),
        ("total", put("Bundle", "total", value=1), "bdl-1"),
        ("header not first", lambda b: b["entry"].reverse(), "bdl-12"),
        ("full url missing", cut("Bundle", "entry", 1, "fullUrl"), "required"),
        (
            "full url of another",
            put("Bundle", "entry", 1, "fullUrl", value="https://x.example/Patient/1"),
            "MSG_RESOURCE_ID_MISMATCH",
        ),
        ("full url relative", put("Bundle", "entry", 1, "fullUrl", value="Patient/1"), "value"),
        ("full url twice", lambda b: b["entry"].append(b["entry"][1]), "bdl-7"),
        (
            "request in an entry",
            put("Bundle", "entry", 1, "request", value={"method": "PUT", "url": "x"}),
            "bdl-3",
        ),
        ("id missing", cut("Patient", "id"), "required"),
        ("id too long", put("Practitioner", "id", value="a" * 65), "MSG_INVALID_ID"),
        ("two patients", lambda b: add(b, {**only(b, "Patient"), "id": "p2"}), "medcom-careCommunication-2"),
        ("no patient", without("Patient"), "medcom-careCommunication-2"),
        ("no communication", without("Communication"), "MSG_RESOURCE_REQUIRED"),
        (
            "two communications",
            lambda b: add(b, {**only(b, "Communication"), "id": "c2"}),
            "MSG_PARAM_NO_REPEAT",
        ),
        ("two headers", lambda b: add(b, {**only(b, "MessageHeader"), "id": "h2"}), "MSG_PARAM_NO_REPEAT"),
        ("no provenance", without("Provenance"), "medcom-messaging-2"),
        ("no practitioner", without("Practitioner"), "medcom-careCommunication-4"),
        ("no role", without("PractitionerRole"), "medcom-careCommunication-13"),
        (
            "header of another profile",
            put("MessageHeader", "meta", "profile", value=["http://x.example/p"]),
            "medcom-careCommunication-1",
        ),
        (
            "provenance of another profile",
            put("Provenance", "meta", "profile", value=["http://x.example/p"]),
            "medcom-careCommunication-3",
        ),
        (
            "event of another system",
            put("MessageHeader", "eventCoding", "system", value="http://x.example/s"),
            UNKNOWN,
        ),
        (
            "definition of version 4",
            put(
                "MessageHeader",
                "definition",
                value=DEFINITION + "|4.0",
            ),
            "medcom-carecommunication-definition-url",
        ),
        ("definition missing", cut("MessageHeader", "definition"), "required"),
        ("focus missing", cut("MessageHeader", "focus"), "required"),
        (
            "focus on the patient",
            lambda b: put("MessageHeader", "focus", 0, value=only(b, "Communication")["subject"])(b),
            "MSG_RESOURCE_TYPE_MISMATCH",
        ),
        ("sender missing", cut("MessageHeader", "sender"), "required"),
        (
            "sender nowhere",
            put("MessageHeader", "sender", "reference", value="Organization/none"),
            "MSG_NO_EXIST",
        ),
        ("receiver missing", cut("MessageHeader", "destination", 0, "receiver"), "required"),
        (
            "two destinations",
            lambda b: only(b, "MessageHeader")["destination"].append(
                only(b, "MessageHeader")["destination"][0]
            ),
            "structure",
        ),
        (
            "copy instead of primary",
            put("MessageHeader", "destination", 0, "extension", 0, "valueCoding", "code", value="cc"),
            "value",
        ),
        (
            "unknown use",
            put("MessageHeader", "destination", 0, "extension", 0, "valueCoding", "code", value="x"),
            UNKNOWN,
        ),
        ("use missing", cut("MessageHeader", "destination", 0, "extension"), "required"),
        ("source missing", cut("MessageHeader", "source"), "required"),
        (
            "gln check digit",
            put("Organization", "identifier", 0, "value", value="5790000209355"),
            "gln-modulus-10",
        ),
        ("gln too short", put("Organization", "identifier", 0, "value", value="579000020935"), "gln-length"),
        (
            "sor too short",
            put("Organization", "identifier", 1, "value", value="1234567890"),
            "min-digits-sor",
        ),
        ("sender without gln", lambda b: only(b, "Organization")["identifier"].pop(0), "required"),
        ("sender without sor", lambda b: only(b, "Organization")["identifier"].pop(1), "required"),
        (
            "receiver without gln",
            lambda b: b["entry"][6]["resource"]["identifier"].pop(0),
            "MSG_Receiver_Identifier_MISSING",
        ),
        (
            "organisation with a home",
            put("Organization", "address", value=[{"use": "home", "city": "x"}]),
            "org-2",
        ),
        (
            "provenance of another message",
            put("Provenance", "target", 0, "reference", value="MessageHeader/none"),
            "business-rule",
        ),
        (
            "two provenances of this message",
            lambda b: add(b, {**only(b, "Provenance"), "id": "pr2"}),
            "business-rule",
        ),
        ("provenance without occurrence", cut("Provenance", "occurredDateTime"), "required"),
        (
            "recorded without zone",
            put("Provenance", "recorded", value="2026-11-20T09:30:00"),
            "MSG_DATE_FORMAT",
        ),
        (
            "activity not of a care communication",
            put("Provenance", "activity", "coding", 0, "code", value="retract-message"),
            UNKNOWN,
        ),
        (
            "agent nowhere",
            put("Provenance", "agent", 0, "who", "reference", value="Organization/none"),
            "MSG_NO_EXIST",
        ),
        ("no source", cut("Provenance", "entity"), "required"),
        ("entity of another role", put("Provenance", "entity", 0, "role", value="derivation"), "value"),
        ("reply", put("Provenance", "activity", "coding", 0, "code", value="reply-message"), "not-supported"),
        (
            "forwarded",
            put("Provenance", "activity", "coding", 0, "code", value="forward-message"),
            "not-supported",
        ),
        (
            "another kind of message",
            put("MessageHeader", "eventCoding", "code", value="hospital-notification-message"),
            "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE",
        ),
        (
            "modifier",
            put("Patient", "modifierExtension", value=[{"url": "http://x.example/e", "valueBoolean": True}]),
            "extension",
        ),
        ("implicit rules", put("Bundle", "implicitRules", value="http://x.example/r"), "extension"),
        (
            "contained and not referred to",
            put("Patient", "contained", value=[{"resourceType": "Organization", "id": "o", "name": "x"}]),
            "dom-3",
        ),
        ("search in an entry", put("Bundle", "entry", 1, "search", value={"mode": "match"}), "bdl-2"),
        ("response in an entry", put("Bundle", "entry", 1, "response", value={"status": "200"}), "bdl-4"),
        (
            "full url of a version",
            put("Bundle", "entry", 1, "fullUrl", value="https://x.example/_history/1"),
            "bdl-8",
        ),
        (
            "organisation called at home",
            put("Organization", "telecom", value=[{"system": "phone", "use": "home", "value": "1"}]),
            "org-3",
        ),
        (
            "cvr too short",
            lambda b: only(b, "Organization")["identifier"].append(
                {"system": "http://cvr.dk", "value": "123"}
            ),
            "CVR-length",
        ),
        (
            "cvr that fails",
            lambda b: only(b, "Organization")["identifier"].append(
                {"system": "http://cvr.dk", "value": "12345678"}
            ),
            "CVR-modulus-11",
        ),
        (
            "kombit id in capitals",
            lambda b: only(b, "Organization")["identifier"].append(
                {
                    "system": "https://kombit.dk/sts/organisation",
                    "value": "urn:uuid:0D5B3C18-FAB6-4D93-9D88-C9C8ABF1F18C",
                }
            ),
            "uuid",
        ),
        (
            "team member on behalf of another",
            lambda b: put(
                "CareTeam",
                "participant",
                value=[{"member": only(b, "Communication")["subject"], "onBehalfOf": {"display": "x"}}],
            )(b),
            "ctm-1",
        ),
        (
            "contained with a version",
            put(
                "Patient",
                "contained",
                value=[{"resourceType": "Organization", "id": "o", "name": "x", "meta": {"versionId": "1"}}],
            ),
            "dom-4",
        ),
        (
            "contained with a label",
            put(
                "Patient",
                "contained",
                value=[
                    {
                        "resourceType": "Organization",
                        "id": "o",
                        "name": "x",
                        "meta": {"security": [{"code": "x"}]},
                    }
                ],
            ),
            "dom-5",
        ),
        (
            "contained in contained",
            put(
                "Patient",
                "contained",
                value=[
                    {
                        "resourceType": "Organization",
                        "id": "o",
                        "name": "x",
                        "contained": [{"resourceType": "Organization", "id": "o", "name": "x"}],
                    }
                ],
            ),
            "dom-2",
        ),
    )
]
