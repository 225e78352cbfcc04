"""VK bodies of our own writing: an invented shop, invented people."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    EchoReceived,
    MessageEdited,
    MessageReceived,
    Opened,
    ReachabilityChanged,
    ReactionChanged,
    ReadReported,
    Sender,
    Touch,
    TypingReported,
    Unknown,
)
from otklik.ports.message import (
    Attachment,
    Basket,
    BasketItem,
    Content,
    Entity,
    Location,
    MessageKind,
)
from tests.channels.kit.declaration import Body

GROUP = 220_000_001
SECRET = "invented-secret_for-tests-1"
VERA = 3_100_200_301  # beyond 32 bits, and beyond the numbers of group chats
DATE = 1_790_000_000
AT = DATE * 1000
SENDER = Sender(str(VERA), locale="ru")
PLAIN = Sender(str(VERA))
CLIENT = {"button_actions": ["text", "callback"], "keyboard": True, "carousel": True, "lang_id": 0}


def event(kind: str, told: object, number: int = 1) -> bytes:
    outside = {"type": kind, "group_id": GROUP, "v": "5.199", "secret": SECRET}
    return msgspec.json.encode(outside | {"event_id": f"{number:040x}", "object": told})


def message(number: int = 10, **parts: object) -> dict[str, object]:
    shell = {"id": 900 + number, "conversation_message_id": number, "date": DATE, "out": 0,
             "from_id": VERA, "peer_id": VERA, "random_id": 0, "text": "", "version": 1,
             "attachments": [], "fwd_messages": [], "important": False}  # fmt: skip
    return shell | parts


def new(number: int, **parts: object) -> bytes:
    told = message() | parts
    return event("message_new", {"message": told, "client_info": CLIENT}, number)


def attached(kind: str, media: object) -> dict[str, object]:
    return {"type": kind, kind: media}


def received(kind: MessageKind = MessageKind.TEXT, **parts: object) -> MessageReceived:
    return msgspec.structs.replace(MessageReceived(SENDER, f"{VERA}:10", AT, kind), **parts)


def size(letter: str, width: int, height: int) -> dict[str, object]:
    url = f"https://sun9-1.userapi.example/{letter}.jpg"
    return {"type": letter, "url": url, "width": width, "height": height}


PHOTO = {"id": 7, "owner_id": VERA, "access_key": "k", "date": DATE, "text": "",
         "sizes": [size("m", 130, 87), size("z", 1280, 853), size("x", 604, 403)]}  # fmt: skip
PICTURE = Attachment(MessageKind.PICTURE, "https://sun9-1.userapi.example/z.jpg",
                     mime="image/jpeg", width=1280, height=853)  # fmt: skip
DOC = {"id": 8, "owner_id": VERA, "title": "Прайс.pdf", "size": 900, "ext": "pdf", "type": 1,
       "date": DATE, "url": "https://vk.com/doc1_8?hash=x"}  # fmt: skip
VOICE = {"id": 9, "owner_id": VERA, "duration": 4, "waveform": [1, 2], "access_key": "k",
         "link_ogg": "https://psv4.userapi.example/9.ogg",
         "link_mp3": "https://psv4.userapi.example/9.mp3", "transcript": "Есть улун?"}  # fmt: skip
STICKER = {"sticker_id": 5, "product_id": 2, "inner_type": "base_sticker_new", "images": [
    {"url": "https://vk.example/sticker/5-64", "width": 64, "height": 64},
    {"url": "https://vk.example/sticker/5-512", "width": 512, "height": 512}]}  # fmt: skip
ITEM = {"id": 33, "owner_id": -GROUP, "title": "Пуэр 2019", "price": {"amount": "90000"}}
ORDER = {"id": 4, "group_id": GROUP, "user_id": VERA, "date": DATE, "status": 0, "items_count": 2,
         "display_order_id": "31-4", "comment": "До пятницы", "total_price": {
             "amount": "180050", "currency": {"id": 643, "name": "RUB"}, "text": "1800.50"},
         "preview_order_items": [{"owner_id": -GROUP, "item_id": 33, "quantity": 2,
                                  "price": {"amount": "90025", "currency": {"name": "RUB"}},
                                  "item": ITEM}],
         "recipient": {"name": "Вера У.", "phone": "+70000000001"}}  # fmt: skip
ORDERED = MessageReceived(
    Sender(str(VERA), name="Вера У.", phone="+70000000001", phone_evidence="given"),
    "order:4", AT, MessageKind.ORDER, text="До пятницы",
    content=Content(basket=Basket(
        items=(BasketItem(f"-{GROUP}_33", "Пуэр 2019", 2, "900.25", "RUB"),), total="1800.50",
        currency="RUB", note="До пятницы", external_id="31-4")),
)  # fmt: skip
LEAD = {"lead_id": 6, "group_id": GROUP, "user_id": VERA, "form_id": 2, "form_name": "Дегустация",
        "ad_id": 77, "answers": [
            {"key": "first_name", "question": "Имя", "answer": "Вера"},
            {"key": "phone_number", "question": "Телефон", "answer": "+70000000001"},
            {"key": "email", "question": "Почта", "answer": "vera@tea.example"}]}  # fmt: skip


def _file(kind: MessageKind, ref: object, mime: str, **parts: object) -> MessageReceived:
    file = msgspec.structs.replace(Attachment(kind, str(ref), mime=mime), **parts)
    return received(kind, attachments=(file,))


def _body(name: str, body: bytes, *events: ChannelEvent) -> Body:
    return Body(name, body, events)


MESSAGES = (
    _body("text", new(1, text="Есть пуэр?"), received(text="Есть пуэр?")),
    _body("photo", new(2, text="Вот", attachments=[attached("photo", PHOTO)]),
          received(MessageKind.PICTURE, text="Вот", attachments=(PICTURE,))),
    _body("album", new(3, attachments=[attached("photo", PHOTO), attached("doc", DOC)]),
          received(MessageKind.PICTURE, attachments=(PICTURE, Attachment(
              MessageKind.FILE, "https://vk.com/doc1_8?hash=x", name="Прайс.pdf", size=900)))),
    _body("document", new(4, attachments=[attached("doc", DOC)]),
          _file(MessageKind.FILE, DOC["url"], "", name="Прайс.pdf", size=900)),
    _body("gif", new(5, attachments=[attached("doc", DOC | {"type": 3, "title": "a.gif"})]),
          _file(MessageKind.PICTURE, DOC["url"], "image/gif", name="a.gif", size=900,
                animation=True)),
    _body("voice", new(6, attachments=[attached("audio_message", VOICE)]),
          msgspec.structs.replace(
              _file(MessageKind.VOICE, VOICE["link_ogg"], "audio/ogg", duration_s=4),
              content=Content(details={"transcript": "Есть улун?"}))),
    _body("sticker", new(7, attachments=[attached("sticker", STICKER)]),
          _file(MessageKind.STICKER, "https://vk.example/sticker/5-512", "image/png", width=512,
                height=512)),
    _body("place", new(8, geo={"type": "point", "coordinates": {"latitude": 56.01,
                                                                "longitude": 92.87},
                               "place": {"title": "Лавка", "city": "Красноярск",
                                         "country": "Россия"}}),
          received(MessageKind.LOCATION, content=Content(
              location=Location(56.01, 92.87, "Лавка", "Россия, Красноярск")))),
    _body("call", new(9, attachments=[attached("call", {"state": "reached"})]),
          received(MessageKind.UNSUPPORTED, text="call")),
    _body("product", new(10, text="Почём?", attachments=[attached("market", ITEM)]),
          received(text="Почём?\nПуэр 2019",
                   content=Content(product="Пуэр 2019", entities=(
                       Entity("link", 7, 9, f"https://vk.com/product-{GROUP}_33"),)),
                   touch=Touch("product", f"-{GROUP}_33", {"title": "Пуэр 2019"}))),
    _body("deep-link", new(11, text="Начать", payload='{"command":"start"}', ref="leaf",
                           ref_source="qr"),
          received(text="Начать", content=Content(payload='{"command":"start"}'),
                   touch=Touch("deep_link", "leaf", {"ref_source": "qr"}))),
    _body("reply", new(12, text="Да", reply_message={"id": 909, "conversation_message_id": 9,
                                                     "from_id": -GROUP, "text": "Берёте?"}),
          received(text="Да", reply_to=f"{VERA}:9")),
    _body("forward", new(13, text="Вот", fwd_messages=[{
        "from_id": 55, "date": DATE, "text": "Чай!", "attachments": [attached("photo", PHOTO)]}]),
          received(MessageKind.PICTURE, text="Вот\nЧай!", attachments=(PICTURE,),
                   content=Content(entities=(Entity("quote", 4, 4),), forwarded_from="id55"))),
    _body("text-button", new(14, text="Беру", payload='{"p":"buy:7"}'),
          ButtonPressed(SENDER, f"{VERA}:10", "", "buy:7", AT, label="Беру")),
    _body("foreign-button", new(15, text="Беру", payload='{"cmd": "buy", "id": 7}'),
          ButtonPressed(SENDER, f"{VERA}:10", "", '{"cmd":"buy","id":7}', AT, label="Беру")),
    _body("formatted", new(16, text="🫖 Да", format_data={"version": 1, "items": [
        {"type": "bold", "offset": 3, "length": 2},
        {"type": "sparkle", "offset": 0, "length": 1}]}),
          received(text="🫖 Да", content=Content(entities=(Entity("bold", 3, 2),)))),
    _body("mention", new(17, text="🫖 [club1|Лавка], [id2|Ира]!"),
          received(text="🫖 Лавка, Ира!", content=Content(entities=(
              Entity("mention", 3, 5, "https://vk.com/club1"),
              Entity("mention", 10, 3, "https://vk.com/id2"))))),
    _body("repost", new(18, attachments=[attached("wall", {
        "id": 3, "to_id": -5, "text": "Весна", "attachments": [attached("photo", PHOTO)]})]),
          received(MessageKind.PICTURE, text="Весна", attachments=(PICTURE,), content=Content(
              entities=(Entity("link", 0, 5, "https://vk.com/wall-5_3"),)))),
)  # fmt: skip

OTHERS = (
    _body("callback-button",
          event("message_event", {"user_id": VERA, "peer_id": VERA, "event_id": "e1",
                                  "payload": '{"p":"buy:7"}', "conversation_message_id": 9}, 30),
          ButtonPressed(PLAIN, "event:e1", "e1", "buy:7", 0, of_message=f"{VERA}:9")),
    _body("edit", event("message_edit", message(text="Спасибо", update_time=DATE + 5), 31),
          MessageEdited(received(sender=PLAIN, text="Спасибо"), AT + 5000)),
    _body("echo", event("message_reply", message(11, from_id=-GROUP, out=1, text="Есть",
                                                 admin_author_id=42), 32),
          EchoReceived(received(sender=PLAIN, external_id=f"{VERA}:11", text="Есть"),
                       author="42")),
    _body("own-echo", event("message_reply", message(12, from_id=-GROUP, out=1, text="Да",
                                                     payload='{"p":"m1"}', random_id=5), 33),
          EchoReceived(received(sender=PLAIN, external_id=f"{VERA}:12", text="Да",
                                content=Content(payload="m1")), own_id="m1")),
    _body("allow", event("message_allow", {"user_id": VERA, "key": "leaf"}, 34),
          ReachabilityChanged(PLAIN, reachable=True, at=0),
          Opened(PLAIN, 0, Touch("deep_link", "leaf"))),
    _body("deny", event("message_deny", {"user_id": VERA}, 35),
          ReachabilityChanged(PLAIN, reachable=False, at=0)),
    _body("banned", event("user_block", {"admin_id": 1, "user_id": VERA, "reason": 2}, 36),
          ReachabilityChanged(PLAIN, reachable=False, at=0)),
    _body("unbanned", event("user_unblock", {"admin_id": 1, "user_id": VERA}, 37),
          ReachabilityChanged(PLAIN, reachable=True, at=0)),
    _body("read", event("message_read", {"from_id": VERA, "peer_id": VERA, "read_message_id": 912,
                                         "conversation_message_id": 12}, 38),
          ReadReported(PLAIN, 0, f"{VERA}:12")),
    _body("typing", event("message_typing_state", {"state": "typing", "from_id": VERA,
                                                   "to_id": -GROUP}, 39),
          TypingReported(PLAIN)),
    _body("reaction", event("message_reaction_event", {"reacted_id": VERA, "peer_id": VERA,
                                                       "cmid": 12, "reaction_id": 2}, 40),
          ReactionChanged(PLAIN, f"{VERA}:12", ("🔥",), 0)),
    _body("reaction-taken-back", event("message_reaction_event", {
        "reacted_id": VERA, "peer_id": VERA, "cmid": 12}, 41),
          ReactionChanged(PLAIN, f"{VERA}:12", (), 0)),
    _body("order", event("market_order_new", ORDER, 42), ORDERED),
    _body("order-changed", event("market_order_edit", ORDER, 43), MessageEdited(ORDERED, 0)),
    _body("lead", event("lead_forms_new", LEAD, 44), MessageReceived(
        Sender(str(VERA), name="Вера", email="vera@tea.example", email_evidence="given",
               phone="+70000000001", phone_evidence="given"),
        "lead:6", 0, text="Дегустация\nИмя: Вера\nТелефон: +70000000001\nПочта: vera@tea.example",
        touch=Touch("ad", "77", {"title": "Дегустация"}))),
    _body("payment", event("vkpay_transaction", {"from_id": VERA, "amount": 1500500, "date": DATE,
                                                 "description": "Чай"}, 45),
          MessageReceived(PLAIN, f"event:{45:040x}", AT, MessageKind.UNSUPPORTED,
                          text="vkpay_transaction",
                          content=Content(details={"amount": "1500.50", "description": "Чай"}))),
    _body("own-edit", event("message_edit", message(from_id=-GROUP), 46),
          Unknown("message_edit.own")),
    _body("own-read", event("message_read", {"from_id": -GROUP, "peer_id": VERA,
                                             "conversation_message_id": 3}, 47),
          Unknown("message_read.own")),
    _body("group-chat", event("message_new", {"message": message(peer_id=2_000_000_007)}, 48),
          Unknown("group_message_new")),
    _body("other-community", event("message_new", {"message": message(peer_id=-9)}, 49),
          Unknown("community_message_new")),
    _body("new-reaction", event("message_reaction_event", {
        "reacted_id": VERA, "peer_id": VERA, "cmid": 12, "reaction_id": 90}, 50),
          Unknown("message_reaction_event.90")),
    _body("join", event("group_join", {"user_id": VERA, "join_type": "join"}, 51),
          Unknown("group_join")),
    _body("comment", event("wall_reply_new", {"id": 1, "from_id": VERA, "text": "Ого"}, 52),
          Unknown("wall_reply_new")),
    _body("without-object", event("message_new", None, 53), Unknown("message_new.unreadable")),
    _body("without-person", event("message_deny", {}, 54), Unknown("message_deny.unreadable")),
)  # fmt: skip

BODIES = MESSAGES + OTHERS
