"""What every answer has in common: refusals people understand, headers browsers obey."""

import re
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Response, get

from otklik.kernel.errors import UnavailableError
from otklik.platform.problems import EXCEPTION_HANDLERS, invalid_of
from otklik.platform.web import OPEN, client_address, locale_of, place_doorman
from otklik.platform.web_headers import SafeHeaders
from tests.accounts.house import PASSWORD, House, empty_database, opened

SIGN_IN = "/api/v1/sign-in"
KEYS = "/api/v1/api-keys"
OLGA = "olga@shop.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with empty_database("sqlite", tmp_path, "") as database, opened(database) as made:
        await made.owner()
        yield made


async def test_a_refusal_is_told_in_the_readers_language(house: House) -> None:
    async with house.browser() as browser:
        for language, words in (
            ("ru-RU,ru;q=0.9,en;q=0.8", "Войдите, чтобы продолжить."),
            ("en-GB,en;q=0.9,ru;q=0.1", "Sign in to continue."),
            ("de", "Войдите, чтобы продолжить."),
        ):
            answer = await browser.get(KEYS, headers={"accept-language": language})
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json() == {
                "type": "urn:otklik:problem:not_signed_in",
                "title": "Unauthorized",
                "status": 401,
                "code": "not_signed_in",
                "detail": words,
            }


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 422, None),
        (b"{", 400, None),
        (b"null", 422, None),
        (b"[]", 422, None),
        (b'{"email": "a@b.example"}', 422, "password"),
        (b'{"email": "a@b.example", "password": "x", "admin": true}', 422, "admin"),
        (b'{"email": ["a@b.example"], "password": "x"}', 422, "email"),
        (b'{"email": {"$ne": ""}, "password": "x"}', 422, "email"),
        (b'{"email": 5, "password": "x"}', 422, "email"),
        (b'{"email": "", "password": "x"}', 422, "email"),
        (b'{"email": "a@b.example", "password": "' + b"x" * 2_000 + b'"}', 422, "password"),
        (b'{"email": "a@b.example", "password": "\\ud800"}', 400, None),
        (b'{"email": "a@b.example", "password": "\xff"}', 400, None),
        (b'{"email": "a\\u0000@b.example", "password": "\\u0000"}', 401, None),
        (b"[" * 100_000, 422, None),
        (b'{"email":' * 50_000, 422, None),
        (b'{"__proto__": {}, "email": "a@b.example", "password": "x"}', 422, "__proto__"),
        (b'{"email": "' + b"x" * 1_100_000 + b'"}', 413, None),
    ],
)
async def test_broken_input_is_refused_by_name(
    house: House, body: bytes, status: int, field: str | None
) -> None:
    async with house.browser() as browser:
        answer = await browser.post(
            SIGN_IN, content=body, headers={"content-type": "application/json"}
        )
    assert answer.status_code == status, answer.text
    assert answer.json().get("field") == field
    assert answer.json()["detail"]


async def test_unknown_addresses_and_methods_are_refused_alike(house: House) -> None:
    async with house.browser() as browser:
        for method, path, status in (
            ("GET", "/api/v1/nowhere", 404),
            ("GET", "/api/v1/api-keys/../../etc/passwd", 404),
            ("DELETE", "/api/v1/me", 405),
        ):
            answer = await browser.request(method, path)
            assert answer.status_code == status
            assert answer.json()["status"] == status
            assert "passwd" not in answer.text


@get("/broken", guards=[OPEN])
async def broken() -> None:
    raise RuntimeError("the secret is 12345")


@get("/full", guards=[OPEN])
async def full() -> None:
    raise UnavailableError(retry_after_s=7)


@get("/own", guards=[OPEN])
async def own() -> Response[str]:
    return Response("x", headers={"Content-Security-Policy": "sandbox", "X-Request-Id": "mine"})


@pytest.fixture
async def bare() -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(
        [broken, full, own],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    place_doorman(app, None)  # type: ignore[arg-type]  # its routes are all open
    wrapped = SafeHeaders(app, secure=True)
    transport = httpx.ASGITransport(wrapped)  # type: ignore[arg-type]  # two spellings of ASGI
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as client:
        yield client


async def test_what_we_did_not_foresee_tells_nothing_of_our_inside(
    bare: httpx.AsyncClient,
) -> None:
    answer = await bare.get("/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "error"
    assert "12345" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_store_that_is_gone_asks_to_come_again(bare: httpx.AsyncClient) -> None:
    answer = await bare.get("/full")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")


async def test_every_answer_tells_browsers_what_they_may_do(bare: httpx.AsyncClient) -> None:
    for path in ("/broken", "/full", "/nowhere"):
        headers = (await bare.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert re.search(r"script-src 'self'(;|$)", policy)
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["strict-transport-security"]
        assert headers["x-request-id"]


async def test_an_answer_keeps_the_policy_it_has(bare: httpx.AsyncClient) -> None:
    answer = await bare.get("/own")
    assert answer.headers.get_list("content-security-policy") == ["sandbox"]


async def test_a_request_keeps_the_name_a_proxy_gave_it_unless_it_is_odd(
    bare: httpx.AsyncClient,
) -> None:
    given = await bare.get("/full", headers={"x-request-id": "proxy-12345678"})
    assert given.headers["x-request-id"] == "proxy-12345678"
    odd = await bare.get("/full", headers={"x-request-id": "<script>alert(1)</script>"})
    assert re.fullmatch(r"[0-9a-z]{26}", odd.headers["x-request-id"])


async def test_answers_with_secrets_are_not_kept(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.post(SIGN_IN, json={"email": OLGA, "password": PASSWORD})
    assert answer.headers["cache-control"] == "no-store"


PROXY = (ip_network("10.0.0.0/8"),)


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "6.6.6.6", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "unknown"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("", "", "unknown"),
    ],
)
def test_the_address_that_limits_go_by(client: str, forwarded: str, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "client": (client, 1), "headers": headers}
    assert client_address(scope, PROXY) == address  # type: ignore[arg-type]  # as servers give it


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "ru"),
        ("en", "en"),
        ("en;q=0.2, ru;q=0.3", "ru"),
        ("*", "ru"),
        ("EN-us", "en"),
        ("en;q=x, ru;q=0.1", "ru"),
        ("be, uk;q=0.5, en;q=0.4", "en"),
    ],
)
def test_the_language_asked_for(header: str, locale: str) -> None:
    assert locale_of({"accept-language": header}) == locale


@pytest.mark.parametrize(
    ("message", "ru", "field"),
    [
        (
            "Expected `str` of length >= 8 - at `$.data.client_id`",
            "В «client_id»: не меньше 8 знаков.",
            "client_id",
        ),
        (
            "Expected `array` of length <= 20 - at `$.data.views`",
            "В «views»: не больше 20 значений.",
            "views",
        ),
        (
            "Object contains unknown field `x` - at `$.data.location`",
            "Поля «location.x» здесь нет.",
            "location.x",
        ),
        (
            "Expected `str`, got `int` - at `$.data.scopes[1]`",
            "В «scopes[1]»: нужно str, а не int.",
            "scopes[1]",
        ),
    ],
)
def test_a_fault_is_told_as_a_sentence(message: str, ru: str, field: str) -> None:
    error = invalid_of(message)
    assert (error.ru, error.field) == (ru, field)


@given(st.text())
def test_any_fault_becomes_a_sentence(message: str) -> None:
    error = invalid_of(message)
    assert error.en
    assert error.ru
