import msgspec
import pytest
from msgspec.structs import replace
from viberbot import Api
from viberbot.api.bot_configuration import BotConfiguration
from viberbot.api.viber_requests import create_request

from otklik.channels.viber import outbound, welcome
from otklik.channels.viber.inbound import PRESS, SEPARATOR
from otklik.ports.channel import Outgoing, OutgoingCard, OutgoingFile, RefusalKind, Request
from otklik.ports.message import Button, MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.viber.bodies import BODIES, TOKEN, callback
from tests.channels.viber.declaration import CONFIG, SEND, signature

LINK = "https://shop.example/media/k/f/чай.jpg"
PICTURE = OutgoingFile(MessageKind.PICTURE, "f1", "чай.jpg", "image/jpeg", size=9, link=LINK)


def told(order: Outgoing) -> dict[str, object]:
    request = outbound.send(order, CONFIG, ())
    assert isinstance(request, Request), request
    assert request.headers["x-viber-auth-token"] == TOKEN
    return msgspec.json.decode(request.body, type=dict[str, object])


def test_a_text_names_its_sender_and_its_own_number() -> None:
    assert told(SEND) == {
        "receiver": SEND.to, "sender": {"name": "Чайный мост"}, "tracking_data": "m1",
        "type": "text", "text": "Есть, сто граммов",
    }  # fmt: skip


def test_buttons_fill_their_row_and_answer_silently() -> None:
    rows = (
        (Button("Да", payload="yes"), Button("<Нет>", payload="no")),
        (Button("Сайт", url="https://tea.example/"),),
        (Button("Телефон", request="phone"),),
    )
    body = told(replace(SEND, buttons=rows))
    keyboard = msgspec.convert(body["keyboard"], dict[str, object])
    keys = msgspec.convert(keyboard["Buttons"], list[dict[str, object]])
    assert [(key["Columns"], key["ActionType"], key["ActionBody"]) for key in keys] == [
        (3, "reply", f"{PRESS}yes{SEPARATOR}Да"),
        (3, "reply", f"{PRESS}no{SEPARATOR}<Нет>"),
        (6, "open-url", "https://tea.example/"),
        (6, "share-phone", "phone"),
    ]
    assert keys[1]["Text"] == "&lt;Нет&gt;"
    assert body["min_api_version"] == 3


def test_a_file_goes_by_its_address_and_not_without_one() -> None:
    order = Outgoing("m1", SEND.to, MessageKind.PICTURE, files=(PICTURE,))
    assert told(order)["media"] == LINK
    bare = replace(order, files=(replace(PICTURE, link=""),))
    assert refused(outbound.send(bare, CONFIG, ()), RefusalKind.BAD_MEDIA)


def test_cards_have_seven_rows_each_whatever_they_hold() -> None:
    cards = (
        OutgoingCard("Да хун пао", "Сто граммов", PICTURE, (Button("Беру", payload="b"),)),
        OutgoingCard("Пуэр"),
    )
    body = told(Outgoing("m1", SEND.to, MessageKind.CARDS, cards=cards))
    media = msgspec.convert(body["rich_media"], dict[str, object])
    keys = msgspec.convert(media["Buttons"], list[dict[str, object]])
    assert [key["Rows"] for key in keys] == [4, 2, 1, 7]
    assert body["min_api_version"] == 7


def test_the_greeting_goes_to_who_opens_the_chat_and_to_nobody_else() -> None:
    greeting = replace(CONFIG, settings={**CONFIG.settings, "welcome": "Здравствуйте!"})
    first = callback(1, "conversation_started", subscribed=False)
    said = msgspec.json.decode(welcome.answer(first, greeting))
    assert said == {"sender": {"name": "Чайный мост"}, "type": "text", "text": "Здравствуйте!"}
    again = callback(1, "conversation_started", subscribed=True)
    for body, config in ((first, CONFIG), (again, greeting), (b"{", greeting)):
        assert welcome.answer(body, config) == b""


@pytest.mark.parametrize("case", BODIES, ids=lambda case: case.name)
def test_vibers_own_library_believes_and_reads_our_bodies(case: object) -> None:
    body = msgspec.structs.asdict(case)["body"]  # type: ignore[arg-type]
    api = Api(BotConfiguration(auth_token=TOKEN, name="Чайный мост", avatar=""))
    assert api.verify_signature(body, signature(body))
    assert not api.verify_signature(body + b" ", signature(body))
    known = {"text", "url", "picture", "video", "file", "sticker", "contact", "location", "press"}
    if msgspec.structs.asdict(case)["name"] in known:  # type: ignore[arg-type]
        assert create_request(msgspec.json.decode(body)).event_type == "message"
