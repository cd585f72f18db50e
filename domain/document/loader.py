"""Finds the published templates and reads them once, whole and checked."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec

from domain.document.template import Template
from domain.document.template_check import template_faults


class TemplateBroken(Exception):
    """A template file cannot be used. Says which rule of the format it breaks."""


class UnknownTemplate(Exception):
    """No template has that name."""

    code = "unknown-template"


class UnknownTemplateVersion(UnknownTemplate):
    """The template exists, but not in that version: this software may be older than the document."""

    code = "unknown-template-version"


def read_template(data: bytes) -> Template:
    """Read a template from the bytes of its file. Raises TemplateBroken."""
    try:
        template = msgspec.json.decode(data, type=Template)
    except msgspec.DecodeError as error:
        raise TemplateBroken(f"not a template: {error}") from error
    if template.sha256:
        raise TemplateBroken("a template file does not state its own hash")
    faults = template_faults(template)
    if faults:
        raise TemplateBroken(f"{template.name} {template.version}: " + "; ".join(faults))
    return msgspec.structs.replace(template, sha256=hashlib.sha256(data).hexdigest())


@cache
def templates() -> Mapping[tuple[str, int], Template]:
    """Every published template by (name, version). Raises TemplateBroken."""
    found: dict[tuple[str, int], Template] = {}
    folder = resources.files("domain.document.templates")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".json"):
            continue
        template = read_template(file.read_bytes())
        if file.name != f"{template.name}-{template.version}.json":
            raise TemplateBroken("a template file is named <name>-<version>.json")
        found[template.name, template.version] = template
    return MappingProxyType(found)


def get_template(name: str, version: int) -> Template:
    """The template by name and version.

    Raises UnknownTemplate or UnknownTemplateVersion; neither repeats what was asked for.
    """
    template = templates().get((name, version))
    if template is not None:
        return template
    if any(known == name for known, _ in templates()):
        raise UnknownTemplateVersion(
            "the template has no such version here; it may be newer than this software"
        )
    raise UnknownTemplate("there is no template of that name")
