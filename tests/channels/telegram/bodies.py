"""Telegram bodies of our own writing: an invented shop, invented people."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    ChatMoved,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    ReactionChanged,
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

CHAT_ID = 5100200301
CHAT = {"id": CHAT_ID, "first_name": "Вера", "last_name": "Улыбина", "type": "private"}
VERA = {"id": CHAT_ID, "is_bot": False, "first_name": "Вера", "last_name": "Улыбина",
        "username": "vera_tea", "language_code": "ru"}  # fmt: skip
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Чайный мост", "username": "tea_bridge_bot"}
GROUP = {"id": -4000123, "title": "Любители улунов", "type": "group"}
SENDER = Sender(external_id=str(CHAT_ID), name="Вера Улыбина", username="vera_tea", locale="ru")
DATE = 1_790_000_000
AT = DATE * 1000


def update(number: int, **parts: object) -> bytes:
    return msgspec.json.encode({"update_id": 880_000_000 + number, **parts})


def message(message_id: int = 10, **parts: object) -> dict[str, object]:
    shell = {"message_id": message_id, "from": VERA, "chat": CHAT, "date": DATE}
    return shell | parts


def received(
    kind: MessageKind = MessageKind.TEXT, message_id: int = 10, **parts: object
) -> MessageReceived:
    shell = MessageReceived(SENDER, f"{CHAT_ID}:{message_id}", AT, kind)
    return msgspec.structs.replace(shell, **parts)


def _file(kind: MessageKind, ref: str, mime: str, **parts: object) -> MessageReceived:
    file = msgspec.structs.replace(Attachment(kind=kind, ref=ref, mime=mime), **parts)
    return received(kind, attachments=(file,))


THUMB = {"file_id": "thumb", "file_unique_id": "t", "width": 90, "height": 60}
SIZES = [
    {"file_id": "small", "file_unique_id": "a", "file_size": 900, "width": 90, "height": 60},
    {"file_id": "big", "file_unique_id": "b", "file_size": 90000, "width": 1280, "height": 853},
    {"file_id": "middle", "file_unique_id": "c", "file_size": 9000, "width": 320, "height": 213},
]
BIG = Attachment(
    kind=MessageKind.PICTURE, ref="big", mime="image/jpeg", size=90000, width=1280, height=853
)
FORMATTED = "🫖 Жирный и ссылка, код"
SPANS = [
    {"type": "bold", "offset": 3, "length": 6},
    {"type": "text_link", "offset": 12, "length": 6, "url": "https://example.org/tea"},
    {"type": "pre", "offset": 20, "length": 3, "language": "python"},
    {"type": "expandable_blockquote", "offset": 0, "length": 2},
    {"type": "text_mention", "offset": 0, "length": 2, "user": BOT},
    {"type": "bot_command", "offset": 0, "length": 1},
    {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"},
]
ENTITIES = (
    Entity("bold", 3, 6),
    Entity("link", 12, 6, url="https://example.org/tea"),
    Entity("pre", 20, 3, language="python"),
    Entity("quote", 0, 2),
    Entity("mention", 0, 2, url="tg://user?id=7000000001"),
    Entity("command", 0, 1),
)
KEYBOARD = {"inline_keyboard": [[{"text": "Сайт", "url": "https://example.org"}],
            [{"text": "Беру", "callback_data": "buy:7"}]]}  # fmt: skip
ASKED = message(9, text="Берёте улун?", reply_markup=KEYBOARD) | {"from": BOT}

TEXTS: tuple[tuple[str, dict[str, object], ChannelEvent], ...] = (
    ("text", message(text="Здравствуйте! Есть да хун пао?"),
     received(text="Здравствуйте! Есть да хун пао?")),
    ("formatted", message(text=FORMATTED, entities=SPANS),
     received(text=FORMATTED, content=Content(entities=ENTITIES))),
    ("start", message(text="/start"), received(text="/start")),
    ("deep-link", message(text="/start spring_2026"),
     received(text="/start spring_2026", touch=Touch("deep_link", "spring_2026"))),
    ("reply", message(text="Да", reply_to_message=ASKED),
     received(text="Да", reply_to=f"{CHAT_ID}:9")),
    ("forwarded-person",
     message(text="Смотрите", forward_origin={"type": "user", "sender_user": BOT, "date": DATE}),
     received(text="Смотрите", content=Content(forwarded_from="Чайный мост"))),
    ("forwarded-hidden",
     message(text="Смотрите", forward_origin={"type": "hidden_user", "sender_user_name": "Тихон"}),
     received(text="Смотрите", content=Content(forwarded_from="Тихон"))),
    ("forwarded-channel",
     message(text="Смотрите", forward_origin={"type": "channel", "chat": GROUP, "message_id": 5}),
     received(text="Смотрите", content=Content(forwarded_from="Любители улунов"))),
    ("forwarded-long-ago", message(text="Смотрите", forward_sender_name="Тихон"),
     received(text="Смотрите", content=Content(forwarded_from="Тихон"))),
    ("no-sender", {"message_id": 10, "chat": CHAT, "date": DATE, "text": "Ау"},
     received(text="Ау", sender=Sender(str(CHAT_ID), "Вера Улыбина"))),
)  # fmt: skip

PLACE = {"latitude": 56.0097, "longitude": 92.8523}
STICKER: dict[str, object] = {
    "file_id": "st", "width": 512, "height": 512, "emoji": "🍵", "type": "regular",
    "file_size": 30000, "thumbnail": THUMB,
}  # fmt: skip
PUT = {"size": 30000, "width": 512, "height": 512, "emoji": "🍵"}

MEDIA: tuple[tuple[str, dict[str, object], ChannelEvent], ...] = (
    ("picture", message(photo=SIZES), received(MessageKind.PICTURE, attachments=(BIG,))),
    ("caption",
     message(photo=SIZES, caption="Вот такой", caption_entities=[SPANS[0]], media_group_id="g1"),
     received(MessageKind.PICTURE, attachments=(BIG,), text="Вот такой", group_key="g1",
              content=Content(entities=ENTITIES[:1]))),
    ("video", message(video={"file_id": "v", "width": 640, "height": 360, "duration": 12,
                             "file_name": "чай.mp4", "mime_type": "video/mp4", "file_size": 70}),
     _file(MessageKind.VIDEO, "v", "video/mp4", name="чай.mp4", size=70, width=640, height=360,
           duration_s=12)),
    ("video-note", message(video_note={"file_id": "n", "length": 240, "duration": 7}),
     _file(MessageKind.VIDEO, "n", "video/mp4", width=240, height=240, duration_s=7, round=True)),
    ("animation",
     message(animation={"file_id": "a", "width": 320, "height": 240, "duration": 2},
             document={"file_id": "a", "file_name": "пар.gif.mp4"}),
     _file(MessageKind.VIDEO, "a", "video/mp4", width=320, height=240, duration_s=2,
           animation=True)),
    ("voice", message(voice={"file_id": "o", "duration": 3, "file_size": 5000}),
     _file(MessageKind.VOICE, "o", "audio/ogg", size=5000, duration_s=3)),
    ("audio",
     message(audio={"file_id": "m", "duration": 99, "performer": "Хор", "title": "Самовар"}),
     _file(MessageKind.AUDIO, "m", "audio/mpeg", name="Хор — Самовар", duration_s=99)),
    ("file", message(document={"file_id": "d", "file_name": "счёт.pdf",
                               "mime_type": "application/pdf", "file_size": 1234}),
     _file(MessageKind.FILE, "d", "application/pdf", name="счёт.pdf", size=1234)),
    ("sticker-webp", message(sticker=STICKER | {"is_animated": False, "is_video": False}),
     _file(MessageKind.STICKER, "st", "image/webp", format="webp", **PUT)),
    ("sticker-tgs", message(sticker=STICKER | {"is_animated": True}),
     _file(MessageKind.STICKER, "st", "application/x-tgsticker", format="tgs", **PUT)),
    ("sticker-webm", message(sticker=STICKER | {"is_video": True}),
     _file(MessageKind.STICKER, "st", "video/webm", format="webm", **PUT)),
    ("location", message(location=PLACE),
     received(MessageKind.LOCATION, content=Content(location=Location(56.0097, 92.8523)))),
    ("live-location", message(location=PLACE | {"live_period": 900, "heading": 90}),
     received(MessageKind.LOCATION,
              content=Content(location=Location(56.0097, 92.8523, live_s=900)))),
    ("venue", message(location=PLACE,
                      venue={"location": PLACE, "title": "Лавка", "address": "Мира, 1"}),
     received(MessageKind.LOCATION,
              content=Content(location=Location(56.0097, 92.8523, "Лавка", "Мира, 1")))),
    ("own-contact",
     message(contact={"phone_number": "70000000001", "first_name": "Вера", "user_id": CHAT_ID}),
     received(MessageKind.CONTACT_CARD,
              content=Content(card=ContactCard("Вера", "+70000000001", own=True)))),
    ("other-contact",
     message(contact={"phone_number": "70000000002", "first_name": "Яна", "last_name": "Т",
                      "user_id": CHAT_ID + 1}),
     received(MessageKind.CONTACT_CARD,
              content=Content(card=ContactCard("Яна Т", "70000000002")))),
    ("nobody's-contact",
     message(contact={"phone_number": "70000000003", "first_name": "Яна"}) | {"from": None},
     received(MessageKind.CONTACT_CARD, sender=Sender(str(CHAT_ID), "Вера Улыбина"),
              content=Content(card=ContactCard("Яна", "70000000003")))),
    ("dice", message(dice={"emoji": "🎲", "value": 6}),
     received(MessageKind.UNSUPPORTED, text="dice")),
    ("body-of-tomorrow", message(hologram={"file_id": "h"}),
     received(MessageKind.UNSUPPORTED, text="hologram")),
    ("moved-to", message(migrate_to_chat_id=-1009) | {"chat": GROUP},
     ChatMoved("-4000123", "-1009")),
    ("moved-from", message(migrate_from_chat_id=-4000123) | {"chat": GROUP | {"id": -1009}},
     ChatMoved("-4000123", "-1009")),
    ("group", message(text="Всем привет") | {"chat": GROUP}, Unknown("group_message")),
    ("channel", message(text="Пост") | {"chat": GROUP | {"type": "channel"}},
     Unknown("channel_message")),
    ("pinned", message(pinned_message=ASKED), Unknown("message.pinned_message")),
    ("no-chat", {"message_id": 3, "text": "?"}, Unknown("message.unreadable")),
)  # fmt: skip

PRESS = {"id": "411", "from": VERA, "message": ASKED, "chat_instance": "9", "data": "buy:7"}
PRESSED = ButtonPressed(
    SENDER, "cq:411", "411", "buy:7", 0, of_message=f"{CHAT_ID}:9", label="Беру"
)
REACTION = {"chat": CHAT, "message_id": 9, "user": VERA, "date": DATE, "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "🔥"}, {"type": "paid"}]}  # fmt: skip


def _member(status: str, chat: dict[str, object] | None = None) -> dict[str, object]:
    was = {"user": BOT, "status": "member"}
    now = {"user": BOT, "status": status, "until_date": 0}
    chat = CHAT if chat is None else chat
    return {"chat": chat, "from": VERA, "date": DATE, "old_chat_member": was,
            "new_chat_member": now}  # fmt: skip


OTHERS: tuple[tuple[str, str, object, ChannelEvent], ...] = (
    ("edited", "edited_message", message(text="Есть пуэр?", edit_date=DATE + 60),
     MessageEdited(received(text="Есть пуэр?"), AT + 60_000)),
    ("edited-in-group", "edited_message", message(text="?") | {"chat": GROUP},
     Unknown("group_edited_message")),
    ("press", "callback_query", PRESS, PRESSED),
    ("press-under-vanished", "callback_query",
     PRESS | {"message": {"chat": CHAT, "message_id": 9, "date": 0}},
     msgspec.structs.replace(PRESSED, label="")),
    ("press-inline", "callback_query",
     {"id": "412", "from": VERA, "inline_message_id": "i", "game_short_name": "chess"},
     ButtonPressed(SENDER, "cq:412", "412", "chess", 0)),
    ("press-in-group", "callback_query", PRESS | {"message": ASKED | {"chat": GROUP}},
     Unknown("group_callback_query")),
    ("reaction", "message_reaction", REACTION,
     ReactionChanged(SENDER, f"{CHAT_ID}:9", ("🔥",), AT)),
    ("reaction-taken-back", "message_reaction", REACTION | {"new_reaction": []},
     ReactionChanged(SENDER, f"{CHAT_ID}:9", (), AT)),
    ("reaction-in-group", "message_reaction", REACTION | {"chat": GROUP},
     Unknown("group_message_reaction")),
    ("blocked", "my_chat_member", _member("kicked"),
     ReachabilityChanged(SENDER, reachable=False, at=AT)),
    ("unblocked", "my_chat_member", _member("member"),
     ReachabilityChanged(SENDER, reachable=True, at=AT)),
    ("odd-status", "my_chat_member", _member("observer"), Unknown("my_chat_member.observer")),
    ("added-to-group", "my_chat_member", _member("member", GROUP),
     Unknown("group_my_chat_member")),
    ("business", "business_message", message(text="Лично", business_connection_id="b"),
     Unknown("business_message")),
    ("channel-post", "channel_post", message(text="Пост"), Unknown("channel_post")),
    ("update-of-tomorrow", "thought", {"strength": 3}, Unknown("thought")),
)  # fmt: skip

BODIES = tuple(
    Body(name, update(number, **{key: part}), (event,))
    for number, (name, key, part, event) in enumerate(
        [(name, "message", part, event) for name, part, event in (*TEXTS, *MEDIA)] + [*OTHERS]
    )
)
