"""Web push, declared to the conformance kit."""

from collections.abc import Mapping

import jwt
import msgspec

from otklik.channels.webpush.inbound import proof
from otklik.channels.webpush.vapid import key_of
from otklik.ports.channel import (
    ButtonPressed,
    ChatMoved,
    ConsentReported,
    InboxConfig,
    Opened,
    Outgoing,
    OutgoingEdit,
    ReachabilityChanged,
    RefusalKind,
    Sender,
    Sent,
    StatusReported,
    Touch,
    Unknown,
)
from otklik.ports.message import MessageKind
from tests.channels.kit.declaration import Answer, Body, Declaration, Forgery
from tests.channels.webpush.browser import AUTH, P256DH, opened

VAPID = "3lTWCYFCbnZFkMMA8bUcT0Vw2xVjmsRVW4cJ7mk2rqw"
FORMER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
IDENTITY = "invented-identity-secret-of-32-bytes"
CONFIG = InboxConfig(
    "inbox-1",
    {
        "site": "https://example.org/",
        "title": "Чайный мост",
        "subject": "push@example.org",
        "links": "tea.example *.pay.example",
    },
    {
        "vapid_key": VAPID,
        "vapid_key_previous": FORMER,
        "webhook_secret": "invented-secret-of-the-beacons",
        "identity_secret": IDENTITY,
    },
)
AT = 1_795_000_000_000
ENDPOINT = "https://fcm.googleapis.com/fcm/send/invented:one"


def public(secret: str = VAPID) -> str:
    found = key_of(secret)
    assert found is not None
    return found[1]


def subscription(endpoint: str = ENDPOINT, key: str = VAPID) -> dict[str, str]:
    return {"endpoint": endpoint, "p256dh": P256DH, "auth": AUTH, "key": public(key)}


def address(endpoint: str = ENDPOINT, key: str = VAPID) -> str:
    return f"{endpoint}#{P256DH}.{AUTH}.{public(key)[1:11]}"


VERA = address()


def told(event: str, **facts: object) -> bytes:
    """Write what the site's script or worker tells."""
    return msgspec.json.encode({"event": event, "subscription": subscription(), "at": AT, **facts})


def beacon(event: str, message: str = "m1", payload: str = "", **facts: object) -> bytes:
    """Write a beacon of the worker, signed as the push was."""
    signed = proof(CONFIG, message, VERA, payload)
    return told(event, message=message, proof=signed, payload=payload, **facts)


def identity(secret: str = IDENTITY, **claims: object) -> str:
    whole = {"sub": "7", "name": "Вера", "email": "vera@example.org", "exp": 4_000_000_000}
    return jwt.encode(whole | claims, secret, algorithm="HS256")


def no_headers(_body: bytes) -> Mapping[str, str]:
    return {}


WHO = Sender(VERA)
WORDS = "Сообщить о заказе?"
BODIES = (
    Body("clicked", beacon("clicked", label="Пуэр пришёл"), (
        StatusReported(WHO, "m1", "read", AT),
        ButtonPressed(WHO, f"m1:{AT}", "", "open", AT, of_message="m1", label="Пуэр пришёл"))),
    Body("button", beacon("clicked", payload="yes", label="Беру"), (
        StatusReported(WHO, "m1", "read", AT),
        ButtonPressed(WHO, f"m1:{AT}", "", "yes", AT, of_message="m1", label="Беру"))),
    Body("shown", beacon("shown"), (StatusReported(WHO, "m1", "delivered", AT),)),
    Body("closed", beacon("closed"), (Unknown("closed"),)),
    Body("subscribed", told("subscribed", wording=WORDS, language="ru",
                            page="https://example.org/thanks"), (
        Opened(Sender(VERA, locale="ru"), AT, Touch("page", "https://example.org/thanks")),
        ConsentReported(Sender(VERA, locale="ru"), "notifications", granted=True, at=AT,
                        wording=WORDS))),
    Body("marketing", told("subscribed", wording=WORDS, marketing=True, at=AT + 1), (
        Opened(WHO, AT + 1),
        ConsentReported(WHO, "notifications", granted=True, at=AT + 1, wording=WORDS),
        ConsentReported(WHO, "marketing", granted=True, at=AT + 1, wording=WORDS))),
    Body("still-subscribed", told("subscribed", at=AT + 2), (Opened(WHO, AT + 2),)),
    Body("signed-in", told("subscribed", identity=identity(), at=AT + 3), (
        Opened(Sender(VERA, name="Вера", email="vera@example.org", evidence="signed"), AT + 3),)),
    Body("former-key", told("subscribed", subscription=subscription(key=FORMER)), (
        Opened(Sender(address(key=FORMER)), AT),)),
    Body("moved", told("moved", old=subscription(ENDPOINT + "-old")),
         (ChatMoved(address(ENDPOINT + "-old"), VERA),)),
    Body("moved-from-nowhere", told("moved", at=AT + 4), (Unknown("moved"),)),
    Body("unsubscribed", told("unsubscribed"), (
        ConsentReported(WHO, "notifications", granted=False, at=AT),
        ConsentReported(WHO, "marketing", granted=False, at=AT),
        ReachabilityChanged(WHO, reachable=False, at=AT))),
    Body("tomorrow", told("snoozed"), (Unknown("snoozed"),)),
)  # fmt: skip
SEND = Outgoing("m1", VERA, MessageKind.TEXT, text="Пуэр пришёл")
SENT = Sent(("m1",))
ANSWERS = (
    Answer("created", SEND, 201, b"", SENT, {"location": "https://push.example/m/1"}),
    Answer("ok", SEND, 200, b"", SENT),
    Answer("later", SEND, 202, b"", SENT),
    Answer("edit", OutgoingEdit("m1", SEND), 201, b"", Sent()),
    Answer("mistake", SEND, 400, b"bad content encoding", RefusalKind.OTHER),
    Answer("bad-jwt", SEND, 400, b"Invalid JWT provided", RefusalKind.BAD_TOKEN),
    Answer("others-key", SEND, 400, b'{"reason":"VapidPkHashMismatch"}', RefusalKind.GONE),
    Answer("no-key", SEND, 401, b"", RefusalKind.BAD_TOKEN),
    Answer("bad-key", SEND, 403, b'{"reason":"BadJwtToken"}', RefusalKind.BAD_TOKEN),
    Answer("others-key-google", SEND, 403,
           b"the VAPID credentials in the authorization header do not correspond to the "
           b"credentials used to create the subscriptions.", RefusalKind.GONE),
    Answer("unknown", SEND, 404, b"", RefusalKind.GONE),
    Answer("gone", SEND, 410, b"", RefusalKind.GONE),
    Answer("large", SEND, 413, b"", RefusalKind.TOO_LONG),
    Answer("many", SEND, 429, b"", RefusalKind.THROTTLED, {"retry-after": "7"}),
    Answer("teapot", SEND, 418, b"", RefusalKind.OTHER),
    Answer("down", SEND, 503, b"", RefusalKind.TEMPORARY),
)  # fmt: skip
NOBODY = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3IiwiZXhwIjo0MDAwMDAwMDAwfQ."
EVIL = told("subscribed", subscription=subscription("https://169.254.169.254/latest"))

DECLARATION = Declaration(
    config=CONFIG,
    signed=no_headers,
    proof="body",
    bodies=BODIES,
    forgeries=(
        Forgery("no-service", {}, EVIL),
        Forgery("unsigned", {}, told("clicked", message="m1")),
        Forgery("another-message", {}, beacon("shown").replace(b'"m1"', b'"m2"')),
        Forgery("another-button", {}, beacon("clicked", payload="yes").replace(b'"yes"', b'"no"')),
        Forgery("another-browser", {}, beacon("shown").replace(b"invented:one", b"invented:two")),
        Forgery("others-key", {}, told("subscribed").replace(public().encode(), P256DH.encode())),
        Forgery("moved-from-evil", {}, told("moved", old=subscription("http://127.0.0.1/x"))),
        Forgery("signed-by-another", {}, told("subscribed", identity=identity("x" * 32))),
        Forgery("signed-long-ago", {}, told("subscribed", identity=identity(exp=1))),
        Forgery("signed-for-ever", {}, told("subscribed", identity=jwt.encode(
            {"sub": "7"}, IDENTITY, algorithm="HS256"))),
        Forgery("signed-by-nobody", {}, told("subscribed", identity=NOBODY)),
        Forgery("noise", {}, b"{"),
    ),
    malformed=(
        b"", b"null", b"[]", b"{}", b'"x"', b'{"event":"shown"}',
        b'{"event":"shown","subscription":{}}', told(""),
        told("shown", subscription=subscription() | {"auth": "short"}),
        told("shown", subscription=subscription("https://x.example/#y")),
        told("shown", subscription=subscription("https://x.example/ы")),
        told("shown", subscription=subscription("https://x.example/" + "a" * 1000)),
    ),
    address=VERA,
    message="m1",
    answers=ANSWERS,
    never=frozenset({
        RefusalKind.BLOCKED, RefusalKind.WINDOW_CLOSED, RefusalKind.MOVED, RefusalKind.UNCERTAIN,
        RefusalKind.BAD_MEDIA,
    }),
    opens=opened,
    taken_by_status=True,
)  # fmt: skip
