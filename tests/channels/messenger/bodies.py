"""Deliveries of Messenger, of our own writing, and what each is read as."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    ConsentReported,
    DeliveryReported,
    EchoReceived,
    InboxReported,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    ReactionChanged,
    ReadReported,
    Sender,
    StatusReported,
    TemplateReported,
    Touch,
    Unknown,
)
from otklik.ports.message import (
    Attachment,
    Basket,
    BasketItem,
    Button,
    Content,
    Location,
    MessageKind,
)
from tests.channels.kit.declaration import Body

PAGE, PERSON, APP = "110000000000001", "6800000000000001", "990000000000001"
AT = 1_790_000_000_123
DAY = 86_400
WHO = Sender(PERSON)
CDN = "https://scontent.xx.fbcdn.net/v/t1"


def delivery(*items: object, place: str = "messaging", entry: str = PAGE) -> bytes:
    entries = [{"id": entry, "time": AT + 400, place: list(items)}]
    return msgspec.json.encode({"object": "page", "entry": entries})


def item(person: str = PERSON, at: int = AT, **part: object) -> dict[str, object]:
    return {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": at, **part}


def echo(**message: object) -> dict[str, object]:
    around = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}, "timestamp": AT}
    return {**around, "message": {"is_echo": True, **message}}


def attached(mid: str, kind: str, **payload: object) -> dict[str, object]:
    return item(message={"mid": mid, "attachments": [{"type": kind, "payload": payload}]})


def received(mid: str, kind: MessageKind = MessageKind.TEXT, **more: object) -> MessageReceived:
    known = {"sender": WHO, "external_id": mid, "sent_at": AT, "kind": kind, "window_s": DAY}
    return msgspec.convert({**known, **more}, MessageReceived)


def filed(mid: str, kind: MessageKind, url: str, **more: object) -> MessageReceived:
    name = more.pop("name", "")
    file = Attachment(kind, url, name=msgspec.convert(name, str))
    return received(mid, kind, attachments=(file,), **more)


def pressed(mid: str, payload: str, label: str, **more: object) -> ButtonPressed:
    known = {"sender": WHO, "external_id": mid, "press_id": "", "payload": payload, "at": AT}
    return msgspec.convert({**known, "label": label, "window_s": DAY, **more}, ButtonPressed)


def change(field: str, **value: object) -> bytes:
    return delivery({"field": field, "value": value}, place="changes")


def _body(name: str, body: bytes, *events: ChannelEvent) -> Body:
    return Body(name, body, events)


_AD = {
    "ref": "autumn",
    "ad_id": 120_226_305_854_810_726,
    "source": "ADS",
    "type": "OPEN_THREAD",
    "ads_context_data": {"ad_title": "Осенний чай", "photo_url": f"{CDN}/ad.jpg", "post_id": "1_2"},
}
_AD_TOUCH = Touch(
    "ad",
    "120226305854810726",
    {
        "ref": "autumn",
        "source": "ADS",
        "title": "Осенний чай",
        "picture": f"{CDN}/ad.jpg",
        "post_id": "1_2",
    },
)
_CART = {
    "products": [
        {"id": 71, "retailer_id": "puer-100", "name": "Пуэр", "unit_price": 11.5,
         "currency": "USD", "quantity": 2},
        {"id": 72, "name": "Чашка", "unit_price": 4, "currency": "USD"},
    ],
    "note": "до пятницы",
}  # fmt: skip
_GRADE = {"type": "csat", "payload": "5", "follow_up": {"type": "free_form", "payload": "Быстро"}}
_COMMENT = {
    "item": "comment",
    "verb": "add",
    "comment_id": "1_77",
    "post_id": "1_2",
    "from": {"id": PERSON, "name": "Вера Лис"},
    "message": "Почём пуэр?",
    "created_time": 1_790_000_000,
}
_COMMENTED = MessageReceived(
    Sender(PERSON, name="Вера Лис"),
    "comment:1_77",
    1_790_000_000_000,
    text="Почём пуэр?",
    content=Content(details={"comment_under": "1_2"}),
    window_s=604_800,
)

MESSAGES = (
    _body("text", delivery(item(message={"mid": "m_1", "text": "Здравствуйте"})),
          received("m_1", text="Здравствуйте")),
    _body("text-in-seconds", delivery(item(at=1_790_000_000, message={"mid": "m_2", "text": "1"})),
          received("m_2", text="1", sent_at=1_790_000_000_000)),
    _body("reply", delivery(item(message={"mid": "m_3", "text": "этот", "reply_to": {
        "mid": "m_0", "is_self_reply": False}})), received("m_3", text="этот", reply_to="m_0")),
    _body("quick-reply", delivery(item(message={"mid": "m_4", "text": "Красный",
                                                "quick_reply": {"payload": "RED"}})),
          pressed("m_4", "RED", "Красный")),
    _body("phone-shared", delivery(item(message={"mid": "m_5", "text": "+70000000000",
                                                 "quick_reply": {"payload": "+70000000000"}})),
          pressed("m_5", "+70000000000", "+70000000000",
                  sender=Sender(PERSON, phone="+70000000000", phone_evidence="given"))),
    _body("email-shared", delivery(item(message={"mid": "m_6", "text": "vera@example.org",
                                                 "quick_reply": {"payload": "vera@example.org"}})),
          pressed("m_6", "vera@example.org", "vera@example.org",
                  sender=Sender(PERSON, email="vera@example.org", email_evidence="given"))),
    _body("picture", delivery(attached("m_7", "image", url=f"{CDN}/a.jpg")),
          filed("m_7", MessageKind.PICTURE, f"{CDN}/a.jpg")),
    _body("video", delivery(attached("m_8", "video", url=f"{CDN}/a.mp4")),
          filed("m_8", MessageKind.VIDEO, f"{CDN}/a.mp4")),
    _body("voice", delivery(attached("m_9", "audio", url=f"{CDN}/audioclip-17.mp4?oh=1")),
          filed("m_9", MessageKind.VOICE, f"{CDN}/audioclip-17.mp4?oh=1")),
    _body("audio", delivery(attached("m_10", "audio", url=f"{CDN}/song.mp3")),
          filed("m_10", MessageKind.AUDIO, f"{CDN}/song.mp3")),
    _body("file", delivery(attached("m_11", "file", url=f"{CDN}/%D1%87%D0%B0%D0%B9.pdf?oh=1")),
          filed("m_11", MessageKind.FILE, f"{CDN}/%D1%87%D0%B0%D0%B9.pdf?oh=1", name="чай.pdf")),
    _body("sticker", delivery(attached("m_12", "sticker", url=f"{CDN}/like.png",
                                       sticker_id=369_239_263_222_822)),
          filed("m_12", MessageKind.STICKER, f"{CDN}/like.png",
                content=Content(details={"sticker_id": "369239263222822"}))),
    _body("old-sticker", delivery(attached("m_13", "image", url=f"{CDN}/like.png",
                                           sticker_id=369_239_263_222_822)),
          filed("m_13", MessageKind.STICKER, f"{CDN}/like.png",
                content=Content(details={"sticker_id": "369239263222822"}))),
    _body("two-pictures", delivery(item(message={"mid": "m_14", "text": "эти", "attachments": [
        {"type": "image", "payload": {"url": f"{CDN}/{n}.jpg"}} for n in "ab"]})),
        received("m_14", MessageKind.PICTURE, text="эти", attachments=tuple(
            Attachment(MessageKind.PICTURE, f"{CDN}/{n}.jpg") for n in "ab"))),
    _body("location", delivery(item(message={"mid": "m_15", "attachments": [{
        "type": "location", "title": "Лавка", "payload": {"coordinates": {
            "lat": 56.01, "long": 92.87}}}]})),
        received("m_15", MessageKind.LOCATION,
                 content=Content(location=Location(56.01, 92.87, "Лавка")))),
    _body("link", delivery(item(message={"mid": "m_16", "attachments": [{
        "type": "fallback", "payload": None, "title": "Чай", "URL": "https://example.org/t"}]})),
        received("m_16", text="Чай\nhttps://example.org/t")),
    _body("reel", delivery(attached("m_17", "reel", url=f"{CDN}/r.mp4", title="Завариваем",
                                    reel_video_id=5)),
          filed("m_17", MessageKind.VIDEO, f"{CDN}/r.mp4", text="Завариваем",
                content=Content(details={"shared": "reel", "shared_id": "5"}))),
    _body("post-by-page", delivery(attached("m_18", "post", url="https://www.facebook.com/p/1",
                                            title="Новый чай")),
          received("m_18", text="Новый чай\nhttps://www.facebook.com/p/1",
                   content=Content(details={"shared": "post"}))),
    _body("product", delivery(item(message={"mid": "m_19", "attachments": [{
        "type": "template", "payload": {"product": {"elements": [{
            "id": "9", "retailer_id": "puer-100", "title": "Пуэр", "subtitle": "$11",
            "image_url": f"{CDN}/p.jpg"}]}}}]})),
        filed("m_19", MessageKind.PICTURE, f"{CDN}/p.jpg", text="Пуэр\n$11",
              content=Content(product="puer-100", details={"product_ids": "9"}))),
    _body("about-a-product", delivery(item(message={"mid": "m_20", "text": "Есть?", "referral": {
        "product": {"id": "9"}}})),
        received("m_20", text="Есть?", content=Content(product="9"), touch=Touch("product", "9"))),
    _body("booking", delivery(attached("m_21", "appointment_booking", booking_id="b_1",
                                       status="requested", start_time=1_790_003_600)),
          received("m_21", MessageKind.UNSUPPORTED, text="appointment_booking",
                   content=Content(details={"booking_id": "b_1", "status": "requested",
                                            "start_time": "1790003600"}))),
    _body("of-tomorrow", delivery(attached("m_22", "hologram", url=f"{CDN}/h")),
          received("m_22", MessageKind.UNSUPPORTED, text="hologram",
                   content=Content(details={"url": f"{CDN}/h"}))),
    _body("command", delivery(item(message={"mid": "m_23", "text": "пуэр 100",
                                            "commands": [{"name": "price"}]})),
          received("m_23", text="пуэр 100", content=Content(details={"commands": "price"}))),
    _body("from-an-ad", delivery(item(message={"mid": "m_24", "text": "Ещё есть?",
                                               "referral": _AD})),
          received("m_24", text="Ещё есть?", touch=_AD_TOUCH)),
    _body("after-a-plugin", delivery(item(message={
        "mid": "m_25", "text": "я", "prior_message": {"source": "checkbox_plugin",
                                                      "identifier": "box-1"}})),
        received("m_25", text="я", sender=Sender(PERSON, aliases=("ref:box-1",)))),
    _body("standby", delivery(item(message={"mid": "m_26", "text": "ау"}), place="standby"),
          received("m_26", text="ау", content=Content(details={"standby": "yes"}))),
    _body("several", delivery(item(message={"mid": "m_27", "text": "раз"}),
                              item("6800000000000002", message={"mid": "m_28", "text": "два"})),
          received("m_27", text="раз"),
          received("m_28", text="два", sender=Sender("6800000000000002"))),
)  # fmt: skip

EVENTS = (
    _body("press", delivery(item(postback={"mid": "m_40", "title": "Да", "payload": "yes"})),
          pressed("m_40", "yes", "Да")),
    _body("press-without-mid", delivery(item(postback={"payload": "yes"})),
          pressed(f"press:{PERSON}:{AT}", "yes", "")),
    _body("started-by-link", delivery(item(postback={
        "mid": "m_41", "title": "Начать", "payload": "otklik:start",
        "referral": {"ref": "shelf-7", "source": "SHORTLINK", "type": "OPEN_THREAD"}})),
        Opened(WHO, AT, Touch("deep_link", "shelf-7",
                              {"ref": "shelf-7", "source": "SHORTLINK"}), window_s=DAY)),
    _body("started", delivery(item(at=AT + 1, postback={
        "mid": "m_42", "title": "Начать", "payload": "otklik:start"})),
        Opened(WHO, AT + 1, window_s=DAY)),
    _body("foreign-start-by-ad", delivery(item(postback={
        "mid": "m_43", "title": "Начать", "payload": "GO", "referral": _AD})),
        Opened(WHO, AT, _AD_TOUCH, window_s=DAY), pressed("m_43", "GO", "Начать")),
    _body("press-in-standby", delivery(item(postback={"mid": "m_44", "title": "Да"}),
                                       place="standby"), pressed("m_44", "", "Да")),
    _body("link-again", delivery(item(referral={"ref": "shelf-8", "source": "SHORTLINK",
                                                "type": "OPEN_THREAD"})),
          Opened(WHO, AT, Touch("deep_link", "shelf-8",
                                {"ref": "shelf-8", "source": "SHORTLINK"}), window_s=DAY)),
    _body("ad-again", delivery(item(referral=_AD)), Opened(WHO, AT, _AD_TOUCH, window_s=DAY)),
    _body("edit", delivery(item(message_edit={"mid": "m_1", "text": "Добрый день", "num_edit": 1})),
          MessageEdited(MessageReceived(WHO, "m_1", AT, text="Добрый день"), AT)),
    _body("reaction", delivery(item(reaction={"mid": "m_out", "action": "react",
                                              "reaction": "other", "emoji": "🔥"})),
          ReactionChanged(WHO, "m_out", ("🔥",), AT, DAY)),
    _body("reaction-by-name", delivery(item(reaction={"mid": "m_out", "action": "react",
                                                      "reaction": "wow"})),
          ReactionChanged(WHO, "m_out", ("😮",), AT, DAY)),
    _body("reaction-back", delivery(item(reaction={"mid": "m_out", "action": "unreact"})),
          ReactionChanged(WHO, "m_out", (), AT)),
    _body("delivered", delivery(item(delivery={"mids": ["m_out"], "watermark": AT - 5})),
          StatusReported(WHO, "m_out", "delivered", AT), DeliveryReported(WHO, AT - 5)),
    _body("delivered-up-to", delivery(item(delivery={"watermark": AT - 6})),
          DeliveryReported(WHO, AT - 6)),
    _body("read", delivery(item(read={"watermark": AT - 7})), ReadReported(WHO, AT - 7)),
    _body("marketing-stopped", delivery(item(optin={
        "type": "notification_messages", "notification_messages_status": "STOP NOTIFICATIONS",
        "title": "Новости лавки", "notification_messages_token": "9"})),
        ConsentReported(WHO, "marketing", granted=False, at=AT, wording="Новости лавки")),
    _body("marketing-allowed", delivery(item(optin={
        "type": "notification_messages", "payload": "news", "notification_messages_token": "9"})),
        ConsentReported(WHO, "marketing", granted=True, at=AT, wording="news")),
    _body("plugin", delivery({"recipient": {"id": PAGE}, "timestamp": AT,
                              "optin": {"ref": "form", "user_ref": "box-1"}}),
          Opened(Sender("ref:box-1"), AT, Touch("deep_link", "form", {"type": "optin"}), DAY)),
    _body("cart", delivery(item(order=_CART)),
          received(f"order:{PERSON}:{AT}", MessageKind.ORDER, text="до пятницы", content=Content(
              basket=Basket((BasketItem("puer-100", "Пуэр", 2, "11.5", "USD"),
                             BasketItem("72", "Чашка", 1, "4", "USD")), note="до пятницы")))),
    _body("feedback", delivery(item(messaging_feedback={"feedback_screens": [
        {"screen_id": "s", "questions": {"q": _GRADE}}]})),
        received(f"feedback:{PERSON}:{AT}", text="5\nБыстро",
                 content=Content(details={"feedback": "csat"}))),
    _body("restricted", delivery({"recipient": {"id": PAGE}, "timestamp": AT,
                                  "policy_enforcement": {"action": "block", "reason": "spam"}}),
          InboxReported("policy_block", "spam", AT, is_trouble=True)),
    _body("allowed-again", delivery({"recipient": {"id": PAGE}, "timestamp": AT,
                                     "policy_enforcement": {"action": "unblock"}}),
          InboxReported("policy_unblock", "unblock", AT)),
    _body("echo-of-ours", delivery(echo(mid="m_50", text="Есть", app_id=int(APP),
                                        metadata="otklik:msg-1")),
          EchoReceived(MessageReceived(WHO, "m_50", AT, text="Есть"), f"app {APP}", "msg-1")),
    _body("echo-of-page-inbox", delivery(echo(mid="m_51", text="Есть", app_id=26_390_203_743_090)),
          EchoReceived(MessageReceived(WHO, "m_51", AT, text="Есть"), "Page Inbox")),
    _body("echo-of-buttons", delivery(echo(mid="m_52", attachments=[{
        "type": "template", "payload": {"template_type": "button", "text": "Берёте?", "buttons": [
            {"type": "postback", "title": "Да", "payload": "yes"}]}}])),
        EchoReceived(MessageReceived(WHO, "m_52", AT, text="Берёте?", content=Content(
            buttons=((Button("Да", payload="yes"),),))))),
    _body("comment", change("feed", **_COMMENT), _COMMENTED),
    _body("comment-edited", change("feed", **{**_COMMENT, "verb": "edited"}),
          MessageEdited(_COMMENTED, 1_790_000_000_000)),
    _body("comment-removed", change("feed", **{**_COMMENT, "verb": "remove"}),
          MessagesDeleted(Sender(PERSON, name="Вера Лис"), ("comment:1_77",), 1_790_000_000_000)),
    _body("own-comment", change("feed", **{**_COMMENT, "from": {"id": PAGE}}), Unknown("feed.own")),
    _body("comment-of-nobody", change("feed", item="comment", verb="add", comment_id="1_78"),
          Unknown("feed.without_sender")),
    _body("post", change("feed", item="status", verb="add", post_id="1_3"),
          Unknown("feed.status.add")),
    _body("template-approved", change("messenger_template_status_update", event="APPROVED",
                                      message_template_name="ready",
                                      message_template_language="ru",
                                      message_template_category="UTILITY"),
          TemplateReported("ready", "ru", "approved", "utility")),
    _body("passed-on", delivery(item(pass_thread_control={"new_owner_app_id": "5"})),
          Unknown("pass_thread_control")),
    _body("roles", delivery({"recipient": {"id": PAGE}, "timestamp": AT,
                             "app_roles": {"5": ["automation"]}}), Unknown("app_roles")),
    _body("of-another-platform",
          delivery(item(message={"mid": "m_60", "text": "?"})).replace(b'"page"', b'"instagram"'),
          Unknown("object.instagram")),
    _body("field-of-tomorrow", change("mind_reading", thought="чай"), Unknown("mind_reading")),
    _body("nobody", delivery({"timestamp": AT, "message_edit": {"mid": "m_61", "num_edit": 0}}),
          Unknown("message_edit.without_sender")),
)  # fmt: skip

BODIES = MESSAGES + EVENTS
