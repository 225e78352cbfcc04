"""What the kit cannot know of WhatsApp's deliveries: who is who, and whose number is meant."""

import msgspec
import pytest

from otklik.channels import CHANNELS
from otklik.channels.whatsapp.inbound import envelope, ours, parse
from otklik.ports.channel import Envelope, MessageReceived, StatusReported, Touch, Unknown
from otklik.ports.message import MessageKind
from tests.channels.whatsapp.bodies import (
    DAY,
    METADATA,
    NUMBER,
    PHONE,
    SCOPED,
    VERA,
    change,
    delivery,
    message,
    people,
    wrote,
)
from tests.channels.whatsapp.declaration import CONFIG

TEXT = {"body": "Есть улун?"}


def one(body: bytes) -> MessageReceived:
    (event,) = parse(body)
    assert isinstance(event, MessageReceived), event
    return event


def said(contact: dict[str, object], **ids: object) -> MessageReceived:
    told = {"id": "wamid.1", "timestamp": "1", "type": "text", "text": TEXT, **ids}
    return one(delivery(people(contacts=[contact] if contact else [], messages=[told])))


@pytest.mark.parametrize(
    ("contact", "ids", "key", "phone", "aliases"),
    [
        (VERA, {"from": PHONE, "from_user_id": SCOPED}, SCOPED, f"+{PHONE}", (PHONE,)),
        (VERA, {"from": PHONE}, SCOPED, f"+{PHONE}", (PHONE,)),
        ({"wa_id": PHONE}, {"from": PHONE}, PHONE, f"+{PHONE}", ()),
        ({"user_id": SCOPED}, {"from_user_id": SCOPED}, SCOPED, "", ()),
        ({"user_id": SCOPED}, {"from": SCOPED}, SCOPED, "", ()),
        ({"wa_id": PHONE, "user_id": "not-an-id"}, {"from": PHONE}, PHONE, f"+{PHONE}", ()),
        ({"user_id": "13491208655302741918"}, {"from": PHONE}, PHONE, f"+{PHONE}", ()),
        ({"user_id": "US.ENT.118157"}, {"from_user_id": "US.ENT.118157"}, "US.ENT.118157", "", ()),
        ({}, {"from": PHONE}, PHONE, f"+{PHONE}", ()),
        ({}, {"from": 79990001122}, PHONE, f"+{PHONE}", ()),
    ],
)
def test_the_scoped_id_is_the_key_and_the_phone_is_an_alias(
    contact: dict[str, object], ids: dict[str, object], key: str, phone: str, aliases: tuple[str]
) -> None:
    sender = said(contact, **ids).sender
    assert (sender.external_id, sender.phone, sender.aliases) == (key, phone, aliases)
    assert sender.phone_evidence == ("given" if phone else "")


@pytest.mark.parametrize(
    "other",
    [
        {"wa_id": "79995554433", "user_id": "RU.9", "profile": {"name": "Пётр"}},
        {"wa_id": "79995554433", "user_id": SCOPED, "profile": {"name": "Пётр"}},
        {"wa_id": PHONE, "user_id": "RU.9", "profile": {"name": "Пётр"}},
    ],
)
def test_a_contact_that_names_somebody_else_makes_nobody_one(other: dict[str, object]) -> None:
    sender = said(other, **{"from": PHONE, "from_user_id": SCOPED}).sender
    assert (sender.external_id, sender.aliases, sender.name) == (SCOPED, (PHONE,), "")


def test_of_several_contacts_the_writers_own_is_taken() -> None:
    pyotr = {"wa_id": "79995554433", "profile": {"name": "Пётр"}}
    body = delivery(people(contacts=[pyotr, VERA], messages=[message(1, "text", TEXT)]))
    assert one(body).sender.name == "Вера Улыбина"


def test_what_nobody_wrote_is_named() -> None:
    body = delivery(people(contacts=[], messages=[{"id": "w", "type": "text", "text": TEXT}]))
    assert parse(body) == [Unknown("messages.text.unreadable")]


def test_a_delivery_for_another_number_is_kept_by_name_and_not_answered() -> None:
    mine = people(messages=[message(1, "text", TEXT)])
    other = people(
        metadata=METADATA | {"phone_number_id": "77"}, messages=[message(2, "text", TEXT)]
    )
    account = change("account_update", event="PARTNER_ADDED")
    body = delivery(mine, other, account)
    kept = parse(ours(body, CONFIG))
    assert [type(event).__name__ for event in kept] == [
        "MessageReceived", "Unknown", "InboxReported",
    ]  # fmt: skip
    assert Unknown("other_number.messages") in kept
    alone = delivery(mine, account)
    assert ours(alone, CONFIG) == alone
    nameless = msgspec.structs.replace(CONFIG, settings={})
    assert ours(body, nameless) == body
    assert CHANNELS["whatsapp"].ours is ours


def test_a_repeat_with_a_fresh_address_of_its_file_is_the_same() -> None:
    def picture(url: str, **more: object) -> bytes:
        return wrote(1, "image", {"id": "m", "mime_type": "image/jpeg", "url": url}, **more)

    first = envelope(picture("https://lookaside.example/1"))
    assert isinstance(first, Envelope)
    assert first == envelope(picture("https://lookaside.example/2"))
    assert first != envelope(picture("https://lookaside.example/1", id="wamid.2"))


def test_every_status_of_a_message_is_an_event_of_its_own() -> None:
    bodies = [
        delivery(people(statuses=[{"id": "w", "status": state, "timestamp": "1",
                                   "recipient_id": PHONE}]))
        for state in ("sent", "delivered", "read", "failed")
    ]  # fmt: skip
    keys = {envelope(body) for body in bodies}
    assert len(keys) == 4


def test_a_status_finds_our_message_even_when_the_answer_was_lost() -> None:
    status = {"id": "wamid.o", "status": "delivered", "timestamp": "1", "recipient_id": PHONE,
              "biz_opaque_callback_data": "m1"}  # fmt: skip
    (event,) = parse(delivery(people(statuses=[status])))
    assert isinstance(event, StatusReported)
    assert (event.external_id, event.own_id) == ("wamid.o", "m1")


@pytest.mark.parametrize(
    ("text", "left", "code"),
    [
        ("👋 [ref:summer-24]", "👋", "summer-24"),
        ("👋 [ref:a_b] хочу улун", "👋 хочу улун", "a_b"),
        ("[ref:x]", "", "x"),
        ("сайт [ref: x]", "сайт [ref: x]", ""),
        ("[ref:" + "x" * 65 + "]", "[ref:" + "x" * 65 + "]", ""),
    ],
)
def test_the_code_of_a_link_is_taken_out_of_the_words(text: str, left: str, code: str) -> None:
    event = one(wrote(1, "text", {"body": text}))
    assert event.text == left
    assert event.touch == (Touch("deep_link", code) if code else None)


def test_a_post_is_a_page_and_opens_the_window_of_an_ordinary_message() -> None:
    referral = {"source_type": "post", "source_url": "https://fb.example/p", "source_id": "p1"}
    event = one(wrote(1, "text", TEXT, referral=referral))
    assert event.touch is not None
    assert (event.touch.kind, event.touch.source) == ("page", "https://fb.example/p")
    assert event.window_s == DAY


@pytest.mark.parametrize(
    ("phone", "on_card", "on_message", "own"),
    [
        ({"phone": "+7 999", "wa_id": PHONE}, "", "", True),
        ({"phone": "+79995554433"}, "contact_request", "", True),
        ({"phone": "+79995554433"}, "", "contact_request", True),
        ({"phone": "+79995554433", "wa_id": "79995554433"}, "other", "other", False),
        ({"phone": ""}, "", "", False),
    ],
)
def test_a_shared_phone_is_the_senders_own_only_when_that_is_proven(
    phone: dict[str, str], on_card: str, on_message: str, own: bool
) -> None:
    card = {"name": {"formatted_name": "Вера"}, "phones": [phone], "origin": on_card}
    shared = one(wrote(1, "contacts", [card], origin=on_message)).content.card
    assert shared is not None
    assert shared.own is own


@pytest.mark.parametrize("told", ["[1, 2]", "not json", "", '"text"', "null", "{}"])
def test_a_form_whose_answers_are_no_object_is_still_a_message(told: str) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent",
                                                "response_json": told}}  # fmt: skip
    event = one(wrote(1, "interactive", reply))
    assert event.kind is MessageKind.TEXT
    assert event.text
    assert event.content.details["response"] == told


@pytest.mark.parametrize(
    ("price", "total"), [(450.5, "901.0"), ("99.90", "199.80"), ("dear", ""), (None, "")]
)
def test_prices_of_a_basket_are_decimals_or_not_told(price: object, total: str) -> None:
    item = {"product_retailer_id": "t", "quantity": 2, "item_price": price, "currency": "RUB"}
    basket = one(wrote(1, "order", {"product_items": [item]})).content.basket
    assert basket is not None
    assert basket.total == total
    assert basket.items[0].product_id == "t"


def test_an_edit_of_a_picture_is_a_picture_under_its_first_id() -> None:
    inner = {"type": "image", "image": {"id": "m2", "mime_type": "image/png", "caption": "Новая"}}
    body = wrote(9, "edit", {"original_message_id": "wamid.1", "message": inner})
    (event,) = parse(body)
    edited = getattr(event, "message", None)
    assert isinstance(edited, MessageReceived)
    assert (edited.external_id, edited.kind, edited.text) == (
        "wamid.1",
        MessageKind.PICTURE,
        "Новая",
    )
    assert edited.window_s == 0


def test_an_id_as_a_number_reads_as_the_same_person() -> None:
    assert NUMBER in CONFIG.settings.values()
    as_number = said({"wa_id": 79990001122}, **{"from": "79990001122"})
    assert as_number.sender.external_id == PHONE
