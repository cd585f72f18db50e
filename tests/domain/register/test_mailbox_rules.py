"""The agreement on main mailboxes as data: addresses, channels, kinds of receiver."""

import pytest

from domain.law.mailbox_rules import codes, counts_as, danish, delivers, fits, looks_personal

TABLES = (
    "channels",
    "receiver_kinds",
    "evidence",
    "means_of_asking",
    "unconfirmed",
    "withdrawn",
    "succession",
)


@pytest.mark.parametrize(
    "address",
    [
        "att@kommune.example",
        "att.kirsten@kommune.example",
        "att-kirsten-hansen@kommune.example",
        "jn12@kommune.example",
        "abcd1234@kommune.example",
        "kirsten.hansen@kommune.example",
        "k.hansen@kommune.example",
        "kirsten.m.hansen@kommune.example",
        "kirsten_hansen@kommune.example",
        "lars.borgersen@kommune.example",
        "a7001014321@kommune.example",
    ],
)
def test_a_persons_own_mailbox_is_told_where_it_can_be(address):
    assert looks_personal(address)


@pytest.mark.parametrize(
    "address",
    [
        "hovedpostkasse@kommune.example",
        "hovedpostkasse-0370@kommune.example",
        "sikker.post@kommune.example",
        "rusmiddelcenter.naestved@kommune.example",
        "ambulatoriet.slagelse@region.example",
        "cas@roskilde.example",
        "attest-kontoret@kommune.example",
        "5790000209354",
        "0f0c7d5e-90a4-4c0b-9f3a-2b1f5a7c6d10",
    ],
)
def test_a_functions_mailbox_is_taken(address):
    assert not looks_personal(address)


@pytest.mark.parametrize("address", ["kirsten@kommune.example", "kha@kommune.example"])
def test_what_cannot_be_told_is_left_to_the_one_who_confirms(address):
    """A first name and initials look like any other word: the rule does not claim to know them."""
    assert not looks_personal(address)


def test_each_channel_has_its_own_form_of_address():
    mail, gln, point = "post@kommune.example", "5790000209354", "0f0c7d5e-90a4-4c0b-9f3a-2b1f5a7c6d10"
    expected = {"overgang-mailbox": mail, "secure-mail": mail, "digital-post": point, "medcom": gln}
    assert set(expected) == set(codes("channels"))
    for channel, right in expected.items():
        assert [address for address in (mail, gln, point) if fits(channel, address)] == [right]
    assert not fits("telefax", mail)
    assert [channel for channel in expected if delivers(channel)] == ["overgang-mailbox"]


def test_mixed_staff_count_as_social_and_so_does_what_is_not_known():
    assert [counts_as(kind) for kind in codes("receiver_kinds")] == [
        "health-staff",
        "social",
        "authority",
        "social",
    ]
    assert counts_as("something-else") == "social"


def test_every_code_has_a_danish_name_and_an_unknown_one_is_shown_as_it_is():
    for table in TABLES:
        assert all(danish(table, code) for code in codes(table))
    assert danish("evidence", "seance") == "seance"
