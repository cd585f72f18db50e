"""Codes of steps and facts: the newest workflow definition lists them, and nothing else does."""

from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from api.http.fields import enum, listed
from workflows.handlers.services import WORKFLOW
from workflows.machines.installed import definitions

NEWEST = max((one for one in definitions() if one.name == WORKFLOW), key=lambda one: one.version)


class OneOf:
    """For `Annotated[str, OneOf("return", "reason")]`: one of a step's or fact's codes.

    OpenAPI shows the codes with their Danish labels. Raises ValueError for a code that is not described.
    """

    def __init__(self, of: str, name: str) -> None:
        found = NEWEST.codes(of, name)
        if not found:
            raise ValueError(f"the workflow describes no code {name} of {of}")
        self.values = tuple(value.name for value in found)
        self._labels = "; ".join(f"{value.name}: {value.label}" for value in found)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        check: Callable[[str], str] = listed(self.values)
        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **enum(self.values), "description": f"{self._labels}."}
