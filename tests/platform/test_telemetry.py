import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from otklik.platform.telemetry import HIDDEN, redact, redacted_text, set_up_logging

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
Form = Literal["text", "json"]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def written(form: Form, level: Literal["debug", "info", "warning"] = "info") -> io.StringIO:
    stream = io.StringIO()
    set_up_logging(level, form, stream)
    return stream


def fail(sentence: str) -> None:
    raise RuntimeError(sentence)


CANARIES = {
    f"POST https://api.telegram.org/bot{TOKEN}/sendMessage": TOKEN,
    f"token {TOKEN} refused": TOKEN,
    "Authorization: Bearer canary-7781": "canary-7781",
    "{'authorization': 'Basic Y2FuYXJ5OjEyMw=='}": "Y2FuYXJ5",
    "sent Bearer abc.def-canary": "abc.def-canary",
    "Cookie: __Host-session=canary1234; other=canary5678": "canary5678",
    "set-cookie: __Host-session=canary1234": "canary1234",
    "cannot connect to postgresql://otklik:canary77@db/otklik": "canary77",
    "GET /files/0?expires=1&sig=canaryCANARY": "canaryCANARY",
    "GET /x?access_token=canary1234&page=2": "canary1234",
    'secrets {"webhook_secret": "canary1234"}': "canary1234",
    "password=canary1234": "canary1234",
    "whsec_C2FVsBQIhrscChlQIMV": "C2FVsBQIhrscChlQIMV",
    "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl": "eyJzdWIi",
    "call +7 (912) 345-67-89 back": "345",
    "from 79123456789": "3456",
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("line", "canary"), CANARIES.items())
def test_no_canary_reaches_a_line(line: str, canary: str, form: Form) -> None:
    stream = written(form)
    log = structlog.get_logger("otklik.test")
    log.warning(line, note=line, nested={"deep": [line]}, error=ValueError(line))
    logging.getLogger("uvicorn.error").error("failed: %s", line)
    try:
        fail(line)
    except RuntimeError:
        log.exception("broken")
        logging.getLogger("alembic").exception("broken")
    text = stream.getvalue()
    assert canary not in text
    assert HIDDEN in text
    assert text.count("broken") == 2


@pytest.mark.parametrize(
    "key",
    ["token", "bot_token", "webhook_secret", "Authorization", "cookie", "Set-Cookie", "password",
     "new_password", "api_key", "apikey", "master_key", "sig", "signature", "credentials"],
)  # fmt: skip
def test_a_secret_is_hidden_by_the_name_of_its_key(key: str) -> None:
    for value in ("ab", 123456, ["ab"], {"x": "ab"}, b"ab"):
        assert redact(None, "", {key: value}) == {key: HIDDEN}
    inner = redact(None, "", {"headers": {key: "ab", "accept": "ab"}})
    assert inner == {"headers": {key: HIDDEN, "accept": "ab"}}


@pytest.mark.parametrize("key", ["text", "body", "raw_body", "caption", "payload"])
def test_what_people_wrote_is_told_by_its_length(key: str) -> None:
    assert redact(None, "", {key: "my card is"}) == {key: "<10 characters>"}
    assert redact(None, "", {key: b"my card is"}) == {key: "<10 bytes>"}


@pytest.mark.parametrize(
    "line",
    [
        "append 512 bodies in 0.004 s",
        "conversation 0k3v9m2a8s7d6f5g4h3j2k1m0n assigned",
        "chat 123456789 gone",
        "at 1795291053123",
        "listening on http://127.0.0.1:8080",
        "2026-11-21T19:57:33.123456Z",
        "user-agent: Otklik",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert redacted_text(line) == line


def test_a_very_long_text_is_cut() -> None:
    assert len(redacted_text("a-" * 1_000_000)) < 20_000
    assert redacted_text("x" * 20_000).endswith(f"{20_000 - 16_384} more characters")


FORGERIES = [
    "ok\n2026-01-01T00:00:00Z error   forged",
    "ok\r\nforged",
    "ok\x85forged",
    "ok\u2028forged",
    "ok\x1b[2Kforged",
    "ok\x0b\x0cforged",
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_text_line_cannot_be_forged(forgery: str) -> None:
    stream = written("text")
    structlog.get_logger("x").info(forgery, key=forgery)
    logging.getLogger("y").warning("%s", forgery)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_trace_cannot_pass_for_a_line(forgery: str) -> None:
    stream = written("text")
    try:
        fail(forgery)
    except RuntimeError:
        structlog.get_logger("x").exception("broken")
    lines = stream.getvalue().splitlines()
    assert len(lines) > 3
    assert all(line.startswith("    | ") for line in lines[1:])


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers() | st.binary()))
def test_every_event_is_one_json_line(event: str, more: dict[str, object]) -> None:
    stream = written("json")
    clashing = {"event", "exc_info", "stack_info", "level", "exception", "stack", "timestamp"}
    structlog.get_logger("x").info(
        event, **{k: v for k, v in more.items() if k not in clashing and not k.startswith("_")}
    )
    lines = stream.getvalue().split("\n")
    assert lines[1:] == [""]
    assert json.loads(lines[0])["level"] == "info"


def test_lone_surrogates_do_not_break_a_line() -> None:
    for form in ("text", "json"):
        stream = written("json" if form == "json" else "text")
        structlog.get_logger("x").info("bad \udcff", name="\ud800")
        assert "bad" in stream.getvalue()


def test_a_json_line_begins_with_what_one_looks_for() -> None:
    stream = written("json")
    with structlog.contextvars.bound_contextvars(account="a1"):
        structlog.get_logger("otklik.delivery").info("sent", count=3)
    told = json.loads(stream.getvalue())
    assert list(told)[:4] == ["timestamp", "level", "event", "logger"]
    assert (told["event"], told["count"], told["account"]) == ("sent", 3, "a1")


def test_levels_hold_for_both_kinds_of_loggers() -> None:
    stream = written("json", "warning")
    structlog.get_logger("x").info("quiet")
    logging.getLogger("x").info("quiet")
    logging.getLogger("uvicorn.access").info("quiet")
    assert stream.getvalue() == ""
    structlog.get_logger("x").warning("loud")
    assert "loud" in stream.getvalue()


def test_libraries_lose_their_own_handlers() -> None:
    own = io.StringIO()
    logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler(own))
    stream = written("json")
    logging.getLogger("uvicorn.error").warning("started")
    assert own.getvalue() == ""
    assert json.loads(stream.getvalue())["logger"] == "uvicorn.error"
