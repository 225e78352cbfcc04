import msgspec
import pytest
from msgspec.structs import replace

from otklik.channels import CHANNELS
from otklik.channels.max import limits, marks
from otklik.ports.channel import (
    Answer,
    Order,
    Outgoing,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingFile,
    PressAnswer,
    ProfileAsked,
    RefusalKind,
    Request,
    Sent,
    Subscribed,
    TypingShown,
)
from otklik.ports.message import Button, ContactCard, Entity, Location, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.max.bodies import CHAT_ID, mid
from tests.channels.max.declaration import CONFIG, DONE, EDIT, SEND, SENT, TO, bad

MAX = CHANNELS["max"]
assert MAX.outbound is not None
SEND_STEP = MAX.outbound.send
FILE = OutgoingFile(MessageKind.PICTURE, "f1", "чай.png", "image/png", 100)
OK = Answer(200, {}, DONE)


class Keys(msgspec.Struct):
    buttons: list[list[dict[str, str]]]


class Keyboard(msgspec.Struct):
    payload: Keys


class Told(msgspec.Struct):
    attachments: list[Keyboard]


def asked(order: Order, *answers: Answer) -> Request:
    request = SEND_STEP(order, CONFIG, answers)
    assert isinstance(request, Request), request
    return request


def body_of(order: Order) -> dict[str, object]:
    return msgspec.json.decode(asked(order).body, type=dict[str, object])


def test_the_token_goes_into_its_header_and_nowhere_else() -> None:
    request = asked(SEND)
    assert request.headers["authorization"] == CONFIG.secrets["token"]
    assert request.url == f"https://platform-api2.max.ru/messages?chat_id={CHAT_ID}"
    assert request.trust == "max"
    assert not request.repeatable
    torn = replace(CONFIG, secrets={"token": " one\r\ntwo "})
    sent = SEND_STEP(SEND, torn, ())
    assert isinstance(sent, Request)
    assert sent.headers["authorization"] == "onetwo"


def test_a_plain_text_says_only_what_it_must() -> None:
    assert body_of(SEND) == {"text": "Есть, сто граммов", "attachments": []}
    quiet = body_of(replace(SEND, reply_to=mid(9), silent=True))
    assert quiet["link"] == {"type": "reply", "mid": mid(9)}
    assert quiet["notify"] is False


def test_formatting_leaves_as_html_that_nests_and_escapes() -> None:
    text = "🫖 Да < нет"
    spans = (Entity("bold", 0, 5), Entity("italic", 3, 4), Entity("spoiler", 0, 2),
             Entity("link", 8, 3, url='https://example.org/?a="b"'))  # fmt: skip
    html, is_html = marks.as_html(text, spans)
    assert is_html
    assert html == (
        "<b>🫖 </b><i><b>Да</b></i><i> &lt;</i> "
        '<a href="https://example.org/?a=&quot;b&quot;">нет</a>'
    )
    assert marks.as_html(text, spans[2:3]) == (text, False)


def test_tags_that_overfill_a_text_are_left_out() -> None:
    text = "я" * 3999
    assert marks.as_html(text, (Entity("bold", 0, 10),)) == (text, False)


def test_a_picture_is_uploaded_before_the_message() -> None:
    order = replace(SEND, kind=MessageKind.PICTURE, files=(FILE, FILE))
    place = Answer(200, {}, b'{"url":"https://up.max.example/1?sig=a%2Fb"}')
    put = Answer(200, {}, b'{"photos":{"x":{"token":"t1"}}}')
    assert asked(order).url.endswith("/uploads?type=image")
    upload = asked(order, place)
    assert upload.url == "https://up.max.example/1?sig=a%2Fb"
    assert "authorization" not in upload.headers
    assert [(part.field, part.file_id) for part in upload.files] == [("data", "f1")]
    assert upload.repeatable
    last = asked(order, place, put, place, put)
    sent = msgspec.json.decode(last.body, type=dict[str, object])
    assert sent["attachments"] == [{"type": "image", "payload": {"token": "t1"}}] * 2
    assert SEND_STEP(order, CONFIG, (place, put, place, put, Answer(200, {}, SENT))) == Sent(
        (mid(10),), ("t1", "t1")
    )


def test_a_film_has_its_token_before_it_is_put() -> None:
    film = replace(FILE, kind=MessageKind.VIDEO)
    order = replace(SEND, kind=MessageKind.VIDEO, files=(film,))
    place = Answer(200, {}, b'{"url":"https://up.max.example/1","token":"film"}')
    put = Answer(200, {}, b"<retval>1</retval>")
    not_ready = Answer(400, {}, bad("attachment.not.ready"))
    assert b'"token":"film"' in asked(order, place, put).body
    waits = [asked(order, place, put, *[not_ready] * tried).after_s for tried in range(4)]
    assert waits == [0.0, 1.0, 2.0, 4.0]
    given_up = SEND_STEP(order, CONFIG, (place, put, *[not_ready] * 4))
    assert refused(given_up, RefusalKind.TEMPORARY)


@pytest.mark.parametrize(("answers", "kind"), [
    ((b'{"code":"verify.token","message":"x"}',), RefusalKind.BAD_TOKEN),
    ((b'{"url":"ftp://up.max.example"}',), RefusalKind.TEMPORARY),
    ((b"{}",), RefusalKind.TEMPORARY),
    ((b'{"url":"https://up.max.example"}', b"<html>"), RefusalKind.TEMPORARY),
    ((b'{"url":"https://up.max.example"}', b'{"photos":{}}'), RefusalKind.TEMPORARY),
])  # fmt: skip
def test_an_upload_that_fails_sends_nothing(answers: tuple[bytes, ...], kind: RefusalKind) -> None:
    order = replace(SEND, kind=MessageKind.PICTURE, files=(FILE,))
    given = tuple(Answer(200, {}, body) for body in answers)
    assert refused(SEND_STEP(order, CONFIG, given), kind)


def test_places_and_cards_carry_their_words() -> None:
    place = replace(SEND, kind=MessageKind.LOCATION, text="")
    told = body_of(replace(place, location=Location(56.0, 92.9, "Лавка", "Мира, 1")))
    assert told["text"] == "Лавка\nМира, 1"
    assert told["attachments"] == [{"type": "location", "latitude": 56.0, "longitude": 92.9}]
    card = replace(SEND, kind=MessageKind.CONTACT_CARD, text="")
    told = body_of(replace(card, card=ContactCard("Лавка\nEND:VCARD", "+70000000000")))
    assert str(told["attachments"]).count("\\r\\n") == 4


def test_links_stand_three_in_a_row_and_callbacks_seven() -> None:
    link, call = Button("Сайт", url="https://example.org"), Button("Да", payload="yes")
    ask = (Button("Телефон", request="phone"), Button("Место", request="location"))
    request = asked(replace(SEND, buttons=((link,) * 7, (call,) * 7, ask)))
    (keyboard,) = msgspec.json.decode(request.body, type=Told).attachments
    rows = keyboard.payload.buttons
    assert [len(row) for row in rows] == [3, 3, 1, 7, 2]
    assert [key["type"] for key in rows[-1]] == ["request_contact", "request_geo_location"]


@pytest.mark.parametrize("button", [
    Button("", payload="yes"),
    Button("Да"),
    Button("Да", payload="yes", url="https://example.org"),
    Button("Да", url="ftp://example.org"),
    Button("Да", url="https://" + "a" * 2050),
    Button("Да", request="passport"),
])  # fmt: skip
def test_a_wrong_button_is_refused_before_it_is_sent(button: Button) -> None:
    assert refused(SEND_STEP(replace(SEND, buttons=((button,),)), CONFIG, ()))


def test_a_file_or_a_sound_stands_alone_and_a_sticker_does_not_go() -> None:
    sound, sticker = replace(FILE, kind=MessageKind.VOICE), replace(FILE, kind=MessageKind.STICKER)
    assert refused(limits.why_not_send(replace(SEND, files=(FILE, sound))))
    assert refused(limits.why_not_send(replace(SEND, files=(sticker,))), RefusalKind.BAD_MEDIA)
    assert limits.why_not_send(replace(SEND, files=(FILE,) * 10)) is None


def test_an_edit_takes_the_keyboard_away_unless_it_brings_one() -> None:
    assert body_of(EDIT)["attachments"] == []
    keyboard = replace(SEND, buttons=((Button("Да", payload="yes"),),))
    assert "inline_keyboard" in str(body_of(OutgoingEdit(mid(10), keyboard)))


def test_an_edit_of_words_under_files_leaves_the_files() -> None:
    order = OutgoingEdit(mid(10), replace(SEND, kind=MessageKind.PICTURE, files=(FILE,)))
    assert "attachments" not in body_of(order)
    buttons = replace(order.message, buttons=((Button("Да", payload="yes"),),))
    assert refused(SEND_STEP(OutgoingEdit(mid(10), buttons), CONFIG, ()))
    known = replace(buttons, files=(replace(FILE, platform_ref="t"),))
    assert "'token': 't'" in str(body_of(OutgoingEdit(mid(10), known))["attachments"])


def test_messages_are_deleted_one_after_another() -> None:
    order = OutgoingDelete(TO, (mid(1), mid(2)))
    assert asked(order).url.endswith(f"message_id={mid(1)}")
    assert asked(order, OK).url.endswith(f"message_id={mid(2)}")
    assert SEND_STEP(order, CONFIG, (OK, OK)) == Sent()


def test_a_press_is_acknowledged_with_or_without_words() -> None:
    assert body_of(PressAnswer("k 1")) == {}
    request = asked(PressAnswer("k 1", "Принято"))
    assert request.url.endswith("/answers?callback_id=k+1")
    assert request.body == '{"notification":"Принято"}'.encode()


def test_a_wait_that_is_named_is_kept_and_a_silly_one_is_not() -> None:
    waits = []
    for header in ("7", "soon", "999999"):
        answer = Answer(429, {"retry-after": header}, bad("too.many.requests"))
        told = SEND_STEP(SEND, CONFIG, (answer,))
        waits.append(getattr(told, "retry_after_s", None))
    assert waits == [7.0, 5.0, 3600.0]


@pytest.mark.parametrize("to", ["", "vera", "user:", "chat:5", "5;6", "9" * 20])
def test_a_wrong_address_is_no_request(to: str) -> None:
    assert refused(SEND_STEP(Outgoing("m", to, MessageKind.TEXT, "Ау"), CONFIG, ()))


def test_a_file_without_an_address_is_told() -> None:
    assert MAX.outbound is not None
    for ref in ("", "ftp://i.max.example/1"):
        assert refused(MAX.outbound.locate(ref, CONFIG, ()), RefusalKind.BAD_MEDIA)
    nowhere = Answer(200, {}, b'{"token":"film","urls":{"hls":"https://i.max.example"}}')
    assert refused(MAX.outbound.locate("video:film", CONFIG, (nowhere,)), RefusalKind.BAD_MEDIA)


def test_typing_and_profiles_need_a_chat_and_a_person() -> None:
    for order in (TypingShown("user:5"), ProfileAsked("user:5")):
        assert refused(SEND_STEP(order, CONFIG, ()), RefusalKind.GONE)
    assert refused(
        SEND_STEP(ProfileAsked(TO), CONFIG, (Answer(401, {}, bad("verify.token")),)),
        RefusalKind.BAD_TOKEN,
    )


def test_blank_words_are_no_message() -> None:
    assert refused(limits.why_not_send(replace(SEND, text=" \n")), RefusalKind.OTHER)


def test_eleven_pictures_are_too_many_and_thirty_one_rows() -> None:
    assert refused(limits.why_not_send(replace(SEND, files=(FILE,) * 11)))
    rows = ((Button("Да", payload="yes"),),) * 31
    assert refused(limits.why_not_send(replace(SEND, buttons=rows)))


def test_every_webhook_is_let_go_before_a_poll() -> None:
    assert MAX.connect is not None
    step = MAX.connect.unsubscribe
    assert step is not None
    listed = Answer(200, {}, b'{"subscriptions":[{"url":"https://a.example/?x=1"}]}')
    first = step(CONFIG, "", (listed,))
    assert isinstance(first, Request)
    assert first.url.endswith("/subscriptions?url=https%3A%2F%2Fa.example%2F%3Fx%3D1")
    assert step(CONFIG, "", (listed, OK)) == Subscribed()
    refusing = Answer(401, {}, bad("verify.token"))
    assert refused(step(CONFIG, "", (refusing,)), RefusalKind.BAD_TOKEN)
    assert refused(step(CONFIG, "", (Answer(200, {}, b"{}"),)), RefusalKind.TEMPORARY)


def test_a_token_without_a_bot_is_no_connection() -> None:
    assert MAX.connect is not None
    outcome = MAX.connect.check(CONFIG, (Answer(200, {}, b'{"first_name":"?"}'),))
    assert refused(outcome, RefusalKind.TEMPORARY)
