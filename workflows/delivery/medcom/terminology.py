"""MedCom's code lists, from the packaged data file (which names packages and versions)."""

from functools import cache
from importlib import resources
from typing import Final

import msgspec

_FILE: Final = "terminology-2.0.1.json"


class CodeList(msgspec.Struct, frozen=True):
    """A code system's or value set's codes: `system` is the code system's URI."""

    system: str
    version: str
    codes: frozenset[str]

    def holds(self, system: object, code: object) -> bool:
        """Whether the pair is in the list. Total: any JSON value may be given."""
        return system == self.system and isinstance(code, str) and code in self.codes


class Terminology(msgspec.Struct, frozen=True):
    """Every list that a rule here binds to."""

    name: str
    version: str
    source: tuple[str, ...]
    category: CodeList
    priority: CodeList
    activity: CodeList
    care_communication_activity: CodeList
    event: CodeList
    destination_use: CodeList
    attachment_media_type: CodeList
    acknowledgement_error: CodeList
    operation_outcome: CodeList
    response: CodeList
    municipality: CodeList


@cache
def terminology() -> Terminology:
    """The packaged terminology. Raises msgspec.DecodeError if the file is damaged."""
    raw = resources.files("workflows.delivery.medcom.data").joinpath(_FILE).read_bytes()
    return msgspec.json.decode(raw, type=Terminology)
