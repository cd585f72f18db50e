"""The rules between fields, as the template states them: some refuse, some only warn."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from domain.document.problems import Problem
from domain.document.template import Condition, Rule, Severity, Template

Sections = Mapping[str, Mapping[str, Any]]


def stated(sections: Sections, field_id: str) -> Any:
    """The value of a field; None when it is absent, withheld or skipped."""
    value = raw_value(sections, field_id)
    return None if is_marker(value) else value


def raw_value(sections: Sections, field_id: str) -> Any:
    """What stands in a field, a mark of withholding or skipping included; None when absent.

    `section.field.member` is a member of an object.
    """
    section_id, name, *member = field_id.split(".")
    value = sections.get(section_id, {}).get(name)
    if not member:
        return value
    return value.get(member[0]) if isinstance(value, Mapping) else None


def is_marker(value: object) -> bool:
    """Whether it says "withheld" or "skipped" instead of stating a value."""
    if isinstance(value, str | bool | list):  # most are; asking for a Mapping costs ten times as much
        return False
    return isinstance(value, Mapping) and ("withheld" in value or "skipped" in value)


def broken_rules(
    template: Template, sections: Sections, submitted: Sections, *, severity: Severity, today: date
) -> Iterator[Problem]:
    """A problem for each rule of that severity the document breaks.

    `sections` holds the values that passed their own checks; `submitted` what came, so that a
    field that came but was refused is not also called missing.
    """
    for rule in template.rules:
        if rule.severity != severity:
            continue
        if rule.when and not _holds(rule.when, sections):
            continue
        if rule.unless and _holds(rule.unless, sections):
            continue
        if _BROKEN[rule.kind](rule, sections, submitted, today):
            yield Problem(
                pointer="/sections/" + rule.fields[0].replace(".", "/"),
                code=rule.id,
                detail=rule.detail,
                detail_en=rule.detail_en,
            )


def _holds(condition: Condition, sections: Sections) -> bool:
    value = stated(sections, condition.field)
    if isinstance(value, list):
        return any(code in condition.one_of for code in value)
    return value in condition.one_of


def _differ(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    first, second = (stated(sections, field_id) for field_id in rule.fields)
    return first is not None and bool(first == second)


def _required(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    return raw_value(submitted, rule.fields[0]) is None


def _absent(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    return raw_value(submitted, rule.fields[0]) is not None


def _one_of(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    value = stated(sections, rule.fields[0])
    return value is not None and value not in rule.values


def _not_before(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    first, second = (_day(sections, field_id) for field_id in rule.fields)
    return first is not None and second is not None and first < second


def _not_before_today(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    day = _day(sections, rule.fields[0])
    return day is not None and day < today


def _not_after_today(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    day = _day(sections, rule.fields[0])
    return day is not None and day > today


def _within_a_year(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    day = _day(sections, rule.fields[0])
    return day is not None and today >= a_year_after(day)


def _alone(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    codes = stated(sections, rule.fields[0])
    return isinstance(codes, list) and len(codes) > 1 and any(code in rule.values for code in codes)


def _same(rule: Rule, sections: Sections, submitted: Sections, today: date) -> bool:
    first, second = (stated(sections, field_id) for field_id in rule.fields)
    return first is not None and second is not None and bool(first != second)


def _day(sections: Sections, field_id: str) -> date | None:
    value = stated(sections, field_id)
    # A time is judged by the calendar day it is written with; a warning needs no more.
    return date.fromisoformat(value[:10]) if isinstance(value, str) else None


def a_year_after(day: date) -> date:
    """The anniversary; 29 February becomes 28 February (law.md 11.3). The day before is the last."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


_BROKEN: dict[str, Callable[[Rule, Sections, Sections, date], bool]] = {
    "differ": _differ,
    "required": _required,
    "absent": _absent,
    "one-of": _one_of,
    "not-before": _not_before,
    "not-before-today": _not_before_today,
    "not-after-today": _not_after_today,
    "within-a-year": _within_a_year,
    "alone": _alone,
    "same": _same,
}
