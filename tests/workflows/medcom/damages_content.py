"""Damage to what a message says (Communication, segments, patient, course of treatment), with its code.

Each is applied to `rich_bundle()`, which has everything a new message may have.
"""

from workflows.delivery.medcom.rules.payload import AUTHOR_URL, CONTACT_URL, DATE_URL, IDENTIFIER_URL

from .damaging import Damage, cut, cut_segment, put, segment, without
from .medcom_support import only

CATEGORY = ("category", 0, "coding", 0)
ATTACHMENT = ("payload", 1, "contentAttachment")
UNKNOWN = "MSG_VALUESET_VALUE_UNKNOWN"

CONTENT = [
    Damage(name, apply, code)
    for name, apply, code in (
        ("thread missing", cut("Communication", "identifier"), "required"),
        (
            "thread in capitals",
            put(
                "Communication",
                "identifier",
                0,
                "value",
                value="urn:uuid:0D5B3C18-FAB6-4D93-9D88-C9C8ABF1F18C",
            ),
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
                "PractitionerRole",
                "organization",
                value=only(b, "MessageHeader")["destination"][0]["receiver"],
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
        (
            "creation nowhen",
            put("Communication", *ATTACHMENT, "creation", value="2026-13-01"),
            "MSG_DATE_FORMAT",
        ),
        ("cpr of an impossible day", put("Patient", "identifier", 0, "value", value="7001014321"), "cpr"),
        ("cpr with hyphen", put("Patient", "identifier", 0, "value", value="250947-9989"), "cpr"),
        ("cpr of wrong use", put("Patient", "identifier", 0, "use", value="temp"), "value"),
        ("patient without identifier", cut("Patient", "identifier"), "required"),
        ("patient without official name", cut("Patient", "name", 0, "use"), "required"),
        ("patient without family name", cut("Patient", "name", 0, "family"), "required"),
        (
            "unknown municipality",
            put(
                "Patient",
                "address",
                0,
                "extension",
                0,
                "valueCodeableConcept",
                "coding",
                0,
                "code",
                value="0999",
            ),
            UNKNOWN,
        ),
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
            "x-ecpr of another form",
            put(
                "Patient",
                "identifier",
                0,
                value={"system": "urn:oid:1.2.208.176.1.6.1.1", "value": "0703923VJ4"},
            ),
            "x-ecpr",
        ),
    )
]
