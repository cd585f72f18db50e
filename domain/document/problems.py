"""What is wrong with a document, in words that never repeat what the document says.

A problem names the field by our own label and a JSON pointer (RFC 6901) that ends at the last
*known* member: names and values from outside could be a CPR number or a citizen's words.
"""

from collections.abc import Iterator

import msgspec

MAX_PROBLEMS = 200
"""Enough to mend a document in one go; a hostile one must not make the answer unbounded."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One fault or one warning: where, which (stable code), and what to do about it."""

    pointer: str
    code: str
    detail: str
    detail_en: str


class DocumentRefused(Exception):
    """The document breaks its template. Carries every problem found, never the document."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("document refused: " + ", ".join(sorted({problem.code for problem in problems})))
        self.problems = problems


TEXTS: dict[str, tuple[str, str]] = {
    "not-an-object": ("{label} skal være et objekt.", "{label} must be an object."),
    "too-large": (
        "Dokumentet fylder mere end {limit} byte.",
        "The document is larger than {limit} bytes.",
    ),
    "too-deep": ("Dokumentet har for mange niveauer.", "The document is nested too deeply."),
    "not-json": (
        "Dokumentet indeholder andet end JSON-værdier.",
        "The document holds something that is not a JSON value.",
    ),
    "unknown-template": ("Skabelonen findes ikke.", "There is no such template."),
    "unknown-template-version": (
        "Skabelonen findes ikke i den version.",
        "The template has no such version.",
    ),
    "template-mismatch": (
        "Dokumentet nævner en anden skabelon eller version end den, det bliver læst efter.",
        "The document names another template or version than the one it is read under.",
    ),
    "template-not-in-force": (
        "Skabelonens version gælder ikke i dag. Brug den version, der gælder.",
        "This template version is not in force today. Use the one that is.",
    ),
    "unknown-member": (
        "{label} indeholder et eller flere felter, som skabelonen ikke kender.",
        "{label} holds one or more members that the template does not know.",
    ),
    "missing-section": ("Afsnittet »{label}« mangler.", "The section “{label}” is missing."),
    "missing-field": ("Feltet »{label}« mangler.", "The field “{label}” is missing."),
    "computed-field": (
        "»{label}« beregnes af Overgang og kan ikke indsendes.",
        "“{label}” is computed by Overgang and cannot be submitted.",
    ),
    "wrong-type": ("»{label}« skal være {expected}.", "“{label}” must be {expected_en}."),
    "blank": ("»{label}« er tomt.", "“{label}” is blank."),
    "too-long": (
        "»{label}« må højst være {limit} tegn.",
        "“{label}” may be at most {limit} characters.",
    ),
    "control-character": (
        "»{label}« indeholder styretegn, som ikke er tilladt.",
        "“{label}” holds control characters, which are not allowed.",
    ),
    "unknown-code": (
        "»{label}« er ikke en af skabelonens værdier.",
        "“{label}” is not one of the template's values.",
    ),
    "not-a-date": (
        "»{label}« skal være en dato, der findes, som åååå-mm-dd i årene 1900-2099.",
        "“{label}” must be a date that exists, as yyyy-mm-dd in the years 1900-2099.",
    ),
    "not-a-datetime": (
        "»{label}« skal være et tidspunkt med tidszone, som 2026-12-01T09:30:00+01:00.",
        "“{label}” must be a time with an offset, like 2026-12-01T09:30:00+01:00 (RFC 3339).",
    ),
    "out-of-range": (
        "»{label}« skal ligge mellem {minimum} og {maximum}.",
        "“{label}” must lie between {minimum} and {maximum}.",
    ),
    "must-be": ("»{label}« skal være {expected}.", "“{label}” must be {expected_en}."),
    "not-a-phone": (
        "»{label}« skal være et telefonnummer på 6-15 cifre, eventuelt med + og mellemrum.",
        "“{label}” must be a phone number of 6-15 digits, with + and spaces if needed.",
    ),
    "not-an-identifier": (
        "»{label}« har ikke den form, som nummeret skal have.",
        "“{label}” does not have the form of such an identifier.",
    ),
    "invalid-person-id": (
        "»{label}« er ikke et gyldigt personnummer eller erstatningspersonnummer af den angivne type.",
        "“{label}” is not a valid personal or replacement number of the given type.",
    ),
    "unknown-municipality": (
        "»{label}« er ikke koden på en dansk kommune.",
        "“{label}” is not the code of a Danish municipality.",
    ),
    "too-few": ("»{label}« skal have mindst {minimum}.", "“{label}” needs at least {minimum}."),
    "too-many": ("»{label}« må højst have {maximum}.", "“{label}” may have at most {maximum}."),
    "repeated": ("»{label}« nævner den samme to gange.", "“{label}” names the same one twice."),
    "repeated-assertion-id": (
        "To oplysninger i »{label}« har det samme id.",
        "Two assertions in “{label}” have the same id.",
    ),
    "may-not-be-withheld": ("»{label}« kan ikke tilbageholdes.", "“{label}” cannot be withheld."),
    "unknown-withholding-reason": (
        "»{label}« er tilbageholdt af en grund, som skabelonen ikke kender.",
        "“{label}” is withheld for a reason that the template does not know.",
    ),
    "may-not-be-skipped": ("»{label}« kan ikke springes over.", "“{label}” cannot be skipped."),
    "unknown-skip-reason": (
        "»{label}« er sprunget over af en grund, som skabelonen ikke kender.",
        "“{label}” is skipped for a reason that the template does not know.",
    ),
    "no-plan-to-skip-for": (
        "»{label}« kan kun springes over, når dokumentet henviser til den plan, der har oplysningen.",
        "“{label}” can be skipped only when the document refers to the plan that holds it.",
    ),
}
"""Stable code -> Danish and English text. Placeholders are filled from the template alone."""


class Findings:
    """Collects problems while a document is walked, so that all are told at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._noted = 0

    def add(self, pointer: str, code: str, label: str = "", label_en: str = "", **numbers: object) -> None:
        """Note a problem of the catalogue. `label` and `numbers` come from the template only."""
        danish, english = TEXTS[code]
        self.note(
            Problem(
                pointer=pointer,
                code=code,
                detail=danish.format(label=label, **numbers),
                detail_en=english.format(label=label_en or label, **numbers),
            )
        )

    def note(self, problem: Problem) -> None:
        """Note a ready problem. Those beyond MAX_PROBLEMS are counted and not kept."""
        self._noted += 1
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._problems)

    def __len__(self) -> int:
        return self._noted

    def raise_if_any(self) -> None:
        """Raise DocumentRefused with everything found so far, if anything was."""
        if self._problems:
            raise DocumentRefused(tuple(self._problems))
