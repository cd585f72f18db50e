"""What is taken out of a document by its template: the parts that concern other persons."""

from collections.abc import Mapping
from typing import Any

from domain.document.rules import is_marker
from domain.document.template import Template


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
