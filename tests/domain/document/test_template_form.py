"""The paper form and the preview: everything that is asked, in Danish, for everybody."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from domain.document.form import paper_form
from domain.document.loader import get_template, read_template, template_files, templates
from domain.document.outline import outline
from domain.document.template import Field, Template
from domain.document.words import REQUIREMENTS, requirement

ALL = list(templates().values())
SECOND = get_template("overgangsdokument", 2)
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Reads a page strictly: every tag closed in order, every id once, text and headings kept."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if found.get("aria-labelledby"):
            self.labels.append(str(found["aria-labelledby"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def asked(template: Template) -> list[Field]:
    return [field for section in template.sections for field in section.fields]


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_the_form_is_one_page_that_fetches_nothing_and_runs_nothing(template: Template) -> None:
    html = paper_form(template)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert not {name for name, _ in page.attributes if name in ("src", "href") or name.startswith("on")}
    assert "url(" not in html and "@import" not in html
    assert "size: A4" in html


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_the_form_can_be_read_aloud(template: Template) -> None:
    """Danish, with headings in order, and every group named by a heading that is there."""
    html = paper_form(template)
    page = Page(html)
    assert '<html lang="da">' in html
    assert page.tags.count("h1") == 1
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.labels) <= set(page.ids)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_the_form_asks_every_field_with_its_requirement_and_its_choices(template: Template) -> None:
    text = Page(paper_form(template)).text
    for field in asked(template):
        assert f"{field.label} ({requirement(template, field)})" in text
        if field.kind in ("code", "codes") and field.requirement != "computed":
            assert all(value.label in text for value in template.values(field.value_set))


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_the_form_says_which_version_it_is_and_that_it_is_registered_afterwards(template: Template) -> None:
    page = Page(paper_form(template))
    assert f"{template.label}. SHA-256: {template.sha256}" in page.text
    assert "registreres bagefter i Overgang med begge tidspunkter" in page.text
    for asked_for in ("Skrevet den (dato og klokkeslæt)", "Registreret i Overgang den"):
        assert asked_for in page.text


def test_the_form_of_version_2_sends_acute_and_anonymous_cases_elsewhere() -> None:
    text = Page(paper_form(SECOND)).text
    assert (
        "Ikke »Akut«. Overgang er ikke til akutte forløb. Ring til modtageren, vagthavende eller 112." in text
    )
    assert "Ikke »Anonym stofmisbrugsbehandling (serviceloven § 101 a)«." in text
    assert "Når det haster, skal modtageren også være ringet op." in text
    assert "Borgerens bemærkning" in text
    assert "13.1 Er der børn under 18 år i hjemmet (skal udfyldes)" in text


def test_words_of_a_template_are_text_and_never_markup() -> None:
    content = json.loads(template_files()["svar-1.json"])
    content["title"] = 'Svar </style><script>alert("1")</script>'
    content["sections"][0]["fields"][0]["label"] = "<b>Svar</b> & mere"
    html = paper_form(read_template(json.dumps(content).encode()))
    page = Page(html)
    assert "script" not in page.tags and "b" not in page.tags
    assert "<b>Svar</b> & mere" in page.text


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_the_preview_tells_every_section_and_field_with_its_requirement(template: Template) -> None:
    lines = outline(template).split("\n")
    for section in template.sections:
        assert (f"{section.number}. {section.title}" if section.number else section.title) in lines
    for field in asked(template):
        assert f"* {field.label} ({requirement(template, field)})" in lines


def test_every_requirement_has_its_words_and_the_plan_its_name() -> None:
    field = SECOND.field("stamoplysninger.address")
    assert field is not None
    assert requirement(SECOND, field) == "skal udfyldes, medmindre KIP har det"
    assert {field.requirement for field in asked(SECOND)} == set(REQUIREMENTS)
