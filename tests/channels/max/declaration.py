"""MAX, declared to the conformance kit."""

from collections.abc import Mapping

import msgspec

from otklik.ports.channel import (
    InboxConfig,
    Outgoing,
    OutgoingDelete,
    OutgoingEdit,
    OutgoingReaction,
    PressAnswer,
    Profile,
    ProfileAsked,
    ReadShown,
    RefusalKind,
    Sent,
    TypingShown,
)
from otklik.ports.message import MessageKind
from tests.channels.kit.declaration import ADDRESS, Answer, Declaration, Forgery, Replies
from tests.channels.max.bodies import BODIES, BOT, CDN, CHAT_ID, VERA, message, mid, update

HEADER = "x-max-bot-api-secret"
SECRET = "invented-secret-for-tests_1"
PREVIOUS = "the-secret-of-last-month"
CONFIG = InboxConfig(
    inbox_id="inbox-1",
    settings={"bot_username": "tea_bridge_bot"},
    secrets={
        "token": "f9LHodD0cOJ-invented-for-tests",
        "webhook_secret": SECRET,
        "webhook_secret_previous": PREVIOUS,
    },
)
TO = str(CHAT_ID)
SEND = Outgoing("m1", TO, MessageKind.TEXT, text="Есть, сто граммов")
EDIT = OutgoingEdit(mid(10), SEND)
DELETE = OutgoingDelete(TO, (mid(10),))


def signed(_body: bytes) -> Mapping[str, str]:
    return {HEADER: SECRET}


def bad(code: str, words: str = "error") -> bytes:
    return msgspec.json.encode({"code": code, "message": words})


SENT = msgspec.json.encode({"message": message(10, text="Есть, сто граммов", sender=BOT)})
DONE = b'{"success":true}'
PERSON = msgspec.json.encode(
    {"chat_id": CHAT_ID, "type": "dialog", "status": "active",
     "dialog_with_user": VERA | {"username": "vera_tea", "full_avatar_url": CDN + "big"}}
)  # fmt: skip
MEANINGS = (
    ("revoked", 401, bad("verify.token", "Invalid access_token"), RefusalKind.BAD_TOKEN),
    ("revoked-as-forbidden", 403, bad("verify.token"), RefusalKind.BAD_TOKEN),
    ("nameless-token", 401, b'{"message":"?"}', RefusalKind.BAD_TOKEN),
    ("stopped", 403, bad("chat.denied", "error"), RefusalKind.BLOCKED),
    ("not-admin", 403, bad("chat.denied", "chat.send.msg.no.permission.because.not.admin"),
     RefusalKind.BLOCKED),
    ("no-access", 403, bad("access.denied"), RefusalKind.BLOCKED),
    ("forbidden-somehow", 403, bad("reasons.of.tomorrow"), RefusalKind.BLOCKED),
    ("nobody", 404, bad("not.found", "Chat not found"), RefusalKind.GONE),
    ("no-chat", 400, bad("chat.not.found"), RefusalKind.GONE),
    ("never-opened", 404, bad("dialog.not.found"), RefusalKind.GONE),
    ("gone-somehow", 404, bad("reasons.of.tomorrow"), RefusalKind.GONE),
    ("long", 400, bad("proto.payload", "text: size must be between 0 and 4000"),
     RefusalKind.TOO_LONG),
    ("buttons", 400, bad("proto.payload", "buttons: Invalid payload"), RefusalKind.OTHER),
    ("malformed-somehow", 400, bad("reasons.of.tomorrow"), RefusalKind.OTHER),
    ("bad-file", 400, bad("attachment.bad"), RefusalKind.BAD_MEDIA),
    ("big-file", 413, bad("too.big"), RefusalKind.BAD_MEDIA),
    ("not-allowed", 405, bad("method.not.allowed"), RefusalKind.OTHER),
    ("slow-down", 429, bad("too.many.requests"), RefusalKind.THROTTLED),
    ("slow-down-nameless", 429, b"{}", RefusalKind.THROTTLED),
    ("away", 503, bad("service.unavailable"), RefusalKind.TEMPORARY),
    ("broken", 500, bad("internal.error"), RefusalKind.TEMPORARY),
    ("broken-somehow", 500, bad("reasons.of.tomorrow"), RefusalKind.TEMPORARY),
    ("html", 502, b"<html><h1>502 Bad Gateway</h1></html>", RefusalKind.TEMPORARY),
    ("html-throttle", 429, b"<html>", RefusalKind.THROTTLED),
    ("waited-in-vain", 504, b"", RefusalKind.UNCERTAIN),
    ("html-for-ok", 200, b"<html>", RefusalKind.UNCERTAIN),
    ("ok-without-message", 200, b'{"message":"?"}', RefusalKind.UNCERTAIN),
    ("refused-inside-ok", 200, b'{"success":false,"message":"no such chat"}', RefusalKind.OTHER),
)  # fmt: skip

ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent((mid(10),))),
    Answer("edited", EDIT, 200, DONE, Sent()),
    Answer("deleted", DELETE, 200, DONE, Sent()),
    Answer("deleted-before", DELETE, 404, bad("not.found"), Sent()),
    Answer("not-deleted", DELETE, 403, bad("access.denied"), RefusalKind.BLOCKED),
    Answer("pressed", PressAnswer("k1", "Принято"), 200, DONE, Sent()),
    Answer("typing", TypingShown(TO), 200, DONE, Sent()),
    Answer("read", ReadShown(TO, mid(9)), 200, DONE, Sent()),
    Answer("profile", ProfileAsked(TO), 200, PERSON,
           Sent(profile=Profile("Вера Улыбина", "vera_tea", picture=CDN + "big"))),
    Answer("nobody-there", ProfileAsked(TO), 200, b'{"chat_id":1}', RefusalKind.OTHER),
    Answer("not-edited", EDIT, 200, b'{"success":false,"message":"too old"}', RefusalKind.OTHER),
    Answer("torn-edit", EDIT, 200, b'{"success":tr', RefusalKind.TEMPORARY),
    Answer("blank-edit", EDIT, 200, b"{}", RefusalKind.TEMPORARY),
    Answer("reaction", OutgoingReaction(TO, mid(9), "👍"), 200, b"", RefusalKind.OTHER),
    *(Answer(name, SEND, status, body, kind) for name, status, body, kind in MEANINGS),
)  # fmt: skip

DECLARATION = Declaration(
    config=CONFIG,
    signed=signed,
    bodies=BODIES,
    forgeries=(
        Forgery("none", {}, BODIES[0].body),
        Forgery("empty", {HEADER: ""}, BODIES[0].body),
        Forgery("other", {HEADER: "somebody-elses-secret"}, BODIES[0].body),
        Forgery("other-header", {"x-secret": SECRET}, BODIES[0].body),
        Forgery("not-ascii", {HEADER: "секрет"}, BODIES[0].body),
        Forgery("token", {HEADER: CONFIG.secrets["token"]}, BODIES[0].body),
    ),
    malformed=(
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"message":{}}',
        b'{"update_type":[]}',
        b'{"updates":7}',
        b'{"update_type":"a"}{"update_type":"b"}',
        b'{"update_type":"a","x":' + b"[" * 100_000,
        b"update_type=message_created",
    ),
    address=TO,
    message=mid(10),
    answers=ANSWERS,
    never=frozenset({RefusalKind.WINDOW_CLOSED, RefusalKind.MOVED}),
    file_ref="video:film-1",
    other_file_ref="video:film-2",
    platform={
        "*": DONE,
        "POST /messages": SENT,
        "POST /uploads": b'{"url":"https://up.max.example/1"}',
        "upload": b'{"token":"up-1"}',
        "GET /me": msgspec.json.encode(BOT),
        "GET /subscriptions": msgspec.json.encode(
            {"subscriptions": [{"url": ADDRESS, "time": 1, "update_types": None}]}
        ),
        "GET /subscriptions before polling": b'{"subscriptions":[]}',
        "GET /chats": PERSON,
        "GET /videos": msgspec.json.encode(
            {"token": "film-1", "urls": {"mp4_1080": None, "mp4_480": CDN + "v480", "hls": CDN}}
        ),
        "GET /updates": msgspec.json.encode(
            {
                "updates": [
                    msgspec.Raw(update("message_created", message=message(1, text="Ау"))),
                    {"update_type": "thought"},
                ],
                "marker": 25_493_970,
            }
        ),
    },
    replies=Replies(
        wrong_token=(401, bad("verify.token", "Invalid access_token")),
        polled_bodies=2,
        polled_nothing={"GET /updates": b'{"updates":[],"marker":5}'},
        dropped={"GET /subscriptions": b'{"subscriptions":[]}'},
    ),
)
