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
        # An attention line wherever it stands, with or without a mark after it.
        "post.att.kirsten@kommune.example",
        "post_att_kirsten@kommune.example",
        "rusmiddelcenter-att-kirsten@kommune.example",
        "rusmiddelcenter.att@kommune.example",
        "att2.kirsten@kommune.example",
        "attn-kirsten@kommune.example",
        "attkirsten@kommune.example",
        "att1kirsten@kommune.example",
        "post.attkirsten@kommune.example",
        # A name with digits, of several words, or beside too few words for a function.
        "kirsten.hansen2@kommune.example",
        "kirsten2.hansen@kommune.example",
        "anna.maria.kirsten.hansen@kommune.example",
        "anne-marie.hansen@kommune.example",
        "kirsten..hansen@kommune.example",
        "team.kirsten.hansen@kommune.example",
        "team-kirsten.hansen@kommune.example",
        "kirsten.hansen.rusmiddelcenter@kommune.example",
        "kirsten.hansen.rusmiddelcenter.naestved@kommune.example",
        "center.for.kirsten.hansen@kommune.example",
        # What only ends like a word for a function is none.
        "ismail.hansen@kommune.example",
        "kristof.hansen@kommune.example",
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
        "attester.post@kommune.example",
        "rusmiddelcenter-naestved@kommune.example",
        "center.for.rusmidler@kommune.example",
        "center.for.alkohol.og.stoffer@kommune.example",
        "post.rusmiddelcenter@kommune.example",
        "rusmiddelcenter.nykoebing.falster@kommune.example",
        "rusmiddelcenter.hjoerring@kommune.example",
        "hovedpostkasse-0370.post@kommune.example",
        "psykiatri-vest.distrikt2@region.example",
        "opsoegende-gadeplan@kommune.example",
        "sikker.mail@kommune.example",
        "team2@kommune.example",
        "post1@kommune.example",
        "socialpsykiatrien.sydsjaelland@kommune.example",
        "cas.2@kommune.example",
        "5790000209354",
        "0f0c7d5e-90a4-4c0b-9f3a-2b1f5a7c6d10",
    ],
)
def test_a_functions_mailbox_is_taken(address):
    assert not looks_personal(address)


@pytest.mark.parametrize("local", ["kirsten", "kha", "kirsten-hansen", "team.kirsten"])
def test_what_cannot_be_told_is_left_to_the_one_who_confirms(local):
    """A name and initials look like any other word: the rule does not claim to know them."""
    address = f"{local}@kommune.example"
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
