"""What differs between two versions of something that is written as data, part by part."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

Part = tuple[str, str]
"""The kind of a part, and its id within its kind."""
Parts = Mapping[Part, Mapping[str, str]]
"""Part -> its members in words, in order."""
REQUIREMENT = "requirement"
"""Name of the member that says whether a part must be filled in."""
_Kind = Literal["added", "removed", "changed"]
_VERBS: dict[str, str] = {"added": "Tilføjet", "removed": "Fjernet", "changed": "Ændret"}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `member` is what changed of a part that both have; before and after in words.

    Of a part that only one has, before or after is what it asks for, where it asks for something.
    """

    change: _Kind
    kind: str
    id: str
    label: str
    member: str | None = None
    before: str | None = None
    after: str | None = None


def compare(before: Parts, after: Parts) -> Iterator[Change]:
    """Every difference: the parts of the earlier version in its order, then those that are new.

    The first member of a part is its label.
    """
    for part, members in before.items():
        if part not in after:
            yield _whole("removed", part, members)
            continue
        for member, value, now in _members(members, after[part]):
            kind, identity = part
            label = _label(after[part])
            yield Change(
                change="changed", kind=kind, id=identity, label=label, member=member, before=value, after=now
            )
    yield from (_whole("added", part, members) for part, members in after.items() if part not in before)


def _members(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str | None, str | None]]:
    for member in dict.fromkeys((*before, *after)):
        value, now = before.get(member), after.get(member)
        if value != now:
            yield member, value, now


def _whole(change: _Kind, part: Part, members: Mapping[str, str]) -> Change:
    kind, identity = part
    asked = members.get(REQUIREMENT)
    return Change(
        change=change,
        kind=kind,
        id=identity,
        label=_label(members),
        before=asked if change == "removed" else None,
        after=asked if change == "added" else None,
    )


def _label(members: Mapping[str, str]) -> str:
    return next(iter(members.values()), "")


def told(change: Change, kinds: Mapping[str, str], members: Mapping[str, str]) -> str:
    """A difference as a line of Danish. `kinds` and `members` give their Danish names."""
    what = f"{_VERBS[change.change]} {kinds[change.kind]}: {change.label or change.id}"
    if change.label and change.id != change.label:
        what += f" ({change.id})"
    if change.member is None:
        asked = change.after or change.before
        return f"{what}, {asked}" if asked else what
    name = members.get(change.member, change.member)
    return f"{what}: {name}: {_value(change.before)} → {_value(change.after)}"


def _value(text: str | None) -> str:
    return f"»{text}«" if text else "intet"
