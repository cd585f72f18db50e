"""References inside a message: the profiles demand that most of them are *bundled*."""

from collections.abc import Collection

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import Entry, MessageBundle, object_of, text_of
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.strict_json import JsonObject


def follow(
    bundle: MessageBundle,
    parent: JsonObject,
    name: str,
    path: str,
    types: Collection[str],
    found: Findings,
) -> Entry | None:
    """The entry that the Reference `parent.name` names, if there is one of a right type.

    Adds `required` (no reference), `MSG_NO_EXIST` (not in the Bundle), `MSG_RESOURCE_TYPE_MISMATCH`.
    Call it for an optional element only where the element is present.
    """
    reference = object_of(parent, name)
    if text_of(reference, "reference") is None:
        found.required(f"{path}.{name}.reference", "A reference to a resource in the Bundle is required")
        return None
    target = bundle.resolve(reference)
    if target is None:
        found.error(
            issues.NO_EXIST,
            f"{path}.{name}.reference",
            "The resource referred to is not in the Bundle",
            "not-found",
        )
        return None
    if target.type not in types:
        found.error(
            issues.TYPE_MISMATCH,
            f"{path}.{name}.reference",
            "The reference is to a wrong type of resource",
            "structure",
        )
        return None
    return target
