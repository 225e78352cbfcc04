"""WhatsApp, declared to the conformance kit."""

from collections.abc import Mapping

import msgspec

from otklik.families.meta import signature
from otklik.ports.channel import (
    InboxConfig,
    Outgoing,
    OutgoingReaction,
    ReadShown,
    RefusalKind,
    Sent,
    TypingShown,
)
from otklik.ports.message import MessageKind
from tests.channels.kit.declaration import ADDRESS, Answer, Declaration, Forgery, Replies
from tests.channels.whatsapp.bodies import ACCOUNT, ENTRIES, NUMBER, SCOPED, TALK
from tests.channels.whatsapp.news import ABOUT_US, CHANGES

BODIES = (*TALK, *ENTRIES, *CHANGES, *ABOUT_US)

HEADER = "x-hub-signature-256"
SECRET = "invented-app-secret-of-32-letters"
PREVIOUS = "the-secret-of-last-month"
APP = "200000000000003"
CONFIG = InboxConfig(
    inbox_id="inbox-1",
    settings={"waba_id": ACCOUNT, "phone_number_id": NUMBER, "meta_app": APP},
    secrets={
        "token": "EAAinventedtoken",
        "app_secret": SECRET,
        "app_secret_previous": PREVIOUS,
        "verify_token": "invented-verify-token",
    },
)
SEND = Outgoing("m1", SCOPED, MessageKind.TEXT, text="Есть, сто граммов")
SENT = msgspec.json.encode({
    "messaging_product": "whatsapp",
    "contacts": [{"input": SCOPED, "user_id": SCOPED}],
    "messages": [{"id": "wamid.out1", "message_status": "accepted"}],
})  # fmt: skip
SUCCESS = b'{"success":true}'


def signed(body: bytes) -> Mapping[str, str]:
    return {HEADER: signature(SECRET, body)}


def bad(code: int, message: str = "Invented", subcode: int = 0) -> bytes:
    error: dict[str, object] = {"message": f"(#{code}) {message}", "type": "OAuthException",
                                "code": code, "fbtrace_id": "A"}  # fmt: skip
    return msgspec.json.encode({"error": error | ({"error_subcode": subcode} if subcode else {})})


MEANINGS = (
    ("window", 400, 131047, RefusalKind.WINDOW_CLOSED),
    ("opted-out", 400, 131050, RefusalKind.OTHER),
    ("enough-of-them", 400, 131049, RefusalKind.OTHER),
    ("undeliverable", 400, 131026, RefusalKind.BLOCKED),
    ("calls", 400, 4, RefusalKind.THROTTLED),
    ("account-rate", 400, 80007, RefusalKind.THROTTLED),
    ("number-rate", 429, 130429, RefusalKind.THROTTLED),
    ("pair-rate", 400, 131056, RefusalKind.THROTTLED),
    ("spam", 400, 131048, RefusalKind.OTHER),
    ("locked", 403, 131031, RefusalKind.BAD_TOKEN),
    ("unpaid", 400, 131042, RefusalKind.BAD_TOKEN),
    ("revoked", 401, 190, RefusalKind.BAD_TOKEN),
    ("permission", 403, 10, RefusalKind.BAD_TOKEN),
    ("permission-of-an-app", 403, 273, RefusalKind.BAD_TOKEN),
    ("unknown-unauthorised", 401, 999_001, RefusalKind.BAD_TOKEN),
    ("no-template", 404, 132001, RefusalKind.OTHER),
    ("long-template", 400, 132005, RefusalKind.TOO_LONG),
    ("parameter", 400, 100, RefusalKind.OTHER),
    ("media", 400, 131053, RefusalKind.BAD_MEDIA),
    ("passing", 500, 131000, RefusalKind.TEMPORARY),
    ("maintenance", 503, 131057, RefusalKind.TEMPORARY),
    ("unknown-client", 400, 999_002, RefusalKind.OTHER),
    ("unknown-server", 500, 999_003, RefusalKind.TEMPORARY),
    ("unknown-throttle", 429, 999_004, RefusalKind.THROTTLED),
)

ANSWERS = (
    Answer("sent", SEND, 200, SENT, Sent(("wamid.out1",))),
    Answer("reacted", OutgoingReaction(SCOPED, "wamid.1", "👍"), 200, SENT, Sent()),
    Answer("read", ReadShown(SCOPED, "wamid.1"), 200, SUCCESS, Sent()),
    Answer("typing", TypingShown(SCOPED, "wamid.1"), 200, SUCCESS, Sent()),
    Answer("error-inside-ok", SEND, 200, bad(131047), RefusalKind.WINDOW_CLOSED),
    Answer("html", SEND, 502, b"<html>502</html>", RefusalKind.TEMPORARY),
    Answer("html-throttle", SEND, 429, b"<html>", RefusalKind.THROTTLED,
           headers={"retry-after": "5"}),
    Answer("html-for-ok", SEND, 200, b"<html>", RefusalKind.UNCERTAIN),
    Answer("waited-in-vain", SEND, 504, b"", RefusalKind.UNCERTAIN),
    Answer("torn-reaction", OutgoingReaction(SCOPED, "wamid.1", ""), 200, b'{"messag',
           RefusalKind.TEMPORARY),
    Answer("nothing-taken", SEND, 200, b'{"messages":[]}', RefusalKind.UNCERTAIN),
    *(Answer(name, SEND, status, bad(code), kind) for name, status, code, kind in MEANINGS),
)  # fmt: skip

DECLARATION = Declaration(
    config=CONFIG,
    signed=signed,
    bodies=BODIES,
    forgeries=(
        Forgery("none", {}, BODIES[0].body),
        Forgery("empty", {HEADER: ""}, BODIES[0].body),
        Forgery("other-secret", {HEADER: signature("another", BODIES[0].body)}, BODIES[0].body),
        Forgery("other-body", {HEADER: signature(SECRET, BODIES[1].body)}, BODIES[0].body),
        Forgery("bare-hex", {HEADER: signature(SECRET, BODIES[0].body)[7:]}, BODIES[0].body),
        Forgery("old-header", {"x-hub-signature": signature(SECRET, BODIES[0].body)},
                BODIES[0].body),
        Forgery("one-more-byte", signed(BODIES[0].body), BODIES[0].body + b" "),
    ),
    malformed=(
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"object":"page","entry":[]}',
        b'{"object":"whatsapp_business_account"}',
        b'{"object":"whatsapp_business_account","entry":{}}',
        b'{"object":"whatsapp_business_account","entry":[]}x',
        b'{"object":"whatsapp_business_account","entry":' + b"[" * 100_000,
        b"object=page",
    ),
    platform={
        "*": SENT,
        "media": b'{"id":"media-9"}',
        "media_address": b'{"url":"https://media.example.org/1","mime_type":"image/png",'
                         b'"file_size":4,"id":"1"}',
        "app": msgspec.json.encode({"id": APP}),
        "phone_numbers": msgspec.json.encode({"data": [
            {"id": "1", "display_phone_number": "+1 555"},
            {"id": NUMBER, "display_phone_number": "+7 900 000-00-00",
             "verified_name": "Чайный мост", "quality_rating": "GREEN"},
        ]}),
        "subscribed_apps": SUCCESS,
        "webhook": SUCCESS,
        "subscriptions": msgspec.json.encode({"data": [
            {"whatsapp_business_api_data": {"id": "77", "name": "Somebody else"}},
            {"whatsapp_business_api_data": {"id": APP, "name": "Ours"}},
        ]}),
        "webhook_told": msgspec.json.encode(
            {"id": NUMBER, "webhook_configuration": {"phone_number": ADDRESS}}
        ),
    },
    address=SCOPED,
    message="wamid.1",
    answers=ANSWERS,
    never=frozenset({RefusalKind.MOVED, RefusalKind.GONE}),
    replies=Replies(
        wrong_token=(401, bad(190, "Error validating access token")),
        dropped={"subscriptions": msgspec.json.encode(
            {"data": [{"whatsapp_business_api_data": {"id": "77"}}]}
        )},
    ),
)  # fmt: skip
