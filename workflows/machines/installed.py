"""The definitions that are installed: read from their files, checked, and found by version or by day."""

import datetime
import hashlib
import re
from functools import cache
from importlib import resources

import msgspec

from workflows.machines.definition import Definition
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.validation import validate

_PACKAGE = "workflows.machines.definitions"
_FILE_NAME = re.compile(r"(?P<name>[a-z][a-z0-9-]*)-(?P<version>[1-9][0-9]{0,5})\.json")


def read_definition(data: bytes) -> Definition:
    """Decode and check a definition file.

    Raises `WorkflowDefinitionError`: `malformed-definition` when it is not JSON of the right shape, otherwise
    a code of `validation.validate`.
    """
    try:
        definition = msgspec.json.decode(data, type=Definition)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # the latter when a name is not UTF-8
        # msgspec's text can hold names from the data; only its path, which it builds from our own members and
        # from indices, is passed on.
        path = re.search(r"at `\$([^`]*)`$", str(error))
        pointer = re.sub(r"[.\[]", "/", path[1]).replace("]", "") if path else ""
        raise WorkflowDefinitionError("malformed-definition", "not of the expected shape", pointer) from None
    validate(definition)
    return definition


@cache
def _installed() -> dict[tuple[str, int], bytes]:
    found: dict[tuple[str, int], bytes] = {}
    for file in resources.files(_PACKAGE).iterdir():
        if file.name.endswith(".json"):
            match = _FILE_NAME.fullmatch(file.name)
            if match is None:
                raise WorkflowDefinitionError(
                    "misnamed-definition", "a file is not named <name>-<version>.json"
                )
            found[match["name"], int(match["version"])] = file.read_bytes()
    return dict(sorted(found.items()))


def _bytes(name: str, version: int) -> bytes:
    try:
        return _installed()[name, version]
    except KeyError:
        raise WorkflowDefinitionError(
            "unknown-workflow-version", "no definition of that name and version is installed"
        ) from None


@cache
def definition(name: str, version: int) -> Definition:
    """Return an installed definition, checked; `unknown-workflow-version` when there is none."""
    loaded = read_definition(_bytes(name, version))
    if (loaded.name, loaded.version) != (name, version):
        raise WorkflowDefinitionError("misnamed-definition", "the file is named otherwise than its content")
    return loaded


def definition_hash(name: str, version: int) -> str:
    """Return the SHA-256 of the definition file as stored, in lower-case hex."""
    return hashlib.sha256(_bytes(name, version)).hexdigest()


def definitions() -> tuple[Definition, ...]:
    """Return every installed definition, by name and then version."""
    return tuple(definition(name, version) for name, version in _installed())


def definition_on(name: str, day: datetime.date) -> Definition:
    """Return the version under which a case starting on `day` (Danish date) starts: the latest then valid.

    Raises `no-workflow-version-then` when none was valid.
    """
    valid = [d for d in definitions() if d.name == name and d.valid_from <= day]
    if not valid:
        raise WorkflowDefinitionError("no-workflow-version-then", "no version was valid on that day")
    return max(valid, key=lambda d: (d.valid_from, d.version))
