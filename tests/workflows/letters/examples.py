"""Letters from the templates' own examples."""

from typing import Any

from workflows.letters.compose import compose
from workflows.letters.letter import Letter
from workflows.letters.loader import frame, letter_template, letter_templates

EXAMPLES = [
    (template.name, template.version, number)
    for template in letter_templates().values()
    for number in range(len(template.examples))
]
"""Name, version and number of every example there is."""


def values_of(name: str, version: int = 1, number: int = 0) -> dict[str, Any]:
    """What an example gives, with the frame's."""
    return frame().example | letter_template(name, version).examples[number].values


def letter_of(name: str, version: int = 1, number: int = 0, **changed: Any) -> Letter:
    """The letter of an example; a value changed to None is left out."""
    return compose(letter_template(name, version), values_of(name, version, number) | changed)
