"""A field about another person: its own key, bound to the body it was sealed with (decision 0011)."""

import json
from pathlib import Path

import pytest

from audit.log.entry import EntryDamaged, open_body
from domain.handover.events import LabelBody
from tests.audit.log.history import OTHER_KEY, REGION_KEY, openers

ENTRY = (Path(__file__).parent / "golden" / "04-handover-submitted-1.json").read_bytes()


def altered(change) -> bytes:
    entry = json.loads(ENTRY)
    change(entry["body"])
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def test_given_both_keys_the_body_opens_whole():
    body = open_body(ENTRY, openers(REGION_KEY, OTHER_KEY))
    assert isinstance(body, LabelBody) and body.representative is not None


def test_given_the_citizens_key_alone_the_other_persons_field_stays_shut():
    body = open_body(ENTRY, openers(REGION_KEY))
    assert isinstance(body, LabelBody) and body.representative is None


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(fields=[]),
        lambda body: body["fields"][0].update(pointer="/person"),
        lambda body: body["fields"][0].update(key_id="0" * 32),
        lambda body: body["fields"].append(dict(body["fields"][0])),
    ],
    ids=["stripped", "moved", "under another key", "twice"],
)
def test_a_field_that_was_not_sealed_with_the_body_is_found(change):
    with pytest.raises(EntryDamaged):
        open_body(altered(change), openers(REGION_KEY, OTHER_KEY))
