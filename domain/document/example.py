"""A whole document made of the examples that stand in the template's data. The person is invented."""

from copy import deepcopy
from typing import Any

from domain.document.template import Template


def example_document(template: Template) -> dict[str, Any]:
    """A valid document in Danish; its CPR number is impossible (day + 60), so it belongs to nobody."""
    sections = {
        section.id: {
            field.name: deepcopy(field.example) for field in section.fields if field.example is not None
        }
        for section in template.sections
    }
    return {
        "template": template.name,
        "template_version": template.version,
        "sections": {name: fields for name, fields in sections.items() if fields},
    }
