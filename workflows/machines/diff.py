"""What a new version of a workflow changes, for those who do the work and those who rely on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.document.changes import Change, Part, compare, told
from workflows.machines.definition import STAYS, Definition

KIND_NAMES = {
    "workflow": "arbejdsgang",
    "states": "tilstand",
    "outside_words": "ord uden for sagen",
    "sides": "part",
    "roles": "rolle",
    "conditions": "betingelse",
    "intro": "afsnit i indledningen",
    "basis": "grundlag",
    "steps": "trin",
    "facts": "hændelse, der altid kan registreres",
    "migrations": "overgang fra en tidligere version",
}
MEMBER_NAMES = {
    "label": "betegnelse",
    "meaning": "betydning",
    "does_not_mean": "betyder ikke",
    "event": "hændelse",
    "event_label": "hændelsens betegnelse",
    "side": "part",
    "sides": "parter",
    "roles": "roller",
    "requires": "kræver koderne",
    "what": "hvad",
    "when": "hvornår",
    "records": "systemet registrerer",
    "citizen": "hvad borgeren får at vide",
    "says": "siger",
    "why": "hvorfor",
    "renamed": "tilstande med nyt navn",
    "title": "titel",
    "status": "status",
    "codes": "koder",
    "valid_from": "gælder fra",
    "initial": "begyndelse",
}
_IDS = {"steps": "command", "facts": "event", "basis": "reference", "migrations": "from_version"}
"""Which member names an entry of a list; `name` in the others."""
_SAID_ELSEWHERE = frozenset({"version", "command", "name", "moves"})


def differences(before: Definition, after: Definition) -> tuple[Change, ...]:
    """Return every difference in what two versions say. Their numbers are not among them."""
    return tuple(compare(_parts(before), _parts(after)))


def told_differences(changes: tuple[Change, ...]) -> Iterator[str]:
    """Yield the differences in Danish, a line each."""
    for change in changes:
        yield told(
            change, {**KIND_NAMES, change.kind: KIND_NAMES.get(change.kind, change.kind)}, MEMBER_NAMES
        )


def _parts(definition: Definition) -> dict[Part, dict[str, str]]:
    # Whatever a definition comes to hold is compared: a list of named entries, or of paragraphs, becomes
    # parts, and all else members of the whole.
    whole: dict[str, Any] = msgspec.to_builtins(definition)
    labels = {state.name: state.label for state in definition.all_states}
    labels |= {step.command: step.label for step in definition.steps}
    lists = {name: named for name, value in whole.items() if (named := _named(name, value)) is not None}
    about = {name: value for name, value in whole.items() if name not in lists}
    found: dict[Part, dict[str, str]] = {("workflow", definition.name): {"title": "", **_members(about)}}
    for name, named in lists.items():
        found |= {(name, identity): _entry(identity, entry, labels) for identity, entry in named.items()}
    return found


def _named(name: str, entries: object) -> dict[str, Any] | None:
    """The entries of a list by what tells them apart; None for what is no such list."""
    if not isinstance(entries, list | tuple):
        return None
    key = _IDS.get(name, "name")
    if all(isinstance(entry, str) for entry in entries):
        return {entry: entry for entry in entries}
    if all(isinstance(entry, dict) and key in entry for entry in entries):
        return {str(entry[key]): entry for entry in entries}
    return None


def _entry(identity: str, entry: Any, labels: Mapping[str, str]) -> dict[str, str]:
    """An entry's members, its label first; a step's moves one by one, by the state they start in."""
    if isinstance(entry, str):
        return {"label": entry}
    label = str(entry.get("label") or identity)
    return {"label": label, **_members(entry), **dict(_moves(entry.get("moves", ()), labels))}


def _members(entry: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in entry.items() if name not in _SAID_ELSEWHERE and value}


def _moves(moves: Any, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for move in moves:
        leads = "bliver stående" if move["dest"] == STAYS else f"til {labels[move['dest']]}"
        if move["conditions"]:
            leads += f", når {', '.join(move['conditions'])}"
        if move["carries"]:
            leads += f", efter {', '.join(labels[command].lower() for command in move['carries'])}"
        for source in move["sources"]:
            yield f"fra {labels[source]}", leads


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(_text(member) for member in value.values() if member)
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)
