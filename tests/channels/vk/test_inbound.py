import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels import CHANNELS
from otklik.ports.channel import (
    ButtonPressed,
    Envelope,
    HookReply,
    Knock,
    MessageReceived,
    ReachabilityChanged,
    Unknown,
)
from otklik.ports.message import Location, MessageKind
from tests.channels.vk.bodies import (
    AT,
    BODIES,
    DATE,
    GROUP,
    PHOTO,
    SECRET,
    VERA,
    attached,
    event,
    message,
    new,
)
from tests.channels.vk.declaration import CODE, CONFIG, PREVIOUS

VK = CHANNELS["vk"]
assert VK.greet is not None
assert VK.kept is not None
GREET, KEPT = VK.greet, VK.kept


def knock(**parts: object) -> Knock:
    body = {"type": "confirmation", "group_id": GROUP, **parts}
    return Knock("POST", {}, {}, msgspec.json.encode(body))


def one(body: bytes) -> MessageReceived:
    (found,) = VK.parse(body)
    assert isinstance(found, MessageReceived), found
    return found


@pytest.mark.parametrize("parts", [{}, {"secret": SECRET}, {"secret": PREVIOUS}])
def test_a_confirmation_is_answered_with_the_code_of_the_community(parts: dict[str, str]) -> None:
    assert GREET(knock(**parts), CONFIG) == HookReply(200, CODE.encode())


@pytest.mark.parametrize("parts", [{"secret": "wrong"}, {"group_id": GROUP + 1}, {"group_id": 0}])
def test_a_confirmation_of_somebody_else_is_refused(parts: dict[str, object]) -> None:
    reply = GREET(knock(**parts), CONFIG)
    assert reply is not None
    assert reply.status == 403
    assert CODE.encode() not in reply.body


def test_a_confirmation_before_the_code_is_known_is_put_off() -> None:
    reply = GREET(knock(), replace(CONFIG, settings={"group_id": str(GROUP)}))
    assert reply is not None
    assert reply.status == 503


@pytest.mark.parametrize("body", [BODIES[0].body, b"", b"<html>", b"[]", b'{"type":{}}'])
def test_what_is_no_confirmation_is_a_delivery(body: bytes) -> None:
    assert GREET(Knock("POST", {}, {}, body), CONFIG) is None


def test_both_secrets_are_believed_while_one_is_being_replaced() -> None:
    told = msgspec.json.decode(BODIES[0].body, type=dict[str, object])
    for secret in (SECRET, PREVIOUS):
        assert VK.authentic({}, msgspec.json.encode(told | {"secret": secret}), CONFIG)


@pytest.mark.parametrize("body", [pytest.param(case.body, id=case.name) for case in BODIES])
def test_a_stored_body_holds_no_secret_and_reads_the_same(body: bytes) -> None:
    stored = KEPT(body)
    assert SECRET.encode() not in stored
    assert VK.envelope(stored) == VK.envelope(body)
    assert tuple(VK.parse(stored)) == tuple(VK.parse(body))


def test_a_body_with_half_a_character_keeps_no_secret_either() -> None:
    body = new(1, text="чай").replace("чай".encode(), b"\\ud83d tea")
    assert SECRET.encode() not in KEPT(body)
    assert one(KEPT(body)).text == "\ufffd tea"


def test_bodies_without_an_event_id_are_told_apart_by_what_they_say() -> None:
    def old(text: str, secret: str) -> bytes:
        told = message(text=text)
        return msgspec.json.encode(
            {"type": "message_new", "object": told, "group_id": GROUP, "secret": secret}
        )

    first = VK.envelope(old("а", SECRET))
    assert isinstance(first, Envelope)
    assert first == VK.envelope(old("а", PREVIOUS))
    assert first != VK.envelope(old("б", SECRET))


def test_a_message_of_a_version_below_5_103_stands_in_the_object() -> None:
    assert one(event("message_new", message(text="Чай?"))).text == "Чай?"


def test_the_oldest_version_has_a_body_and_no_number_in_the_conversation() -> None:
    told = {"id": 12, "date": DATE, "out": 0, "user_id": VERA, "read_state": 0, "body": "Чай?",
            "geo": {"type": "point", "coordinates": "56.01 92.87"}}  # fmt: skip
    found = one(event("message_new", told))
    assert (found.external_id, found.text, found.sent_at) == (f"{VERA}:id12", "Чай?", AT)
    assert found.kind is MessageKind.LOCATION
    assert found.content.location == Location(56.01, 92.87)


@pytest.mark.parametrize("coordinates", ["", "56.01", "north east", None, 5])
def test_a_place_without_a_point_is_no_place(coordinates: object) -> None:
    found = one(new(1, text="Тут", geo={"coordinates": coordinates}))
    assert (found.kind, found.text) == (MessageKind.TEXT, "Тут")


@pytest.mark.parametrize("payload", ['{"cmd":"order"}', {"cmd": "order"}])
def test_the_payload_of_a_callback_button_is_read_as_text_or_object(payload: object) -> None:
    told = {"user_id": VERA, "peer_id": VERA, "event_id": "e1", "payload": payload}
    (press,) = VK.parse(event("message_event", told))
    assert isinstance(press, ButtonPressed)
    assert (press.payload, press.of_message) == ('{"cmd":"order"}', "")


@pytest.mark.parametrize(
    ("payload", "read"),
    [('"buy"', '"buy"'), ("not json", "not json"), ("[1,2]", "[1,2]"), ('{"p":1}', '{"p":1}')],
)
def test_foreign_payloads_stay_as_they_are(payload: str, read: str) -> None:
    (press,) = VK.parse(new(1, text="Да", payload=payload))
    assert isinstance(press, ButtonPressed)
    assert press.payload == read


def test_a_payload_beside_a_file_or_a_place_leaves_the_message_a_message() -> None:
    found = one(new(1, attachments=[attached("photo", PHOTO)], payload='{"p":"here"}'))
    assert (found.kind, found.content.payload) == (MessageKind.PICTURE, "here")


@pytest.mark.parametrize("user", [2_000_000_000 - 1, 2_100_000_000, 2**53 + 1, 2**62])
def test_the_numbers_of_people_may_surround_those_of_group_chats(user: int) -> None:
    (found,) = VK.parse(event("message_deny", {"user_id": user}))
    assert isinstance(found, ReachabilityChanged)
    assert found.sender.external_id == str(user)


@pytest.mark.parametrize(
    ("kind", "media", "line", "url"),
    [
        ("video", {"id": 4, "owner_id": -5, "title": "Как заварить"}, "Как заварить",
         "https://vk.com/video-5_4"),
        ("audio", {"id": 4, "owner_id": 5, "artist": "Гора", "title": "Дождь"}, "Гора — Дождь",
         "https://vk.com/audio5_4"),
        ("link", {"url": "https://tea.example", "title": "Лавка"}, "Лавка", "https://tea.example"),
        ("wall_reply", {"id": 4, "owner_id": -5, "post_id": 3, "text": "Ого"}, "Ого",
         "https://vk.com/wall-5_3?reply=4"),
        ("wall_reply", {"id": 4, "owner_id": -5, "text": "Ага"}, "Ага", "https://vk.com/wall-5_4"),
        ("poll", {"id": 4, "owner_id": -5, "question": "Чай?"}, "Чай?", "https://vk.com/poll-5_4"),
        ("article", {"id": 4, "owner_id": -5, "title": "О чае", "view_url": "https://vk.com/@x"},
         "О чае", "https://vk.com/@x"),
        ("story", {"id": 4, "owner_id": 5}, "https://vk.com/story5_4", "https://vk.com/story5_4"),
    ],
)  # fmt: skip
def test_what_is_shared_becomes_a_line_that_links(
    kind: str, media: object, line: str, url: str
) -> None:
    found = one(new(1, text="Вот", attachments=[attached(kind, media)]))
    assert found.text == f"Вот\n{line}"
    assert [span.url for span in found.content.entities] == [url]


@pytest.mark.parametrize("kind", ["podcasts", "call", "group_call", "kind_of_tomorrow", "photo"])
def test_what_cannot_be_shown_is_named(kind: str) -> None:
    found = one(new(1, attachments=[attached(kind, {"id": 1})]))
    assert (found.kind, found.text) == (MessageKind.UNSUPPORTED, kind)


def test_gifts_and_graffiti_are_pictures() -> None:
    gift = {"id": 1, "thumb_48": "https://vk.example/48", "thumb_256": "https://vk.example/256"}
    graffiti = {"id": 1, "owner_id": 2, "url": "https://vk.example/g", "width": 9, "height": 8}
    found = one(new(1, attachments=[attached("gift", gift), attached("graffiti", graffiti)]))
    assert [file.ref for file in found.attachments] == [
        "https://vk.example/256", "https://vk.example/g"]  # fmt: skip


def test_a_field_of_the_wrong_type_costs_itself_alone() -> None:
    found = one(new(1, text="Чай", ref={}, date="soon", attachments="none", fwd_messages={}))
    assert (found.text, found.sent_at, found.touch) == ("Чай", 0, None)


def test_a_message_of_ours_is_not_taken_for_the_persons() -> None:
    (found,) = VK.parse(new(1, from_id=-GROUP))
    assert found == Unknown("message_new.own")


def test_a_repost_of_a_repost_shows_both_and_their_pictures() -> None:
    original = {"id": 1, "owner_id": -6, "text": "Зима", "attachments": [attached("photo", PHOTO)]}
    post = {"id": 3, "to_id": -5, "text": "Весна", "copy_history": [original]}
    found = one(new(1, attachments=[attached("wall", post)]))
    assert (found.text, len(found.attachments)) == ("Весна\nЗима", 1)


def test_a_voice_may_come_as_a_document_with_a_preview() -> None:
    voice = {"link_ogg": "", "link_mp3": "https://vk.example/v.mp3", "duration": 3}
    doc = {"id": 8, "owner_id": VERA, "title": "v.ogg", "preview": {"audio_msg": voice}}
    (file,) = one(new(1, attachments=[attached("doc", doc)])).attachments
    assert (file.kind, file.ref, file.mime) == (
        MessageKind.VOICE, "https://vk.example/v.mp3", "audio/mpeg")  # fmt: skip


def test_the_original_of_a_photo_is_better_than_its_sizes() -> None:
    original = {"url": "https://vk.example/o.jpg", "width": 9, "height": 9}
    (file,) = one(new(1, attachments=[attached("photo", PHOTO | {"orig_photo": original})])
                  ).attachments  # fmt: skip
    assert file.ref == "https://vk.example/o.jpg"
    old = {"id": 1, "photo_75": "https://vk.example/75", "photo_604": "https://vk.example/604"}
    (file,) = one(new(1, attachments=[attached("photo", old)])).attachments
    assert file.ref == "https://vk.example/604"


@pytest.mark.parametrize("kind", ["doc", "audio_message", "graffiti", "sticker", "gift"])
def test_a_file_without_an_address_is_named(kind: str) -> None:
    found = one(new(1, text="Вот", attachments=[attached(kind, {"id": 1, "owner_id": 2})]))
    assert (found.kind, found.text, found.attachments) == (MessageKind.TEXT, "Вот", ())
    assert one(new(1, attachments=[attached(kind, {"id": 1})])).text == kind


def test_our_own_reaction_is_not_the_persons() -> None:
    told = {"reacted_id": -GROUP, "peer_id": VERA, "cmid": 3, "reaction_id": 1}
    (found,) = VK.parse(event("message_reaction_event", told))
    assert found == Unknown("message_reaction_event.own")


@pytest.mark.parametrize("price", [None, {"amount": "по договорённости"}, {"amount": -5}])
def test_an_order_without_a_price_has_none(price: object) -> None:
    told = {"id": 4, "user_id": VERA, "total_price": price, "preview_order_items": [{"item_id": 1}]}
    found = one(event("market_order_new", told))
    assert found.content.basket is not None
    assert (found.content.basket.total, found.content.basket.items[0].price) == ("", "")


@pytest.mark.parametrize(("author", "told"), [(55, "id55"), (-7, "club7"), (0, "")])
def test_a_forwarded_message_names_its_author(author: int, told: str) -> None:
    found = one(new(1, fwd_messages=[{"from_id": author, "text": "Чай!"}]))
    assert (found.text, found.content.forwarded_from) == ("Чай!", told)


@pytest.mark.parametrize(("number", "language"), [(0, "ru"), (1, "uk"), (3, "en"), (97, "kk"),
                                                  (250, "")])  # fmt: skip
def test_the_language_of_the_app_is_the_persons(number: int, language: str) -> None:
    told = {"message": message(text="Чай?"), "client_info": {"lang_id": number}}
    assert one(event("message_new", told)).sender.locale == language
