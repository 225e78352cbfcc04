"""Instagram, declared to the conformance kit."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from otklik.ports.channel import (
    InboxConfig,
    Outgoing,
    OutgoingReaction,
    ProfileAsked,
    ReadShown,
    RefusalKind,
    Sent,
    TypingShown,
)
from otklik.ports.message import MessageKind
from tests.channels.instagram.bodies import ACCOUNT, APP, BODIES, CDN, PERSON
from tests.channels.kit.declaration import Answer, Declaration, Forgery, Replies

HEADER = "x-hub-signature-256"
SECRET = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
OTHER = "ffeeddccbbaa99887766554433221100"
PREVIOUS = "the-secret-of-last-month"
CONFIG = InboxConfig(
    inbox_id="inbox-1",
    settings={
        "login": "instagram",
        "account_id": ACCOUNT,
        "username": "tea.bridge",
        "app_id": APP,
    },
    secrets={
        "token": "IGAAinventedTokenForTests",
        "app_secret": f"{SECRET} {OTHER}",
        "app_secret_previous": PREVIOUS,
        "verify_token": "invented-verify-token",
    },
)
SEND = Outgoing("m1", PERSON, MessageKind.TEXT, text="Есть, сто граммов")


def sign(secret: str, body: bytes) -> Mapping[str, str]:
    return {HEADER: "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()}


def signed(body: bytes) -> Mapping[str, str]:
    return sign(SECRET, body)


def good(**told: object) -> bytes:
    return msgspec.json.encode(told)


def bad(code: int, subcode: int = 0, message: str = "invented") -> bytes:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code,
             "fbtrace_id": "A1"}  # fmt: skip
    return msgspec.json.encode({"error": error | ({"error_subcode": subcode} if subcode else {})})


SENT = good(recipient_id=PERSON, message_id="aW_out")
ACTED = good(recipient_id=PERSON)
PROFILE = good(id=PERSON, name="Вера Лис", username="vera.tea", profile_pic=f"{CDN}/v.jpg",
               follower_count=7, is_user_follow_business=True)  # fmt: skip

MEANINGS = (
    ("window", 400, (10, 2534022), RefusalKind.WINDOW_CLOSED),
    ("nobody", 400, (100, 2534014), RefusalKind.GONE),
    ("away", 400, (551, 0), RefusalKind.BLOCKED),
    ("no-file", 400, (100, 2018047), RefusalKind.BAD_MEDIA),
    ("broken", 400, (100, 0), RefusalKind.OTHER),
    ("blocked-from-sending", 400, (100, 2534029), RefusalKind.OTHER),
    ("restricted", 400, (10, 1893063), RefusalKind.OTHER),
    ("token", 400, (190, 0), RefusalKind.BAD_TOKEN),
    ("token-expired", 400, (190, 463), RefusalKind.BAD_TOKEN),
    ("access-off", 403, (200, 2534041), RefusalKind.BAD_TOKEN),
    ("rate", 400, (613, 2534040), RefusalKind.THROTTLED),
    ("app-rate", 400, (4, 0), RefusalKind.THROTTLED),
    ("a-moment", 500, (2, 0), RefusalKind.TEMPORARY),
    ("a-fault", 500, (1, 0), RefusalKind.TEMPORARY),
    ("sent-all-the-same", 500, (1, 1357046), RefusalKind.UNCERTAIN),
)  # fmt: skip

ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent(("aW_out",))),
    Answer("reacted", OutgoingReaction(PERSON, "aW_1", "❤️"), 200, ACTED, Sent()),
    Answer("typing", TypingShown(PERSON), 200, ACTED, Sent()),
    Answer("seen", ReadShown(PERSON, "aW_1"), 200, ACTED, Sent()),
    Answer("window-after-a-day", replace(SEND, window="human"), 400, bad(10, 1545041),
           RefusalKind.WINDOW_CLOSED),
    Answer("away-within-a-day", SEND, 400, bad(10, 1545041), RefusalKind.BLOCKED),
    Answer("gateway", SEND, 502, b"<html>", RefusalKind.TEMPORARY),
    Answer("waited-in-vain", SEND, 504, b"", RefusalKind.UNCERTAIN),
    Answer("html-for-ok", SEND, 200, b"<html>", RefusalKind.UNCERTAIN),
    Answer("ok-without-message", SEND, 200, ACTED, RefusalKind.UNCERTAIN),
    Answer("html-throttle", SEND, 429, b"<html>", RefusalKind.THROTTLED),
    Answer("torn-profile", ProfileAsked(PERSON), 200, b'{"id":', RefusalKind.TEMPORARY),
    *(Answer(name, SEND, status, bad(*codes), kind) for name, status, codes, kind in MEANINGS),
)  # fmt: skip

DECLARATION = Declaration(
    config=CONFIG,
    signed=signed,
    bodies=BODIES,
    forgeries=(
        Forgery("none", {}, BODIES[0].body),
        Forgery("other-secret", sign("guessed", BODIES[0].body), BODIES[0].body),
        Forgery("other-body", signed(BODIES[0].body), BODIES[1].body),
        Forgery("two-secrets-as-one", sign(f"{SECRET} {OTHER}", BODIES[0].body), BODIES[0].body),
        Forgery("empty-secret", sign("", BODIES[0].body), BODIES[0].body),
        Forgery("sha1", {"x-hub-signature": signed(BODIES[0].body)[HEADER]}, BODIES[0].body),
        Forgery("bare", {HEADER: signed(BODIES[0].body)[HEADER][7:]}, BODIES[0].body),
        Forgery("upper", {HEADER: signed(BODIES[0].body)[HEADER].upper()}, BODIES[0].body),
    ),
    malformed=(
        b"",
        b"null",
        b"[1]",
        b'"text"',
        b"{}",
        b'{"object":"instagram"}',
        b'{"object":"instagram","entry":{}}',
        b'{"object":"instagram","entry":[]}{"object":"instagram","entry":[]}',
        b'{"object":"instagram","entry":[],"x":' + b"[" * 100_000,
        b"object=instagram",
    ),
    address=PERSON,
    message="aW_out",
    reaction="❤️",
    answers=ANSWERS,
    never=frozenset({RefusalKind.MOVED, RefusalKind.TOO_LONG}),
    file_ref=f"{CDN}/a.jpg",
    other_file_ref=f"{CDN}/b.jpg",
    platform={
        "*": SENT,
        "profile": PROFILE,
        "message_attachments": good(attachment_id="1700000000000001"),
        "me": good(user_id=ACCOUNT, id="26000000000000001", username="tea.bridge"),
        "subscriptions": good(success=True),
        "subscribed_apps": good(success=True),
        "conversations": good(data=[{"id": "t_1", "updated_time": "2026-11-21T12:00:00+0000"}]),
        "who_is_subscribed": good(data=[
            {"id": "5", "name": "another", "subscribed_fields": ["messages"]},
            {"id": APP, "name": "Otklik", "subscribed_fields": ["messages", "feed"]},
        ]),
    },
    replies=Replies(
        wrong_token=(401, bad(190)),
        polled_nothing={"conversations": good(data=[])},
        dropped={"who_is_subscribed": good(data=[
            {"id": "5", "name": "another", "subscribed_fields": ["messages"]},
            {"id": APP, "name": "Otklik", "subscribed_fields": ["feed"]},
        ])},
    ),
)  # fmt: skip
