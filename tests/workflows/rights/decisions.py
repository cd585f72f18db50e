"""Decisions that the tests of rights take."""

from typing import Any
from uuid import UUID

import msgspec

from domain.rights.decisions import DecisionMade
from tests.domain.rights.samples import sample


def ending(handover: UUID, **stated: Any) -> DecisionMade:
    """The end of a granted service that she has not agreed to: adverse, with its reasons in three parts."""
    made = sample(
        DecisionMade,
        handover=handover,
        kind="ending",
        outcome="refusal",
        adverse=True,
        agreed=False,
        access_ground=None,
        guidance=(),
        oral=False,
    )
    return msgspec.structs.replace(made, **stated)
