"""What the kit cannot know of WhatsApp's requests: their very bodies."""

import msgspec
import pytest

from otklik.channels.whatsapp.connect import check, subscribe, verify
from otklik.channels.whatsapp.outbound import locate, send
from otklik.ports.channel import (
    Answer,
    Connected,
    FoundFile,
    Order,
    Outgoing,
    OutgoingFile,
    PressAnswer,
    Refusal,
    RefusalKind,
    Request,
    Sent,
    Subscribed,
    Template,
    TypingShown,
)
from otklik.ports.message import Button, MessageKind
from tests.channels.kit.declaration import ADDRESS, refused
from tests.channels.whatsapp.bodies import ACCOUNT, NUMBER, PHONE, SCOPED
from tests.channels.whatsapp.declaration import CONFIG, SENT, SUCCESS, bad

TEXT = Outgoing("m1", SCOPED, MessageKind.TEXT, text="Есть")
FILE = OutgoingFile(MessageKind.FILE, "f1", "счёт.pdf", "application/pdf", size=9)
OK = Answer(200, {}, SENT)
UPLOADED = Answer(200, {}, b'{"id":"media-9"}')


def asked(order: Order, *answers: Answer) -> Request:
    outcome = send(order, CONFIG, answers)
    assert isinstance(outcome, Request), outcome
    return outcome


def body(order: Order, *answers: Answer) -> dict[str, object]:
    return msgspec.json.decode(asked(order, *answers).body, type=dict[str, object])


def test_a_scoped_id_is_a_recipient_and_a_phone_has_a_plus() -> None:
    shell = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "biz_opaque_callback_data": "m1",
        "type": "text",
        "text": {"body": "Есть", "preview_url": False},
    }
    assert body(TEXT) == shell | {"recipient": SCOPED}
    assert body(msgspec.structs.replace(TEXT, to=PHONE)) == shell | {"to": f"+{PHONE}"}
    assert asked(TEXT).url == f"https://graph.facebook.com/v26.0/{NUMBER}/messages"


@pytest.mark.parametrize("to", ["", "Вера", "+79990001122", "ru.1", "12", "RU.", "RU.1/2"])
def test_what_is_no_address_is_gone(to: str) -> None:
    outcome = send(msgspec.structs.replace(TEXT, to=to), CONFIG, ())
    assert refused(outcome, RefusalKind.GONE)


def test_a_link_in_a_text_is_previewed() -> None:
    text = body(msgspec.structs.replace(TEXT, text="https://tea.example"))["text"]
    assert text == {"body": "https://tea.example", "preview_url": True}


def test_a_file_goes_up_first_and_is_sent_by_its_id() -> None:
    order = msgspec.structs.replace(TEXT, kind=MessageKind.FILE, files=(FILE,), text="Счёт")
    upload = asked(order)
    assert upload.fields == {"messaging_product": "whatsapp", "type": "application/pdf"}
    assert upload.files[0].file_id == "f1"
    assert body(order, UPLOADED)["document"] == {
        "id": "media-9",
        "filename": "счёт.pdf",
        "caption": "Счёт",
    }
    assert send(order, CONFIG, (UPLOADED, OK)) == Sent(("wamid.out1",), ("media-9",))
    lost = send(order, CONFIG, (Answer(500, {}, b"<html>"),))
    assert refused(lost, RefusalKind.TEMPORARY)


def test_a_file_whatsapp_has_forgotten_goes_up_once_more_and_only_once() -> None:
    known = msgspec.structs.replace(FILE, platform_ref="old")
    order = msgspec.structs.replace(TEXT, kind=MessageKind.FILE, files=(known,), text="")
    gone = Answer(400, {}, bad(131053))
    assert body(order)["document"] == {"id": "old", "filename": "счёт.pdf"}
    assert asked(order, gone).files
    assert body(order, gone, UPLOADED)["document"] == {"id": "media-9", "filename": "счёт.pdf"}
    assert send(order, CONFIG, (gone, UPLOADED, OK)) == Sent(("wamid.out1",), ("media-9",))
    assert refused(send(order, CONFIG, (gone, UPLOADED, gone)), RefusalKind.BAD_MEDIA)
    late = Answer(400, {}, bad(131047))
    assert refused(send(order, CONFIG, (late,)), RefusalKind.WINDOW_CLOSED)


@pytest.mark.parametrize(
    ("kind", "mime", "field", "more"),
    [
        (MessageKind.PICTURE, "image/jpeg", "image", {}),
        (MessageKind.PICTURE, "image/gif", "document", {"filename": "a"}),
        (MessageKind.VIDEO, "video/mp4", "video", {}),
        (MessageKind.VOICE, "audio/ogg", "audio", {"voice": True}),
        (MessageKind.AUDIO, "audio/mpeg", "audio", {}),
        (MessageKind.STICKER, "image/webp", "sticker", {}),
    ],
)
def test_every_kind_of_file_has_its_field(
    kind: MessageKind, mime: str, field: str, more: dict[str, object]
) -> None:
    file = OutgoingFile(kind, "f1", "a", mime, platform_ref="r")
    told = body(msgspec.structs.replace(TEXT, kind=kind, files=(file,), text=""))
    assert told["type"] == field
    assert told[field] == {"id": "r"} | more


def test_a_list_takes_its_words_from_the_settings() -> None:
    rows = tuple((Button(f"Чай {n}", payload=f"t{n}"),) for n in range(4))
    order = msgspec.structs.replace(TEXT, buttons=rows)
    told = body(order)["interactive"]
    assert isinstance(told, dict)
    assert told["action"]["button"] == "Выбрать / Choose"
    named = msgspec.structs.replace(CONFIG, settings={**CONFIG.settings, "list_label": "Чаи"})
    request = send(order, named, ())
    assert isinstance(request, Request)
    assert '"button":"Чаи"' in request.body.decode()


def test_a_file_stands_above_buttons() -> None:
    file = OutgoingFile(MessageKind.PICTURE, "f1", "a.png", "image/png", platform_ref="r")
    rows = ((Button("Беру", payload="b"),),)
    order = msgspec.structs.replace(TEXT, kind=MessageKind.PICTURE, files=(file,), buttons=rows)
    told = body(order)["interactive"]
    assert isinstance(told, dict)
    assert told["header"] == {"type": "image", "image": {"id": "r"}}


@pytest.mark.parametrize(
    "change",
    [
        {"buttons": ((Button("Да", payload="y"),), (Button("Сайт", url="https://a"),))},
        {"buttons": ((Button("Да", payload="y"),),), "text": " "},
        {"buttons": ((Button("", payload="y"),),)},
        {"kind": MessageKind.VOICE, "files": (FILE,)},
        {"text": " "},
    ],
)
def test_what_whatsapp_would_refuse_is_refused_before(change: dict[str, object]) -> None:
    outcome = send(msgspec.structs.replace(TEXT, **change), CONFIG, ())
    assert isinstance(outcome, Refusal), outcome


def test_a_closed_window_lets_a_template_out_only() -> None:
    late = msgspec.structs.replace(TEXT, window="closed")
    outcome = send(late, CONFIG, ())
    assert isinstance(outcome, Refusal)
    assert (outcome.kind, outcome.code) == (RefusalKind.WINDOW_CLOSED, "131047")
    template = Template(
        "order_ready",
        "ru",
        parameters=("Лавка", "Вера", "Тест", "17", "S1"),
        slots=("header.1", "body.1", "body.who", "button.0.url", "button.2.copy_code"),
    )
    told = body(msgspec.structs.replace(late, text="", template=template))["template"]
    text = {"type": "text", "text": "Лавка"}
    assert told == {
        "name": "order_ready",
        "language": {"code": "ru"},
        "components": [
            {"type": "header", "parameters": [text]},
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Вера"},
                    {"type": "text", "parameter_name": "who", "text": "Тест"},
                ],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "17"}],
            },
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "S1"}],
            },
        ],
    }


def test_parameters_without_places_fill_the_body_in_order() -> None:
    template = Template("hello", "ru", parameters=("Вера", "5"))
    told = body(msgspec.structs.replace(TEXT, text="", template=template))["template"]
    assert isinstance(told, dict)
    (component,) = told["components"]
    assert [one["text"] for one in component["parameters"]] == ["Вера", "5"]


def test_a_press_wants_no_answer_and_typing_wants_a_message() -> None:
    assert send(PressAnswer("p"), CONFIG, ()) == Sent()
    assert refused(send(TypingShown(SCOPED), CONFIG, ()))


def test_a_file_is_downloaded_with_the_token_once_more() -> None:
    told = b'{"url":"https://media.example/1","file_size":9,"id":"1"}'
    found = locate("1", CONFIG, (Answer(200, {}, told),))
    assert isinstance(found, FoundFile)
    assert found.size == 9
    assert found.request.headers["authorization"] == "Bearer EAAinventedtoken"
    assert refused(locate("../17", CONFIG, ()), RefusalKind.BAD_MEDIA)


@pytest.mark.parametrize(
    ("told", "digest"),
    [
        ("a" * 64, "a" * 64),
        ("SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
         "49f227634806293b0995459bc310b593e1400f41591efcf07e9bced335f41942"),
        ("grwfwe/ZPx0wAbdfbdeFUNItPZ0RylL8gGUvdt3YFqc18SY=", ""),
        ("not a digest", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_digest_is_read_in_hex_and_in_base64(told: str, digest: str) -> None:
    answer = {"url": "https://media.example/1", "sha256": told, "id": "1"}
    found = locate("1", CONFIG, (Answer(200, {}, msgspec.json.encode(answer)),))
    assert isinstance(found, FoundFile)
    assert found.sha256 == digest


def test_an_app_that_does_not_name_itself_does_not_stop_the_connecting() -> None:
    numbers = msgspec.json.encode({"data": [{"id": NUMBER, "display_phone_number": "+7 900"}]})
    for first in (Answer(400, {}, bad(100)), Answer(200, {}, b"<html>")):
        found = check(CONFIG, (first, Answer(200, {}, numbers)))
        assert isinstance(found, Connected)
        assert "meta_app" not in found.settings


@pytest.mark.parametrize(
    ("settings", "apps", "told", "good"),
    [
        ({"meta_app": "5"}, ["77", "5"], ADDRESS, True),
        ({"meta_app": "5"}, ["77"], ADDRESS, False),
        ({}, ["77"], ADDRESS, True),
        ({}, [], ADDRESS, False),
        ({"meta_app": "5"}, ["5"], "https://elsewhere.example/h", False),
    ],
)
def test_both_subscriptions_are_asked_for(
    settings: dict[str, str], apps: list[str], told: str, good: bool
) -> None:
    listed = {"data": [{"whatsapp_business_api_data": {"id": app}} for app in apps]}
    number = {"id": NUMBER, "webhook_configuration": {"application": told}}
    answers = tuple(Answer(200, {}, msgspec.json.encode(body)) for body in (listed, number))
    config = msgspec.structs.replace(CONFIG, settings={"waba_id": ACCOUNT, **settings})
    ended: object = verify(config, ADDRESS, answers[:1])
    if isinstance(ended, Request):
        ended = verify(config, ADDRESS, answers)
    assert (ended == Subscribed()) is good
    assert good or refused(ended, RefusalKind.UNSUBSCRIBED)


def test_subscribing_gives_the_number_an_address_of_its_own() -> None:
    second = subscribe(CONFIG, ADDRESS, (Answer(200, {}, SUCCESS),))
    assert isinstance(second, Request)
    assert msgspec.json.decode(second.body) == {
        "webhook_configuration": {
            "override_callback_uri": ADDRESS,
            "verify_token": "invented-verify-token",
        }
    }
    failed = subscribe(CONFIG, ADDRESS, (Answer(200, {}, b'{"success":false}'),))
    assert refused(failed)
