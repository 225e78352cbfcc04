from collections.abc import Mapping

import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels.telegram import outbound
from otklik.ports.channel import (
    FilePart,
    Order,
    Outgoing,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    OutgoingReaction,
    PressAnswer,
    RefusalKind,
    Request,
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.telegram.bodies import CHAT_ID
from tests.channels.telegram.declaration import CONFIG, EDIT, SEND, TO

BASE = "https://api.telegram.org/bot7000000001:invented_token_for_tests/"
FILE = OutgoingFile(MessageKind.PICTURE, "f1", "чай.png", "image/png", 100, width=30, height=20)


def build(order: Order) -> Request:
    request = outbound.build(order, CONFIG)
    assert isinstance(request, Request), request
    return request


def json_of(order: Order) -> tuple[str, dict[str, object]]:
    request = build(order)
    assert request.url == BASE + request.label
    assert request.headers == {"content-type": "application/json"}
    return request.label, msgspec.json.decode(request.body, type=dict[str, object])


def file_order(kind: MessageKind, **parts: object) -> Outgoing:
    return Outgoing("m1", TO, kind, files=(replace(FILE, kind=kind, **parts),))


def test_text_with_everything() -> None:
    order = replace(
        SEND,
        text="🫖 Да хун пао, сайт",
        entities=(
            Entity("bold", 3, 10),
            Entity("link", 15, 4, url="https://example.org"),
            Entity("pre", 0, 2, language="python"),
            Entity("hashtag", 0, 2),
        ),
        buttons=((Button("Беру", payload="buy:7"),), (Button("Сайт", url="https://example.org"),)),
        reply_to=f"{TO}:9",
        silent=True,
    )
    assert json_of(order) == (
        "sendMessage",
        {
            "chat_id": CHAT_ID,
            "text": "🫖 Да хун пао, сайт",
            "entities": [
                {"type": "bold", "offset": 3, "length": 10},
                {"type": "text_link", "offset": 15, "length": 4, "url": "https://example.org"},
                {"type": "pre", "offset": 0, "length": 2, "language": "python"},
            ],
            "disable_notification": True,
            "reply_parameters": {"message_id": 9, "allow_sending_without_reply": True},
            "reply_markup": {
                "inline_keyboard": [
                    [{"text": "Беру", "callback_data": "buy:7"}],
                    [{"text": "Сайт", "url": "https://example.org"}],
                ]
            },
        },
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("quote", "blockquote"), ("code", "code"), ("italic", "italic"), ("underline", "underline"),
     ("strikethrough", "strikethrough"), ("spoiler", "spoiler")],
)  # fmt: skip
def test_every_format_has_its_name_in_telegram(ours: str, theirs: str) -> None:
    order = replace(SEND, entities=(Entity(ours, 0, 4),))
    assert json_of(order)[1]["entities"] == [{"type": theirs, "offset": 0, "length": 4}]


def test_plain_text_carries_nothing_else() -> None:
    assert json_of(SEND) == ("sendMessage", {"chat_id": CHAT_ID, "text": SEND.text})


@pytest.mark.parametrize("reply_to", ["", "77:9", "9", "x:y", f"{TO}:", f"{TO}:１"])
def test_an_answer_to_something_elsewhere_goes_without_the_quote(reply_to: str) -> None:
    assert "reply_parameters" not in json_of(replace(SEND, reply_to=reply_to))[1]


def test_buttons_that_ask_are_a_keyboard_of_their_own() -> None:
    rows = ((Button("Мой номер", request="phone"), Button("Где я", request="location")),)
    assert json_of(replace(SEND, buttons=rows))[1]["reply_markup"] == {
        "keyboard": [
            [
                {"text": "Мой номер", "request_contact": True},
                {"text": "Где я", "request_location": True},
            ]
        ],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


@pytest.mark.parametrize(
    ("button", "kind"),
    [
        (Button("", payload="x"), RefusalKind.OTHER),
        (Button("Да"), RefusalKind.OTHER),
        (Button("Да", payload="x", url="https://example.org"), RefusalKind.OTHER),
        (Button("Да", url="javascript:alert(1)"), RefusalKind.OTHER),
        (Button("Да", request="passport"), RefusalKind.OTHER),
        (Button("Да", payload="ы" * 33), RefusalKind.TOO_LONG),
        (Button("Д" * 65, payload="x"), RefusalKind.TOO_LONG),
    ],
)
def test_a_button_telegram_would_refuse_is_refused_here(button: Button, kind: RefusalKind) -> None:
    assert refused(outbound.build(replace(SEND, buttons=((button,),)), CONFIG), kind)
    assert refused(outbound.build(replace(EDIT, message=replace(SEND, buttons=((button,),))),
                                  CONFIG), kind)  # fmt: skip


@pytest.mark.parametrize("scheme", ["https", "http", "tg"])
def test_a_link_may_lead_where_telegram_lets_it(scheme: str) -> None:
    rows = ((Button("Сюда", url=f"{scheme}://resolve"),),)
    json_of(replace(SEND, buttons=rows))


def test_a_moving_picture_is_held_to_the_limit_of_films() -> None:
    build(file_order(MessageKind.PICTURE, mime="image/gif", size=20 * 2**20))


def test_an_upload_gets_more_time_than_a_text() -> None:
    assert build(SEND).timeout_s == 20
    assert build(file_order(MessageKind.FILE)).timeout_s == 120


def test_buttons_that_ask_do_not_stand_beside_others() -> None:
    rows = ((Button("Мой номер", request="phone"), Button("Да", payload="x")),)
    assert refused(outbound.build(replace(SEND, buttons=rows), CONFIG), RefusalKind.OTHER)


@pytest.mark.parametrize(
    ("order", "method", "field", "more"),
    [
        (file_order(MessageKind.PICTURE), "sendPhoto", "photo", {}),
        (file_order(MessageKind.PICTURE, mime="image/gif"), "sendAnimation", "animation", {}),
        (file_order(MessageKind.VIDEO, duration_s=4), "sendVideo", "video",
         {"width": "30", "height": "20", "duration": "4"}),
        (file_order(MessageKind.VIDEO, format="animation", width=0, height=0), "sendAnimation",
         "animation", {}),
        (file_order(MessageKind.VIDEO, format="round", width=0, height=0), "sendVideoNote",
         "video_note", {}),
        (file_order(MessageKind.VOICE, width=0, height=0, duration_s=2), "sendVoice", "voice",
         {"duration": "2"}),
        (file_order(MessageKind.AUDIO, width=0, height=0), "sendAudio", "audio", {}),
        (file_order(MessageKind.FILE), "sendDocument", "document", {}),
        (file_order(MessageKind.STICKER, mime="image/webp"), "sendSticker", "sticker", {}),
    ],
)  # fmt: skip
def test_a_file_goes_by_the_method_of_its_kind(
    order: Outgoing, method: str, field: str, more: Mapping[str, str]
) -> None:
    request = build(order)
    assert request.label == method
    assert request.fields == {"chat_id": TO, field: "attach://file0", **more}
    mime = order.files[0].mime
    assert request.files == (FilePart("file0", "f1", "чай.png", mime),)
    assert request.body == b""
    assert request.timeout_s > 60


def test_a_file_telegram_has_goes_by_its_reference() -> None:
    order = replace(file_order(MessageKind.PICTURE, platform_ref="AgAC"), text="Вот")
    order = replace(order, entities=(Entity("bold", 0, 3),))
    assert json_of(order) == (
        "sendPhoto",
        {
            "chat_id": CHAT_ID,
            "photo": "AgAC",
            "caption": "Вот",
            "caption_entities": [{"type": "bold", "offset": 0, "length": 3}],
        },
    )


def test_an_album_is_one_request_with_the_caption_first() -> None:
    video = replace(FILE, kind=MessageKind.VIDEO, file_id="f2", duration_s=3)
    known = replace(FILE, file_id="f3", platform_ref="AgAC")
    order = replace(SEND, kind=MessageKind.PICTURE, text="Полка", files=(FILE, video, known))
    request = build(order)
    assert request.label == "sendMediaGroup"
    assert msgspec.json.decode(request.fields["media"]) == [
        {"type": "photo", "media": "attach://file0", "caption": "Полка"},
        {"type": "video", "media": "attach://file1", "width": 30, "height": 20, "duration": 3},
        {"type": "photo", "media": "AgAC"},
    ]
    assert [part.file_id for part in request.files] == ["f1", "f2"]


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        (("picture", "video"), True),
        (("audio", "audio"), True),
        (("file", "file"), True),
        (("picture", "file"), False),
        (("audio", "video"), False),
        (("sticker", "sticker"), False),
        (("voice", "voice"), False),
    ],
)
def test_an_album_holds_only_what_stands_together(kinds: tuple[str, ...], together: bool) -> None:
    files = tuple(replace(FILE, kind=MessageKind(kind)) for kind in kinds)
    outcome = outbound.build(replace(SEND, text="", files=files), CONFIG)
    assert isinstance(outcome, Request) is together


def test_what_carries_no_text_or_buttons_says_so() -> None:
    buttons = ((Button("Да", payload="x"),),)
    for order in (
        replace(file_order(MessageKind.STICKER), text="Вот"),
        replace(file_order(MessageKind.VIDEO, format="round"), text="Вот"),
        replace(SEND, kind=MessageKind.LOCATION, location=Location(1.0, 2.0)),
        replace(SEND, kind=MessageKind.CONTACT_CARD, card=ContactCard("Яна", "+7000")),
        replace(SEND, kind=MessageKind.LOCATION, text=""),
        replace(SEND, kind=MessageKind.PICTURE, text="подпись без картинки"),
        replace(SEND, text=" \n"),
        replace(SEND, text="", files=(FILE, FILE), buttons=buttons),
    ):
        assert refused(outbound.build(order, CONFIG), RefusalKind.OTHER), order


def test_places_and_cards() -> None:
    place = replace(SEND, text="", kind=MessageKind.LOCATION, location=Location(56.0, 92.9))
    point = {"chat_id": CHAT_ID, "latitude": 56.0, "longitude": 92.9}
    assert json_of(place) == ("sendLocation", point)
    venue = replace(place, location=Location(56.0, 92.9, title="Лавка"))
    assert json_of(venue) == ("sendVenue", point | {"title": "Лавка", "address": "Лавка"})
    card = replace(place, location=None, card=ContactCard("Лавка", "+70000000000"))
    contact = {"chat_id": CHAT_ID, "phone_number": "+70000000000", "first_name": "Лавка"}
    assert json_of(card) == ("sendContact", contact)


def test_edits_deletions_reactions_and_signs_of_life() -> None:
    at = {"chat_id": CHAT_ID, "message_id": 10}
    assert json_of(EDIT) == ("editMessageText", at | {"text": SEND.text})
    picture = replace(file_order(MessageKind.PICTURE), text="Новая подпись")
    captioned = json_of(OutgoingEdit(f"{TO}:10", picture))
    assert captioned == ("editMessageCaption", at | {"caption": "Новая подпись"})
    bare = json_of(OutgoingEdit(f"{TO}:10", replace(picture, text="")))
    assert bare == ("editMessageCaption", at | {"caption": ""})
    assert json_of(OutgoingDelete(TO, (f"{TO}:10",))) == ("deleteMessage", at)
    several = json_of(OutgoingDelete(TO, (f"{TO}:10", f"{TO}:11")))
    assert several == ("deleteMessages", {"chat_id": CHAT_ID, "message_ids": [10, 11]})
    for told in (replace(picture, kind=MessageKind.TEXT), replace(picture, files=())):
        assert json_of(OutgoingEdit(f"{TO}:10", told)) == captioned
    rows = ((Button("Беру", payload="buy:7"),),)
    again = json_of(OutgoingEdit(f"{TO}:10", replace(SEND, buttons=rows)))[1]
    keyboard = [[{"text": "Беру", "callback_data": "buy:7"}]]
    assert again["reply_markup"] == {"inline_keyboard": keyboard}
    like = [{"type": "emoji", "emoji": "👍"}]
    assert json_of(OutgoingReaction(TO, f"{TO}:10", "👍"))[1] == at | {"reaction": like}
    assert json_of(OutgoingReaction(TO, f"{TO}:10", ""))[1] == at | {"reaction": []}
    typing = json_of(TypingShown(TO))
    assert typing == ("sendChatAction", {"chat_id": CHAT_ID, "action": "typing"})
    press = json_of(PressAnswer("p1", "Принято"))
    assert press == ("answerCallbackQuery", {"callback_query_id": "p1", "text": "Принято"})


@pytest.mark.parametrize(
    "order",
    [
        replace(SEND, to="@channel"),
        replace(SEND, to=""),
        replace(SEND, to="1" * 20),
        TypingShown("vera"),
        OutgoingEdit("10", SEND),
        OutgoingReaction(TO, "10", "👍"),
        OutgoingDelete(TO, ()),
        OutgoingDelete(TO, (f"{TO}:10", "7:11")),
        OutgoingDelete(TO, ("x",)),
    ],
)
def test_what_is_no_address_in_telegram_is_gone(order: Order) -> None:
    assert refused(outbound.build(order, CONFIG), RefusalKind.GONE)


def test_what_cannot_be_edited_says_so() -> None:
    asking = replace(SEND, buttons=((Button("Мой номер", request="phone"),),))
    place = replace(SEND, kind=MessageKind.LOCATION, location=Location(1.0, 2.0))
    for message in (asking, place, replace(SEND, text="")):
        assert refused(outbound.build(OutgoingEdit(f"{TO}:10", message), CONFIG))
    long = replace(file_order(MessageKind.PICTURE), text="ы" * 1025)
    edit = OutgoingEdit(f"{TO}:10", long)
    assert refused(outbound.build(edit, CONFIG), RefusalKind.TOO_LONG)


def test_the_limits_of_the_smaller_orders() -> None:
    assert isinstance(outbound.build(PressAnswer("p", "ы" * 200), CONFIG), Request)
    assert refused(outbound.build(PressAnswer("p", "ы" * 201), CONFIG), RefusalKind.TOO_LONG)
    ids = tuple(f"{TO}:{number}" for number in range(1, 102))
    assert isinstance(outbound.build(OutgoingDelete(TO, ids[:100]), CONFIG), Request)
    assert refused(outbound.build(OutgoingDelete(TO, ids), CONFIG), RefusalKind.OTHER)
    spans = tuple(Entity("bold", 0, 1) for _ in range(101))
    sent = json_of(replace(SEND, entities=spans))[1]["entities"]
    assert isinstance(sent, list)
    assert len(sent) == 100
