"""A letter as a MeMo 1.2 message: its form, what is refused, and that it is read back as it was."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid1, uuid4
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity.person import PersonId, PersonIdType
from tests.workflows.letters.letter_support import CONTACT_POINT, CPR, CVR, MESSAGE, PDF, a_letter
from workflows.letters.digital_post.build import build_memo
from workflows.letters.digital_post.memo import MemoLetter
from workflows.letters.digital_post.read import read_memo
from workflows.letters.digital_post.refusal import FAULTS, DigitalPostRefused

MEMO = "{https://DigitalPost.dk/MeMo-1}"

#: The order in which the official example has the elements (XML Schema sequences). A star: no message may
#: lack it, for the official minimum example has it.
OFFICIAL = {
    name: [(child.rstrip("*"), child.endswith("*")) for child in children.split()]
    for name, children in {
        "Message": "MessageHeader* MessageBody*",
        "MessageHeader": "messageType* messageUUID* messageID messageCode label* notification"
        " additionalNotification reply replyByDateTime doNotDeliverUntilDate mandatory* legalNotification*"
        " postType Sender* Recipient* ContentData ForwardData ReplyData",
        "Sender": "senderID* idType* label* AttentionData ContactPoint Representative",
        "ContactPoint": "contactGroup contactPointID* label ContactInfo",
        "Recipient": "recipientID* idType* label AttentionData ContactPoint",
        "MessageBody": "createdDateTime* MainDocument* AdditionalDocument TechnicalDocument",
        "MainDocument": "mainDocumentID label File* Action",
        "File": "encodingFormat* filename* language* content*",
    }.items()
}

_LABELS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Nd"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=256,
).filter(lambda text: text == text.strip())
LETTERS = st.builds(
    MemoLetter,
    message_id=st.uuids(version=4),
    sender_cvr=st.just(CVR),
    sender_name=_LABELS,
    recipient=st.just(PersonId(PersonIdType.CPR, CPR)),
    title=_LABELS,
    media_type=st.just("application/pdf"),
    content=st.binary().map(lambda tail: b"%PDF-" + tail),
    created=st.datetimes(
        datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(timezone(timedelta(hours=2)))
    ).map(lambda moment: moment.replace(microsecond=0)),
    reply_to=st.none() | st.uuids(),
)


def refused(letter: MemoLetter) -> str:
    with pytest.raises(DigitalPostRefused) as caught:
        build_memo(letter)
    assert str(caught.value) == f"{caught.value.code}: {FAULTS[caught.value.code]}"
    return caught.value.code


@given(LETTERS)
def test_a_letter_that_is_written_is_read_back_as_it_was(letter):
    assert read_memo(build_memo(letter)) == letter


@given(LETTERS)
def test_a_message_has_its_elements_in_the_official_order_and_lacks_none(letter):
    message = ElementTree.fromstring(build_memo(letter))
    assert message.attrib == {"memoVersion": "1.2"}
    for element in message.iter():
        name = element.tag.removeprefix(MEMO)
        assert element.tag != name
        children = [child.tag.removeprefix(MEMO) for child in element]
        known = OFFICIAL.get(name, [])
        places = [[child for child, _ in known].index(child) for child in children]
        assert places == sorted(set(places))
        assert {child for child, required in known if required} <= set(children)


def test_given_a_decision_then_the_message_says_from_whom_to_whom_and_what():
    message = ElementTree.fromstring(build_memo(a_letter()))

    def at(path: str) -> str | None:
        return message.findtext("/".join(MEMO + name for name in path.split("/")))

    assert at("MessageHeader/messageType") == "DIGITALPOST"
    assert at("MessageHeader/messageUUID") == str(MESSAGE)
    assert at("MessageHeader/label") == "Afgørelse om behandling"
    assert at("MessageHeader/legalNotification") == "false"
    assert (at("MessageHeader/Sender/senderID"), at("MessageHeader/Sender/idType")) == (CVR, "CVR")
    assert (at("MessageHeader/Recipient/recipientID"), at("MessageHeader/Recipient/idType")) == (CPR, "CPR")
    assert at("MessageBody/createdDateTime") == "2026-09-07T09:30:00Z"
    assert at("MessageBody/MainDocument/File/encodingFormat") == "application/pdf"
    assert at("MessageBody/MainDocument/File/filename") == "brev.pdf"
    assert b64decode(at("MessageBody/MainDocument/File/content") or "") == PDF


def test_given_a_letter_then_its_number_stands_where_the_recipient_does_and_nowhere_else():
    assert build_memo(a_letter()).count(CPR.encode()) == 1


def test_given_the_service_that_takes_one_prefix_only_then_the_message_has_it():
    assert b"<memo:Message xmlns:memo=" in build_memo(a_letter())
    assert b"ns0:" not in build_memo(a_letter())


def test_given_the_same_letter_then_the_bytes_are_the_same():
    assert build_memo(a_letter()) == build_memo(a_letter())


def test_given_a_hearing_letter_then_it_can_be_answered_at_the_senders_contact_point():
    letter = a_letter(reply_to=CONTACT_POINT)
    message = ElementTree.fromstring(build_memo(letter))
    assert message.findtext(f"{MEMO}MessageHeader/{MEMO}reply") == "true"
    assert message.findtext(f".//{MEMO}contactPointID") == str(CONTACT_POINT)
    silent = ElementTree.fromstring(build_memo(a_letter()))
    assert silent.findtext(f"{MEMO}MessageHeader/{MEMO}reply") == "false"
    assert silent.find(f".//{MEMO}ContactPoint") is None


def test_given_a_text_letter_then_it_is_carried_as_text():
    letter = a_letter(media_type="text/plain", content="Kære borger\nDu får ret.".encode())
    assert read_memo(build_memo(letter)) == letter
    assert b"brev.txt" in build_memo(letter)


def test_given_a_cvr_number_with_spaces_then_its_digits_are_sent():
    assert read_memo(build_memo(a_letter(sender_cvr="29 18 96 41"))).sender_cvr == CVR


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"recipient": PersonId(PersonIdType.LOCAL, "TEMP-7", "region:1085")}, "recipient-not-cpr"),
        ({"message_id": uuid1()}, "message-id"),
        ({"created": datetime(2026, 9, 7, 9, 30)}, "time-without-zone"),
        ({"sender_cvr": "12345678"}, "sender-cvr"),
        ({"sender_cvr": "x"}, "sender-cvr"),
        ({"title": ""}, "label"),
        ({"title": "  "}, "label"),
        ({"title": "Afgørelse "}, "label"),
        ({"title": "Afgørelse\nom behandling"}, "label"),
        ({"title": "x" * 257}, "label"),
        ({"title": "a\ufffe"}, "label"),
        ({"sender_name": "a\x00b"}, "label"),
        ({"sender_name": "a\ud800b"}, "label"),
        ({"title": "Afgørelse om 610190-1234"}, "title-number"),
        ({"title": "Afgørelse om 61 01 90 12 34"}, "title-number"),
        ({"title": "Afgørelse, født 01.01.1990"}, "title-number"),
        ({"title": "Afgørelse om \u0666\u0661\u0660\u0661\u0669\u0660"}, "title-number"),
        ({"media_type": "text/html", "content": b"<p>x</p>"}, "media-type"),
        ({"content": b""}, "content"),
        ({"content": b"not a pdf"}, "content"),
        ({"media_type": "text/plain", "content": b"\xff"}, "content"),
        ({"media_type": "text/plain", "content": b" \n"}, "content"),
        ({"media_type": "text/plain", "content": b"a\x00b"}, "content"),
    ],
)
def test_given_what_digital_post_cannot_carry_or_should_not_show_then_it_is_refused_by_name(changed, code):
    assert refused(a_letter(**changed)) == code


@pytest.mark.parametrize("title", ["Afgørelse af 7. september 2026", "Brev 2 af 3", "Høring, sag 12345"])
def test_given_a_title_with_a_date_in_words_or_a_short_number_then_it_is_taken(title):
    assert read_memo(build_memo(a_letter(title=title))).title == title


def test_given_a_letter_in_a_traceback_then_neither_number_nor_content_shows():
    letter = a_letter()
    for shown in (repr(letter), str(letter), f"{letter}", str(letter.__rich_repr__())):
        assert CPR not in shown and "PDF" not in shown and str(MESSAGE) in shown


def test_given_a_letter_too_long_then_it_is_refused(monkeypatch):
    monkeypatch.setattr("workflows.letters.digital_post.build.MAX_MESSAGE", 10)
    assert refused(a_letter()) == "too-long"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"memo:Message ", b"memo:Massage ", "not-xml"),
        (b"MeMo-1", b"MeMo-2", "not-a-memo"),
        (b'memoVersion="1.2"', b'memoVersion="1.1"', "memo-version"),
        (b"DIGITALPOST", b"NEMSMS", "not-a-memo"),
        (b">CVR<", b">CPR<", "not-a-memo"),
        (b">CPR<", b">CVR<", "recipient-not-cpr"),
        (CPR.encode(), b"9999999999", "recipient-not-cpr"),
        (b"2026-09-07T09:30:00Z", b"2026-09-07T09:30:00", "time-without-zone"),
        (b"2026-09-07T09:30:00Z", b"2026-09-07", "time-format"),
        (b"2026-09-07T09:30:00Z", b"2026-02-30T09:30:00Z", "time-format"),
        (b"2026-09-07T09:30:00Z", b"0001-01-01T00:00:00+14:00", "time-format"),
        (str(MESSAGE).encode(), b"8c2ea15d", "message-id"),
        (b"application/pdf", b"image/png", "media-type"),
        (b"<memo:content>", b"<memo:content>*", "not-base64"),
        (b"<memo:idType>CVR</memo:idType>", b"", "missing"),
        (b"<memo:mandatory>", b"<memo:label>to</memo:label><memo:mandatory>", "missing"),
    ],
)
def test_given_a_damaged_message_then_it_is_refused_by_name(before, after, code):
    raw = build_memo(a_letter())
    assert before in raw
    with pytest.raises(DigitalPostRefused) as caught:
        read_memo(raw.replace(before, after, 1))
    assert caught.value.code == code
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_given_a_contact_point_that_is_no_uuid_then_it_is_refused():
    raw = build_memo(a_letter(reply_to=CONTACT_POINT)).replace(str(CONTACT_POINT).encode(), b"desk-7")
    with pytest.raises(DigitalPostRefused, match="contact-point"):
        read_memo(raw)


def test_given_the_ids_this_machine_makes_then_they_are_of_the_version_that_memo_asks_for():
    assert read_memo(build_memo(a_letter(message_id=uuid4()))).message_id.version == 4
    assert read_memo(build_memo(a_letter())).created == datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
    assert isinstance(read_memo(build_memo(a_letter())).message_id, UUID)
