"""Deliveries of Instagram, of our own writing, and what each is read as."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    EchoReceived,
    MessageEdited,
    MessageReceived,
    MessagesDeleted,
    Opened,
    ReactionChanged,
    ReadReported,
    Sender,
    Touch,
    Unknown,
)
from otklik.ports.message import Attachment, Content, Location, MessageKind
from tests.channels.kit.declaration import Body

ACCOUNT, PERSON, PAGE, APP = (
    "17841400000000001",
    "1250000000000001",
    "110000000000001",
    "990000000000001",
)
AT = 1_790_000_000_123
DAY = 86_400
WHO = Sender(PERSON)
CDN = "https://lookaside.fbsbx.com/ig_messaging_cdn"


def delivery(*items: object, **entry: object) -> bytes:
    more = {"messaging": list(items)} if items else {}
    entries = [{"id": ACCOUNT, "time": AT + 400, **more, **entry}]
    return msgspec.json.encode({"object": "instagram", "entry": entries})


def item(**part: object) -> dict[str, object]:
    around = {"sender": {"id": PERSON}, "recipient": {"id": ACCOUNT}, "timestamp": AT}
    return {**around, **part}


def echo(**message: object) -> dict[str, object]:
    around = {"sender": {"id": ACCOUNT}, "recipient": {"id": PERSON}, "timestamp": AT}
    return {**around, "message": message}


def attached(mid: str, kind: str, **payload: object) -> bytes:
    return delivery(item(message={"mid": mid, "attachments": [{"type": kind, "payload": payload}]}))


def received(mid: str, kind: MessageKind = MessageKind.TEXT, **more: object) -> MessageReceived:
    known = {"sender": WHO, "external_id": mid, "sent_at": AT, "kind": kind, "window_s": DAY}
    return msgspec.convert({**known, **more}, MessageReceived)


def filed(mid: str, kind: MessageKind, url: str, **more: object) -> MessageReceived:
    return received(mid, kind, attachments=(Attachment(kind, url),), **more)


def shared(kind: str, **more: str) -> Content:
    return Content(details={"shared": kind, **more})


def _body(name: str, body: bytes, *events: ChannelEvent) -> Body:
    return Body(name, body, events)


_COMMENT = {
    "id": "178_1",
    "from": {"id": PERSON, "username": "vera.tea"},
    "text": "цена?",
    "media": {"id": "179_1", "media_product_type": "FEED"},
}
_COMMENTED = MessageReceived(
    Sender(PERSON, username="vera.tea"),
    "comment:178_1",
    AT + 400,
    text="цена?",
    content=Content(details={"comment_under": "179_1"}),
    window_s=604_800,
)
_AD = {
    "ref": "autumn",
    "ad_id": "1202",
    "source": "ADS",
    "type": "OPEN_THREAD",
    "ads_context_data": {"ad_title": "Осенний чай"},
}
_AD_DETAILS = {"ref": "autumn", "source": "ADS", "title": "Осенний чай"}

BODIES = (
    _body("text", delivery(item(message={"mid": "aW_1", "text": "Привет"})),
          received("aW_1", text="Привет")),
    _body("iso-time", delivery(item(timestamp="2026-09-21T10:00:00+0000",
                                    message={"mid": "aW_2", "text": "Привет"})),
          received("aW_2", text="Привет", sent_at=1_789_984_800_000)),
    _body("picture", attached("aW_3", "image", url=f"{CDN}/?asset_id=3"),
          filed("aW_3", MessageKind.PICTURE, f"{CDN}/?asset_id=3")),
    _body("video", attached("aW_4", "video", url=f"{CDN}/?asset_id=4"),
          filed("aW_4", MessageKind.VIDEO, f"{CDN}/?asset_id=4")),
    _body("voice", attached("aW_5", "audio", url=f"{CDN}/?asset_id=5"),
          filed("aW_5", MessageKind.VOICE, f"{CDN}/?asset_id=5")),
    _body("file", attached("aW_6", "file", url="https://cdn.example.org/price.pdf"),
          received("aW_6", MessageKind.FILE, attachments=(Attachment(
              MessageKind.FILE, "https://cdn.example.org/price.pdf", name="price.pdf"),))),
    _body("place", delivery(item(message={"mid": "aW_7", "attachments": [{
        "type": "location", "payload": {"coordinates": {"lat": 56.0, "long": 92.0}}}]})),
        received("aW_7", MessageKind.LOCATION, content=Content(location=Location(56.0, 92.0)))),
    _body("share", attached("aW_8", "share", url=f"{CDN}/?asset_id=8"),
          filed("aW_8", MessageKind.PICTURE, f"{CDN}/?asset_id=8", content=shared("share"))),
    _body("reel", attached("aW_9", "ig_reel", reel_video_id="55", title="Завариваем",
                           url=f"{CDN}/?asset_id=9"),
          filed("aW_9", MessageKind.VIDEO, f"{CDN}/?asset_id=9", text="Завариваем",
                content=shared("ig_reel", shared_id="55"))),
    _body("post", attached("aW_10", "ig_post", ig_post_media_id=56, url=f"{CDN}/?asset_id=10"),
          filed("aW_10", MessageKind.PICTURE, f"{CDN}/?asset_id=10",
                content=shared("ig_post", shared_id="56"))),
    _body("story-mention", attached("aW_11", "story_mention", url=f"{CDN}/?asset_id=11"),
          filed("aW_11", MessageKind.PICTURE, f"{CDN}/?asset_id=11",
                content=Content(details={"story": "mention"}))),
    _body("story-reply", delivery(item(message={"mid": "aW_12", "text": "Беру", "reply_to": {
        "story": {"id": "18", "url": f"{CDN}/?asset_id=12"}}})),
        filed("aW_12", MessageKind.PICTURE, f"{CDN}/?asset_id=12", text="Беру",
              content=Content(details={"story": "reply", "story_id": "18"}))),
    _body("heart", delivery(item(message={"mid": "aW_13",
                                          "attachments": [{"type": "like_heart"}]})),
          received("aW_13", text="❤️")),
    _body("unsupported", delivery(item(message={"mid": "aW_14", "is_unsupported": True})),
          received("aW_14", MessageKind.UNSUPPORTED, text="unsupported")),
    _body("reply", delivery(item(message={"mid": "aW_15", "text": "этот",
                                          "reply_to": {"mid": "aW_0"}})),
          received("aW_15", text="этот", reply_to="aW_0")),
    _body("quick-reply", delivery(item(message={"mid": "aW_16", "text": "Красный",
                                                "quick_reply": {"payload": "RED"}})),
          ButtonPressed(WHO, "aW_16", "", "RED", AT, label="Красный", window_s=DAY)),
    _body("icebreaker", delivery(item(postback={"mid": "aW_17", "title": "Когда?",
                                                "payload": "WHEN"})),
          ButtonPressed(WHO, "aW_17", "", "WHEN", AT, label="Когда?", window_s=DAY)),
    _body("taken-back", delivery(item(message={"mid": "aW_1", "is_deleted": True})),
          MessagesDeleted(WHO, ("aW_1",), AT)),
    _body("edited", delivery(item(message_edit={"mid": "aW_1", "text": "Здравствуйте",
                                                "num_edit": 1})),
          MessageEdited(MessageReceived(WHO, "aW_1", AT, text="Здравствуйте"), AT)),
    _body("edited-without-text", delivery(item(message_edit={"mid": "aW_1", "num_edit": 0})),
          Unknown("message_edit.without_text")),
    _body("edited-by-nobody", delivery({"timestamp": AT, "message_edit": {"mid": "aW_1",
                                                                          "num_edit": 0}}),
          Unknown("message_edit.without_sender")),
    _body("reaction", delivery(item(reaction={"mid": "aW_out", "action": "react",
                                              "reaction": "love", "emoji": "❤️"})),
          ReactionChanged(WHO, "aW_out", ("❤️",), AT)),
    _body("reaction-back", delivery(item(reaction={"mid": "aW_out", "action": "unreact"})),
          ReactionChanged(WHO, "aW_out", (), AT)),
    _body("own-reaction", delivery({"sender": {"id": ACCOUNT}, "recipient": {"id": PERSON},
                                    "timestamp": AT, "reaction": {"mid": "aW_1",
                                                                  "action": "react"}}),
          Unknown("reaction.own")),
    _body("seen", delivery(item(read={"mid": "aW_out"})), ReadReported(WHO, AT, "aW_out")),
    _body("link", delivery(item(referral={"ref": "shelf-7", "source": "IGME",
                                          "type": "OPEN_THREAD"})),
          Opened(WHO, AT, Touch("deep_link", "shelf-7", {"ref": "shelf-7", "source": "IGME"}),
                 window_s=DAY)),
    _body("from-an-ad", delivery(item(message={"mid": "aW_18", "text": "Есть?",
                                               "referral": _AD})),
          received("aW_18", text="Есть?", touch=Touch("ad", "1202", _AD_DETAILS))),
    _body("echo", delivery(echo(mid="aW_19", text="Есть", is_echo=True)),
          EchoReceived(MessageReceived(WHO, "aW_19", AT, text="Есть"))),
    _body("echo-without-its-mark", delivery(echo(mid="aW_20", text="Есть")),
          EchoReceived(MessageReceived(WHO, "aW_20", AT, text="Есть"))),
    _body("echo-as-a-change", delivery(changes=[{"field": "message_echoes", "value": echo(
        mid="aW_21", text="Есть", is_echo=True)}]),
        EchoReceived(MessageReceived(WHO, "aW_21", AT, text="Есть"))),
    _body("message-as-a-change", delivery(changes=[{"field": "messages", "value": item(
        message={"mid": "aW_22", "text": "ау"})}]), received("aW_22", text="ау")),
    _body("to-oneself", delivery({"sender": {"id": ACCOUNT}, "recipient": {"id": ACCOUNT},
                                  "timestamp": AT, "message": {
                                      "mid": "aW_23", "text": "проба", "is_self": True,
                                      "is_echo": True}}),
          received("aW_23", text="проба", sender=Sender(ACCOUNT))),
    _body("standby", delivery(standby=[item(message={"mid": "aW_24", "text": "ау"})]),
          received("aW_24", text="ау", content=Content(details={"standby": "yes"}))),
    _body("comment-by-page", delivery(changes=[{"field": "comments", "value": _COMMENT}]),
          _COMMENTED),
    _body("comment-by-account", delivery(field="comments", value={**_COMMENT, "id": "178_2"}),
          msgspec.structs.replace(_COMMENTED, external_id="comment:178_2")),
    _body("live-comment", delivery(field="live_comments", value={**_COMMENT, "id": "178_3"}),
          msgspec.structs.replace(_COMMENTED, external_id="comment:178_3")),
    _body("comment-under-an-ad", delivery(field="comments", value={**_COMMENT, "media": {
        "id": "179_1", "ad_id": "1202", "ad_title": "Осенний чай"}}),
        msgspec.structs.replace(_COMMENTED, touch=Touch("ad", "1202", {"title": "Осенний чай"}))),
    _body("mention", delivery(field="mentions", value={"media_id": "1", "comment_id": "2"}),
          Unknown("mentions")),
    _body("passed-on", delivery(item(pass_thread_control={"new_owner_app_id": 5})),
          Unknown("pass_thread_control")),
)  # fmt: skip
