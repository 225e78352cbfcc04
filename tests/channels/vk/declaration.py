"""VK, declared to the conformance kit."""

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
from tests.channels.vk.bodies import BODIES, GROUP, SECRET, VERA, new

PREVIOUS = "the-secret-of-last-month"
CODE = "a1b2c3d4"
CONFIG = InboxConfig(
    inbox_id="inbox-1",
    settings={"group_id": str(GROUP), "screen_name": "tea_bridge", "confirmation_code": CODE},
    secrets={
        "token": "vk1.a.invented-key-for-tests",
        "webhook_secret": SECRET,
        "webhook_secret_previous": PREVIOUS,
    },
)
TO = str(VERA)
SEND = Outgoing("m1", TO, MessageKind.TEXT, text="Есть, сто граммов")
EDIT = OutgoingEdit(f"{TO}:10", SEND)
DELETE = OutgoingDelete(TO, (f"{TO}:10",))
REACT = OutgoingReaction(TO, f"{TO}:10", "👍")


def good(response: object) -> bytes:
    return msgspec.json.encode({"response": response})


def bad(code: int, text: str = "no") -> bytes:
    return msgspec.json.encode({"error": {"error_code": code, "error_msg": text}})


def to_one(code: int) -> bytes:
    error = {"code": code, "description": "no"}
    return good([{"peer_id": VERA, "message_id": 0, "error": error}])


SENT = good([{"peer_id": VERA, "message_id": 910, "conversation_message_id": 10}])
PERSON = {"id": VERA, "first_name": "Вера", "last_name": "Улыбина", "screen_name": "vera_tea",
          "photo_200": "https://sun9-1.userapi.example/v.jpg", "sex": 1,
          "city": {"id": 1, "title": "Красноярск"}}  # fmt: skip
SERVER = {"id": 3, "url": ADDRESS, "title": "Otklik", "secret_key": SECRET, "status": "ok",
          "creator_id": 1}  # fmt: skip
NAMES = "message_new message_reply message_edit message_allow message_deny message_read group_join"
EVENTS = dict.fromkeys(NAMES.split(), 1)
LINE = {"server": "https://lp.vk.example/whp/1", "key": "k1", "ts": "100"}
PLATFORM = {
    "groups.getById": good({"groups": [{"id": GROUP, "name": "Чайный мост",
                                        "screen_name": "tea_bridge"}], "profiles": []}),
    "groups.getTokenPermissions": good({"mask": 4096, "permissions": [
        {"name": "messages", "setting": 4096}, {"name": "manage", "setting": 262144}]}),
    "groups.getCallbackConfirmationCode": good({"code": CODE}),
    "groups.getCallbackServers": good({"count": 1, "items": [SERVER]}),
    "groups.getCallbackSettings": good({"api_version": "5.199", "events": EVENTS}),
    "groups.getLongPollServer": good(LINE),
    "a_check": msgspec.json.encode({"ts": "102", "updates": [
        msgspec.Raw(new(1, text="а")), msgspec.Raw(new(2, text="б"))]}),
    "photos.getMessagesUploadServer": good({"upload_url": "https://pu.vk.example/up?x=1"}),
    "docs.getMessagesUploadServer": good({"upload_url": "https://pu.vk.example/up?x=2"}),
    "upload": b'{"server":7,"photo":"[{\\"photo\\":\\"p\\"}]","hash":"h","file":"f|1"}',
    "photos.saveMessagesPhoto": good([{"id": 71, "owner_id": -GROUP, "access_key": "ab"}]),
    "docs.save": good({"type": "doc", "doc": {"id": 72, "owner_id": -GROUP}}),
    "messages.send": SENT,
    "messages.delete": good([{"peer_id": VERA, "conversation_message_id": 10, "response": 1}]),
    "users.get": good([PERSON]),
    "*": good(1),
}  # fmt: skip

MEANINGS = (
    (900, RefusalKind.BLOCKED), (901, RefusalKind.BLOCKED), (902, RefusalKind.BLOCKED),
    (987, RefusalKind.BLOCKED), (988, RefusalKind.BLOCKED), (18, RefusalKind.GONE),
    (917, RefusalKind.GONE), (922, RefusalKind.GONE), (925, RefusalKind.GONE),
    (927, RefusalKind.GONE), (932, RefusalKind.GONE), (935, RefusalKind.GONE),
    (936, RefusalKind.GONE), (945, RefusalKind.GONE), (946, RefusalKind.GONE),
    (950, RefusalKind.WINDOW_CLOSED), (910, RefusalKind.TOO_LONG), (914, RefusalKind.TOO_LONG),
    (911, RefusalKind.OTHER), (912, RefusalKind.OTHER), (940, RefusalKind.OTHER),
    (943, RefusalKind.OTHER), (944, RefusalKind.OTHER), (6, RefusalKind.THROTTLED),
    (9, RefusalKind.THROTTLED), (29, RefusalKind.THROTTLED), (14, RefusalKind.THROTTLED),
    (5, RefusalKind.BAD_TOKEN), (15, RefusalKind.BAD_TOKEN), (27, RefusalKind.BAD_TOKEN),
    (28, RefusalKind.BAD_TOKEN), (1, RefusalKind.TEMPORARY), (10, RefusalKind.TEMPORARY),
    (129, RefusalKind.BAD_MEDIA), (777, RefusalKind.OTHER),
)  # fmt: skip

ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent((f"{TO}:10",))),
    Answer("sent-without-number", SEND, 200, good([{"peer_id": VERA, "message_id": 910}]),
           Sent((f"{TO}:id910",))),
    Answer("edited", EDIT, 200, good(1), Sent()),
    Answer("deleted", DELETE, 200, good([{"peer_id": VERA, "conversation_message_id": 10,
                                          "response": 1}]), Sent()),
    Answer("reacted", REACT, 200, good(1), Sent()),
    Answer("reaction-taken-back", OutgoingReaction(TO, f"{TO}:10", ""), 200, good(1), Sent()),
    Answer("pressed", PressAnswer("e1", "Готово", TO), 200, good(1), Sent()),
    Answer("late-press", PressAnswer("e1", to=TO), 200, bad(100, "event_id is invalid"), Sent()),
    Answer("typing", TypingShown(TO), 200, good(1), Sent()),
    Answer("read", ReadShown(TO, f"{TO}:9"), 200, good(1), Sent()),
    Answer("profile", ProfileAsked(TO), 200, good([PERSON]), Sent(profile=Profile(
        "Вера Улыбина", "vera_tea", picture="https://sun9-1.userapi.example/v.jpg",
        details={"city": "Красноярск", "sex": "female"}))),
    Answer("nobody", ProfileAsked(TO), 200, good([]), RefusalKind.GONE),
    Answer("no-message-named", SEND, 200, good([{"peer_id": VERA}]), RefusalKind.UNCERTAIN),
    Answer("nothing-named", SEND, 200, good([]), RefusalKind.UNCERTAIN),
    Answer("too-late-to-edit", EDIT, 200, bad(909), RefusalKind.OTHER),
    Answer("kind-not-editable", EDIT, 200, bad(920), RefusalKind.OTHER),
    Answer("too-late-to-delete", DELETE, 200, bad(924), RefusalKind.OTHER),
    Answer("one-not-deleted", DELETE, 200, to_one(924), RefusalKind.OTHER),
    Answer("press-without-right", PressAnswer("e1", to=TO), 200, bad(15), RefusalKind.BAD_TOKEN),
    Answer("html", SEND, 502, b"<html>", RefusalKind.TEMPORARY),
    Answer("html-for-ok", SEND, 200, b"<html>", RefusalKind.TEMPORARY),
    Answer("html-throttle", SEND, 429, b"<html>", RefusalKind.THROTTLED),
    Answer("error-with-status", SEND, 401, bad(5), RefusalKind.BAD_TOKEN),
    *(Answer(f"error-{code}", SEND, 200, bad(code), kind) for code, kind in MEANINGS),
    *(Answer(f"receiver-{code}", SEND, 200, to_one(code), kind) for code, kind in MEANINGS),
)  # fmt: skip


def signed(_body: bytes) -> Mapping[str, str]:
    return {}


def _with(**parts: object) -> bytes:
    told = msgspec.json.decode(BODIES[0].body, type=dict[str, object])
    return msgspec.json.encode({name: part for name, part in (told | parts).items() if part})


DECLARATION = Declaration(
    config=CONFIG,
    signed=signed,
    proof="body",
    bodies=BODIES,
    forgeries=(
        Forgery("none", {}, _with(secret="")),
        Forgery("other", {}, _with(secret="somebody-elses-secret")),
        Forgery("longer", {}, _with(secret=f"{SECRET}0")),
        Forgery("shorter", {}, _with(secret=SECRET[:-1])),
        Forgery("number", {}, _with(secret=1)),
        Forgery("not-ascii", {}, _with(secret="секрет")),
        Forgery("half-a-character", {}, BODIES[0].body.replace(SECRET.encode(), b"\\ud83d")),
        Forgery("in-a-header", {"secret": SECRET}, _with(secret="")),
        Forgery("in-the-object", {}, _with(secret="", object={"secret": SECRET})),
        Forgery("token", {}, _with(secret=CONFIG.secrets["token"])),
        Forgery("other-community", {}, _with(group_id=GROUP + 1)),
        Forgery("no-community", {}, _with(group_id=0)),
        *(Forgery(f"torn-{end}", {}, BODIES[0].body[:end]) for end in (0, 9, 60)),
    ),
    malformed=(
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"type":""}',
        b'{"type":{}}',
        b'{"event_id":"e","object":{}}',
        b'{"type":"a"}{"type":"b"}',
        b'{"type":"message_new","x":' + b"[" * 100_000,
        b"type=message_new",
    ),
    platform=PLATFORM,
    address=TO,
    message=f"{TO}:10",
    answers=ANSWERS,
    never=frozenset({RefusalKind.MOVED}),
    file_ref="https://sun9-1.userapi.example/z.jpg",
    other_file_ref="https://sun9-1.userapi.example/m.jpg",
    replies=Replies(
        wrong_token=(200, bad(5, "User authorization failed: invalid access_token (4).")),
        polled_bodies=2,
        polled_nothing={"a_check": b'{"ts":"100","updates":[]}'},
        dropped={"groups.getCallbackServers": good({"count": 1, "items": [
            SERVER | {"status": "failed"}]})},
    ),
)  # fmt: skip
