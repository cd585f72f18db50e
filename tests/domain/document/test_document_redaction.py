"""Passages left out of a document: each with its ground, never the whole, and nothing beside it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.document.loader import get_template
from domain.document.masking import Audience
from domain.document.redaction import MARKER, PassageUnknown, is_exempted, redacted
from domain.document.render import plain_text
from tests.domain.document.versions import validated

TEMPLATE = get_template("overgangsdokument", 2)
DOCUMENT: dict[str, Any] = validated(TEMPLATE).as_document()


def _pointers(node: Any, at: str) -> list[str]:
    if isinstance(node, dict):
        return [at, *(one for name, value in node.items() for one in _pointers(value, f"{at}/{name}"))]
    if isinstance(node, list):
        return [at, *(one for n, value in enumerate(node) for one in _pointers(value, f"{at}/{n}"))]
    return [at]


SECTIONS = DOCUMENT["sections"].items()
SHOWN = [one for name, value in SECTIONS for one in _pointers(value, f"/sections/{name}")]
POINTERS = [one for one in SHOWN if not one.endswith("seen_by_citizen_at")]
"""When she saw an assertion stands in the data alone."""


@given(st.lists(st.sampled_from(POINTERS), min_size=1, max_size=8))
def test_whatever_is_left_out_is_gone_from_text_and_data_and_the_document_stays(pointers: list[str]) -> None:
    before = str(DOCUMENT)
    made = redacted(DOCUMENT, [(one, "fvl:15b") for one in pointers])
    assert str(DOCUMENT) == before
    for pointer in pointers:
        node: Any = made
        for token in pointer.split("/")[1:]:
            if is_exempted(node):
                break
            node = node[int(token)] if isinstance(node, list) else node[token]
        assert is_exempted(node), pointer
    assert "udeladt (FVL § 15b)" in plain_text(made, TEMPLATE, audience=Audience.AUTHORITY)


def test_an_assertion_is_named_by_its_id() -> None:
    [risk] = DOCUMENT["sections"]["risiko"]["assertions"]
    made = redacted(DOCUMENT, [(f"/sections/risiko/assertions/{risk['id']}", "sul:37.2")])
    assert made["sections"]["risiko"]["assertions"] == [{MARKER: "sul:37.2"}]
    text = plain_text(made, TEMPLATE, audience=Audience.CITIZEN)
    assert risk["text"] not in text and "udeladt (SUL § 37, stk. 2)" in text


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "/",
        "/sections",
        "sections/risiko",
        "/template",
        "/sections/none",
        "/sections/risiko/assertions/99",
    ],
)
def test_never_the_whole_and_never_what_is_not_there(pointer: str) -> None:
    with pytest.raises(PassageUnknown):
        redacted(DOCUMENT, [(pointer, "fvl:15b")])
