"""Every kind of damage: to the frame, to the content, and to the shape of FHIR itself."""

from .damages_content import CATEGORY, CONTENT
from .damages_frame import FRAME
from .damaging import Damage, cut, put
from .medcom_support import Json, only

DAMAGES = [*FRAME, *CONTENT]

# No FHIR that another engine could read.
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
