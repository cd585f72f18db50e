"""Finds the published templates and reads them once, whole and checked."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec

from domain.document.misshapen import misshapen_place
from domain.document.template import Template
from domain.document.template_check import template_faults
from domain.document.template_fault import TemplateFault, template_fault

_LABEL = re.compile(r"(?P<name>[a-z]+(?:-[a-z]+)*)-(?P<version>[1-9][0-9]{0,3})")


class TemplateBroken(Exception):
    """A template file cannot be used. Says which rules of the format it breaks."""

    def __init__(self, faults: tuple[TemplateFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.code}: {fault.detail_en}" for fault in faults))
        self.faults = faults


class UnknownTemplate(Exception):
    """No template has that name."""

    code = "unknown-template"


class UnknownTemplateVersion(UnknownTemplate):
    """The template exists, but not in that version: this software may be older than the document."""

    code = "unknown-template-version"


class NoTemplateInForce(UnknownTemplate):
    """The template exists, but new documents may be made under no version of it on that day."""

    code = "no-template-in-force"


def read_template(data: bytes) -> Template:
    """Read a template from the bytes of its file. Raises TemplateBroken."""
    try:
        template = msgspec.json.decode(data, type=Template)
    except (msgspec.DecodeError, UnicodeDecodeError):  # the latter when a name is not UTF-8
        # The text of msgspec's own error can hold what stood in the file.
        raise TemplateBroken((template_fault("malformed", misshapen_place(data)),)) from None
    if template.sha256:
        raise TemplateBroken((template_fault("states-own-hash"),))
    faults = template_faults(template)
    if faults:
        raise TemplateBroken(tuple(faults))
    return msgspec.structs.replace(template, sha256=hashlib.sha256(data).hexdigest())


def template_files() -> dict[str, bytes]:
    """Every installed template file: name -> bytes, whether or not they can be used."""
    folder = resources.files("domain.document.templates")
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".json")}
    return dict(sorted(found.items()))


@cache
def templates() -> Mapping[tuple[str, int], Template]:
    """Every published template by (name, version). Raises TemplateBroken."""
    found: dict[tuple[str, int], Template] = {}
    for name, data in template_files().items():
        template = read_template(data)
        if name != f"{template.label}.json":
            raise TemplateBroken((template_fault("misnamed"),))
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


def template_on(name: str, day: date) -> Template:
    """The version to make a new document under on a day in Denmark: the latest of those in force.

    Raises UnknownTemplate or NoTemplateInForce.
    """
    versions = [template for (known, _), template in templates().items() if known == name]
    if not versions:
        raise UnknownTemplate("there is no template of that name")
    in_force = [template for template in versions if template.in_force(day)]
    if not in_force:
        raise NoTemplateInForce("no version of the template is in force on that day")
    return max(in_force, key=lambda template: template.version)


def may_be_made_under(template: Template, day: date) -> bool:
    """Whether new documents may be made under this version on that day, as itself and later ones say."""
    later = (
        other
        for (name, version), other in templates().items()
        if name == template.name and version > template.version
    )
    ended = any(one.in_force(day) and one.earlier_until and one.earlier_until < day for one in later)
    return template.in_force(day) and not ended


def template_labelled(label: str) -> Template:
    """The template that people call by name and version in one, like `overgangsdokument-1`.

    Raises UnknownTemplate or UnknownTemplateVersion.
    """
    match = _LABEL.fullmatch(label)
    if match is None:
        raise UnknownTemplate("a template is called <name>-<version>")
    return get_template(match["name"], int(match["version"]))
