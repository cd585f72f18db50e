"""Tries a workflow definition out before it is installed: is it sound, and how does it read?"""

from __future__ import annotations

import hashlib
from importlib import resources

import msgspec

from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition, definitions, read_definition
from workflows.machines.procedure import procedure


def definition_files() -> dict[str, bytes]:
    """Return every installed definition file: name -> bytes, whether or not they can be used."""
    folder = resources.files("workflows.machines.definitions")
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".json")}
    return dict(sorted(found.items()))


def definition_fault(data: bytes) -> WorkflowDefinitionError | None:
    """Return the first fault of a definition file, or None when it is sound."""
    try:
        read_definition(data)
    except WorkflowDefinitionError as fault:
        return fault
    return None


def preview(data: bytes) -> str:
    """Return the Danish description of a definition that need not be installed, as Markdown.

    Raises WorkflowDefinitionError.
    """
    proposed = read_definition(data)
    # The page ends by naming an installed file. A proposed one is told under the name of the latest that
    # is there, and what names the file is then put right.
    known = definitions()[-1]
    lines = procedure(msgspec.structs.replace(proposed, name=known.name, version=known.version)).splitlines()
    dated, says = f"Version {known.version}. ", f"Version {proposed.version}. "
    lines = [says + line.removeprefix(dated) if line.startswith(dated) else line for line in lines]
    return "\n".join([*lines[:-1], _footer(proposed.name, proposed.version, data)]) + "\n"


def _footer(name: str, version: int, data: bytes) -> str:
    return (
        f"*Forhåndsvisning af {name}-{version} (SHA-256 {hashlib.sha256(data).hexdigest()[:16]}…). "
        "Den er ikke taget i brug.*"
    )


def installed_procedure(name: str, version: int) -> str:
    """Return the Danish description of an installed definition.

    Raises WorkflowDefinitionError `unknown-workflow-version`.
    """
    return procedure(definition(name, version))
