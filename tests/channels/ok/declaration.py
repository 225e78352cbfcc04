"""Odnoklassniki, declared to the conformance kit."""

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
from tests.channels.kit.declaration import ADDRESS, Answer, Declaration, Replies
from tests.channels.ok.bodies import AT, BODIES, CDN, CHAT, VERA, message, mid

CONFIG = InboxConfig(
    inbox_id="inbox-1",
    settings={"group_id": "group:500"},
    secrets={"token": "tknInventedForTests:CQINVENTED"},
)
SEND = Outgoing("m1", CHAT, MessageKind.TEXT, text="Есть, сто граммов")


def signed(_body: bytes) -> Mapping[str, str]:
    return {}


def bad(code: int, words: str = "error") -> bytes:
    return msgspec.json.encode({"error_code": code, "error_msg": words, "error_data": None})


SENT = msgspec.json.encode({"success": True, "message_id": mid(10)})
DONE = b'{"success":true}'
HISTORY = msgspec.json.encode(
    {"messages": [
        {"sender": {"user_id": "group:500", "name": "Чайный мост"}, "message": message(9, "Да")},
        {"sender": {"user_id": VERA, "name": "Вера Улыбина"}, "message": message(8, "Есть?")},
    ]}
)  # fmt: skip
CHATS = msgspec.json.encode({"chats": [{"chat_id": CHAT, "lastEventTime": AT}], "marker": "x"})
MEANINGS = (
    ("revoked", 200, bad(102, "PARAM_SESSION_EXPIRED"), RefusalKind.BAD_TOKEN),
    ("wrong-key", 401, bad(103, "PARAM_SESSION_KEY"), RefusalKind.BAD_TOKEN),
    ("nameless-token", 401, b"{}", RefusalKind.BAD_TOKEN),
    ("not-allowed", 200, bad(10, "PERMISSION_DENIED"), RefusalKind.BLOCKED),
    ("not-allowed-list", 200, b'{"success":[false],"chat_ids":[null]}', RefusalKind.BLOCKED),
    ("black-list", 200, bad(455, "FRIEND_RESTRICTION"), RefusalKind.BLOCKED),
    ("nobody", 200, bad(300, "NOT_FOUND"), RefusalKind.GONE),
    ("nobody-by-status", 404, b'{"error_msg":"?"}', RefusalKind.GONE),
    ("filter", 200, bad(454, "CENSOR_MATCH"), RefusalKind.OTHER),
    ("parameter", 400, bad(100, "PARAM"), RefusalKind.OTHER),
    ("reasons-of-tomorrow", 400, bad(7777), RefusalKind.OTHER),
    ("flood", 200, bad(8, "FLOOD_BLOCKED"), RefusalKind.THROTTLED),
    ("flood-by-status", 429, b"{}", RefusalKind.THROTTLED),
    ("html-throttle", 429, b"<html>", RefusalKind.THROTTLED),
    ("picture", 200, bad(503, "PHOTO_INVALID_FORMAT"), RefusalKind.BAD_MEDIA),
    ("big", 413, b'{"error_msg":"?"}', RefusalKind.BAD_MEDIA),
    ("away", 200, bad(2, "SERVICE"), RefusalKind.TEMPORARY),
    ("broken", 500, bad(9999, "SYSTEM"), RefusalKind.TEMPORARY),
    ("broken-somehow", 500, bad(7777), RefusalKind.TEMPORARY),
    ("html", 502, b"<html>", RefusalKind.TEMPORARY),
    ("waited-in-vain", 504, b"", RefusalKind.UNCERTAIN),
    ("html-for-ok", 200, b"<html>", RefusalKind.UNCERTAIN),
    ("says-nothing", 200, b"{}", RefusalKind.UNCERTAIN),
    ("not-done", 200, b'{"success":false}', RefusalKind.OTHER),
)  # fmt: skip

ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent((mid(10),))),
    Answer("typing", TypingShown(CHAT), 200, DONE, Sent()),
    Answer("read", ReadShown(CHAT, mid(9)), 200, DONE, Sent()),
    Answer("pressed", PressAnswer("cb-1", "Принято", CHAT), 200, DONE, Sent()),
    Answer("not-pressed", PressAnswer("cb-1", "Принято", CHAT), 200, b"{}", RefusalKind.TEMPORARY),
    Answer("profile", ProfileAsked(CHAT), 200, HISTORY, Sent(profile=Profile("Вера Улыбина"))),
    Answer("profile-of-nobody", ProfileAsked(CHAT), 200, b"{}", Sent(profile=Profile())),
    Answer("edit", OutgoingEdit(mid(9), SEND), 200, b"", RefusalKind.OTHER),
    Answer("delete", OutgoingDelete(CHAT, (mid(9),)), 200, b"", RefusalKind.OTHER),
    Answer("reaction", OutgoingReaction(CHAT, mid(9), "👍"), 200, b"", RefusalKind.OTHER),
    *(Answer(name, SEND, status, body, kind) for name, status, body, kind in MEANINGS),
)

DECLARATION = Declaration(
    config=CONFIG,
    signed=signed,
    proof="nowhere",
    bodies=BODIES,
    forgeries=(),
    malformed=(
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b'{"webhookType":"a"}{"webhookType":"b"}',
        b'{"webhookType":"a","x":' + b"[" * 100_000,
        b"webhookType=MESSAGE_CREATED",
    ),
    address=CHAT,
    message=mid(10),
    answers=ANSWERS,
    never=frozenset({RefusalKind.WINDOW_CLOSED, RefusalKind.MOVED, RefusalKind.TOO_LONG}),
    file_ref=CDN + "1",
    other_file_ref=CDN + "2",
    platform={
        "*": DONE,
        "POST /graph/me/messages": SENT,
        "GET /graph/me/messages": HISTORY,
        "GET /graph/me/fileUploadUrl": b'{"url":"https://up.ok.example/1","token":"up-1"}',
        "upload": b"<retval>1</retval>",
        "GET /graph/me/info": b'{"name":"\xd0\xa7\xd0\xb0\xd0\xb9","group_id":"group:500"}',
        "GET /graph/me/subscriptions": msgspec.json.encode(
            {"subscriptions": [{"time": 1, "url": ADDRESS}]}
        ),
        "GET /graph/me/chats at first": CHATS,
        "GET /graph/me/chats": CHATS,
    },
    replies=Replies(
        wrong_token=(401, bad(102, "PARAM_SESSION_EXPIRED")),
        polled_bodies=0,
        polled_nothing={"GET /graph/me/chats at first": b'{"chats":[]}'},
        dropped={"GET /graph/me/subscriptions": b'{"subscriptions":[]}'},
    ),
)  # fmt: skip
