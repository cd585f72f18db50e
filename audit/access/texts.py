"""The texts of an access package, made ready: passages left out, other persons, protected addresses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain.document.loader import UnknownTemplate, UnknownTemplateVersion, get_template
from domain.document.masking import Audience, is_masked, masked
from domain.document.reading import other_persons
from domain.document.redaction import MARKER, PassageUnknown, is_exempted, redacted
from domain.document.render import plain_text
from domain.document.template import Template
from domain.law.references import reference
from domain.rights.commands import Passage
from workflows.handlers.access_contents import Item
from workflows.handlers.letters import TEMPLATE as LETTER

ADDRESS = "cprl:28"
OTHER_PERSONS, PASSAGE, PROTECTED = "other-persons", "passage", "protected-address"
WITHOUT_ADDRESS = "(adressen er udeladt)"
"""In place of an address that this reader may not see."""


class Exempted(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that was left out: of which text, where, why, and on which ground."""

    document: UUID
    pointer: str
    why: str
    ground: str


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text as she gets it: in Danish, and as JSON beside."""

    item: Item
    name: str
    """What kind of text it is, by its template."""
    plain: str
    data: Any
    exempted: tuple[Exempted, ...]


class OthersNotDecided(Exception):
    """The text speaks of other persons, and nobody has decided whether she may see that."""


def text_of(
    item: Item,
    document: Mapping[str, Any],
    passages: Sequence[Passage],
    *,
    audience: Audience,
    others_shown: bool,
    others_ground: str | None,
    address_shown: bool,
) -> Text:
    """A text as this audience gets it. `address_shown`: whether it may see the address that a letter went to.

    Raises PassageUnknown, OthersNotDecided, and what `masked` raises.
    """
    if document.get("template") == LETTER:
        return _letter(item, document, passages, address_shown=address_shown)
    template = _template(document)
    if template is None:
        if passages:
            raise PassageUnknown("a passage of a text that no template describes")
        return Text(item=item, name="tekst", plain=_as_json(document), data=document, exempted=())
    left_out = [Exempted(document=item.id, pointer=p.pointer, why=PASSAGE, ground=p.ground) for p in passages]
    if not others_shown and (others := other_persons(document, template)):
        covered = {one.pointer for one in left_out}
        missing = [one for one in others if one not in covered]
        if missing and others_ground is None:
            raise OthersNotDecided
        left_out += [
            Exempted(document=item.id, pointer=one, why=OTHER_PERSONS, ground=str(others_ground))
            for one in missing
        ]
    shown = masked(document, template, audience)
    hidden = [
        Exempted(document=item.id, pointer=one, why=PROTECTED, ground=ADDRESS) for one in _masked(shown, "")
    ]
    made = redacted(shown, [(one.pointer, one.ground) for one in left_out])
    # What is not shown to this audience is taken out already; the text itself masks nothing more.
    plain = plain_text(made, template, audience=Audience.AUTHORITY)
    return Text(item=item, name=template.name, plain=plain, data=made, exempted=(*left_out, *hidden))


def _letter(
    item: Item, document: Mapping[str, Any], passages: Sequence[Passage], *, address_shown: bool
) -> Text:
    """A letter as it was sent; her number, which only Digital Post needs, is not part of it."""
    stated, hidden = document["sections"][LETTER], list[Exempted]()
    if not address_shown and len(stated["letter"]["recipient"]) > 1:
        stated = _without_address(stated)
        hidden.append(
            Exempted(document=item.id, pointer=f"/sections/{LETTER}/text", why=PROTECTED, ground=ADDRESS)
        )
    whole = {"template": LETTER, "sections": {LETTER: {"text": stated["text"]}}}
    made = redacted(whole, [(one.pointer, one.ground) for one in passages])
    section = made["sections"][LETTER]
    text = section if is_exempted(section) else section["text"]
    plain = f"udeladt ({reference(text[MARKER])})\n" if is_exempted(text) else str(text)
    left_out = (
        *(
            Exempted(document=item.id, pointer=one.pointer, why=PASSAGE, ground=one.ground)
            for one in passages
        ),
        *hidden,
    )
    data = made if passages else {**whole, "letter": stated["letter"]}
    return Text(item=item, name="brev", plain=plain, data=data, exempted=left_out)


def _without_address(stated: Mapping[str, Any]) -> dict[str, Any]:
    """A letter without the lines below the recipient's name (CPRL §28)."""
    name, *address = stated["letter"]["recipient"]
    head, text = [name, WITHOUT_ADDRESS], str(stated["text"])
    for number, line in enumerate(address):
        text = text.replace(f"{line}\n", f"{WITHOUT_ADDRESS}\n" if number == 0 else "", 1)
    return {**stated, "text": text, "letter": {**stated["letter"], "recipient": head}}


def address_protected(document: Mapping[str, Any], audience: Audience) -> bool | None:
    """Whether a document hides the citizen's address from an audience; None of what is no such document."""
    template = _template(document)
    if template is None or document.get("template") == LETTER:
        return None
    return any(True for _ in _masked(masked(document, template, audience), ""))


def _template(document: Mapping[str, Any]) -> Template | None:
    try:
        return get_template(str(document.get("template")), int(document.get("template_version", 0)))
    except (UnknownTemplate, UnknownTemplateVersion):
        return None


def _masked(node: Any, pointer: str) -> Iterator[str]:
    if is_masked(node):
        yield pointer
    elif isinstance(node, Mapping):
        for name, value in node.items():
            yield from _masked(value, f"{pointer}/{name}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _masked(value, f"{pointer}/{number}")


def _as_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted")).decode() + "\n"
