"""Bodies of Odnoklassniki of our own writing: an invented shop, invented people."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    MessageReceived,
    Opened,
    Sender,
    Touch,
    Unknown,
)
from otklik.ports.message import Attachment, ContactCard, Content, Location, MessageKind
from tests.channels.kit.declaration import Body

CHAT = "chat:C3ecb9d0beef1"
VERA = "user:500200301"
AT = 1_790_000_000_000
SENDER = Sender(CHAT, name="Вера Улыбина", aliases=(VERA,))
CDN = "https://i.ok.example/"


def mid(number: int) -> str:
    return f"mid:C3ecb9d0beef1.15ce{number:04x}"


def update(kind: str = "MESSAGE_CREATED", **parts: object) -> bytes:
    sides = {"sender": {"user_id": VERA, "name": "Вера Улыбина"}, "recipient": {"chat_id": CHAT}}
    return msgspec.json.encode({"webhookType": kind, "timestamp": AT, **sides, **parts})


def message(number: int, text: object = None, *parts: object) -> dict[str, object]:
    told: dict[str, object] = {"mid": mid(number), "seq": 98_211_023_614_189_660 + number}
    told |= {"text": text} if text is not None else {}
    return told | ({"attachments": parts} if parts else {})


def attached(kind: str, **payload: object) -> dict[str, object]:
    return {"type": kind, "payload": payload}


def received(number: int, **parts: object) -> MessageReceived:
    return msgspec.structs.replace(
        MessageReceived(SENDER, mid(number), AT, MessageKind.TEXT), **parts
    )


def file(kind: MessageKind, ref: str, mime: str, **parts: object) -> dict[str, object]:
    """What a message with one file differs by."""
    known = msgspec.structs.replace(Attachment(kind=kind, ref=CDN + ref, mime=mime), **parts)
    return {"kind": kind, "attachments": (known,)}


PICTURE = file(MessageKind.PICTURE, "p", "image/jpeg")
MESSAGES: tuple[tuple[str, tuple[object, ...], dict[str, object]], ...] = (
    ("text", ("Здравствуйте! Есть да хун пао?",), {"text": "Здравствуйте! Есть да хун пао?"}),
    ("picture", ("Такой", attached("IMAGE", id="1", token="t", url=CDN + "p")),
     PICTURE | {"text": "Такой"}),
    ("video", (None, attached("VIDEO", url=CDN + "v", token="t", width=640, duration=9)),
     file(MessageKind.VIDEO, "v", "video/mp4", width=640, duration_s=9)),
    ("voice", (None, attached("AUDIO", url=CDN + "a")),
     file(MessageKind.VOICE, "a", "audio/ogg")),
    ("file", (None, attached("FILE", url=CDN + "f", name="счёт.pdf", size=1234)),
     file(MessageKind.FILE, "f", "application/octet-stream", name="счёт.pdf", size=1234)),
    ("sticker", (None, attached("STICKER", url=CDN + "s")),
     file(MessageKind.STICKER, "s", "image/webp", format="webp")),
    ("album", (None, attached("IMAGE", url=CDN + "p"), attached("IMAGE", url=CDN + "p")),
     {"kind": MessageKind.PICTURE, "attachments": (
         Attachment(MessageKind.PICTURE, CDN + "p", mime="image/jpeg"),) * 2}),
    ("location", (None, attached("LOCATION", latitude=56.0, longitude=92.5)),
     {"kind": MessageKind.LOCATION, "content": Content(location=Location(56.0, 92.5))}),
    ("contact", (None, attached("CONTACT", name="Яна", phone="+70000000002")),
     {"kind": MessageKind.CONTACT_CARD,
      "content": Content(card=ContactCard("Яна", "+70000000002"))}),
    ("share", (None, attached("SHARE", url="https://example.org")), {"text": "https://example.org"}),
    ("music", (None, attached("MUSIC", title="Самовар", url="https://ok.example/1")),
     {"text": "Самовар\nhttps://ok.example/1"}),
    ("present", (None, attached("PRESENT", id=5)),
     {"kind": MessageKind.UNSUPPORTED, "text": "PRESENT"}),
    ("call", ("Перезвоните", attached("CALL")),
     {"text": "Перезвоните", "content": Content(details={"unsupported": "CALL"})}),
    ("kind-of-tomorrow", (None, attached("HOLOGRAM")),
     {"kind": MessageKind.UNSUPPORTED, "text": "HOLOGRAM"}),
    ("picture-without-address", (None, attached("IMAGE", token="t")),
     {"kind": MessageKind.UNSUPPORTED, "text": "IMAGE"}),
    ("place-without-place", (None, {"type": "LOCATION"}, attached("LOCATION", latitude=1.5)),
     {"kind": MessageKind.UNSUPPORTED, "text": "LOCATION"}),
    ("empty", (), {"kind": MessageKind.UNSUPPORTED, "text": "empty"}),
)  # fmt: skip

KEYBOARD = attached("INLINE_KEYBOARD", keyboard={"buttons": [
    [{"type": "LINK", "text": "Сайт", "url": "https://example.org"}],
    [{"type": "CALLBACK", "text": "Беру", "intent": "DEFAULT", "payload": "buy:7"}],
]})  # fmt: skip
PRESSED = ButtonPressed(SENDER, f"press:cb-1:{AT}", "cb-1", "buy:7", AT, of_message=mid(9),
                        label="Беру")  # fmt: skip
NAMELESS = msgspec.structs.replace(SENDER, name="")

OTHERS: tuple[tuple[str, bytes, ChannelEvent], ...] = (
    ("of-2017", msgspec.json.encode({
        "sender": {"user_id": VERA}, "recipient": {"chat_id": CHAT}, "timestamp": AT,
        "message": {"text": "text", "seq": 98211023614189660, "mid": mid(200)}}),
     received(200, text="text", sender=NAMELESS)),
    ("reply", update(message=message(201, "Да") | {"reply_to": mid(9)}),
     received(201, text="Да", reply_to=mid(9))),
    ("one-attachment",
     update(message=message(202) | {"attachment": attached("IMAGE", url=CDN + "p")}),
     received(202, **PICTURE)),
    ("number-for-a-name", update(message=message(203, "Ау"), sender={"user_id": 500200301}),
     received(203, text="Ау", sender=NAMELESS)),
    ("no-chat", update(message=message(204, "Ау"), recipient=None, sender={"user_id": VERA}),
     received(204, text="Ау", sender=Sender(VERA))),
    ("no-sender", update(message=message(205, "Ау"), sender=None),
     received(205, text="Ау", sender=Sender(CHAT))),
    ("nobody", update(message=message(206, "Ау"), sender=None, recipient=None),
     Unknown("MESSAGE_CREATED.unreadable")),
    ("by-the-group", update(message=message(207, "Ау"), sender={"user_id": "group:5"}),
     Unknown("group_message")),
    ("no-mid", update(message={"text": "Ау"}), Unknown("MESSAGE_CREATED.unreadable")),
    ("no-message", update(), Unknown("MESSAGE_CREATED.unreadable")),
    ("press", update("MESSAGE_CALLBACK", callbackId="cb-1", payload="buy:7",
                     message=message(9, "Берёте?", KEYBOARD)), PRESSED),
    ("press-without-message", update("MESSAGE_CALLBACK", callbackId="cb-2", payload="buy:7"),
     msgspec.structs.replace(PRESSED, external_id=f"press:cb-2:{AT}", press_id="cb-2",
                             of_message="", label="")),
    ("press-without-id", update("MESSAGE_CALLBACK", payload="buy:7"),
     Unknown("MESSAGE_CALLBACK.unreadable")),
    ("press-by-the-group",
     update("MESSAGE_CALLBACK", callbackId="c", sender={"user_id": "group:5"}),
     Unknown("group_message")),
    ("special-link", update("CHAT_SYSTEM", payload="spring_2026"),
     Opened(SENDER, AT, Touch("deep_link", "spring_2026"))),
    ("system", update("CHAT_SYSTEM", title="Чай"), Unknown("CHAT_SYSTEM")),
    ("system-from-nowhere", update("CHAT_SYSTEM", payload="x", sender=None, recipient=None),
     Unknown("CHAT_SYSTEM")),
    ("event-of-tomorrow", update("MESSAGE_READ"), Unknown("MESSAGE_READ")),
    ("an-answer", b'{"subscriptions":[{"time":1,"url":"https://example.org"}]}',
     Unknown("subscriptions")),
)  # fmt: skip

BODIES = tuple(
    Body(name, update(message=message(100 + number, *parts)), (received(100 + number, **read),))
    for number, (name, parts, read) in enumerate(MESSAGES)
) + tuple(Body(name, body, (event,)) for name, body, event in OTHERS)
