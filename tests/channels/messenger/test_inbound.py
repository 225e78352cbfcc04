"""What the kit cannot know of Meta's deliveries; both platforms share the reading."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels.messenger import CHANNEL
from otklik.families.meta.messaging_wire import moment
from otklik.ports.channel import (
    ButtonPressed,
    Envelope,
    MessageReceived,
    StatusReported,
    Touch,
    Unknown,
)
from otklik.ports.message import MessageKind
from tests.channels.messenger.bodies import AT, BODIES, PAGE, PERSON, delivery, item
from tests.channels.messenger.declaration import CONFIG, OTHER, PREVIOUS, SECRET, sign

TEXT = delivery(item(message={"mid": "m_1", "text": "Ау"}))


def key(body: bytes) -> str:
    found = CHANNEL.envelope(body)
    assert isinstance(found, Envelope)
    return found.dedupe_key


@pytest.mark.parametrize("secret", [SECRET, OTHER, PREVIOUS])
def test_each_of_several_app_secrets_is_believed(secret: str) -> None:
    assert CHANNEL.authentic(sign(secret, TEXT), TEXT, CONFIG)


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    escaped = TEXT.replace("Ау".encode(), b"\\u0410\\u0443")
    assert tuple(CHANNEL.parse(escaped)) == tuple(CHANNEL.parse(TEXT))
    assert CHANNEL.authentic(sign(SECRET, escaped), escaped, CONFIG)
    assert not CHANNEL.authentic(sign(SECRET, escaped), TEXT, CONFIG)


def test_a_repeat_may_come_at_another_time_with_another_address_of_its_file() -> None:
    def sent(time: int, url: str) -> bytes:
        file = {"type": "image", "payload": {"url": url}}
        entry = {"id": PAGE, "time": time,
                 "messaging": [item(message={"mid": "m_1", "attachments": [file]})]}  # fmt: skip
        return msgspec.json.encode({"object": "page", "entry": [entry]})

    assert key(sent(1, "https://cdn.example.org/1")) == key(sent(2, "https://cdn.example.org/2"))


def test_taking_back_echoing_and_saying_one_message_are_three_events() -> None:
    bodies = [delivery(item(message={"mid": "m_1", "text": "Ау", **trait}))
              for trait in ({}, {"is_echo": True}, {"is_deleted": True})]  # fmt: skip
    assert len({key(body) for body in bodies}) == 3


def test_two_reactions_of_one_person_to_one_message_are_two_events() -> None:
    put = {"mid": "m_1", "action": "react", "emoji": "🔥"}
    assert key(delivery(item(reaction=put))) != key(delivery(item(at=AT + 1, reaction=put)))


@pytest.mark.parametrize(
    ("told", "ms"),
    [
        (1_790_000_000_123, 1_790_000_000_123),
        (1_790_000_000, 1_790_000_000_000),
        ("1790000000", 1_790_000_000_000),
        ("2026-09-21T13:13:20+0000", 1_789_996_400_000),
        ("2026-09-21T13:13:20", 1_789_996_400_000),
        ("yesterday", 0),
        (-5, 0),
        (10**15, 0),
        ("nan", 0),
    ],
)
def test_time_comes_in_many_forms(told: int | str, ms: int) -> None:
    assert moment(told) == ms


def test_a_list_of_deliveries_is_read_like_one() -> None:
    assert tuple(CHANNEL.parse(b" [" + TEXT + b"]")) == tuple(CHANNEL.parse(TEXT))
    assert isinstance(CHANNEL.envelope(b"[" + TEXT + b"]"), Envelope)


@pytest.mark.parametrize("place", ["messaging", "standby"])
def test_one_broken_event_costs_itself_alone(place: str) -> None:
    entry = {"id": PAGE, place: [7, {"message": 7}, item(message={"mid": "m_1", "text": "Ау"})]}
    body = msgspec.json.encode({"object": "page", "entry": [entry, "?"]})
    unread, said = CHANNEL.parse(body)
    assert isinstance(unread, Unknown)
    assert isinstance(said, MessageReceived)
    assert said.text == "Ау"


def test_numbers_for_texts_and_texts_for_numbers_are_the_same() -> None:
    numbers = item(message={"mid": "m_1", "text": "Ау"}) | {
        "sender": {"id": int(PERSON)},
        "timestamp": str(AT),
    }
    assert tuple(CHANNEL.parse(delivery(numbers))) == tuple(CHANNEL.parse(TEXT))


def test_half_a_letter_costs_that_letter() -> None:
    body = TEXT.replace("Ау".encode(), rb"\ud83eAu")
    (said,) = CHANNEL.parse(body)
    assert isinstance(said, MessageReceived)
    assert said.text.endswith("Au")


def test_a_message_of_nothing_is_unsupported_not_lost() -> None:
    (said,) = CHANNEL.parse(delivery(item(message={"mid": "m_1"})))
    assert isinstance(said, MessageReceived)
    assert (said.kind, said.text) == (MessageKind.UNSUPPORTED, "empty")


def test_a_delivery_of_nothing_is_named() -> None:
    assert list(CHANNEL.parse(b'{"object":"page","entry":[]}')) == [Unknown("empty")]
    bare = delivery({"sender": {"id": PERSON}, "recipient": {"id": PAGE}}, place="standby")
    assert list(CHANNEL.parse(bare)) == [Unknown("standby.empty")]


def test_entries_of_other_pages_are_left_to_their_inboxes() -> None:
    ours = CHANNEL.ours
    assert ours is not None
    theirs = delivery(item(message={"mid": "m_2", "text": "не вам"}), entry="110000000000002")
    both = msgspec.json.decode(TEXT)
    both["entry"] += msgspec.json.decode(theirs)["entry"]
    left = ours(msgspec.json.encode(both), CONFIG)
    assert tuple(CHANNEL.parse(left)) == tuple(CHANNEL.parse(TEXT))
    assert list(CHANNEL.parse(ours(theirs, CONFIG))) == [Unknown("empty")]
    listed = ours(b"[" + theirs + b"," + TEXT + b"]", CONFIG)
    assert list(CHANNEL.parse(listed)) == list(CHANNEL.parse(TEXT))
    odd = b'{"object":"page","entry":[7]}'
    assert ours(odd, CONFIG) == odd
    unchecked = msgspec.structs.replace(CONFIG, settings={})
    assert ours(theirs, unchecked) == theirs


@given(drawn=st.data())
@settings(max_examples=50, deadline=None)
def test_events_of_one_delivery_do_not_depend_on_one_another(drawn: st.DataObject) -> None:
    chosen = drawn.draw(st.lists(st.sampled_from(BODIES), min_size=2, max_size=5))
    whole = {"object": "page", "entry": []}
    for case in chosen:
        told = msgspec.json.decode(case.body)
        if told["object"] == "page":
            whole["entry"] += told["entry"]
    parts = [event for case in chosen if b'"page"' in case.body for event in case.events]
    assert tuple(CHANNEL.parse(msgspec.json.encode(whole))) == (tuple(parts) or (Unknown("empty"),))


def said(**message: object) -> MessageReceived:
    (event,) = CHANNEL.parse(delivery(item(message={"mid": "m_1", **message})))
    assert isinstance(event, MessageReceived), event
    return event


@pytest.mark.parametrize(
    ("attachment", "kind", "text"),
    [
        ({"type": "location", "title": "Где-то"}, MessageKind.UNSUPPORTED, "location"),
        ({"type": "template", "payload": {}}, MessageKind.UNSUPPORTED, "template"),
        ({"type": "image", "payload": {}}, MessageKind.UNSUPPORTED, "image"),
        ({"payload": {"url": "https://x"}}, MessageKind.UNSUPPORTED, "attachment"),
        ({"type": "template", "title": "Чек"}, MessageKind.TEXT, "Чек"),
    ],
)
def test_an_attachment_without_its_body_is_named(
    attachment: object, kind: MessageKind, text: str
) -> None:
    event = said(attachments=[attachment])
    assert (event.kind, event.text) == (kind, text)


def test_an_answered_story_that_is_gone_leaves_its_number() -> None:
    event = said(text="Беру", reply_to={"story": {"id": "18"}})
    assert (event.kind, event.text, event.attachments) == (MessageKind.TEXT, "Беру", ())
    assert event.content.details == {"story": "reply", "story_id": "18"}


@pytest.mark.parametrize(
    ("referral", "touch"),
    [
        ({"source": "CUSTOMER_CHAT_PLUGIN", "origin_domain": "https://tea.example"},
         Touch("page", "https://tea.example", {"source": "CUSTOMER_CHAT_PLUGIN",
                                               "referrer": "https://tea.example"})),
        ({"source": "DISCOVER_TAB"}, None),
        ({"source": "ADS", "ref": "autumn"},
         Touch("ad", "autumn", {"ref": "autumn", "source": "ADS"})),
    ],
)  # fmt: skip
def test_a_visit_without_a_payload_tells_what_is_known(
    referral: object, touch: Touch | None
) -> None:
    assert said(text="Ау", referral=referral).touch == touch


@pytest.mark.parametrize("label", ["Да", "12", "a@b", "+7 (000) 000-00-00 добавочный"])
def test_a_press_that_repeats_its_label_is_no_phone_by_that_alone(label: str) -> None:
    told = item(message={"mid": "m_1", "text": label, "quick_reply": {"payload": label}})
    (press,) = CHANNEL.parse(delivery(told))
    assert isinstance(press, ButtonPressed)
    assert not press.sender.phone
    assert not press.sender.email


def test_delivered_messages_named_without_a_moment_are_only_they() -> None:
    told = CHANNEL.parse(delivery(item(delivery={"mids": ["m_1", "m_2"]})))
    assert [type(event) for event in told] == [StatusReported, StatusReported]
