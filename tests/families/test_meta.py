"""What Meta's three channels share: signature, challenge, requests, errors."""

import msgspec
import pytest

from otklik.families import meta
from otklik.ports.channel import Answer, FilePart, InboxConfig, Knock, RefusalKind
from otklik.ports.errors import ErrorTable, KnownError

BODY = (
    rb'{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":'
    rb'{"text":"\u043f\u0440\u0438\u0432\u0435\u0442"}}]}]}'
)
SIGNED = "sha256=04e859e7031769c125e46ccc789986a748bc8229dcac6f7ba946b3bc1104dbfc"
TABLE = ErrorTable({
    code: KnownError(code, kind, "en", "ru", "remedy", "средство", everywhere)
    for code, kind, everywhere in (
        ("10", RefusalKind.BAD_TOKEN, True),
        ("10-2534022", RefusalKind.WINDOW_CLOSED, False),
        ("4", RefusalKind.THROTTLED, True),
    )
})  # fmt: skip


def config(**secrets: str) -> InboxConfig:
    return InboxConfig("i", {}, secrets)


def knock(method: str = "GET", **query: str) -> Knock:
    return Knock(method, {f"hub.{name}": value for name, value in query.items()}, {}, b"")


def error(code: int, status: int = 400, **more: object) -> Answer:
    body = msgspec.json.encode({"error": {"code": code, "message": "Invented", **more}})
    return Answer(status, {}, body)


def test_the_escaped_bytes_are_signed_as_they_came() -> None:
    assert meta.signature("app-secret", BODY) == SIGNED
    assert meta.authentic({"x-hub-signature-256": SIGNED}, BODY, config(app_secret="app-secret"))
    read_again = msgspec.json.encode(msgspec.json.decode(BODY))
    shown = {"x-hub-signature-256": SIGNED}
    assert not meta.authentic(shown, read_again, config(app_secret="app-secret"))


@pytest.mark.parametrize(
    "secrets",
    [
        {"app_secret": "app-secret"},
        {"app_secret": "other", "app_secret_previous": "app-secret"},
        {"app_secret": "other app-secret"},
        {"app_secret": "other, app-secret\n"},
    ],
)
def test_any_of_several_secrets_proves_a_delivery(secrets: dict[str, str]) -> None:
    assert meta.authentic({"x-hub-signature-256": SIGNED}, BODY, config(**secrets))


@pytest.mark.parametrize("shown", ["", "sha256=", SIGNED.upper(), SIGNED[7:], f"{SIGNED} "])
def test_nothing_else_proves_one(shown: str) -> None:
    headers = {"x-hub-signature-256": shown, "x-hub-signature": SIGNED}
    assert not meta.authentic(headers, BODY, config(app_secret="app-secret"))


def test_the_challenge_comes_back_untouched() -> None:
    ours = config(verify_token="t")
    reply = meta.greet(knock(mode="subscribe", challenge="007", verify_token="t"), ours)
    assert reply is not None
    assert (reply.status, reply.body) == (200, b"007")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"mode": "subscribe", "challenge": "1", "verify_token": "x"},
        {"mode": "unsubscribe", "challenge": "1", "verify_token": "t"},
        {"mode": "subscribe", "verify_token": "t"},
        {"mode": "subscribe", "challenge": "1"},
    ],
)
def test_a_stranger_is_not_greeted(query: dict[str, str]) -> None:
    reply = meta.greet(knock(**query), config(verify_token="t"))
    assert reply is not None
    assert reply.status == 403


def test_without_a_token_of_ours_nobody_is_greeted_and_a_delivery_is_no_challenge() -> None:
    guess = knock(mode="subscribe", challenge="1", verify_token="")
    reply = meta.greet(guess, config())
    assert reply is not None
    assert reply.status == 403
    assert meta.greet(knock("POST", mode="subscribe"), config(verify_token="t")) is None


def test_a_call_carries_the_token_in_a_header_and_follows_the_settings() -> None:
    ours = InboxConfig("i", {"api_base": "http://127.0.0.1:9/x/"}, {"token": " EAA "})
    asked = meta.graph(ours, "GET", "17/a b", query={"fields": "id,name"})
    assert asked.url == f"http://127.0.0.1:9/x/{meta.VERSION}/17/a%20b?fields=id%2Cname"
    assert asked.headers["authorization"] == "Bearer EAA"
    assert asked.repeatable
    told = meta.graph(config(token="EAA"), "POST", "17/messages", {"a": 1})
    assert told.url == f"https://graph.facebook.com/{meta.VERSION}/17/messages"
    assert (told.body, told.label, told.repeatable) == (b'{"a":1}', "messages", False)
    assert meta.graph(ours, "GET", "1789").label == "node"
    part = FilePart("file", "f1", "a.png", "image/png")
    upload = meta.graph_upload(ours, "17/media", {"type": "image/png"}, part)
    assert (upload.files, upload.fields, upload.repeatable) == (
        (part,),
        {"type": "image/png"},
        True,
    )


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (error(10), RefusalKind.BAD_TOKEN, "10"),
        (error(10, error_subcode=2534022), RefusalKind.WINDOW_CLOSED, "10-2534022"),
        (error(10, error_subcode=5), RefusalKind.BAD_TOKEN, "10"),
        (error(4), RefusalKind.THROTTLED, "4"),
        (error(99), RefusalKind.OTHER, ""),
        (error(99, 500), RefusalKind.TEMPORARY, ""),
        (error(99, 429), RefusalKind.THROTTLED, ""),
        (error(99, 401), RefusalKind.BAD_TOKEN, ""),
        (error(250, 403), RefusalKind.BAD_TOKEN, ""),
        (error(99, is_transient=True), RefusalKind.TEMPORARY, ""),
        (Answer(413, {}, b"<html>"), RefusalKind.BAD_MEDIA, ""),
        (Answer(429, {"retry-after": "9"}, b""), RefusalKind.THROTTLED, ""),
        (Answer(502, {}, b"<html>"), RefusalKind.TEMPORARY, ""),
    ],
)
def test_an_error_is_read_by_its_most_exact_name(
    answer: Answer, kind: RefusalKind, code: str
) -> None:
    refusal = meta.refused(TABLE, answer)
    assert (refusal.kind, refusal.code) == (kind, code)
    assert refusal.detail


def test_every_word_of_an_error_is_told_once() -> None:
    told = error(99, error_user_msg="Look", error_data={"details": "Invented"})
    assert meta.refused(TABLE, told).detail == "Invented — Look"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "9" * 30}, 86_400),
        ({"x-business-use-case-usage": '{"1":[{"estimated_time_to_regain_access":3}]}'}, 180),
        ({"x-business-use-case-usage": "{}"}, 0),
        ({"x-business-use-case-usage": "<"}, 0),
    ],
)
def test_how_long_to_wait_is_told_in_two_headers(headers: dict[str, str], seconds: int) -> None:
    assert meta.wait_s(headers) == seconds
