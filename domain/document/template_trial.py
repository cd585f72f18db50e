"""Tries a template out before it is published: is it sound, and does its own example go through?"""

from domain.document.example import example_document
from domain.document.loader import TemplateBroken, read_template
from domain.document.problems import DocumentRefused
from domain.document.template import Template
from domain.document.template_fault import TemplateFault, template_fault
from domain.document.validate import ValidatedDocument, validate_document
from domain.document.values import standard_checks


def template_trial(data: bytes) -> tuple[TemplateFault, ...]:
    """Everything that is wrong with the bytes of a template file; empty when it can be published.

    Its example stands in the published JSON Schema and in the API's documentation, where people send it.
    """
    try:
        example_on_first_day(read_template(data))
    except TemplateBroken as broken:
        return broken.faults
    except DocumentRefused as refused:
        return tuple(
            template_fault("example-invalid", f"{problem.pointer} ({problem.code})")
            for problem in refused.problems
        )
    return ()


def example_on_first_day(template: Template) -> ValidatedDocument:
    """The template's example as a document that is submitted on the version's first day.

    Raises DocumentRefused.
    """
    return validate_document(
        example_document(template, today=template.in_force_from),
        template,
        today=template.in_force_from,
        checks=standard_checks(allow_test_numbers=True),
    )
