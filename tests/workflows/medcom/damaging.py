"""Ways to damage a message."""

from collections.abc import Callable
from typing import Any, NamedTuple

from .medcom_support import Json, only


class Damage(NamedTuple):
    """`mend_json` is False where the result is no FHIR that another engine could read."""

    name: str
    apply: Callable[[Json], None]
    code: str
    mend_json: bool = True


def put(resource_type: str, *path: str | int, value: object) -> Callable[[Json], None]:
    """Set the element at `path` of the first resource of a type (`Bundle` is the Bundle)."""

    def apply(bundle: Json) -> None:
        node: Any = bundle if resource_type == "Bundle" else only(bundle, resource_type)
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return apply


def cut(resource_type: str, *path: str | int) -> Callable[[Json], None]:
    """Delete the element at `path`."""

    def apply(bundle: Json) -> None:
        node: Any = bundle if resource_type == "Bundle" else only(bundle, resource_type)
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]

    return apply


def without(resource_type: str) -> Callable[[Json], None]:
    """Delete the resources of a type."""

    def apply(bundle: Json) -> None:
        bundle["entry"] = [e for e in bundle["entry"] if e["resource"]["resourceType"] != resource_type]

    return apply


def segment(url: str, *path: str | int, value: object, payload: int = 0) -> Callable[[Json], None]:
    """Set something in a segment's extension."""

    def apply(bundle: Json) -> None:
        extensions = only(bundle, "Communication")["payload"][payload]["extension"]
        node = next(extension for extension in extensions if extension["url"] == url)
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return apply


def cut_segment(url: str, payload: int = 0) -> Callable[[Json], None]:
    """Delete a segment's extension."""

    def apply(bundle: Json) -> None:
        payloads = only(bundle, "Communication")["payload"]
        payloads[payload]["extension"] = [e for e in payloads[payload]["extension"] if e["url"] != url]

    return apply
