"""The site chat, declared to the conformance kit."""

from collections.abc import Mapping

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChannelEvent,
    InboxConfig,
    MessageReceived,
    Sender,
    Touch,
    Unknown,
)
from otklik.ports.message import Attachment, Content, Location, MessageKind
from tests.channels.kit.declaration import Body, Declaration, Forgery

VISITOR = "v:5f0c3b7d9e1a42c68b0d7e95a3f1c240"
AT = 1_795_000_000_000
ANONYMOUS = Sender(external_id=VISITOR, locale="ru")


def body(send: Mapping[str, object], **around: object) -> bytes:
    return msgspec.json.encode(
        {"visitor": VISITOR, "received_at": AT, "locale": "ru", **around, "send": send}
    )


def stored(kind: str, mime: str, name: str) -> dict[str, object]:
    sizes = {"width": 640, "height": 480} if kind in {"picture", "video", "sticker"} else {}
    return {"file_id": f"f-{name}", "kind": kind, "mime": mime, "name": name, "size": 9000, **sizes}


def case(name: str, raw: bytes, event: ChannelEvent) -> Body:
    return Body(name, raw, (event,))


def received(client_id: str, kind: MessageKind, **fields: object) -> MessageReceived:
    plain: dict[str, object] = {
        "sender": ANONYMOUS,
        "external_id": f"{VISITOR}:{client_id}",
        "sent_at": AT,
        "kind": kind,
    }
    return MessageReceived(**(plain | fields))  # type: ignore[arg-type]  # fields named by the cases


def with_file(kind: str, mime: str, name: str) -> Body:
    client_id = f"c-{name}"
    width, height = (640, 480) if kind in {"picture", "video"} else (0, 0)
    attachment = Attachment(
        kind=MessageKind(kind),
        ref=f"file:f-{name}",
        name=name,
        mime=mime,
        size=9000,
        width=width,
        height=height,
    )
    raw = body(
        {"client_id": client_id, "kind": "file", "text": "вот", "file_ids": [f"f-{name}"]},
        files=[stored(kind, mime, name)],
    )
    event = received(client_id, MessageKind(kind), text="вот", attachments=(attachment,))
    return case(f"file-{kind}", raw, event)


TEXT = case(
    "text",
    body({"client_id": "c1", "kind": "text", "text": "Есть молочный улун?"}),
    received("c1", MessageKind.TEXT, text="Есть молочный улун?"),
)
REPLY = case(
    "reply",
    body({"client_id": "c2", "kind": "text", "text": "этот", "reply_to_id": "m-7"}),
    received("c2", MessageKind.TEXT, text="этот", reply_to="m-7"),
)
TOUCHED = case(
    "from-a-campaign",
    body(
        {
            "client_id": "c3",
            "text": "Здравствуйте",
            "touch": {
                "url": "https://tea.example/ulun?utm_source=list",
                "title": "Улуны",
                "referrer": "https://search.example/",
                "device": "phone · Android · Chrome",
                "utm_source": "list",
            },
        }
    ),
    received(
        "c3",
        MessageKind.TEXT,
        text="Здравствуйте",
        touch=Touch(
            kind="page",
            source="https://tea.example/ulun?utm_source=list",
            details={
                "title": "Улуны",
                "referrer": "https://search.example/",
                "device": "phone · Android · Chrome",
                "utm_source": "list",
            },
        ),
    ),
)
SIGNED_IN = case(
    "signed-in",
    body(
        {"client_id": "c4", "text": "Где мой заказ?", "email": "typed@tea.example"},
        visitor="u:501",
        evidence="signed",
        name="Вера",
        email="vera@tea.example",
        phone="+70000000000",
    ),
    received(
        "c4",
        MessageKind.TEXT,
        text="Где мой заказ?",
        external_id="u:501:c4",
        sender=Sender(
            external_id="u:501",
            name="Вера",
            locale="ru",
            evidence="signed",
            email="vera@tea.example",
            phone="+70000000000",
        ),
    ),
)
INTRODUCED = case(
    "introduced-themselves",
    body({"client_id": "c5", "text": "Я Олег", "name": "Олег", "email": "oleg@tea.example"}),
    received(
        "c5",
        MessageKind.TEXT,
        text="Я Олег",
        sender=Sender(
            external_id=VISITOR,
            name="Олег",
            locale="ru",
            evidence="claimed",
            email="oleg@tea.example",
        ),
    ),
)
STICKER = case(
    "sticker",
    body(
        {"client_id": "c6", "kind": "sticker", "file_ids": ["f-joy.webp"]},
        files=[stored("picture", "image/webp", "joy.webp") | {"width": 256, "height": 256}],
    ),
    received(
        "c6",
        MessageKind.STICKER,
        attachments=(
            Attachment(
                kind=MessageKind.STICKER,
                ref="file:f-joy.webp",
                name="joy.webp",
                mime="image/webp",
                size=9000,
                width=256,
                height=256,
                format="webp",
            ),
        ),
    ),
)
PLACE = case(
    "location",
    body(
        {
            "client_id": "c7",
            "kind": "location",
            "location": {"latitude": 59.93, "longitude": 30.31, "title": "Склад"},
        }
    ),
    received(
        "c7",
        MessageKind.LOCATION,
        content=Content(location=Location(latitude=59.93, longitude=30.31, title="Склад")),
    ),
)
PRESS = case(
    "press",
    body(
        {
            "client_id": "c8",
            "kind": "press",
            "press": {"message_id": "m-9", "payload": "yes", "label": "Да"},
        }
    ),
    ButtonPressed(
        sender=ANONYMOUS,
        external_id=f"{VISITOR}:c8",
        press_id="",
        payload="yes",
        at=AT,
        of_message="m-9",
        label="Да",
    ),
)
UNKNOWN = [
    case(f"unknown-{index}", body({"client_id": f"u{index}", **send}), Unknown(name))
    for index, (send, name) in enumerate(
        (
            ({"kind": "poll"}, "send.poll"),
            ({"kind": "press"}, "send.press"),
            ({"kind": "location"}, "send.location"),
            ({"kind": "file"}, "send.file"),
            ({"kind": "sticker"}, "send.sticker"),
        )
    )
]


def signed(_body: bytes) -> Mapping[str, str]:
    return {}


DECLARATION = Declaration(
    config=InboxConfig("inbox-w", {"greeting": "Добрый день!"}, {"identity_secret": "s" * 32}),
    signed=signed,
    bodies=(
        TEXT,
        REPLY,
        TOUCHED,
        SIGNED_IN,
        INTRODUCED,
        with_file("picture", "image/jpeg", "a.jpg"),
        with_file("video", "video/mp4", "b.mp4"),
        with_file("voice", "audio/ogg", "c.ogg"),
        with_file("audio", "audio/mpeg", "d.mp3"),
        with_file("file", "application/pdf", "e.pdf"),
        STICKER,
        PLACE,
        PRESS,
        *UNKNOWN,
    ),
    forgeries=(
        Forgery("over-a-webhook", {}, TEXT.body),
        Forgery("with-a-guess", {"authorization": "Bearer v1.guess"}, TEXT.body),
    ),
    malformed=(
        b"",
        b"[]",
        b"{}",
        b'{"visitor": "v:1"}',
        b'{"visitor": "", "send": {"client_id": "c"}}',
        b'{"visitor": "v:1", "send": {"client_id": ""}}',
        b'{"visitor": 1, "send": {"client_id": "c"}}',
        b"\xff",
    ),
)
