"""A definition drawn as a Mermaid `stateDiagram-v2` with Danish labels, and its page in docs."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.machines.definition import Definition
from workflows.machines.installed import definition_hash
from workflows.machines.table import compile_table


def mermaid(definition: Definition) -> str:
    """Return the diagram's source. Every transition is an arrow; those between the same two states share one.

    Who acts stands in brackets on the arrow, because the notation has no other way to say it.
    """
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_plain(state.label)}" as {state.name}' for state in definition.states]
    for (source, dest), labels in _arrows(definition).items():
        start = "[*]" if source == definition.initial.name else source
        lines.append(f"    {start} --> {dest} : {' / '.join(labels)}")
    lines += [f"    {name} --> [*]" for name in _ends(definition)]
    return "\n".join(lines) + "\n"


def _arrows(definition: Definition) -> dict[tuple[str, str], list[str]]:
    # "Overgang" is the system's name, and in lower case it would be read as the handover itself.
    who = {s.name: s.label if s.name == "system" else s.label.lower() for s in definition.sides}
    found: dict[tuple[str, str], list[str]] = {}
    for step in definition.steps:
        for move in step.moves:
            for source in move.sources:
                label = f"{_plain(step.label)} ({_plain(who[step.side])})"
                found.setdefault((source, move.target(source)), []).append(label)
    return found


def _plain(label: str) -> str:
    """Return a label without the characters that end a label in Mermaid."""
    return "".join(" " if c in '":;#\n' else c for c in label)


def _ends(definition: Definition) -> Iterator[str]:
    transitions = compile_table(definition).by_command.values()
    left = {one.source for one in transitions if one.dest != one.source}
    return (state.name for state in definition.states if state.name not in left)


def diagram_page(definition: Definition) -> str:
    """Return an installed definition's Markdown page: diagram, states and every transition, in Danish."""
    lines = [
        f"# {definition.title}: tilstande og skift (version {definition.version})",
        "",
        definition.status,
        "",
        "```mermaid",
        mermaid(definition).rstrip("\n"),
        "```",
        "",
        "## Tilstande",
        "",
        "| Tilstand | Kode | Betyder |",
        "|---|---|---|",
    ]
    lines += [f"| {s.label} | `{s.name}` | {s.meaning} |" for s in definition.all_states]
    lines += [
        "",
        "## Skift",
        "",
        "| Fra | Handling | Til | Hvem | Kun når | Registrerer |",
        "|---|---|---|---|---|---|",
        *_rows(definition),
        "",
        footer(definition),
    ]
    return "\n".join(lines) + "\n"


def _rows(definition: Definition) -> Iterator[str]:
    sides: dict[str, str] = {side.name: side.label for side in definition.sides}
    conditions = {condition.name: condition.meaning for condition in definition.conditions}
    for t in compile_table(definition).by_command.values():
        step = definition.step(t.command)
        source, dest = definition.state(t.source).label, definition.state(t.dest).label
        yield (
            f"| {source} | {step.label} (`{t.command}`) | {'uændret' if t.source == t.dest else dest} "
            f"| {sides[t.side]} | {' '.join(conditions[name] for name in t.conditions)} "
            f"| {', '.join(f'`{event}`' for event in t.events)} |"
        )


def footer(definition: Definition) -> str:
    """Return the line that says where a generated page comes from."""
    return (
        "*Dannet af `python -m workflows.machines.generate` "
        f"ud fra {definition.name}-{definition.version}.json "
        f"(SHA-256 {definition_hash(definition.name, definition.version)[:16]}…). "
        "Ret definitionen, ikke siden.*"
    )
