"""Identity events: a replacement number turns out to belong to a real CPR number (law.md 12.2)."""

from uuid import UUID

import msgspec

from domain.events.model import Body, Code, Facts


class PersonNumber(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number as it was when it was sealed; it is never shown.

    `type` is one of `domain.identity.person.PersonIdType`, `issuer` stands with a local number only.
    """

    type: str
    value: str
    issuer: str | None = None

    def __repr__(self) -> str:
        return "PersonNumber(sealed)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class MergedNumbersBody(Body, frozen=True, kw_only=True):
    """Which numbers were joined, under the citizen's key of the authority that joined them."""

    replacement: PersonNumber
    real: PersonNumber


class ReplacementNumberMerged(Facts, frozen=True, kw_only=True):
    """A citizen known under a replacement number is the one with this CPR number.

    History is not rewritten: the numbers stay sealed in the vault and in the body, and `alias`
    names the vault's row that joins them. Whether the CPR number was known before is not said:
    it may be another authority's patient.
    """

    NAME = "replacement-number-merged"

    alias: UUID
    from_type: Code
    to_type: Code
