"""What must hold of every document: schema and validation agree, facts stay clear, nothing is echoed."""

import json
import os
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.document.example import example_document
from domain.document.facts import extract_facts
from domain.document.loader import get_template, templates
from domain.document.problems import DocumentRefused
from domain.document.render import plain_text
from domain.document.schema import json_schema
from domain.document.template import Field, Template
from domain.document.validate import ValidatedDocument, validate_document
from domain.document.values import standard_checks
from domain.handover.events import DocumentFacts

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS", "1"))
TODAY = date(2026, 11, 24)
"""A day on which every version but the first overgangsdokument is used."""
FIRSTS_LAST = date(2026, 10, 31)


def day_of(template: Template) -> date:
    """A day on which documents are made under a version: the first has had its time."""
    return FIRSTS_LAST if template.label == "overgangsdokument-1" else TODAY


CHECKS = standard_checks(allow_test_numbers=True)
CANARY = "Kanariefugl"
Key = tuple[str, int]
EVERY = sorted(templates())
EITHER = st.sampled_from(EVERY)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
NOT_SAID_BY_THE_SCHEMA = {"repeated-assertion-id", "invalid-person-id"}
"""Faults that JSON Schema cannot state (see the module `domain.document.schema`)."""


@cache
def schema_validator(key: Key) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema(get_template(*key), cpr="any"))


@cache
def made_by_the_schema(key: Key) -> st.SearchStrategy[Any]:
    """Documents as an API fuzzer makes them, from the published schema alone."""
    schema = json_schema(get_template(*key), cpr="test")
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "ok"}}}
    api = schemathesis.openapi.from_dict(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/d": {"post": operation}}}
    )
    return api["/d"]["POST"].as_strategy().map(lambda case: case.body)


def outcome(document: object, template: Template) -> ValidatedDocument | set[str]:
    try:
        return validate_document(document, template, today=day_of(template), checks=CHECKS)
    except DocumentRefused as refused:
        return {problem.code for problem in refused.problems}


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path]
    if isinstance(value, dict):
        found += [place for key, inner in value.items() for place in places(inner, (*path, key))]
    elif isinstance(value, list):
        found += [place for index, inner in enumerate(value) for place in places(inner, (*path, index))]
    return found


@st.composite
def mutated(draw: st.DrawFn, key: Key, foreign: st.SearchStrategy[Any]) -> Any:
    """The example with one to three things taken away, replaced, or added."""
    document: Any = example_document(get_template(*key))
    for _ in range(draw(st.integers(1, 3))):
        *parents, last = draw(st.sampled_from(places(document)[1:] or [("template",)]))
        holder = document
        for step in parents:
            holder = holder[step]
        act = draw(st.sampled_from(["remove", "replace", "add", "swap"]))
        if act == "remove":
            del holder[last]
        elif act == "replace":
            holder[last] = deepcopy(draw(foreign))
        elif act == "swap":
            holder[last] = deepcopy(draw(st.sampled_from(alternatives(key))))
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(names(key)) | st.text(max_size=10))] = deepcopy(draw(foreign))
        else:
            more = st.sampled_from(holder or [None]) | st.sampled_from(alternatives(key)) | foreign
            holder.append(deepcopy(draw(more)))
        if not document:
            break
    return document


@cache
def names(key: Key) -> tuple[str, ...]:
    fields = [field for section in get_template(*key).sections for field in section.fields]
    fields += [member for field in fields for member in field.fields]
    of_values = {"withheld", "skipped", "masked", "issuer", "provenance", "id", "citizen_comment"}
    return tuple(sorted({field.name for field in fields} | of_values))


@cache
def alternatives(key: Key) -> tuple[Any, ...]:
    codes = {value.code for values in get_template(*key).value_sets.values() for value in values}
    marks = [{"withheld": "citizens-wish"}, {"withheld": "x"}, {"skipped": "kip"}, True, False]
    kip = [{"date": "2026-01-01"}, "2028-02-29", "2027-02-29", 3.0, []]
    call = [{"at": "2026-11-01T08:05:00+01:00", "with_whom": "x"}, {"masked": "address-protection"}]
    return (*sorted(codes), *marks, *kip, *call)


@pytest.mark.parametrize("key", EVERY, ids=str)
@given(data=st.data())
@settings(max_examples=6 * ROUNDS, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_made_by_the_published_schema_is_accepted(key: Key, data: st.DataObject) -> None:
    template = get_template(*key)
    result = outcome(data.draw(made_by_the_schema(key)), template)
    if isinstance(result, ValidatedDocument):
        document = result.as_document()
        assert outcome(document, template) == result  # the normal form is its own normal form
        assert schema_validator(key).is_valid(document)
        assert plain_text(document, template, audience="authority")
        if template.completion != "needs-completion":
            assert plain_text(document, template, audience="relative")
    else:
        assert result <= NOT_SAID_BY_THE_SCHEMA


@pytest.mark.parametrize("key", EVERY, ids=str)
@given(data=st.data())
@settings(max_examples=250 * ROUNDS, deadline=None)
def test_schema_and_validation_refuse_the_same(key: Key, data: st.DataObject) -> None:
    template = get_template(*key)
    document = data.draw(mutated(key, JSON))
    result = outcome(document, template)
    if schema_validator(key).is_valid(document):
        assert isinstance(result, ValidatedDocument) or result <= NOT_SAID_BY_THE_SCHEMA
    else:
        assert not isinstance(result, ValidatedDocument)


@given(data=st.data())
@settings(max_examples=200 * ROUNDS, deadline=None)
def test_no_answer_repeats_what_came(data: st.DataObject) -> None:
    key = data.draw(EITHER)
    template = get_template(*key)
    planted = st.sampled_from([CANARY, {CANARY: CANARY}, [CANARY], {"withheld": CANARY}, {"skipped": CANARY}])
    document = data.draw(mutated(key, planted))
    if isinstance(document, dict):
        document[CANARY] = CANARY
        with pytest.raises(DocumentRefused) as refused:
            validate_document(document, template, today=day_of(template), checks=CHECKS)
        assert CANARY not in repr(refused.value.problems) + str(refused.value)


def with_canaries(fields: tuple[Field, ...], stated: dict[str, Any]) -> dict[str, Any]:
    """The same values with a canary in every text."""
    found = dict(stated)
    for field in fields:
        value = stated.get(field.name)
        if field.kind == "text" and value is not None:
            found[field.name] = CANARY
        elif field.kind == "assertions" and value is not None:
            found[field.name] = [item | {"text": CANARY} for item in value]
        elif field.kind == "list" and value is not None:
            found[field.name] = [with_canaries(field.fields, item) for item in value]
    return found


@pytest.mark.parametrize("key", EVERY, ids=str)
def test_no_text_and_no_number_of_a_person_gets_into_the_facts(key: Key) -> None:
    template = get_template(*key)
    document = example_document(template)
    for section in template.sections:
        if section.id in document["sections"]:
            document["sections"][section.id] = with_canaries(section.fields, document["sections"][section.id])
    result = outcome(document, template)
    assert isinstance(result, ValidatedDocument)
    assert CANARY in json.dumps(result.as_document())
    assert CANARY not in json.dumps(result.facts)
    assert "7001014321" not in json.dumps(result.facts)


@given(data=st.data())
@settings(max_examples=150 * ROUNDS, deadline=None)
def test_facts_are_codes_dates_and_booleans_whatever_the_sections_hold(data: st.DataObject) -> None:
    """Even of sections that nobody has validated: the way is closed, not only guarded."""
    key = data.draw(EITHER)
    template = get_template(*key)
    value = JSON | st.sampled_from([CANARY, "7001014321", *map(deepcopy, alternatives(key))])
    sections = {
        section.id: {field.name: data.draw(value) for field in section.fields if field.fact}
        for section in template.sections
    }
    facts = extract_facts(template, sections)
    msgspec.convert(facts, DocumentFacts, strict=True)  # what the log's own events allow
    codes = {entry.code for values in template.value_sets.values() for entry in values}
    for stated in facts.values():
        if isinstance(stated, str):
            assert stated in codes or stated.isdigit() or date.fromisoformat(stated)
            assert len(stated) != 10 or not stated.isdigit()


@pytest.mark.parametrize("key", EVERY, ids=str)
def test_the_schema_is_sound_and_its_example_is_valid_under_it(key: Key) -> None:
    template = get_template(*key)
    address = "https://overgang.example/schemas/x"
    schema = json_schema(template, schema_id=address, cpr="test")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == address
    for example in schema["examples"]:
        assert schema_validator(key).is_valid(example)
    assert "$id" not in json_schema(template)


def test_the_published_schema_takes_no_test_numbers_unless_asked() -> None:
    template = get_template("overgangsdokument", 1)
    validator = jsonschema.Draft202012Validator(json_schema(template))
    assert not validator.is_valid(example_document(template))
