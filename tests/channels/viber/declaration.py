"""Viber, declared to the conformance kit."""

import hashlib
import hmac
from collections.abc import Mapping

import msgspec

from otklik.ports.channel import (
    InboxConfig,
    Outgoing,
    Profile,
    ProfileAsked,
    RefusalKind,
    Sent,
)
from otklik.ports.message import MessageKind
from tests.channels.kit.declaration import ADDRESS, Answer, Declaration, Forgery, Replies
from tests.channels.viber.bodies import BODIES, CDN, FIRST, TOKEN, USER, VERA_ID

HEADER = "x-viber-content-signature"
CONFIG = InboxConfig("inbox-1", {"bot_name": "Чайный мост"}, {"token": TOKEN})
SEND = Outgoing("m1", VERA_ID, MessageKind.TEXT, text="Есть, сто граммов")
ASK = ProfileAsked(VERA_ID)


def signature(body: bytes, token: str = TOKEN) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


def signed(body: bytes) -> Mapping[str, str]:
    return {HEADER: signature(body)}


def good(**facts: object) -> bytes:
    return msgspec.json.encode({"status": 0, "status_message": "ok", **facts})


def bad(status: int, words: str = "?") -> bytes:
    return msgspec.json.encode({"status": status, "status_message": words})


SENT = good(message_token=FIRST + 99, chat_hostname="SN-1_", billing_status=1)
MEANINGS = (
    ("address", 1, RefusalKind.OTHER),
    ("token", 2, RefusalKind.BAD_TOKEN),
    ("data", 3, RefusalKind.OTHER),
    ("missing", 4, RefusalKind.OTHER),
    ("nobody", 5, RefusalKind.GONE),
    ("stopped", 6, RefusalKind.BLOCKED),
    ("bot-blocked", 7, RefusalKind.BAD_TOKEN),
    ("no-bot", 8, RefusalKind.BAD_TOKEN),
    ("suspended", 9, RefusalKind.BAD_TOKEN),
    ("no-webhook", 10, RefusalKind.OTHER),
    ("no-device", 11, RefusalKind.OTHER),
    ("too-many", 12, RefusalKind.THROTTLED),
    ("old-viber", 13, RefusalKind.OTHER),
    ("tomorrow", 77, RefusalKind.OTHER),
)
ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent((str(FIRST + 99),))),
    Answer("profile", ASK, 200, good(user=USER), Sent(profile=Profile(
        "Вера Улыбина", locale="ru", picture=str(USER["avatar"]), details={"country": "RU"}))),
    Answer("profile-of-nobody", ASK, 200, good(), RefusalKind.TEMPORARY),
    Answer("html", SEND, 502, b"<html>Bad Gateway</html>", RefusalKind.TEMPORARY),
    Answer("gateway", SEND, 504, b"", RefusalKind.UNCERTAIN),
    Answer("html-for-ok", SEND, 200, b"<html>", RefusalKind.UNCERTAIN),
    Answer("ok-without-number", SEND, 200, good(), RefusalKind.UNCERTAIN),
    Answer("throttled-outside", SEND, 429, b"", RefusalKind.THROTTLED),
    *(Answer(name, SEND, 200, bad(status), kind) for name, status, kind in MEANINGS),
)  # fmt: skip

DECLARATION = Declaration(
    config=CONFIG,
    signed=signed,
    bodies=BODIES,
    forgeries=(
        Forgery("none", {}, BODIES[0].body),
        Forgery("other-token", {HEADER: signature(BODIES[0].body, "another")}, BODIES[0].body),
        Forgery("one-more-byte", signed(BODIES[0].body), BODIES[0].body + b" "),
        Forgery("upper", {HEADER: signature(BODIES[0].body).upper()}, BODIES[0].body),
        Forgery("the-token", {HEADER: TOKEN}, BODIES[0].body),
    ),
    malformed=(
        b"", b"null", b"[]", b"{}", b'"message"', b'{"event":1}', b'{"event":"message"}',
        b'{"event":"","timestamp":1}', b'{"timestamp":1,"message_token":2}', b"event=message",
        b'{"event":"message","x":' + b"[" * 100_000,
    ),
    address=VERA_ID,
    message=str(FIRST + 99),
    file_ref=CDN + "1",
    other_file_ref=CDN + "2",
    platform={
        "send_message": SENT,
        "get_user_details": good(user=USER),
        "get_account_info": good(id="pa:1", name="Чайный мост", uri="teabridge", webhook=ADDRESS),
        "set_webhook": good(event_types=["seen"]),
    },
    answers=ANSWERS,
    never=frozenset({
        RefusalKind.WINDOW_CLOSED, RefusalKind.TOO_LONG, RefusalKind.BAD_MEDIA, RefusalKind.MOVED,
    }),
    replies=Replies(
        wrong_token=(200, bad(2, "invalidAuthToken")),
        dropped={"get_account_info": good(id="pa:1", name="Чайный мост", uri="t", webhook="")},
    ),
)  # fmt: skip
