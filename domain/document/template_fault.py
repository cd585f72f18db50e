"""What can be wrong with a template file, in Danish for those who revise it and in English.

A fault names its place by an id of the template: templates are public and hold nobody's data. The
text of a file that is no template is never repeated.
"""

import msgspec


class TemplateFault(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a template breaks the format: which (stable code), where, and in words."""

    code: str
    place: str
    detail: str
    detail_en: str


TEXTS: dict[str, tuple[str, str]] = {
    "malformed": (
        "Filen er ikke en skabelon: {place} har en forkert form.",
        "not a template: {place} is misshapen",
    ),
    "states-own-hash": (
        "En skabelonfil må ikke angive sin egen hashværdi.",
        "a template file does not state its own hash",
    ),
    "misnamed": (
        "Filen skal hedde <navn>-<version>.json.",
        "a template file is named <name>-<version>.json",
    ),
    "example-invalid": (
        "Skabelonens eget eksempel kan ikke indsendes: {place}.",
        "the template's own example cannot be submitted: {place}",
    ),
    "approval": (
        "En godkendt skabelon siger, hvem der godkendte den og hvornår; en foreslået siger ingen af delene.",
        "an approved template says who approved it and when; a proposed one says neither",
    ),
    "force": (
        "Skabelonen holder op med at gælde, før den begynder.",
        "the template ends before it begins",
    ),
    "earlier-of-none": (
        "Den første udgave kan ikke sige, hvor længe tidligere bruges.",
        "the first version cannot say until when earlier ones are used",
    ),
    "id-twice": ("Id'et {place} er brugt to gange.", "the id {place} is used twice"),
    "rule-id-twice": ("To regler hedder {place}.", "the rule id {place} is used twice"),
    "withholding-reasons": (
        "Et felt kan tilbageholdes, men grundene til det er ikke en værdiliste i skabelonen.",
        "the reasons for withholding are not a value set",
    ),
    "code-twice": ("Værdilisten {place} har den samme kode to gange.", "value set {place} has a code twice"),
    "code-form": (
        "Værdilisten {place} har en kode med andet end små bogstaver, cifre og -_./:",
        "value set {place} has a code that is not lower-case letters, digits and -_./:",
    ),
    "protected-unknown": (
        "{place} må aldrig tilbageholdes, men findes ikke.",
        "{place} is protected but unknown",
    ),
    "protected-withheld": (
        "{place} må aldrig tilbageholdes eller springes over.",
        "{place} can never be withheld or skipped",
    ),
    "plan-field": (
        "Planens felt skal være et objekt, der hverken kan tilbageholdes eller springes over.",
        "the plan field is an object that can be neither withheld nor skipped",
    ),
    "no-plan-field": (
        "Et felt kan springes over, men skabelonen siger ikke, hvor planen står.",
        "a field can be skipped, but the template names no plan field",
    ),
    "protection-flag": (
        "Feltet for navne- og adressebeskyttelse skal være et ja/nej-felt, der altid er udfyldt.",
        "the protection flag is a boolean that is always stated",
    ),
    "no-protection-flag": (
        "{place} er beskyttet, men skabelonen siger ikke, hvor beskyttelsen står.",
        "{place} is address-protected, but the template names no protection flag",
    ),
    "note-about-a-person": (
        "En note må ikke have felter om, hvem borgeren er: {place}.",
        "a note holds nothing about who the citizen is: {place}",
    ),
    "section-id": (
        "Afsnittets id {place} må kun have små bogstaver og _.",
        "section id {place} is not lower-case letters and _",
    ),
    "section-computed": (
        "Afsnittet {place} er beregnet og kan ikke være krævet.",
        "section {place} is computed and cannot be required",
    ),
    "field-outside-section": (
        "{place} begynder ikke med sit afsnits id.",
        "{place} does not begin with its section",
    ),
    "member-outside-field": (
        "{place} begynder ikke med sit felts id.",
        "{place} does not begin with its field",
    ),
    "field-name": (
        "{place} har et navn, der er optaget eller har andet end små bogstaver og _.",
        "{place} has a name that is reserved or not lower-case letters and _",
    ),
    "fact-kind": (
        "{place} er af en slags, der ikke må stå som oplysning i klar tekst.",
        "{place} is of a kind that can never be a fact",
    ),
    "fact-other-person": (
        "{place} handler om en anden person og må ikke stå i klar tekst.",
        "{place} concerns another person and can never be a fact",
    ),
    "fact-code": (
        "{place} står i klar tekst, og en kode i dens værdiliste kan ikke stå der.",
        "{place} is a fact, and a code of its value set cannot stand in facts",
    ),
    "no-value-set": (
        "{place} bruger en værdiliste, som skabelonen ikke har.",
        "{place} names no value set of the template",
    ),
    "no-max-length": ("{place} har ingen største længde.", "{place} has no max_length"),
    "no-identifier": (
        "{place} bruger en form for nummer, som Overgang ikke kender.",
        "{place} names no known form of identifier",
    ),
    "no-range": ("{place} har intet interval.", "{place} has no range"),
    "must-be": ("{place} er ikke ja/nej, men har must_be.", "{place} is not boolean and has must_be"),
    "members": (
        "{place} har medlemmer, hvor det ikke må, eller mangler dem, hvor det skal have dem.",
        "{place} has members where it should not, or none where it should",
    ),
    "withhold-reason": (
        "{place} kan tilbageholdes af en ukendt grund.",
        "{place} can be withheld for an unknown reason",
    ),
    "member-of-its-own": (
        "{place} er del af et felt: ikke i klar tekst, ikke tilbageholdt, ikke sprunget over, uden dele.",
        "{place} is a member: not a fact, not withheld, not skipped, without members",
    ),
    "comment-kind": (
        "{place} har ikke enkelte oplysninger, som borgeren kan knytte en bemærkning til.",
        "{place} has no assertions that the citizen could comment on",
    ),
    "rule-fields": (
        "Reglen {place} har et forkert antal felter.",
        "rule {place} has the wrong number of fields",
    ),
    "rule-unknown-field": (
        "Reglen {place} nævner et felt, der ikke findes.",
        "rule {place} names an unknown field",
    ),
    "rule-only-warns": (
        "Reglen {place} kan ikke siges i JSON Schema og kan derfor kun advare.",
        "rule {place} cannot be said in JSON Schema, so it can only warn",
    ),
    "rule-spans-sections": (
        "Reglen {place} går over flere afsnit og kan derfor kun advare.",
        "rule {place} spans sections, so it can only warn",
    ),
    "rule-on-a-member": (
        "Reglen {place} handler om en del af et felt og kan derfor kun advare.",
        "rule {place} names a member, so it can only warn",
    ),
    "rule-kind": (
        "Reglen {place} passer ikke til feltets slags.",
        "rule {place} does not suit the kind of its field",
    ),
    "rule-values": ("Reglen {place} har ingen værdier.", "rule {place} has no values"),
}
"""Stable code -> Danish and English text; `{place}` is an id of the template."""


def template_fault(code: str, place: str = "") -> TemplateFault:
    """A fault of the catalogue at a place in the template."""
    danish, english = TEXTS[code]
    return TemplateFault(
        code=code, place=place, detail=danish.format(place=place), detail_en=english.format(place=place)
    )
