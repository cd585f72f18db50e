"""What a reader takes out of a stored document by its template: assertions, other persons' parts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.document.rules import is_marker
from domain.document.template import Provenance, Template


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """One addressable statement (law.md 9.3): partshøring and corrections point at `address`.

    `address`: section, field and id; unique in the document. `provenance_stated`: false where it
    is the section's default. `citizen_comment` goes wherever the assertion goes.
    """

    address: str
    text: str
    provenance: Provenance
    provenance_stated: bool
    citizen_comment: str | None = None

    def __repr__(self) -> str:
        return f"Assertion({self.address}, sealed)"


def assertions(document: Mapping[str, Any], template: Template) -> tuple[Assertion, ...]:
    """Every assertion of a normalised document, in the template's order."""
    found: list[Assertion] = []
    for section in template.sections:
        for field in section.fields:
            value = document["sections"].get(section.id, {}).get(field.name)
            if field.kind != "assertions" or value is None or is_marker(value):
                continue
            default = field.provenance or section.provenance
            found += [
                Assertion(
                    address=f"{field.id}.{item['id']}",
                    text=item["text"],
                    provenance=item.get("provenance", default),
                    provenance_stated="provenance" in item,
                    citizen_comment=item.get("citizen_comment"),
                )
                for item in value
            ]
    return tuple(found)


def other_persons(document: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """JSON pointer -> value of each field that concerns a person beside the citizen.

    Design section 4: such a field is sealed in an envelope of its own.
    """
    return {
        f"/sections/{section.id}/{field.name}": value
        for section in template.sections
        for field in section.fields
        if field.other_person
        and (value := document["sections"].get(section.id, {}).get(field.name)) is not None
        and not is_marker(value)
    }
