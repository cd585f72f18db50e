"""A submitted document: validated under its template, and what the workflows need of it."""

from datetime import datetime
from typing import Any

from api.bootstrap import Overgang
from api.http.problems import FieldError, Problem
from domain.calendar.working_days import danish_day
from domain.document.validate import ValidatedDocument, template_of, validate_document
from domain.document.values import standard_checks
from domain.events.instant import to_instant
from domain.handover.commands import WrittenDocument
from domain.handover.events import OtherPerson, PersonLabel
from domain.identity.person import parse_person_id

OVERGANGSDOKUMENT = "overgangsdokument"


def validated(overgang: Overgang, document: Any) -> ValidatedDocument:
    """Validate a document as the clinic sends it. Raises DocumentRefused, Problem."""
    template = template_of(document)
    if template.name != OVERGANGSDOKUMENT:
        raise Problem.of(
            "validation-failed",
            errors=[
                FieldError(
                    "/document/template",
                    "unknown-template",
                    "There is no such template for documents.",
                    "Der er ingen sådan skabelon til dokumenter.",
                )
            ],
        )
    return validate_document(
        document,
        template,
        today=danish_day(overgang.clock.now()),
        checks=standard_checks(allow_test_numbers=overgang.settings.allow_test_persons),
    )


def written(overgang: Overgang, document: Any, authority: str) -> WrittenDocument:
    """The document as the workflows take it, sent by an authority. Raises DocumentRefused."""
    return written_from(overgang, validated(overgang, document), authority)


def written_from(overgang: Overgang, found: ValidatedDocument, authority: str) -> WrittenDocument:
    """The document as the workflows take it.

    A local number is unique under the authority that sends it, whatever issuer the document
    names: nobody can reach another authority's citizen by naming its issuer.
    """
    person = found.sections["stamoplysninger"]
    number = person["person_id"]
    person_id = parse_person_id(
        number["type"],
        number["value"],
        issuer=authority if number["type"] == "local" else None,
        allow_test_numbers=overgang.settings.allow_test_persons,
    )
    return WrittenDocument(
        template=found.template,
        template_version=found.template_version,
        sections=found.sections,
        facts=dict(found.facts),
        person_id=person_id,
        label=PersonLabel(name=person["name"], person_id_type=str(person_id.type), person_id=person_id.value),
        representative=_representative(person.get("representative")),
        telephoned_at=_telephoned_at(found.sections["overgang"].get("telephone_contact")),
    )


def _telephoned_at(stated: Any) -> str | None:
    """A time with its zone, as the template has it. A withheld field states a reason instead."""
    if not isinstance(stated, dict) or "at" not in stated:
        return None
    return to_instant(datetime.fromisoformat(stated["at"]))


def _representative(stated: Any) -> OtherPerson | None:
    if not isinstance(stated, dict) or "name" not in stated:
        return None
    return OtherPerson(name=stated["name"], relation=stated["relation"], phone=stated.get("phone"))


def warnings_of(found: ValidatedDocument) -> list[dict[str, str]]:
    """The warnings of a validation, as the API shows them."""
    return [
        {
            "in": "body",
            "pointer": f"/document{one.pointer}",
            "code": one.code,
            "detail": one.detail_en,
            "detail_da": one.detail,
        }
        for one in found.warnings
    ]
