"""A template as data: what a document may hold, field by field (design section 5; law.md 9.3).

Every version is a file of its own and is read by (name, version), so an old document goes on
being validated and read under the version it was written in. A new version is a new file.
"""

from datetime import date
from functools import cache
from typing import Literal

import msgspec

Kind = Literal[
    "text",
    "code",
    "codes",
    "date",
    "datetime",
    "boolean",
    "integer",
    "person-id",
    "municipality-code",
    "phone",
    "identifier",
    "object",
    "list",
    "assertions",
]
Requirement = Literal["always", "if-known", "if-relevant", "skipped-when-plan", "computed"]
Provenance = Literal["citizen", "own-observation", "third-party", "expert-assessment"]
Severity = Literal["error", "warning"]
RuleKind = Literal[
    "differ",
    "required",
    "absent",
    "one-of",
    "not-before",
    "not-before-today",
    "not-after-today",
    "within-a-year",
    "alone",
    "same",
]

FACT_KINDS: frozenset[str] = frozenset({"code", "codes", "date", "boolean", "municipality-code"})
"""Kinds whose value is a code, a date or a boolean, and so may stand in clear facts (design idea 4)."""

PROVENANCES: tuple[Provenance, ...] = ("citizen", "own-observation", "third-party", "expert-assessment")


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything read from a template file: an unknown member is an error there too."""


class Refusal(_Data, frozen=True, kw_only=True):
    """Why a value that people may try is refused, in a code and words of its own."""

    code: str
    detail: str
    detail_en: str


class Value(_Data, frozen=True, kw_only=True):
    """One value of a value set. `hours`: the time that an urgency allows until taken over."""

    code: str
    label: str
    meaning: str
    hours: int | None = None
    refused: Refusal | None = None


@cache
def _last_part(field_id: str) -> str:
    # Asked for every field of every document; the ids are those of the published templates.
    return field_id.rsplit(".", 1)[-1]


class Field(_Data, frozen=True, kw_only=True):
    """One field, or one member of an object or of a list's items.

    `fact`: its value may stand in the clear facts. `withhold`: the coded reasons for which the
    sender may withhold it. `plan_may_hold`: it may be skipped when a named plan (KIP) holds it.
    `other_person`: it concerns a person beside the citizen and is sealed under a key of its own.
    `address_protected`: shown to some audiences only when the citizen's name and address are
    protected (CPRL §28). `citizen_comment`: the citizen may comment on each of its assertions.
    """

    id: str
    label: str
    meaning: str
    kind: Kind
    requirement: Requirement
    derived_from: tuple[str, ...] = ()
    help: str = ""
    value_set: str | None = None
    format: str | None = None
    max_length: int | None = None
    lines: bool = False
    min_items: int = 0
    max_items: int = 50
    minimum: int = 0
    maximum: int = 0
    must_be: bool | None = None
    fact: bool = False
    withhold: tuple[str, ...] = ()
    plan_may_hold: bool = False
    other_person: bool = False
    address_protected: bool = False
    citizen_comment: bool = False
    provenance: Provenance | None = None
    fields: tuple["Field", ...] = ()
    example: object = None

    @property
    def name(self) -> str:
        """The member name in JSON: the last part of the id."""
        return _last_part(self.id)

    @property
    def skippable(self) -> bool:
        """Whether a named plan may stand in for it."""
        return self.plan_may_hold or self.requirement == "skipped-when-plan"


class Section(_Data, frozen=True, kw_only=True):
    """A numbered section (the number is the one of law.md 9.3) with its default provenance."""

    id: str
    number: int
    title: str
    meaning: str
    provenance: Provenance
    fields: tuple[Field, ...]
    required: bool = True
    help: str = ""
    derived_from: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        """The field with this member name, if the section has it."""
        return next((entry for entry in self.fields if entry.name == name), None)


class Condition(_Data, frozen=True, kw_only=True):
    """Holds when the field has a stated value among `one_of` (a withheld one has none).

    Of a list of codes it holds when one of them is.
    """

    field: str
    one_of: tuple[str | bool, ...]


class Rule(_Data, frozen=True, kw_only=True):
    """A rule between fields. Its id is the code of the problem or warning it gives.

    differ: the two fields are not equal. required / absent: the first field is (not) there.
    one-of: the first field is among `values`. not-before: the first date is not before the
    second. not-before-today, not-after-today: against the day of validation. within-a-year:
    a year has not passed since the date (the last day is the day before the anniversary).
    alone: a code among `values` is the only one in the list. same: the two fields are equal.
    """

    id: str
    kind: RuleKind
    severity: Severity
    fields: tuple[str, ...]
    detail: str
    detail_en: str
    values: tuple[str | bool, ...] = ()
    when: Condition | None = None
    unless: Condition | None = None


class Template(_Data, frozen=True, kw_only=True):
    """A template version. `status` is `proposed` until a steering group has approved it.

    `completion`: whether a document under it is an overgangsdokument, still needs one, or is a note
    to one (a question, an answer, a remark), which holds nothing about who the citizen is.
    `in_force_to` is the last day new documents may be made under it; reading never ends. A published
    version is never edited, so the next one says until when: `earlier_until` is the last day on which
    documents may be made under the versions before it.
    `protection_flag` is the field that says whether name and address are protected.
    `sha256` is over the bytes of the file, as recorded with each document.
    """

    name: str
    version: int
    title: str
    meaning: str
    description: str
    status: Literal["proposed", "approved"]
    approved_by: str | None
    approved_on: date | None = None
    in_force_from: date
    in_force_to: date | None
    earlier_until: date | None = None
    basis: tuple[str, ...]
    completion: Literal["complete", "needs-completion", "note"]
    max_bytes: int
    never_withheld: tuple[str, ...] = ()
    withholding_reasons: str | None = None
    plan_field: str | None = None
    plan_code: str = ""
    protection_flag: str | None = None
    value_sets: dict[str, tuple[Value, ...]]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...] = ()
    sha256: str = ""

    def section(self, section_id: str) -> Section | None:
        """The section with this id, if the template has it."""
        return next((entry for entry in self.sections if entry.id == section_id), None)

    def field(self, field_id: str) -> Field | None:
        """The top-level field with this id (`section.member`), if the template has it."""
        section_id, _, name = field_id.partition(".")
        section = self.section(section_id)
        return section.field(name) if section else None

    def field_or_member(self, field_id: str) -> Field | None:
        """The field with this id, or the member of an object (`section.field.member`)."""
        owner_id, _, name = field_id.rpartition(".")
        owner = self.field(owner_id)
        if owner is None or owner.kind != "object":
            return self.field(field_id)
        return next((member for member in owner.fields if member.name == name), None)

    @property
    def label(self) -> str:
        """Name and version in one, as people and programs write it: `overgangsdokument-1`."""
        return f"{self.name}-{self.version}"

    def values(self, value_set: str | None) -> tuple[Value, ...]:
        """The values of a value set that a document may use (refused ones left out)."""
        return tuple(value for value in self.value_sets[value_set or ""] if value.refused is None)

    def value(self, value_set: str | None, code: object) -> Value | None:
        """One value by its code, refused ones included."""
        return next((value for value in self.value_sets[value_set or ""] if value.code == code), None)

    def in_force(self, on: date) -> bool:
        """Whether new documents may be made under this version on that day."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)
