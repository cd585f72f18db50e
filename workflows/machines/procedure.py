"""The Danish *arbejdsgangsbeskrivelse*: a definition told step by step to those who do the work."""

from __future__ import annotations

from workflows.machines.definition import CaseFact, Definition, Step
from workflows.machines.diagram import footer

_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip


def procedure(definition: Definition) -> str:
    """Return the description of an installed definition as Markdown.

    Each step says who does what and when, what the citizen hears and what is recorded.
    """
    lines = [f"# Arbejdsgang: {definition.title}", "", f"**{definition.status}**", ""]
    day = definition.valid_from
    lines += [f"Version {definition.version}. Gælder fra {day.day}. {_MONTHS[day.month - 1]} {day.year}.", ""]
    for paragraph in definition.intro:
        lines += [paragraph, ""]
    lines += ["## Hvem er hvem", ""]
    lines += [f"- **{side.label}**: {side.meaning}" for side in definition.sides]
    lines += ["", "## Hvad ordene betyder", "", *_words(definition)]
    lines += ["## Trin for trin", ""]
    for number, step in enumerate(definition.steps, start=1):
        lines += _step(definition, number, step)
    if definition.facts:
        lines += [
            "## Hændelser, der altid kan registreres",
            "",
            "De flytter ikke sagen. De kan registreres når som helst og med det tidspunkt, hvor de skete.",
            "",
        ]
        for fact in definition.facts:
            lines += [f"- **{fact.label}** ({_recorders(definition, fact)}). {fact.what} {fact.citizen.text}"]
        lines += [""]
    lines += ["## Hvor sagen kan stå", ""]
    lines += [f"- **{state.label}**: {state.meaning}" for state in definition.states]
    lines += ["", "## Grundlag", ""]
    lines += [f"- **{basis.reference}**: {basis.says}" for basis in definition.basis]
    lines += ["", footer(definition)]
    return "\n".join(lines) + "\n"


def _words(definition: Definition) -> list[str]:
    words = [s for s in definition.states if s.does_not_mean] + list(definition.outside_words)
    lines = ["| Ord | Det betyder | Det betyder ikke |", "|---|---|---|"]
    lines += [f"| **{word.label}** | {word.meaning} | {word.does_not_mean} |" for word in words]
    return [*lines, ""]


def _step(definition: Definition, number: int, step: Step) -> list[str]:
    lines = [f"### {number}. {step.label}", ""]
    lines.append(f"- **Hvem:** {_who(definition, step)}")
    lines.append(f"- **Hvad:** {step.what}")
    lines.append(f"- **Hvornår:** {step.when}")
    lines.append(f"- **Hvad borgeren får at vide:** {step.citizen.text}")
    lines.append(f"- **Systemet registrerer:** {step.records}")
    lines.append("- **Sagen flytter sig:**")
    conditions = {condition.name: condition.meaning for condition in definition.conditions}
    for move in step.moves:
        sources = _either([f"*{definition.state(name).label}*" for name in move.sources])
        if all(move.target(name) == name for name in move.sources):
            line = f"  - Fra {sources}: bliver stående."
        else:
            line = f"  - Fra {sources} til *{definition.state(move.dest).label}*."
        if move.carries:
            carried = [f"*{definition.step(command).label.lower()}*" for command in move.carries]
            line += f" Trinnet {_both(carried)} bliver registreret først."
        if move.conditions:
            line += " Kun når: " + " ".join(conditions[name] for name in move.conditions)
        lines.append(line)
    return [*lines, ""]


def _who(definition: Definition, step: Step) -> str:
    side = next(side for side in definition.sides if side.name == step.side)
    labels = {role.name: role.label for role in definition.roles}
    return f"{side.label} ({_either([labels[name] for name in step.roles])})."


def _recorders(definition: Definition, fact: CaseFact) -> str:
    labels = {side.name: side.label.lower() for side in definition.sides}
    return _either([labels[name] for name in fact.sides])


def _either(items: list[str]) -> str:
    return _joined(items, "eller")


def _both(items: list[str]) -> str:
    return _joined(items, "og")


def _joined(items: list[str], word: str) -> str:
    """Join as Danish does, with no comma before the last word."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"
