"""WhatsApp deliveries of our own writing: an invented shop, invented people."""

import msgspec

from otklik.ports.channel import (
    ChannelEvent,
    MessageReceived,
    Opened,
    Sender,
    Touch,
)
from otklik.ports.message import (
    Attachment,
    Basket,
    BasketItem,
    ContactCard,
    Content,
    Location,
    MessageKind,
)
from tests.channels.kit.declaration import Body

NUMBER = "200000000000002"
ACCOUNT = "200000000000001"
PHONE = "79990001122"
SCOPED = "RU.20000000000000000001"
DAY = 86_400
SECONDS = 1_790_000_000
AT = SECONDS * 1000
METADATA = {"display_phone_number": "+7 900 000-00-00", "phone_number_id": NUMBER}
VERA = {"profile": {"name": "Вера Улыбина"}, "wa_id": PHONE, "user_id": SCOPED}
SENDER = Sender(
    SCOPED,
    name="Вера Улыбина",
    phone=f"+{PHONE}",
    phone_evidence="given",
    aliases=(PHONE,),
)
PLAIN = Sender(PHONE, phone=f"+{PHONE}", phone_evidence="given")


def delivery(*changes: dict[str, object], time: int = 0) -> bytes:
    entry: dict[str, object] = {"id": ACCOUNT, "changes": list(changes)}
    if time:
        entry["time"] = time
    return msgspec.json.encode({"object": "whatsapp_business_account", "entry": [entry]})


def change(field: str, **value: object) -> dict[str, object]:
    return {"field": field, "value": value}


def people(field: str = "messages", **value: object) -> dict[str, object]:
    shell = {"messaging_product": "whatsapp", "metadata": METADATA, "contacts": [VERA]}
    return change(field, **(shell | value))


def message(number: int, kind: str, body: object = None, **parts: object) -> dict[str, object]:
    shell: dict[str, object] = {
        "from": PHONE,
        "from_user_id": SCOPED,
        "id": f"wamid.{number}",
        "timestamp": str(SECONDS),
        "type": kind,
    }
    return shell | ({} if body is None else {kind: body}) | parts


def wrote(number: int, kind: str, body: object = None, **parts: object) -> bytes:
    return delivery(people(messages=[message(number, kind, body, **parts)]))


def received(
    number: int, kind: MessageKind = MessageKind.TEXT, text: str = "", **parts: object
) -> MessageReceived:
    shell = MessageReceived(SENDER, f"wamid.{number}", AT, kind, text, window_s=DAY)
    return msgspec.structs.replace(shell, **parts)


def _file(
    number: int, kind: MessageKind, mime: str, text: str = "", **parts: object
) -> MessageReceived:
    file = msgspec.structs.replace(Attachment(kind=kind, ref="media-1", mime=mime), **parts)
    return received(number, kind, text, attachments=(file,))


def case(name: str, body: bytes, *events: ChannelEvent) -> Body:
    return Body(name, body, events)


MEDIA = {"id": "media-1", "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="}
AD = {
    "source_url": "https://fb.example.org/1",
    "source_id": "ad-77",
    "source_type": "ad",
    "headline": "Улун со скидкой",
    "body": "Напишите нам",
    "ctwa_clid": "Aff-click",
}
ANSWERS = {"taste": "крепкий", "grams": 100, "flow_token": "t"}

TALK = (
    case("text", wrote(1, "text", {"body": "Есть улун?"}), received(1, text="Есть улун?")),
    case(
        "reply-and-forward",
        wrote(2, "text", {"body": "Да"}, context={"id": "wamid.out1", "forwarded": True}),
        received(
            2,
            text="Да",
            reply_to="wamid.out1",
            content=Content(details={"forwarded": "once"}),
        ),
    ),
    case(
        "no-phone",
        delivery(
            people(
                contacts=[{"profile": {"name": "Лев", "username": "lev.tea"}, "user_id": SCOPED}],
                messages=[{
                    "from_user_id": SCOPED, "id": "wamid.3", "timestamp": str(SECONDS),
                    "type": "text", "text": {"body": "Привет"},
                }],
            )
        ),
        MessageReceived(
            Sender(SCOPED, "Лев", "lev.tea"), "wamid.3", AT, text="Привет", window_s=DAY
        ),
    ),
    case(
        "two-of-one-delivery",
        delivery(
            people(messages=[message(4, "text", {"body": "раз"})]),
            people(messages=[message(5, "text", {"body": "два"})]),
        ),
        received(4, text="раз"),
        received(5, text="два"),
    ),
    case(
        "picture",
        wrote(6, "image", MEDIA | {"mime_type": "image/jpeg", "caption": "Чайник"}),
        _file(6, MessageKind.PICTURE, "image/jpeg", "Чайник"),
    ),
    case(
        "video",
        wrote(7, "video", MEDIA | {"mime_type": "video/mp4"}),
        _file(7, MessageKind.VIDEO, "video/mp4"),
    ),
    case(
        "voice",
        wrote(8, "audio", MEDIA | {"mime_type": "audio/ogg; codecs=opus", "voice": True}),
        _file(8, MessageKind.VOICE, "audio/ogg"),
    ),
    case(
        "audio",
        wrote(9, "audio", MEDIA | {"mime_type": "audio/mpeg", "voice": False}),
        _file(9, MessageKind.AUDIO, "audio/mpeg"),
    ),
    case(
        "file",
        wrote(10, "document", MEDIA | {"mime_type": "application/pdf", "filename": "счёт.pdf"}),
        _file(10, MessageKind.FILE, "application/pdf", name="счёт.pdf"),
    ),
    case(
        "sticker",
        wrote(11, "sticker", MEDIA | {"mime_type": "image/webp", "animated": True}),
        _file(11, MessageKind.STICKER, "image/webp", format="webp", animation=True),
    ),
    case(
        "place",
        wrote(12, "location", {"latitude": 56.01, "longitude": 92.87, "name": "Лавка"}),
        received(
            12, MessageKind.LOCATION, content=Content(location=Location(56.01, 92.87, "Лавка"))
        ),
    ),
    case(
        "two-contacts",
        wrote(13, "contacts", [
            {"name": {"formatted_name": "Вера"}, "phones": [{"phone": "+7 999 000-11-22",
                                                             "wa_id": PHONE}]},
            {"name": {"first_name": "Пётр", "last_name": "Чай"}, "phones": [{"phone": "8 800"}]},
        ]),
        received(
            13,
            MessageKind.CONTACT_CARD,
            content=Content(card=ContactCard("Вера", f"+{PHONE}", own=True)),
        ),
        received(
            13,
            MessageKind.CONTACT_CARD,
            external_id="wamid.13#2",
            content=Content(card=ContactCard("Пётр Чай", "8 800")),
        ),
    ),
    case(
        "asked-phone",
        wrote(14, "contacts", [
            {"name": {}, "phones": [{"phone": "+79995554433"}], "origin": "contact_request"}
        ]),
        received(
            14,
            MessageKind.CONTACT_CARD,
            content=Content(card=ContactCard("", "+79995554433", own=True)),
        ),
    ),
    case(
        "basket",
        wrote(15, "order", {"catalog_id": "c1", "text": "К вечеру", "product_items": [
            {"product_retailer_id": "oolong", "quantity": 2, "item_price": 450.5,
             "currency": "RUB"},
            {"product_retailer_id": "cup", "quantity": "1", "item_price": 90, "currency": "RUB"},
        ]}),
        received(
            15,
            MessageKind.ORDER,
            "К вечеру",
            content=Content(basket=Basket(
                items=(
                    BasketItem("oolong", quantity=2, price="450.5", currency="RUB"),
                    BasketItem("cup", price="90", currency="RUB"),
                ),
                total="991.0",
                currency="RUB",
                note="К вечеру",
                external_id="c1",
            )),
        ),
    ),
    case(
        "form",
        wrote(16, "interactive", {"type": "nfm_reply", "nfm_reply": {
            "name": "flow", "body": "Sent", "response_json": msgspec.json.encode(ANSWERS).decode(),
        }}),
        received(
            16,
            text="taste: крепкий\ngrams: 100",
            content=Content(details={
                "form": "flow", "response": msgspec.json.encode(ANSWERS).decode(),
            }),
        ),
    ),
    case(
        "unsupported",
        wrote(17, "unsupported", {"type": "poll"}, errors=[{"code": 131051, "title": "?"}]),
        received(17, MessageKind.UNSUPPORTED, "poll"),
    ),
    case(
        "kind-of-tomorrow",
        wrote(18, "hologram", {"id": "h1"}),
        received(18, MessageKind.UNSUPPORTED, "hologram"),
    ),
    case(
        "interactive-without-inner",
        wrote(19, "interactive"),
        received(19, MessageKind.UNSUPPORTED, "interactive"),
    ),
)  # fmt: skip

ENTRIES = (
    case(
        "advertisement",
        wrote(30, "text", {"body": "Хочу"}, referral=AD),
        received(
            30,
            text="Хочу",
            window_s=259_200,
            touch=Touch("ad", "ad-77", {
                "headline": "Улун со скидкой",
                "text": "Напишите нам",
                "url": "https://fb.example.org/1",
                "click_id": "Aff-click",
                "source_type": "ad",
            }),
        ),
    ),
    case(
        "product",
        wrote(31, "text", {"body": "Сколько?"}, context={
            "from": "79000000000", "id": "wamid.out2",
            "referred_product": {"catalog_id": "c1", "product_retailer_id": "oolong"},
        }),
        received(
            31,
            text="Сколько?",
            reply_to="wamid.out2",
            content=Content(product="oolong"),
            touch=Touch("product", "oolong"),
        ),
    ),
    case(
        "deep-link",
        wrote(32, "text", {"body": "👋 [ref:summer-24]"}),
        received(32, text="👋", touch=Touch("deep_link", "summer-24")),
    ),
    case(
        "welcome",
        wrote(33, "request_welcome"),
        Opened(SENDER, AT),
    ),
    case(
        "call",
        delivery(people("calls", calls=[{
            "id": "wacid.1", "from": PHONE, "event": "connect", "timestamp": str(SECONDS),
            "direction": "USER_INITIATED",
        }])),
        MessageReceived(
            SENDER, "wacid.1", AT, MessageKind.UNSUPPORTED, "call", window_s=DAY
        ),
    ),
)  # fmt: skip
