"""Finds the templates of letters and reads them once, whole and checked."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from workflows.letters.template import Frame, LetterTemplate
from workflows.letters.template_check import template_faults

FRAME: Final = "brevramme-1.json"

_LABEL: Final = re.compile(r"(?P<name>[a-z]+(?:-[a-z]+)*)(?:-(?P<version>[1-9][0-9]{0,3}))?")


class LetterTemplateBroken(Exception):
    """A template file cannot be used. Says which rules of the format it breaks."""


class UnknownLetterTemplate(Exception):
    """No letter has that name, not in that version, or not on that day. Does not repeat what was asked."""


@cache
def frame() -> Frame:
    """What every letter has. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(files("workflows.letters.data").joinpath(FRAME).read_bytes(), type=Frame)


def read_letter_template(data: bytes) -> LetterTemplate:
    """Read a template from the bytes of its file. Raises LetterTemplateBroken."""
    try:
        template = msgspec.json.decode(data, type=LetterTemplate)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # The text of msgspec's own error can hold what stood in the file.
        raise LetterTemplateBroken("malformed") from None
    faults = template_faults(template, frame())
    if faults or template.sha256:
        raise LetterTemplateBroken("; ".join(faults or ["states-own-hash"]))
    return msgspec.structs.replace(template, sha256=hashlib.sha256(data).hexdigest())


@cache
def letter_templates() -> Mapping[tuple[str, int], LetterTemplate]:
    """Every template by name and version, in that order. Raises LetterTemplateBroken."""
    found: dict[tuple[str, int], LetterTemplate] = {}
    folder = files("workflows.letters.templates")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            template = read_letter_template(file.read_bytes())
            if file.name != f"{template.id}.json":
                raise LetterTemplateBroken("misnamed")
            found[template.name, template.version] = template
    return MappingProxyType(dict(sorted(found.items())))


def letter_template(name: str, version: int) -> LetterTemplate:
    """The template by name and version. Raises UnknownLetterTemplate."""
    template = letter_templates().get((name, version))
    if template is None:
        raise UnknownLetterTemplate("there is no template of that name and version")
    return template


def letter_template_on(name: str, day: date) -> LetterTemplate:
    """The version to write a letter under on a day in Denmark: the latest that holds.

    Raises UnknownLetterTemplate.
    """
    versions = [one for (known, _), one in letter_templates().items() if known == name and one.holds_on(day)]
    if not versions:
        raise UnknownLetterTemplate("no template of that name holds on that day")
    return versions[-1]


def letter_template_called(label: str) -> LetterTemplate:
    """The template called `name-version`, or the latest version of `name`. Raises UnknownLetterTemplate."""
    match = _LABEL.fullmatch(label)
    if match is None:
        raise UnknownLetterTemplate("a template is called <name> or <name>-<version>")
    if match["version"]:
        return letter_template(match["name"], int(match["version"]))
    versions = [one for (known, _), one in letter_templates().items() if known == match["name"]]
    if not versions:
        raise UnknownLetterTemplate("there is no template of that name")
    return versions[-1]
