"""Documents as a clinic or a centre writes them: the template's own examples, and about whom."""

from copy import deepcopy
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from domain.document.example import example_document
from domain.document.loader import get_template
from domain.document.validate import validate_document
from domain.document.values import standard_checks
from domain.handover.commands import MedComOrigin, WrittenDocument
from domain.handover.events import OtherPerson, PersonLabel
from domain.handover.parties import REGION, kind_of
from domain.identity.person import parse_person_id

TODAY = date(2026, 11, 23)
"""The day on which the examples are written."""

LAST_OF_THE_FIRST = date(2026, 10, 31)
"""The last day on which a document could be made under the first template."""

CALL = {"at": "2026-11-23T08:30:00+01:00", "with_whom": "Vagthavende"}
TELEPHONED = "2026-11-23T07:30:00.000000Z"

SOR, GLN = "953741000016009", "5790000000012"


def cpr(number: int) -> str:
    """An impossible CPR number (day of birth + 60) for each small number: it belongs to nobody."""
    day, month, year = 61 + number % 28, 1 + number // 28 % 12, 50 + number // 336 % 50
    return f"{day:02d}{month:02d}{year:02d}{1000 + number % 2000:04d}"


@lru_cache(maxsize=512)
def _validated(
    template: str, version: int, person: tuple[tuple[str, str], ...], changes: tuple[tuple[str, Any], ...]
) -> Any:
    found = get_template(template, version)
    today = LAST_OF_THE_FIRST if (template, version) == ("overgangsdokument", 1) else TODAY
    document = deepcopy(example_document(found, today=today))
    for field, value in changes:
        section, _, name = field.partition(".")
        if value is None:
            del document["sections"][section][name]
        else:
            document["sections"][section][name] = list(value) if isinstance(value, tuple) else value
    if version > 1 and str(document["sections"]["overgang"]["urgency"]).startswith("hurtig"):
        document["sections"]["overgang"].setdefault("telephone_contact", CALL)
    document["sections"]["stamoplysninger"]["person_id"] = dict(person)
    return validate_document(document, found, today=today, checks=standard_checks(allow_test_numbers=True))


def _written(
    template: str,
    version: int,
    person: dict[str, str],
    name: str,
    changes: dict[str, Any],
    relative: OtherPerson | None,
) -> WrittenDocument:
    changes = {"stamoplysninger.name": name, **changes}
    found = _validated(template, version, tuple(person.items()), tuple(changes.items()))
    person_id = parse_person_id(
        person["type"], person["value"], issuer=person.get("issuer"), allow_test_numbers=True
    )
    return WrittenDocument(
        template=found.template,
        template_version=found.template_version,
        sections=found.sections,
        facts=dict(found.facts),
        person_id=person_id,
        label=PersonLabel(name=name, person_id_type=str(person_id.type), person_id=person_id.value),
        representative=relative,
        telephoned_at=TELEPHONED if "telephone_contact" in found.sections.get("overgang", {}) else None,
    )


def document(
    number: str = "7001014321",
    *,
    municipality: str = "0370",
    name: str = "Test Testesen",
    relative: OtherPerson | None = None,
    replacement_of: str | None = None,
    version: int = 2,
    **changes: Any,
) -> WrittenDocument:
    """An overgangsdokument about a citizen. `changes` are fields, `section__field` -> value.

    With `replacement_of` (an issuer) the number is a local replacement number.
    """
    person = {"type": "cpr", "value": number}
    if replacement_of is not None:
        person = {"type": "local", "value": number, "issuer": replacement_of}
    changed = {field.replace("__", "."): value for field, value in changes.items()}
    return _written(
        "overgangsdokument",
        version,
        person,
        name,
        {"stamoplysninger.handlekommune": municipality, **changed},
        relative,
    )


def to_the_region(number: str = "7001014321", **changes: Any) -> WrittenDocument:
    """What a municipality writes when the region is to have the substance treatment."""
    forms = {"overgang__move_from": "koordineret", "overgang__move_to": "integreret"}
    return document(number, **(forms | changes))


def written_by(authority: str, number: str = "7001014321", **changes: Any) -> WrittenDocument:
    """What an authority of either kind writes when the responsibility goes to the other."""
    return (document if kind_of(authority) == REGION else to_the_region)(number, **changes)


def to_another_municipality(number: str = "7001014321", **changes: Any) -> WrittenDocument:
    """What a municipality writes when the citizen gets another handlekommune."""
    forms = {"overgang__move_from": "koordineret", "overgang__move_to": "koordineret"}
    return document(number, **(forms | {"overgang__change_of_handlekommune": True} | changes))


def message(number: str = "7001014321", name: str = "Test Testesen") -> WrittenDocument:
    """A MedCom message about a citizen, under its own template."""
    return _written("medcom-message", 1, {"type": "cpr", "value": number}, name, {}, None)


def origin(message_id: UUID | None = None, *, sor: str = SOR, gln: str = GLN) -> MedComOrigin:
    """Where a MedCom message came from, and to whom it is addressed."""
    return MedComOrigin(
        message=message_id or uuid4(), envelope=uuid4(), thread=uuid4(), receiver_sor=sor, receiver_gln=gln
    )
