"""What an audience is not shown of a citizen whose name and address are protected (CPRL §28).

Who sees a protected address is data; which fields hold one, the template says of its own fields.
Where that is not known nothing is shown at all: a wrong guess would give somebody's door away.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

from domain.document.rules import is_marker, stated
from domain.document.template import Field, Template

FILE = "adressebeskyttelse-1.json"
MASK: Final = {"masked": "address-protection"}
"""Stands in a field that the audience is not shown. No document holds it: it is never submitted."""


class Audience(StrEnum):
    """Who a document is shown to. The file says which of them sees a protected address."""

    AUTHORITY = "authority"
    CITIZEN = "citizen"
    REPRESENTATIVE = "representative"
    RELATIVE = "relative"
    PRIVATE_PROVIDER = "private-provider"


class UnknownAudience(ValueError):
    """Nobody has said what such an audience may see. Does not repeat what was asked for."""

    code = "unknown-audience"


class ProtectionNotStated(Exception):
    """The template does not say what is protected, so only a person can make a copy for this audience."""

    code = "protection-not-stated"


class _AudienceRule(msgspec.Struct, frozen=True):
    code: Audience
    label: str
    sees_protected: bool


class _EarlierTemplate(msgspec.Struct, frozen=True):
    name: str
    version: int
    protection_flag: str
    address_protected: tuple[str, ...]


class _Rules(msgspec.Struct, frozen=True):
    audiences: tuple[_AudienceRule, ...]
    shown_instead: str
    templates_that_do_not_say: tuple[_EarlierTemplate, ...]


@cache
def _rules() -> _Rules:
    return msgspec.json.decode(
        resources.files("domain.document.data").joinpath(FILE).read_bytes(), type=_Rules
    )


def shown_instead() -> str:
    """What a reader sees in place of a masked value."""
    return _rules().shown_instead


def is_masked(value: object) -> bool:
    """Whether a value was taken out for the audience."""
    return value == MASK


def audience_label(audience: Audience) -> str:
    """What an audience is called in Danish."""
    return next(rule.label for rule in _rules().audiences if rule.code is audience)


def sees_protected(audience: Audience | str) -> bool:
    """Whether a protected address is shown to this audience. Raises UnknownAudience."""
    for rule in _rules().audiences:
        if rule.code == audience:
            return rule.sees_protected
    raise UnknownAudience("nobody has said what this audience may see")


def masked(document: Mapping[str, Any], template: Template, audience: Audience | str) -> dict[str, Any]:
    """A normalised document as this audience may see it; the document itself is left as it is.

    A protected field that is stated gives way to `MASK`; one that is absent, withheld or skipped
    stays so. A flag that is not there counts as protected.
    Raises UnknownAudience, or ProtectionNotStated for a template that does not say what to mask.
    """
    if sees_protected(audience) or template.completion == "note":
        return dict(document)
    flag, protected = _protection(template)
    sections: Mapping[str, Mapping[str, Any]] = document["sections"]
    if stated(sections, flag) is False:
        return dict(document)
    shown = {
        section.id: {
            field.name: _shown(field, sections[section.id][field.name], protected)
            for field in section.fields
            if field.name in sections[section.id]
        }
        for section in template.sections
        if section.id in sections
    }
    return {**document, "sections": shown}


def _protection(template: Template) -> tuple[str, frozenset[str]]:
    """Where the flag stands, and the ids of the fields it protects."""
    if template.protection_flag is not None:
        fields = [field for section in template.sections for field in section.fields]
        fields += [member for field in fields for member in field.fields]
        return template.protection_flag, frozenset(field.id for field in fields if field.address_protected)
    for earlier in _rules().templates_that_do_not_say:
        if (earlier.name, earlier.version) == (template.name, template.version):
            return earlier.protection_flag, frozenset(earlier.address_protected)
    raise ProtectionNotStated("the template does not say which fields hold a protected address")


def _shown(field: Field, value: Any, protected: frozenset[str]) -> Any:
    if is_marker(value):
        return value
    if field.id in protected:
        return dict(MASK)
    if field.kind == "object":
        return _members(field, value, protected)
    if field.kind == "list":
        return [_members(field, item, protected) for item in value]
    return value


def _members(field: Field, stated_members: Mapping[str, Any], protected: frozenset[str]) -> dict[str, Any]:
    return {
        member.name: _shown(member, stated_members[member.name], protected)
        for member in field.fields
        if member.name in stated_members
    }
