"""MAX bodies of our own writing: an invented shop, invented people."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    ReachabilityChanged,
    Sender,
    Touch,
    Unknown,
)
from otklik.ports.message import (
    Attachment,
    ContactCard,
    Content,
    Entity,
    Location,
    MessageKind,
)
from tests.channels.kit.declaration import Body

CHAT_ID = 51002003010
VERA_ID = 910020031
BOT_ID = 700000101
GROUP_ID = -70000000000123
AT = 1_790_000_000_000
VERA = {"user_id": VERA_ID, "first_name": "Вера", "last_name": "Улыбина", "username": None,
        "is_bot": False, "last_activity_time": AT, "name": "Вера Улыбина"}  # fmt: skip
BOT = {"user_id": BOT_ID, "first_name": "Чайный мост", "username": "tea_bridge_bot",
       "is_bot": True, "last_activity_time": AT}  # fmt: skip
DIALOG = {"chat_id": CHAT_ID, "chat_type": "dialog", "user_id": BOT_ID}
SENDER = Sender(str(CHAT_ID), name="Вера Улыбина", locale="ru", aliases=(f"user:{VERA_ID}",))


def mid(number: int) -> str:
    return f"mid.0000000bdf{number:04d}"


def update(kind: str, **parts: object) -> bytes:
    return msgspec.json.encode({"update_type": kind, "timestamp": AT + 5, **parts})


def message(number: int, **parts: object) -> dict[str, object]:
    """A message of Vera's to the bot; what belongs to the body goes into it."""
    inner = {"attachments", "text", "markup"}
    body = {"mid": mid(number), "seq": 116_327_994_376_978_687 + number, "text": ""}
    body |= {name: part for name, part in parts.items() if name in inner}
    outer = {name: part for name, part in parts.items() if name not in inner}
    return {"recipient": DIALOG, "timestamp": AT, "sender": VERA, "body": body} | outer


def received(number: int, **parts: object) -> MessageReceived:
    return msgspec.structs.replace(MessageReceived(SENDER, mid(number), AT), **parts)


def file(kind: MessageKind, ref: str, mime: str, **parts: object) -> dict[str, object]:
    """What a message with one file differs by."""
    attached = msgspec.structs.replace(Attachment(kind=kind, ref=ref, mime=mime), **parts)
    return {"kind": kind, "attachments": (attached,)}


CDN = "https://i.max.example/"
PHOTO = {
    "type": "image",
    "payload": {"photo_id": 9_223_372_036_854, "token": "p", "url": CDN + "p"},
}
FILM = {"type": "video", "payload": {"url": CDN + "v", "token": "film-1"}, "width": 720,
        "height": 1280, "duration": 12, "thumbnail": {"url": CDN + "t"}}  # fmt: skip
VOICE = {"type": "audio", "payload": {"url": CDN + "a", "token": "a"}}
BILL = {"type": "file", "payload": {"url": CDN + "f", "token": "f"}, "filename": "счёт.pdf",
        "size": 1234}  # fmt: skip
STICKER = {"type": "sticker", "payload": {"url": CDN + "s", "code": "leaf"}, "width": 512,
           "height": 512}  # fmt: skip
PLACE = {"type": "location", "latitude": 56.0097, "longitude": 92.8523}
PICTURE = file(MessageKind.PICTURE, CDN + "p", "image/jpeg")
KEYBOARD = {"type": "inline_keyboard", "callback_id": "k1", "payload": {"buttons": [
    [{"type": "link", "text": "Сайт", "url": "https://example.org"}],
    [{"type": "callback", "text": "Беру", "payload": "buy:7", "intent": "default"}],
]}}  # fmt: skip


def card(owner: dict[str, object] | None, phone: str = "70000000001") -> dict[str, object]:
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"TEL;TYPE=cell:{phone}", "FN:Вера Улы", " бина",
             "END:VCARD")  # fmt: skip
    payload = {"vcf_info": "\r\n".join(lines), "hash": "beef", "max_info": owner}
    return {"type": "contact", "payload": payload}


MARKUP = [
    {"type": "strong", "from": 3, "length": 6},
    {"type": "link", "from": 12, "length": 6, "url": "https://example.org/tea"},
    {"type": "user_mention", "from": 0, "length": 2, "user_id": BOT_ID},
    {"type": "sparkling", "from": 0, "length": 1},
]
ENTITIES = (
    Entity("bold", 3, 6),
    Entity("link", 12, 6, url="https://example.org/tea"),
    Entity("mention", 0, 2, url=f"max://user/{BOT_ID}"),
)
FORMATTED = "🫖 Жирный и ссылка"
ASKED = {"mid": mid(9), "seq": 1, "text": "Берёте улун?"}
PASSED = {"type": "forward", "sender": BOT, "chat_id": GROUP_ID, "message": ASKED}
KNOWN = msgspec.structs.replace(SENDER, phone="+70000000001", phone_evidence="claimed")

MESSAGES: tuple[tuple[str, dict[str, object], dict[str, object]], ...] = (
    ("text", {"text": "Здравствуйте! Есть да хун пао?"},
     {"text": "Здравствуйте! Есть да хун пао?"}),
    ("no-attachments", {"text": "Ау", "attachments": None}, {"text": "Ау"}),
    ("formatted", {"text": FORMATTED, "markup": MARKUP},
     {"text": FORMATTED, "content": Content(entities=ENTITIES)}),
    ("reply", {"text": "Да", "link": {"type": "reply", "sender": BOT, "message": ASKED}},
     {"text": "Да", "reply_to": mid(9)}),
    ("passed-on", {"text": None, "link": PASSED},
     {"text": "Берёте улун?", "content": Content(forwarded_from="Чайный мост")}),
    ("passed-on-with-words",
     {"text": "🫖", "link": PASSED | {"message": ASKED | {"markup": MARKUP[:1]}}},
     {"text": "🫖\n\nБерёте улун?",
      "content": Content(entities=(Entity("bold", 7, 6),), forwarded_from="Чайный мост")}),
    ("picture", {"attachments": [PHOTO]}, PICTURE),
    ("album", {"text": "Полка", "attachments": [PHOTO, FILM]},
     PICTURE | {"text": "Полка", "attachments": (
         Attachment(MessageKind.PICTURE, CDN + "p", mime="image/jpeg"),
         Attachment(MessageKind.VIDEO, "video:film-1", mime="video/mp4", width=720, height=1280,
                    duration_s=12))}),
    ("film-without-token",
     {"attachments": [{"type": "video", "payload": {"url": CDN + "v"}}]},
     file(MessageKind.VIDEO, CDN + "v", "video/mp4")),
    ("voice", {"attachments": [VOICE | {"transcription": "где мой заказ"}]},
     file(MessageKind.VOICE, CDN + "a", "audio/ogg")
     | {"content": Content(details={"transcription": "где мой заказ"})}),
    ("file", {"attachments": [BILL]},
     file(MessageKind.FILE, CDN + "f", "application/octet-stream", name="счёт.pdf", size=1234)),
    ("sticker", {"attachments": [STICKER]},
     file(MessageKind.STICKER, CDN + "s", "image/webp", format="webp", width=512, height=512)),
    ("location", {"attachments": [PLACE]},
     {"kind": MessageKind.LOCATION, "content": Content(location=Location(56.0097, 92.8523))}),
    ("own-contact", {"attachments": [card(VERA)]},
     {"kind": MessageKind.CONTACT_CARD, "sender": KNOWN,
      "content": Content(card=ContactCard("Вера Улыбина", "+70000000001"))}),
    ("other-contact", {"attachments": [card(BOT | {"user_id": 5})]},
     {"kind": MessageKind.CONTACT_CARD,
      "content": Content(card=ContactCard("Вера Улыбина", "+70000000001"))}),
    ("address-book", {"attachments": [card(None, "8 (000) 000-00-02")]},
     {"kind": MessageKind.CONTACT_CARD,
      "content": Content(card=ContactCard("Вера Улыбина", "8 (000) 000-00-02"))}),
    ("empty-contact", {"attachments": [{"type": "contact"}]},
     {"kind": MessageKind.CONTACT_CARD, "content": Content(card=ContactCard("", ""))}),
    ("shared-page",
     {"attachments": [{"type": "share", "payload": {"url": "https://example.org"},
                       "title": "Лавка"}]},
     {"text": "Лавка\nhttps://example.org"}),
    ("shared-page-with-words",
     {"text": "https://example.org", "attachments": [
         {"type": "share", "payload": {"url": "https://example.org", "token": "s"}}]},
     {"text": "https://example.org"}),
    ("pressed-reply-keyboard", {"text": "Да", "attachments": [{"type": "data", "data": "yes"}]},
     {"text": "Да", "content": Content(payload="yes")}),
    ("attachment-of-tomorrow", {"attachments": [{"type": "hologram", "payload": {"h": 1}}]},
     {"kind": MessageKind.UNSUPPORTED, "text": "hologram"}),
    ("text-with-tomorrow", {"text": "Вот", "attachments": [{"type": "hologram"}]},
     {"text": "Вот", "content": Content(details={"unsupported": "hologram"})}),
    ("file-without-address", {"attachments": [{"type": "image", "payload": {}}]},
     {"kind": MessageKind.UNSUPPORTED, "text": "image"}),
    ("nothing", {"attachments": []}, {"kind": MessageKind.UNSUPPORTED, "text": "empty"}),
    ("old-name", {"text": "Ау", "sender": {"user_id": VERA_ID, "name": "Вера У."}},
     {"text": "Ау", "sender": msgspec.structs.replace(SENDER, name="Вера У.")}),
    ("no-sender", {"text": "Ау", "sender": None},
     {"text": "Ау", "sender": Sender(str(CHAT_ID), locale="ru")}),
    ("no-chat", {"text": "Ау", "recipient": {"user_id": BOT_ID}},
     {"text": "Ау", "sender": Sender(f"user:{VERA_ID}", "Вера Улыбина", locale="ru")}),
)  # fmt: skip

PRESS = {"callback_id": "k1", "timestamp": AT, "payload": "buy:7", "user": VERA}
OURS = message(9, text="Берёте улун?", attachments=[KEYBOARD], sender=BOT)
PRESSED = ButtonPressed(
    SENDER, f"press:k1:{AT}:891706bc", "k1", "buy:7", AT, of_message=mid(9), label="Беру"
)
PICTURED = VERA | {"avatar_url": CDN + "small", "full_avatar_url": CDN + "big"}
SEEN = msgspec.structs.replace(SENDER, picture=CDN + "big")
CHAT = {"chat_id": CHAT_ID, "user": VERA, "user_locale": "ru"}
PLAIN = msgspec.structs.replace(SENDER, locale="")

OTHERS: tuple[tuple[str, bytes, tuple[ChannelEvent, ...]], ...] = (
    ("edited", update("message_edited", message=message(10, text="Есть пуэр?")),
     (MessageEdited(received(10, text="Есть пуэр?", sender=PLAIN), AT + 5),)),
    ("edited-by-the-bot", update("message_edited", message=message(11, text="?", sender=BOT)),
     (Unknown("bot_message_edited"),)),
    ("written-by-a-bot", update("message_created", message=message(12, text="?", sender=BOT)),
     (Unknown("bot_message_created"),)),
    ("group", update("message_created", message=message(
        13, text="Всем", recipient={"chat_id": GROUP_ID, "chat_type": "chat"})),
     (Unknown("chat_message_created"),)),
    ("channel-post", update("message_created", message={
        "recipient": {"chat_type": "channel", "chat_id": 1}, "body": {"mid": "c1", "seq": 1}}),
     (Unknown("channel_message_created"),)),
    ("no-body", update("message_created", message={"recipient": DIALOG}),
     (Unknown("message_created.unreadable"),)),
    ("no-message", update("message_created", chat_id=5),
     (Unknown("message_created.unreadable"),)),
    ("press", update("message_callback", callback=PRESS, message=OURS, user_locale="ru"),
     (PRESSED,)),
    ("press-again",
     update("message_callback", callback=PRESS | {"timestamp": AT + 1}, message=OURS,
            user_locale="ru"),
     (msgspec.structs.replace(PRESSED, external_id=f"press:k1:{AT + 1}:891706bc", at=AT + 1),)),
    ("another-button-at-once",
     update("message_callback", callback=PRESS | {"payload": None}, message=OURS,
            user_locale="ru"),
     (msgspec.structs.replace(PRESSED, external_id=f"press:k1:{AT}:e3b0c442", payload="",
                              label=""),)),
    ("press-under-deleted",
     update("message_callback", callback=PRESS | {"callback_id": "k2"}, message=None),
     (ButtonPressed(Sender(f"user:{VERA_ID}", "Вера Улыбина"), f"press:k2:{AT}:891706bc", "k2",
                    "buy:7", AT),)),
    ("press-in-group",
     update("message_callback", callback=PRESS | {"callback_id": "k3"},
            message=OURS | {"recipient": {"chat_id": GROUP_ID, "chat_type": "chat"}}),
     (Unknown("chat_message_callback"),)),
    ("press-unreadable", update("message_callback", callback={"payload": "x"}),
     (Unknown("message_callback.unreadable"),)),
    ("removed", update("message_removed", message_id=mid(10), chat_id=CHAT_ID, user_id=VERA_ID),
     (MessagesDeleted(Sender(str(CHAT_ID)), (mid(10),), AT + 5),)),
    ("removed-in-group",
     update("message_removed", message_id=mid(10), chat_id=GROUP_ID, user_id=VERA_ID),
     (Unknown("chat_message_removed"),)),
    ("removed-nothing", update("message_removed", chat_id=CHAT_ID),
     (Unknown("message_removed.unreadable"),)),
    ("started", update("bot_started", **CHAT),
     (ReachabilityChanged(SENDER, reachable=True, at=AT + 5), Opened(SENDER, AT + 5))),
    ("deep-link",
     update("bot_started", payload="spring_2026", **(CHAT | {"user": PICTURED, "chat_id": 8})),
     (ReachabilityChanged(msgspec.structs.replace(SEEN, external_id="8"), reachable=True,
                          at=AT + 5),
      Opened(msgspec.structs.replace(SEEN, external_id="8"), AT + 5,
             Touch("deep_link", "spring_2026")))),
    ("started-nowhere", update("bot_started", payload="x"),
     (Unknown("bot_started.unreadable"),)),
    ("stopped", update("bot_stopped", **CHAT),
     (ReachabilityChanged(SENDER, reachable=False, at=AT + 5),)),
    ("stopped-nowhere", update("bot_stopped"), (Unknown("bot_stopped.unreadable"),)),
    ("removed-dialog", update("dialog_removed", **CHAT), (Unknown("dialog_removed"),)),
    ("cleared", update("dialog_cleared", **CHAT), (Unknown("dialog_cleared"),)),
    ("muted", update("dialog_muted", muted_until=AT, **CHAT), (Unknown("dialog_muted"),)),
    ("bot-added", update("bot_added", chat_id=GROUP_ID, user=VERA, is_channel=False),
     (Unknown("bot_added"),)),
    ("member-added",
     update("user_added", chat_id=GROUP_ID, user=VERA, user_id=3, inviter_id=VERA_ID),
     (Unknown("user_added"),)),
    ("title", update("chat_title_changed", chat_id=GROUP_ID, user=VERA, title="Чай"),
     (Unknown("chat_title_changed"),)),
    ("comment", update("comment_created", message=message(20, text="Красиво")),
     (Unknown("comment_created"),)),
    ("update-of-tomorrow", b'{"update_type":"thought","strength":3}', (Unknown("thought"),)),
    ("another-of-tomorrow", b'{"update_type":"thought","strength":4}', (Unknown("thought"),)),
    ("nameless", b'{"update_type":""}', (Unknown("empty"),)),
    ("page",
     msgspec.json.encode({"marker": 7, "updates": [
         msgspec.Raw(update("message_created", message=message(30, text="Раз"))),
         {"update_type": "thought"}]}),
     (received(30, text="Раз", sender=PLAIN), Unknown("thought"))),
)  # fmt: skip

BODIES = tuple(
    Body(
        name,
        update("message_created", message=message(100 + number, **parts), user_locale="ru"),
        (received(100 + number, **read),),
    )
    for number, (name, parts, read) in enumerate(MESSAGES)
) + tuple(Body(name, body, events) for name, body, events in OTHERS)
