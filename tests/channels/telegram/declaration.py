"""Telegram, declared to the conformance kit."""

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
    RefusalKind,
    Sent,
    TypingShown,
)
from otklik.ports.message import MessageKind
from tests.channels.kit.declaration import ADDRESS, Answer, Declaration, Forgery, Replies
from tests.channels.telegram.bodies import BODIES, BOT, CHAT_ID, SIZES, message, update

HEADER = "x-telegram-bot-api-secret-token"
SECRET = "invented-secret-for-tests_1"
PREVIOUS = "the-secret-of-last-month"
CONFIG = InboxConfig(
    inbox_id="inbox-1",
    settings={"bot_username": "tea_bridge_bot"},
    secrets={
        "token": "7000000001:invented_token_for_tests",
        "webhook_secret": SECRET,
        "webhook_secret_previous": PREVIOUS,
    },
)
TO = str(CHAT_ID)
SEND = Outgoing("m1", TO, MessageKind.TEXT, text="Есть, сто граммов")
EDIT = OutgoingEdit(f"{TO}:10", SEND)
DELETE = OutgoingDelete(TO, (f"{TO}:10",))
ASK = ProfileAsked(TO)
REACT = OutgoingReaction(TO, f"{TO}:10", "👍")


def signed(_body: bytes) -> Mapping[str, str]:
    return {HEADER: SECRET}


def good(result: object) -> bytes:
    return msgspec.json.encode({"ok": True, "result": result})


def bad(code: int, description: str, **parameters: object) -> bytes:
    body = {"ok": False, "error_code": code, "description": description}
    return msgspec.json.encode(body | ({"parameters": parameters} if parameters else {}))


SENT = good(message(10, text="Есть, сто граммов"))
ALBUM = good([message(10, photo=SIZES), message(11, photo=SIZES[:1])])

MEANINGS = (
    ("blocked", 403, "Forbidden: bot was blocked by the user", RefusalKind.BLOCKED),
    ("forbidden-somehow", 403, "Forbidden: reasons of tomorrow", RefusalKind.BLOCKED),
    ("no-rights", 400, "Bad Request: have no rights to send a message", RefusalKind.BLOCKED),
    ("deactivated", 403, "Forbidden: user is deactivated", RefusalKind.GONE),
    ("never-started", 403, "Forbidden: bot can't initiate conversation with a user",
     RefusalKind.GONE),
    ("kicked", 403, "Forbidden: bot was kicked from the supergroup chat", RefusalKind.GONE),
    ("group-deleted", 403, "Forbidden: the group chat was deleted", RefusalKind.GONE),
    ("group-asleep", 400, "Bad Request: group chat was deactivated", RefusalKind.GONE),
    ("blocked-by-code", 400, "Bad Request: USER_IS_BLOCKED", RefusalKind.BLOCKED),
    ("to-a-bot", 403, "Forbidden: bot can't send messages to bots", RefusalKind.GONE),
    ("not-in-it", 403, "Forbidden: bot is not a member of the channel chat", RefusalKind.GONE),
    ("nobody", 400, "Bad Request: user not found", RefusalKind.GONE),
    ("address", 400, "Bad Request: failed to get HTTP URL content", RefusalKind.BAD_MEDIA),
    ("address-by-code", 400, "Bad Request: WEBPAGE_MEDIA_MISSING", RefusalKind.BAD_MEDIA),
    ("page", 400, "Bad Request: wrong type of the web page content", RefusalKind.BAD_MEDIA),
    ("media", 400, "Bad Request: MEDIA_EMPTY", RefusalKind.BAD_MEDIA),
    ("picture", 400, "Bad Request: IMAGE_PROCESS_FAILED", RefusalKind.BAD_MEDIA),
    ("sticker", 400, "Bad Request: STICKER_INVALID", RefusalKind.BAD_MEDIA),
    ("voice", 400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", RefusalKind.BAD_MEDIA),
    ("no-chat", 400, "Bad Request: chat not found", RefusalKind.GONE),
    ("no-peer", 400, "Bad Request: PEER_ID_INVALID", RefusalKind.GONE),
    ("long", 400, "Bad Request: message is too long", RefusalKind.TOO_LONG),
    ("long-caption", 400, "Bad Request: message caption is too long", RefusalKind.TOO_LONG),
    ("long-by-code", 400, "Bad Request: MEDIA_CAPTION_TOO_LONG", RefusalKind.TOO_LONG),
    ("file-id", 400, "Bad Request: wrong file identifier/HTTP URL specified",
     RefusalKind.BAD_MEDIA),
    ("dimensions", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS", RefusalKind.BAD_MEDIA),
    ("upload", 413, "Request Entity Too Large", RefusalKind.BAD_MEDIA),
    ("buttons", 400, "Bad Request: BUTTON_DATA_INVALID", RefusalKind.OTHER),
    ("entities", 400, "Bad Request: can't parse entities: offset is wrong", RefusalKind.OTHER),
    ("revoked", 401, "Unauthorized", RefusalKind.BAD_TOKEN),
    ("no-bot", 404, "Not Found", RefusalKind.BAD_TOKEN),
    ("two-pollers", 409, "Conflict: terminated by other getUpdates request",
     RefusalKind.TEMPORARY),
    ("restart", 500, "Internal Server Error: restart", RefusalKind.TEMPORARY),
    ("gateway", 502, "Bad Gateway", RefusalKind.TEMPORARY),
    ("waited-in-vain", 504, "Gateway Timeout", RefusalKind.UNCERTAIN),
    ("slow-down", 429, "Too Many Requests: retry after 7", RefusalKind.THROTTLED),
)  # fmt: skip

ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent((f"{TO}:10",))),
    Answer("sent-album", SEND, 200, ALBUM, Sent((f"{TO}:10", f"{TO}:11"), ("big", "small"))),
    Answer("edited", EDIT, 200, SENT, Sent()),
    Answer("deleted", DELETE, 200, good(result=True), Sent()),
    Answer("reacted", REACT, 200, good(result=True), Sent()),
    Answer("pressed", PressAnswer("p"), 200, good(result=True), Sent()),
    Answer("typing", TypingShown(TO), 200, good(result=True), Sent()),
    Answer("profile", ASK, 200, good({"id": CHAT_ID, "type": "private", "first_name": "Вера",
        "last_name": "Улыбина", "username": "vera", "photo": {"small_file_id": "s",
        "big_file_id": "face"}}), Sent(profile=Profile("Вера Улыбина", "vera", picture="face"))),
    Answer("faceless", ASK, 200, good({"id": CHAT_ID, "first_name": "Вера"}),
           Sent(profile=Profile("Вера"))),
    Answer("profile-of-nothing", ASK, 200, good(result=True), RefusalKind.TEMPORARY),
    Answer("same-text", EDIT, 400, bad(400, "Bad Request: message is not modified: x"), Sent()),
    Answer("deleted-before", DELETE, 400, bad(400, "Bad Request: message to delete not found"),
           Sent()),
    Answer("late-press", PressAnswer("p"), 400,
           bad(400, "Bad Request: query is too old and response timeout expired"), Sent()),
    Answer("not-modified-is-no-send", SEND, 400, bad(400, "Bad Request: message is not modified"),
           RefusalKind.OTHER),
    Answer("moved", SEND, 400, bad(400, "Bad Request: group chat was upgraded",
                                   migrate_to_chat_id=-1009), RefusalKind.MOVED),
    Answer("html", SEND, 502, b"<html><h1>502 Bad Gateway</h1></html>", RefusalKind.TEMPORARY),
    Answer("somebody-else", SEND, 404, b"<html>nginx</html>", RefusalKind.TEMPORARY),
    Answer("html-throttle", SEND, 429, b"<html>", RefusalKind.THROTTLED,
           headers={"retry-after": "5"}),
    Answer("html-for-ok", SEND, 200, b"<html>", RefusalKind.UNCERTAIN),
    Answer("ok-without-message", SEND, 200, good(result=True), RefusalKind.UNCERTAIN),
    Answer("torn-edit", EDIT, 200, b'{"ok":tr', RefusalKind.TEMPORARY),
    Answer("gateway-edit", EDIT, 504, b"", RefusalKind.TEMPORARY),
    Answer("error-inside-ok", SEND, 200, bad(403, "Forbidden: bot was blocked by the user"),
           RefusalKind.BLOCKED),
    *(Answer(name, SEND, code, bad(code, text), kind) for name, code, text, kind in MEANINGS),
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
        b'{"update_id":"1"}',
        b'{"update_id":true}',
        b'{"update_id":-1}',
        b'{"update_id":1.5}',
        b'{"update_id":1e99}',
        b'{"update_id":99999999999999999999}',
        b'{"update_id":1}{"update_id":2}',
        b'{"update_id":1,"x":' + b"[" * 100_000,
        b"update_id=1",
    ),
    address=TO,
    message=f"{TO}:10",
    answers=ANSWERS,
    never=frozenset({RefusalKind.WINDOW_CLOSED}),
    platform={
        "*": SENT,
        "getMe": good(BOT),
        "setWebhook": good(result=True),
        "getWebhookInfo": good({"url": ADDRESS}),
        "deleteWebhook": good(result=True),
        "getUpdates": good([msgspec.Raw(update(1, message=message())), {"update_id": 5}]),
        "getChat": good({"id": CHAT_ID, "type": "private", "first_name": "Вера"}),
        "getFile": good({"file_id": "big", "file_path": "photos/file 1.jpg", "file_size": 9}),
    },
    replies=Replies(
        wrong_token=(401, bad(401, "Unauthorized")),
        polled_bodies=2,
        polled_nothing={"getUpdates": good([])},
        dropped={"getWebhookInfo": good({"url": ""})},
    ),
)
