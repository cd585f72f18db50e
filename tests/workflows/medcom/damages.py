"""Kinds of damage to a message, each with the code that must name it.

Each is applied to `rich_bundle()`, which has everything a new message may have.
"""

from collections.abc import Callable
from typing import NamedTuple

from workflows.delivery.medcom.rules.payload import AUTHOR_URL, CONTACT_URL, DATE_URL, IDENTIFIER_URL

from .medcom_support import Json, add, only


class Damage(NamedTuple):
    """`mend_json` is False where the result is no FHIR that another engine could read."""

    name: str
    apply: Callable[[Json], None]
    code: str
    mend_json: bool = True


DAMAGES: list[Damage] = []


def put(resource_type: str, *path: str | int, value: object) -> Callable[[Json], None]:
    """Set the element at `path` of the first resource of a type (`Bundle` is the Bundle)."""

    def apply(bundle: Json) -> None:
        node = bundle if resource_type == "Bundle" else only(bundle, resource_type)
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return apply


def cut(resource_type: str, *path: str | int) -> Callable[[Json], None]:
    """Delete the element at `path`."""

    def apply(bundle: Json) -> None:
        node = bundle if resource_type == "Bundle" else only(bundle, resource_type)
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]

    return apply


def without(resource_type: str) -> Callable[[Json], None]:
    """Delete the resources of a type."""

    def apply(bundle: Json) -> None:
        bundle["entry"] = [e for e in bundle["entry"] if e["resource"]["resourceType"] != resource_type]

    return apply


def segment(url: str, *path: str | int, value: object, payload: int = 0) -> Callable[[Json], None]:
    """Set something in a segment's extension."""

    def apply(bundle: Json) -> None:
        extensions = only(bundle, "Communication")["payload"][payload]["extension"]
        node = next(extension for extension in extensions if extension["url"] == url)
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return apply


def cut_segment(url: str, payload: int = 0) -> Callable[[Json], None]:
    """Delete a segment's extension."""

    def apply(bundle: Json) -> None:
        payloads = only(bundle, "Communication")["payload"]
        payloads[payload]["extension"] = [e for e in payloads[payload]["extension"] if e["url"] != url]

    return apply


CATEGORY = ("category", 0, "coding", 0)
ATTACHMENT = ("payload", 1, "contentAttachment")
UNKNOWN = "MSG_VALUESET_VALUE_UNKNOWN"

for _name, _apply, _code in (
    ("bundle id missing", cut("Bundle", "id"), "required"),
    ("timestamp missing", cut("Bundle", "timestamp"), "required"),
    ("timestamp without zone", put("Bundle", "timestamp", value="2026-11-20T09:30:00"), "MSG_DATE_FORMAT"),
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
    ("two communications", lambda b: add(b, {**only(b, "Communication"), "id": "c2"}), "MSG_PARAM_NO_REPEAT"),
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
            value="http://medcomfhir.dk/ig/messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition|4.0",
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
        lambda b: only(b, "MessageHeader")["destination"].append(only(b, "MessageHeader")["destination"][0]),
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
    ("thread missing", cut("Communication", "identifier"), "required"),
    (
        "thread in capitals",
        put("Communication", "identifier", 0, "value", value="urn:uuid:0D5B3C18-FAB6-4D93-9D88-C9C8ABF1F18C"),
        "medcom-uuidv4",
    ),
    (
        "thread without urn",
        put("Communication", "identifier", 0, "value", value="0d5b3c18-fab6-4d93-9d88-c9c8abf1f18c"),
        "medcom-uuidv4",
    ),
    ("status completed", put("Communication", "status", value="completed"), "value"),
    ("unknown category", put("Communication", *CATEGORY, "code", value="handover"), UNKNOWN),
    (
        "category of another system",
        put("Communication", *CATEGORY, "system", value="http://x.example/s"),
        UNKNOWN,
    ),
    ("category missing", cut("Communication", "category"), "required"),
    (
        "two categories",
        lambda b: only(b, "Communication")["category"].append(only(b, "Communication")["category"][0]),
        "required",
    ),
    (
        "priority with another category",
        put("Communication", *CATEGORY, "code", value="medicine"),
        "medcom-careCommunication-5",
    ),
    ("unknown priority", put("Communication", "priority", value="urgent"), UNKNOWN),
    ("topic without text", put("Communication", "topic", value={"coding": [{"code": "x"}]}), "required"),
    ("subject missing", cut("Communication", "subject"), "required"),
    ("encounter not referred to", cut("Communication", "encounter"), "medcom-careCommunication-15"),
    ("encounter not enclosed", without("Encounter"), "medcom-careCommunication-15"),
    ("encounter without its course", cut("Encounter", "episodeOfCare"), "medcom-careCommunication-9"),
    ("encounter with an account", put("Encounter", "account", value=[{"display": "x"}]), "structure"),
    (
        "course with a bad identifier",
        put("Encounter", "episodeOfCare", 0, "identifier", "value", value="x"),
        "uuidv5",
    ),
    (
        "recipient of the sender",
        lambda b: put("CareTeam", "managingOrganization", 0, value=only(b, "MessageHeader")["sender"])(b),
        "medcom-careCommunication-12",
    ),
    (
        "sender of the receiver",
        lambda b: put(
            "PractitionerRole", "organization", value=only(b, "MessageHeader")["destination"][0]["receiver"]
        )(b),
        "medcom-careCommunication-11",
    ),
    (
        "two recipients",
        lambda b: only(b, "Communication")["recipient"].append({"reference": "CareTeam/t1"}),
        "MSG_PARAM_NO_REPEAT",
    ),
    ("team without name", cut("CareTeam", "name"), "required"),
    ("no text", lambda b: only(b, "Communication")["payload"].pop(0), "required"),
    ("segment without date", cut_segment(DATE_URL), "required"),
    ("segment without identifier", cut_segment(IDENTIFIER_URL), "required"),
    ("segment without author", cut_segment(AUTHOR_URL), "required"),
    ("segment without phone", cut_segment(CONTACT_URL), "required"),
    ("attachment without date", cut_segment(DATE_URL, payload=1), "required"),
    (
        "segment with bad identifier",
        segment(IDENTIFIER_URL, "valueIdentifier", "value", value="x"),
        "medcom-uuidv4",
    ),
    (
        "segment without assigner",
        segment(
            IDENTIFIER_URL,
            "valueIdentifier",
            value={"value": "urn:uuid:0d5b3c18-fab6-4d93-9d88-c9c8abf1f18c"},
        ),
        "required",
    ),
    ("segment dated nowhen", segment(DATE_URL, "valueDateTime", value="2026-02-31"), "MSG_DATE_FORMAT"),
    ("phone that is a mail", segment(CONTACT_URL, "valueContactPoint", "system", value="email"), "value"),
    (
        "phone without digits",
        segment(CONTACT_URL, "valueContactPoint", "value", value="ring"),
        "medcom-core-contact",
    ),
    ("author without role", cut("PractitionerRole", "code"), "medcom-careCommunication-7"),
    ("author without name", cut("Practitioner", "name"), "medcom-careCommunication-8"),
    (
        "author nowhere",
        segment(AUTHOR_URL, "valueReference", "reference", value="PractitionerRole/none"),
        "MSG_NO_EXIST",
    ),
    (
        "extension with neither value nor extensions",
        put("Communication", "extension", 0, value={"url": "http://x.example/e"}),
        "ext-1",
    ),
    (
        "content type not allowed",
        put("Communication", *ATTACHMENT, "contentType", value="text/html"),
        UNKNOWN,
    ),
    ("content type missing", cut("Communication", *ATTACHMENT, "contentType"), "att-1"),
    ("title missing", cut("Communication", *ATTACHMENT, "title"), "required"),
    ("data missing", cut("Communication", *ATTACHMENT, "data"), "required"),
    ("data no base64", put("Communication", *ATTACHMENT, "data", value="JVBERi0*"), "MSG_Datatype_Wrong"),
    ("data cut short", put("Communication", *ATTACHMENT, "data", value="JVBERi0"), "MSG_Datatype_Wrong"),
    (
        "data padded in the middle",
        put("Communication", *ATTACHMENT, "data", value="JVA=JVBE"),
        "MSG_Datatype_Wrong",
    ),
    (
        "size that does not fit",
        put("Communication", *ATTACHMENT, "size", value=7),
        "MSG_Damaged_durin_transport",
    ),
    (
        "hash that does not fit",
        put("Communication", *ATTACHMENT, "hash", value="AAAA"),
        "MSG_Damaged_durin_transport",
    ),
    ("creation nowhen", put("Communication", *ATTACHMENT, "creation", value="2026-13-01"), "MSG_DATE_FORMAT"),
    ("cpr of an impossible day", put("Patient", "identifier", 0, "value", value="7001014321"), "cpr"),
    ("cpr with hyphen", put("Patient", "identifier", 0, "value", value="250947-9989"), "cpr"),
    ("cpr of wrong use", put("Patient", "identifier", 0, "use", value="temp"), "value"),
    ("patient without identifier", cut("Patient", "identifier"), "required"),
    ("patient without official name", cut("Patient", "name", 0, "use"), "required"),
    ("patient without family name", cut("Patient", "name", 0, "family"), "required"),
    (
        "unknown municipality",
        put(
            "Patient", "address", 0, "extension", 0, "valueCodeableConcept", "coding", 0, "code", value="0999"
        ),
        UNKNOWN,
    ),
    (
        "gln check digit",
        put("Organization", "identifier", 0, "value", value="5790000209355"),
        "gln-modulus-10",
    ),
    ("gln too short", put("Organization", "identifier", 0, "value", value="579000020935"), "gln-length"),
    ("sor too short", put("Organization", "identifier", 1, "value", value="1234567890"), "min-digits-sor"),
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
    ("recorded without zone", put("Provenance", "recorded", value="2026-11-20T09:30:00"), "MSG_DATE_FORMAT"),
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
        "script in a narrative",
        put(
            "Patient",
            "text",
            "div",
            value='<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>',
        ),
        "txt-1",
    ),
    (
        "empty narrative",
        put("Patient", "text", "div", value='<div xmlns="http://www.w3.org/1999/xhtml"> </div>'),
        "txt-2",
    ),
    ("contact without system", put("Patient", "telecom", value=[{"value": "12345678"}]), "cpt-2"),
    ("contact with nothing", put("Patient", "contact", value=[{"gender": "female"}]), "pat-1"),
    (
        "contained and not referred to",
        put("Patient", "contained", value=[{"resourceType": "Organization", "id": "o", "name": "x"}]),
        "dom-3",
    ),
):
    DAMAGES.append(Damage(_name, _apply, _code))

for _name, _apply, _code in (
    ("unknown member", put("Patient", "hemmelig", value="x"), "structure"),
    ("deep unknown member", put("Patient", "name", 0, "hemmelig", value="x"), "structure"),
    ("number for a name", put("Patient", "name", 0, "family", value=3), "MSG_Datatype_Wrong"),
    ("text for a list", put("Patient", "name", value="x"), "MSG_Datatype_Wrong"),
    ("null", put("Patient", "birthDate", value=None), "structure"),
    ("empty object", put("Patient", "maritalStatus", value={}), "ele-1"),
    ("empty list", put("Patient", "telecom", value=[]), "ele-1"),
    ("empty text", put("Communication", "topic", "text", value=""), "ele-1"),
    ("unknown resource", put("CareTeam", "resourceType", value="Hest"), "MSG_UNKNOWN_TYPE"),
    ("resource without type", cut("CareTeam", "resourceType"), "required"),
    ("resource type that is a number", put("CareTeam", "resourceType", value=7), "required"),
    ("entry that is text", put("Bundle", "entry", 8, value="x"), "MSG_Datatype_Wrong"),
    ("entry that is empty", cut("Bundle", "entry", 8, "resource"), "required"),
    (
        "entries that are an object",
        put("Bundle", "entry", value={"x": 1}),
        "MSG_Datatype_Wrong",
    ),
    (
        "two contents",
        put(
            "Communication",
            "payload",
            0,
            "contentAttachment",
            value={"title": "x", "url": "http://x.example"},
        ),
        "structure",
    ),
    (
        "content by reference",
        put("Communication", "payload", 1, value={"contentReference": {"reference": "CareTeam/t1"}}),
        "not-supported",
    ),
    ("event missing", cut("MessageHeader", "eventCoding"), "required"),
    ("status missing", cut("Communication", "status"), "required"),
    ("not a bundle", put("Bundle", "resourceType", value="Patient"), "MSG_UNKNOWN_TYPE"),
    ("timestamp that is a number", put("Bundle", "timestamp", value=3), "MSG_DATE_FORMAT"),
    ("deceased that is a word", put("Patient", "deceasedBoolean", value="yes"), "MSG_Datatype_Wrong"),
    ("control character", put("Communication", "payload", 0, "contentString", value="a\x00b"), "value"),
    (
        "text too long",
        put("Communication", "payload", 0, "contentString", value="a" * 1_048_577),
        "MSG_Element_To_Long",
    ),
    ("comments", put("Patient", "fhir_comments", value=["x"]), "structure"),
    ("contained unknown", put("Patient", "contained", value=[{"resourceType": "Hest"}]), "structure"),
):
    DAMAGES.append(Damage(_name, _apply, _code, mend_json=False))


def _nest(bundle: Json) -> None:
    node: Json = {"url": "http://x.example/e", "valueBoolean": True}
    for _ in range(60):
        node = {"url": "http://x.example/e", "extension": [node]}
    only(bundle, "Patient")["extension"] = [node]


DAMAGES.append(Damage("nested too deeply", _nest, "structure", mend_json=False))
DAMAGES.append(
    Damage(
        "category other without topic",
        lambda b: (
            put("Communication", *CATEGORY, "code", value="other")(b),
            cut("Communication", "topic")(b),
        )[0],
        "medcom-careCommunication-6",
    )
)
