from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from otklik.channels.telegram import outbound
from otklik.ports.channel import FoundFile, Refusal, RefusalKind, Request, Sent
from tests.channels.kit.declaration import refused
from tests.channels.telegram.bodies import CHAT_ID
from tests.channels.telegram.declaration import CONFIG, SEND, SENT, TO, bad, good

BASE = "https://api.telegram.org/bot7000000001:invented_token_for_tests/"


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (429, {}, bad(429, "Too Many Requests: retry after 7", retry_after=7), 7.0),
        (429, {}, bad(429, "Too Many Requests: retry after 6"), 6.0),
        (429, {"retry-after": "5"}, b"<html>", 5.0),
        (429, {"retry-after": "inf"}, b"", 1.0),
        (429, {}, bad(429, "Too Many Requests", retry_after=-3), 0.0),
        (429, {}, bad(429, "Too Many Requests", retry_after=1e300), 86_400.0),
    ],
)
def test_a_throttle_tells_how_long(
    status: int, headers: Mapping[str, str], body: bytes, wait: float
) -> None:
    outcome = outbound.read(SEND, status, headers, body)
    assert isinstance(outcome, Refusal)
    assert (outcome.kind, outcome.retry_after_s, outcome.everywhere) == (
        RefusalKind.THROTTLED, wait, True,
    )  # fmt: skip


def test_a_moved_chat_tells_where() -> None:
    body = bad(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)
    outcome = outbound.read(SEND, 400, {}, body)
    assert isinstance(outcome, Refusal)
    assert outcome.moved_to == "-1009"


def test_an_error_text_of_any_length_is_kept_short() -> None:
    outcome = outbound.read(SEND, 400, {}, bad(400, "a" * 10_000))
    assert isinstance(outcome, Refusal)
    assert len(outcome.detail) == 300


def test_a_sent_file_gives_its_reference_back() -> None:
    sticker = {"file_id": "CAAC", "width": 512, "height": 512}
    sent = good({"message_id": 10, "chat": {"id": CHAT_ID}, "sticker": sticker})
    assert outbound.read(SEND, 200, {}, sent) == Sent((f"{TO}:10",), ("CAAC",))


def test_an_answer_that_is_no_text_leaves_the_message_uncertain() -> None:
    body = SENT.replace(b'"text":"', b'"text":"\xff')
    assert body != SENT
    assert refused(outbound.read(SEND, 200, {}, body), RefusalKind.UNCERTAIN)


def test_a_file_is_fetched_from_the_server_of_the_inbox() -> None:
    config = replace(CONFIG, settings={"api_base": "http://127.0.0.1:9/telegram/"})
    reply = good({"file_path": "photos/чай 1.jpg?x#y", "file_size": 9})
    found = outbound.located(200, reply, config)
    assert isinstance(found, FoundFile)
    asked = outbound.locate("ref", CONFIG)
    assert (asked.url, asked.body) == (f"{BASE}getFile", b'{"file_id":"ref"}')
    base = "http://127.0.0.1:9/telegram/file/bot7000000001:invented_token_for_tests/"
    assert found.request.url == base + "photos/%D1%87%D0%B0%D0%B9%201.jpg%3Fx%23y"
    assert found.size == 9


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, bad(400, "Bad Request: file is too big"), RefusalKind.BAD_MEDIA),
        (400, bad(400, "Bad Request: wrong file_id"), RefusalKind.BAD_MEDIA),
        (200, good({"file_id": "x"}), RefusalKind.BAD_MEDIA),
        (200, good({"file_path": "/var/lib/bot/1.jpg"}), RefusalKind.BAD_MEDIA),
        (200, good({"file_path": "a/../../other/1.jpg"}), RefusalKind.BAD_MEDIA),
        (200, good([]), RefusalKind.TEMPORARY),
        (502, b"<html>", RefusalKind.TEMPORARY),
    ],
)
def test_a_file_that_cannot_be_had_says_why(status: int, body: bytes, kind: RefusalKind) -> None:
    assert refused(outbound.located(status, body, CONFIG), kind)


def test_a_token_cannot_leave_its_place_in_the_address() -> None:
    config = replace(CONFIG, secrets={"token": "1:a/../../x?y#z"})
    request = outbound.build(SEND, config)
    assert isinstance(request, Request)
    assert request.url == "https://api.telegram.org/bot1:a%2F..%2F..%2Fx%3Fy%23z/sendMessage"
