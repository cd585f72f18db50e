"""A template as a paper form to print: for the day the system is down, or no screen is at hand.

What was written on paper is registered afterwards with both times (design idea 3): when it was
written, and when it reached Overgang.
"""

from collections.abc import Iterator
from html import escape

from domain.document.form_fields import form_field
from domain.document.form_style import STYLE, page_style
from domain.document.template import Section, Template
from domain.document.words import approval, in_force

_BLANK = '<span class="blank"><span class="unseen">Plads til at skrive.</span></span>'
_PAPER_BOX = (
    '<section class="notice" aria-labelledby="papir">'
    '<h2 id="papir">Registreres bagefter</h2>'
    "<p>Skemaet registreres bagefter i Overgang med begge tidspunkter: "
    "den dato, det er skrevet, og den dato, det er registreret.</p>"
    f"<p>Skrevet den (dato og klokkeslæt): {_BLANK}</p>"
    f"<p>Registreret i Overgang den (dato og klokkeslæt): {_BLANK}</p>"
    f"<p>Registreret af: {_BLANK}</p>"
    "<p>Er der ikke plads nok, så skriv videre på et ark for sig med feltets nummer.</p>"
    "</section>"
)


def paper_form(template: Template) -> str:
    """The form as one HTML document in Danish: no script, nothing fetched, readable without the style."""
    footer = f"{template.title}. {template.label}. SHA-256: {template.sha256}"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="da">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(template.title)}, version {template.version}</title>",
            f"<style>{STYLE}{page_style(footer)}</style>",
            "</head>",
            "<body>",
            "<main>",
            *_head(template),
            *(line for section in template.sections for line in _section(template, section)),
            "</main>",
            f"<footer><p>{escape(footer)}</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _head(template: Template) -> Iterator[str]:
    yield f"<h1>{escape(template.title)}</h1>"
    yield f"<p>Version {template.version}. {escape(approval(template))} {escape(in_force(template))}</p>"
    yield f'<p class="notice">{escape(template.description)}</p>'
    yield _PAPER_BOX


def _section(template: Template, section: Section) -> Iterator[str]:
    anchor = f"afsnit-{section.id}"
    number = f"{section.number}. " if section.number else ""
    yield f'<section aria-labelledby="{anchor}">'
    yield f'<h2 id="{anchor}">{number}{escape(section.title)}</h2>'
    if section.help:
        yield f"<p>{escape(section.help)}</p>"
    for count, field in enumerate(section.fields, start=1):
        place = f"{section.number}.{count}" if section.number else f"{count}."
        yield from form_field(template, section, field, place)
    yield "</section>"
