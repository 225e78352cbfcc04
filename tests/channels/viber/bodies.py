"""Genuine callbacks of our own writing, and what each must be read as."""

import msgspec

from otklik.channels.viber.inbound import PRESS, SEPARATOR
from otklik.ports.channel import (
    ButtonPressed,
    MessageReceived,
    Opened,
    ReachabilityChanged,
    Sender,
    StatusReported,
    Touch,
    Unknown,
)
from otklik.ports.message import Attachment, ContactCard, Content, Location, MessageKind
from tests.channels.kit.declaration import Body

TOKEN = "invented-bot-token-for-tests"
VERA_ID = "vNHf0Zq4Tt2wAYPmR1GmXw=="
AT = 1_795_000_000_000
FIRST = 5_800_000_000_000_000_000
USER = {
    "id": VERA_ID,
    "name": "Вера Улыбина",
    "avatar": "https://media.example/vera.jpg",
    "language": "ru-RU",
    "country": "RU",
    "api_version": 10,
}
VERA = Sender(VERA_ID, name="Вера Улыбина", locale="ru", picture="https://media.example/vera.jpg")
CARD = Content(card=ContactCard("Пётр", "+7900"))
CDN = "https://media.example/download?dlid="


def callback(number: int, event: str, **facts: object) -> bytes:
    """Write a callback."""
    told = {"event": event, "timestamp": AT, "message_token": FIRST + number, **facts}
    return msgspec.json.encode(told)


def message(number: int, **content: object) -> bytes:
    """Write a message of Vera's."""
    return callback(number, "message", sender=USER, message=content, silent=False)


def received(number: int, kind: MessageKind, text: str = "", **parts: object) -> MessageReceived:
    """Give what a message must be read as."""
    told = MessageReceived(VERA, str(FIRST + number), AT, kind, text)
    return msgspec.structs.replace(told, **parts)


BODIES = (
    Body("text", message(1, type="text", text="Есть молочный улун? 🫖"),
         (received(1, MessageKind.TEXT, "Есть молочный улун? 🫖"),)),
    Body("url", message(2, type="url", media="https://tea.example/oolong"),
         (received(2, MessageKind.TEXT, "https://tea.example/oolong"),)),
    Body("picture", message(3, type="picture", media=CDN + "3", text="Такой"),
         (received(3, MessageKind.PICTURE, "Такой",
                   attachments=(Attachment(MessageKind.PICTURE, CDN + "3"),)),)),
    Body("video", message(4, type="video", media=CDN + "4", size=900, duration=12),
         (received(4, MessageKind.VIDEO, attachments=(
             Attachment(MessageKind.VIDEO, CDN + "4", size=900, duration_s=12),)),)),
    Body("file", message(5, type="file", media=CDN + "5", file_name="счёт.pdf", file_size=70),
         (received(5, MessageKind.FILE, attachments=(
             Attachment(MessageKind.FILE, CDN + "5", name="счёт.pdf", size=70),)),)),
    Body("sticker", message(6, type="sticker", sticker_id=40100, media=CDN + "6"),
         (received(6, MessageKind.STICKER,
                   attachments=(Attachment(MessageKind.STICKER, CDN + "6"),)),)),
    Body("sticker-without-picture", message(7, type="sticker", sticker_id=40100),
         (received(7, MessageKind.UNSUPPORTED, "sticker"),)),
    Body("contact", message(8, type="contact", contact={"name": "Пётр", "phone_number": "+7900"}),
         (received(8, MessageKind.CONTACT_CARD, content=CARD),)),
    Body("location", message(9, type="location", location={"lat": 56.01, "lon": 92.87}),
         (received(9, MessageKind.LOCATION, content=Content(location=Location(56.01, 92.87))),)),
    Body("tomorrow", message(10, type="hologram"),
         (received(10, MessageKind.UNSUPPORTED, "hologram"),)),
    Body("press", message(11, type="text", text=f"{PRESS}buy:7{SEPARATOR}Беру"),
         (ButtonPressed(VERA, str(FIRST + 11), "", "buy:7", AT, label="Беру"),)),
    Body("opened", callback(12, "conversation_started", type="open", context="spring", user=USER,
                            subscribed=False),
         (Opened(VERA, AT, Touch("deep_link", "spring")),)),
    Body("opened-again", callback(13, "conversation_started", user=USER, subscribed=True),
         (Opened(VERA, AT),)),
    Body("subscribed", callback(14, "subscribed", user=USER),
         (Opened(VERA, AT), ReachabilityChanged(VERA, reachable=True, at=AT))),
    Body("unsubscribed", callback(15, "unsubscribed", user_id=VERA_ID),
         (ReachabilityChanged(Sender(VERA_ID), reachable=False, at=AT),)),
    Body("delivered", callback(16, "delivered", user_id=VERA_ID),
         (StatusReported(Sender(VERA_ID), str(FIRST + 16), "delivered", AT),)),
    Body("seen", callback(17, "seen", user_id=VERA_ID),
         (StatusReported(Sender(VERA_ID), str(FIRST + 17), "read", AT),)),
    Body("failed", callback(18, "failed", user_id=VERA_ID, desc="device cannot show it"),
         (StatusReported(Sender(VERA_ID), str(FIRST + 18), "failed", AT,
                         reason="device cannot show it"),)),
    Body("webhook", callback(19, "webhook"), (Unknown("webhook"),)),
    Body("nobody-wrote", callback(20, "message", message={"type": "text", "text": "?"}),
         (Unknown("message.unreadable"),)),
)  # fmt: skip
