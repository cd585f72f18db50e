"""What makes a workflow definition sound: checked once, when it is loaded.

A definition that is wrong would be wrong in the guard, the API, the documents and the audit at once, so none
of them ever sees one that has not passed here.
"""

import re
from collections.abc import Iterable, Iterator

from workflows.machines.definition import Definition, Move, Step
from workflows.machines.fault import WorkflowDefinitionError

_STATE_OR_COMMAND = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_HYPHENATED = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def validate(definition: Definition) -> None:
    """Raise `WorkflowDefinitionError` naming the first fault; return silently when the definition is sound.

    Sound means: names are well formed, unique and known where they are used; from one state one command, and
    one event, leads to one place; what a command carries can really be recorded in its place; every state can
    be reached from the initial one, and an end can be reached from every state.
    """
    if definition.version < 1:
        raise WorkflowDefinitionError("version-not-positive", "versions count from 1", "/version")
    _check_names(definition)
    _check_references(definition)
    _check_moves(definition)
    _check_carries(definition)
    _check_reach(definition)
    _check_facts(definition)
    _check_codes(definition)
    _check_migrations(definition)


def _check_facts(definition: Definition) -> None:
    _unique("facts", (fact.event for fact in definition.facts))
    _well_formed(((f"facts/{i}/event", f.event) for i, f in enumerate(definition.facts)), _HYPHENATED)
    roles = {role.name for role in definition.roles}
    for i, fact in enumerate(definition.facts):
        if not fact.sides:
            raise WorkflowDefinitionError("unknown-side", "nobody may record it", f"/facts/{i}/sides")
        if not fact.roles or not roles.issuperset(fact.roles):
            raise WorkflowDefinitionError(
                "unknown-role", "no role, or one not described", f"/facts/{i}/roles"
            )


def _check_codes(definition: Definition) -> None:
    stated = [(f"steps/{i}/codes", step.codes) for i, step in enumerate(definition.steps)]
    stated += [(f"facts/{i}/codes", fact.codes) for i, fact in enumerate(definition.facts)]
    for place, sets in stated:
        _unique(place, (codes.name for codes in sets))
        for codes in sets:
            _unique(place, (value.name for value in codes.values))
            _well_formed(((place, value.name) for value in codes.values), _CODE)


def _check_migrations(definition: Definition) -> None:
    states = {state.name for state in definition.states}
    seen = set()
    for i, one in enumerate(definition.migrations):
        place = f"/migrations/{i}"
        if not 1 <= one.from_version < definition.version or one.from_version in seen:
            raise WorkflowDefinitionError(
                "migration-version", "an earlier version, each once", f"{place}/from_version"
            )
        seen.add(one.from_version)
        if not states.issuperset(renamed.after for renamed in one.renamed):
            raise WorkflowDefinitionError(
                "unknown-state", "a case would go on in a state not described", f"{place}/renamed"
            )


def _check_names(definition: Definition) -> None:
    states = ["initial", *(f"states/{i}" for i in range(len(definition.states)))]
    _well_formed(zip(states, (s.name for s in definition.all_states), strict=True), _STATE_OR_COMMAND)
    _unique("states", (s.name for s in definition.all_states))
    _unique("sides", (s.name for s in definition.sides))
    _unique("roles", (r.name for r in definition.roles))
    _unique("conditions", (c.name for c in definition.conditions))
    _well_formed(((f"conditions/{i}", c.name) for i, c in enumerate(definition.conditions)), _HYPHENATED)
    _well_formed(((f"steps/{i}", s.command) for i, s in enumerate(definition.steps)), _STATE_OR_COMMAND)
    # An event's name carries the machine's name, so an event can never be taken for a command.
    prefix = re.compile(re.escape(definition.name) + "-" + _HYPHENATED.pattern)
    _well_formed(((f"steps/{i}/event", s.event) for i, s in enumerate(definition.steps)), prefix)
    _unique("steps", (s.command for s in definition.steps))
    _unique("steps", (s.event for s in definition.steps))


def _well_formed(named: Iterable[tuple[str, str]], pattern: re.Pattern[str]) -> None:
    for place, name in named:
        if not pattern.fullmatch(name):
            raise WorkflowDefinitionError("malformed-name", "a name has the wrong form", f"/{place}")


def _unique(place: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise WorkflowDefinitionError("duplicate-name", "two entries have the same name", f"/{place}")
        seen.add(name)


def _check_references(definition: Definition) -> None:
    sides = {side.name for side in definition.sides}
    roles = {role.name for role in definition.roles}
    conditions = {condition.name for condition in definition.conditions}
    for i, step in enumerate(definition.steps):
        if step.side not in sides:
            raise WorkflowDefinitionError("unknown-side", "the side is not described", f"/steps/{i}/side")
        if not step.roles or not roles.issuperset(step.roles):
            raise WorkflowDefinitionError(
                "unknown-role", "no role, or one not described", f"/steps/{i}/roles"
            )
        if not step.moves:
            raise WorkflowDefinitionError("no-moves", "the step leads nowhere", f"/steps/{i}/moves")
        for j, move in enumerate(step.moves):
            if not conditions.issuperset(move.conditions):
                raise WorkflowDefinitionError(
                    "unknown-condition", "a condition is not described", f"/steps/{i}/moves/{j}/conditions"
                )


def _places(definition: Definition) -> Iterator[tuple[str, Step, Move]]:
    for i, step in enumerate(definition.steps):
        for j, move in enumerate(step.moves):
            yield f"/steps/{i}/moves/{j}", step, move


def _check_moves(definition: Definition) -> None:
    sources = {state.name for state in definition.all_states}
    entered = {state.name for state in definition.states}
    found: dict[tuple[str, str], str] = {}
    for pointer, step, move in _places(definition):
        if not move.sources or not sources.issuperset(move.sources):
            raise WorkflowDefinitionError(
                "unknown-state", "no source, or one not described", f"{pointer}/sources"
            )
        for source in move.sources:
            dest = move.target(source)
            if dest not in entered:
                raise WorkflowDefinitionError(
                    "unknown-state", "the destination is not a state that can be entered", f"{pointer}/dest"
                )
            earlier = found.get((source, step.command))
            if earlier is not None:
                same = earlier == dest
                raise WorkflowDefinitionError(
                    "duplicate-transition" if same else "nondeterministic",
                    "one command stands twice from one state",
                    pointer,
                )
            found[source, step.command] = dest


def _check_carries(definition: Definition) -> None:
    """A carrying move must equal the plain moves it stands for, one after the other, no condition lost."""
    steps = {step.command: step for step in definition.steps}
    plain = {
        (source, step.command): move
        for _, step, move in _places(definition)
        if not move.carries
        for source in move.sources
    }
    for pointer, step, move in _places(definition):
        if not move.carries:
            continue
        if not all(name in steps for name in move.carries):
            raise WorkflowDefinitionError(
                "unknown-command", "a carried command does not exist", f"{pointer}/carries"
            )
        for carried in (steps[name] for name in move.carries):
            if carried.side != step.side or not set(carried.roles).issuperset(step.roles):
                raise WorkflowDefinitionError(
                    "carries-authority", "who may do the act may not do what it carries", f"{pointer}/carries"
                )
            if carried.requires:
                raise WorkflowDefinitionError(
                    "carries-codes", "a carried command needs codes of its own", f"{pointer}/carries"
                )
        for source in move.sources:
            _check_carried_legs(pointer, (*move.carries, step.command), source, move, plain)


def _check_carried_legs(
    pointer: str, commands: tuple[str, ...], source: str, whole: Move, plain: dict[tuple[str, str], Move]
) -> None:
    at, needed = source, set[str]()
    for command in commands:
        leg = plain.get((at, command))
        if leg is None:
            raise WorkflowDefinitionError(
                "carries-impossible", "what is carried cannot be recorded from there", f"{pointer}/carries"
            )
        at, needed = leg.target(at), needed | set(leg.conditions)
    if at != whole.target(source):
        raise WorkflowDefinitionError(
            "carries-elsewhere", "what is carried leads to another state", f"{pointer}/dest"
        )
    if not needed.issubset(whole.conditions):
        raise WorkflowDefinitionError(
            "carries-conditions", "a condition of what is carried is left out", f"{pointer}/conditions"
        )


def _check_reach(definition: Definition) -> None:
    forward: dict[str, set[str]] = {}
    backward: dict[str, set[str]] = {}
    for _, _, move in _places(definition):
        for source in move.sources:
            forward.setdefault(source, set()).add(move.target(source))
            backward.setdefault(move.target(source), set()).add(source)
    names = [state.name for state in definition.all_states]
    reached = _closure({definition.initial.name}, forward)
    # A step that leaves a case where it is does not keep that from being its end.
    ends = {name for name in names if forward.get(name, set()) <= {name}}
    leads_to_an_end = _closure(ends, backward)
    for i, name in enumerate(names):
        pointer = f"/states/{i - 1}" if i else "/initial"
        if name not in reached:
            raise WorkflowDefinitionError("unreachable-state", "no transition leads to the state", pointer)
        if name not in leads_to_an_end:
            raise WorkflowDefinitionError("no-way-out", "no end can be reached from the state", pointer)


def _closure(start: set[str], edges: dict[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        new = edges.get(todo.pop(), set()) - seen
        seen |= new
        todo.extend(new)
    return seen
