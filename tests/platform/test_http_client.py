import asyncio
import contextlib
import gzip
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from yarl import URL

from otklik.platform.addresses import AddressPolicy, parse_vouched
from otklik.platform.http_client import GuardedClient, Limits, _next, trusting
from otklik.platform.http_outcomes import (
    AnswerLost,
    BadUrl,
    Forbidden,
    NotConnected,
    TooLarge,
)
from otklik.ports.channel import Answer, Request
from tests.platform.web_servers import (
    Answering,
    Talk,
    echo,
    reset,
    resetting,
    saying,
    serving,
    silence,
    talking,
)

LOCAL = AddressPolicy(parse_vouched("127.0.0.0/8"))
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    async with GuardedClient(LOCAL) as made:
        yield made


def post(url: str, timeout_s: float = 5.0) -> Request:
    return Request("POST", url, "test", body=b"{}", timeout_s=timeout_s)


def get(url: str, headers: dict[str, str] | None = None) -> Request:
    return Request("GET", url, "test", headers=headers or {}, timeout_s=5)


# --- nothing was sent ------------------------------------------------------------------------


async def test_a_refused_connection_sent_nothing(client: GuardedClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert isinstance(await client.send(post(f"http://127.0.0.1:{port}/")), NotConnected)


async def test_a_name_that_does_not_resolve_sent_nothing(client: GuardedClient) -> None:
    outcome = await client.send(post("http://nowhere.invalid/"))
    assert outcome == NotConnected("the name does not resolve")


async def test_a_full_backlog_sent_nothing(client: GuardedClient) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = []
        for _ in range(4):  # nobody accepts: the kernel stops answering new ones
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(address)
        outcome = await client.send(post(f"http://127.0.0.1:{address[1]}/", 0.6))
        for one in waiting:
            one.close()
    assert outcome == NotConnected("no connection in time")


async def test_a_server_without_tls_sent_nothing(client: GuardedClient) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with talking(plain) as url:
        outcome = await client.send(post(url.replace("http:", "https:")))
    assert isinstance(outcome, NotConnected)


async def test_a_broken_tls_greeting_sent_nothing(client: GuardedClient) -> None:
    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        reset(writer)

    async with talking(slam) as url:
        outcome = await client.send(post(url.replace("http:", "https:")))
    assert isinstance(outcome, NotConnected)


async def test_a_silent_tls_greeting_sent_nothing(client: GuardedClient) -> None:
    async with talking(silence) as url:
        outcome = await client.send(post(url.replace("http:", "https:"), 0.6))
    assert outcome == NotConnected("no connection in time")


def signed_by_nobody(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    own = serialization.PrivateFormat.PKCS8
    file = folder / "both.pem"
    file.write_bytes(
        key.private_bytes(pem, own, serialization.NoEncryption()) + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_an_untrusted_certificate_sent_nothing(client: GuardedClient, tmp_path: Path) -> None:
    heard = b""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard += await reader.read(1_000)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=signed_by_nobody(tmp_path))
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await client.send(post(f"https://127.0.0.1:{port}/bot{TOKEN}/x"))
    assert outcome == NotConnected("no trusted TLS connection")
    assert heard == b""


async def test_waiting_for_a_free_connection_sent_nothing() -> None:
    async with (
        GuardedClient(LOCAL, limits=Limits(connections=1)) as client,
        talking(silence) as url,
    ):
        first = asyncio.create_task(client.send(post(url, 2)))
        await asyncio.sleep(0.1)
        assert await client.send(post(url, 0.4)) == NotConnected("no connection in time")
        assert await first == AnswerLost("no answer in time")


# --- the answer is missing -------------------------------------------------------------------


@pytest.mark.parametrize(
    "talk",
    [
        saying(b""),
        saying(b"HTTP/1.1 200 OK\r\nContent-Le"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"),
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n"),
        resetting,
        silence,
    ],
)
async def test_what_was_sent_and_not_answered_is_uncertain(
    talk: Talk, client: GuardedClient
) -> None:
    async with talking(talk) as url:
        assert isinstance(await client.send(post(url, 1.0)), AnswerLost)


async def test_a_slow_answer_ends_at_the_total_time(client: GuardedClient) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.05)

    started = asyncio.get_running_loop().time()
    async with talking(drip) as url:
        assert isinstance(await client.send(post(url, 0.5)), AnswerLost)
    assert asyncio.get_running_loop().time() - started < 2


async def test_a_kept_connection_that_closes_under_a_request_is_uncertain_and_not_repeated(
    client: GuardedClient,
) -> None:
    seen: list[bytes] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"{}"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        seen.append(await reader.readuntil(b"{}"))

    async with talking(once) as url:
        assert isinstance(await client.send(post(url)), Answer)
        assert isinstance(await client.send(post(url)), AnswerLost)
    assert len(seen) == 2


# --- answers ---------------------------------------------------------------------------------


async def test_an_answer_has_lower_case_headers_and_the_body(client: GuardedClient) -> None:
    async with serving(echo) as url:
        answer = await client.send(post(url + f"/bot{TOKEN}/sendMessage"))
    assert isinstance(answer, Answer)
    assert (answer.status, answer.headers["x-odd"]) == (200, "1")
    told = json.loads(answer.body)
    assert told["body"] == "{}"
    assert told["headers"]["content-type"] == "application/json"
    assert told["headers"]["content-length"] == "2"


async def test_the_type_an_adapter_gives_is_kept(client: GuardedClient) -> None:
    request = Request("POST", "", "test", headers={"content-type": "text/x"}, body=b"{}")
    async with serving(echo) as url:
        answer = await client.send(replace(request, url=url))
    assert isinstance(answer, Answer)
    assert json.loads(answer.body)["headers"]["content-type"] == "text/x"


@pytest.mark.parametrize("status", [200, 204, 304, 400, 403, 429, 500, 502])
async def test_every_status_is_an_answer(status: int, client: GuardedClient) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "7"})

    async with serving(answer) as url:
        outcome = await client.send(post(url))
    assert isinstance(outcome, Answer)
    assert (outcome.status, outcome.headers["retry-after"]) == (status, "7")


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_answer_over_the_limit_is_dropped(chunked: bool, client: GuardedClient) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if not chunked:
            response.content_length = 2_000_000
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for _ in range(20):
                await response.write(b"x" * 100_000)
        return response

    async with serving(answer) as url:
        assert await client.send(post(url), max_bytes=1_000_000) == TooLarge(200, 1_000_000)
        answer_in_bounds = await client.send(post(url), max_bytes=2_000_000)
    assert isinstance(answer_in_bounds, Answer)
    assert len(answer_in_bounds.body) == 2_000_000


async def test_a_packed_bomb_is_dropped(client: GuardedClient) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    async with serving(answer) as url:
        assert await client.send(get(url)) == TooLarge(200, 5_242_880)


async def test_cookies_are_not_kept(client: GuardedClient) -> None:
    async def answer(request: web.Request) -> web.Response:
        given = request.headers.get("Cookie", "")
        return web.Response(text=given, headers={"Set-Cookie": "a=1; Path=/"})

    async with serving(answer) as url:
        for _ in range(2):
            outcome = await client.send(get(url))
            assert isinstance(outcome, Answer)
            assert outcome.body == b""


async def test_addresses_are_not_logged(
    client: GuardedClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(echo) as url, talking(resetting) as broken:
        await client.send(post(f"{url}/bot{TOKEN}/x"))
        await client.send(post(f"{broken}/bot{TOKEN}/x"))
        await client.send(post(f"http://nowhere.invalid/bot{TOKEN}/x"))
        records = [record for record in caplog.records if record.name != "aiohttp.access"]
    assert not any(TOKEN in record.getMessage() for record in records)


# --- redirects -------------------------------------------------------------------------------


def redirecting(target: str, status: int = 302, hops: int = 1_000) -> Answering:
    """Send `hops` times to `target`, with the count of the hop at its end."""

    async def answer(request: web.Request) -> web.Response:
        hop = int(request.query.get("hop", "0"))
        if hop >= hops:
            return await echo(request)
        return web.Response(status=status, headers={"Location": f"{target}?hop={hop + 1}"})

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_five_redirects_are_followed_and_six_are_not(
    status: int, client: GuardedClient
) -> None:
    for hops, wanted in ((5, Answer), (6, BadUrl)):
        async with serving(redirecting("/", status, hops)) as url:
            outcome = await client.send(get(url, {"X-Token": TOKEN}))
            assert isinstance(outcome, wanted)
        if isinstance(outcome, Answer):
            assert json.loads(outcome.body)["headers"]["x-token"] == TOKEN


async def test_headers_do_not_follow_to_another_host(client: GuardedClient) -> None:
    async with serving(echo, "127.0.0.2") as other, serving(redirecting(other + "/")) as url:
        outcome = await client.send(get(url, {"Authorization": "Bearer x", "X-Token": TOKEN}))
    assert isinstance(outcome, Answer)
    headers = json.loads(outcome.body)["headers"]
    assert "authorization" not in headers
    assert "x-token" not in headers


async def test_a_redirect_inside_is_refused_and_never_connected() -> None:
    connections = 0

    async def count(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1

    async with talking(count) as inner:
        port = int(inner.rpartition(":")[2])
        policy = AddressPolicy(parse_vouched("127.0.0.2"), frozenset({port}))
        targets = [inner, f"//127.1:{port}/", f"http://localhost:{port}/", f"http://0:{port}/",
                   f"http://[::ffff:127.0.0.1]:{port}/", f"http://a@127.0.0.1:{port}/",
                   "file:///etc/passwd", "http://\\\\127.0.0.1", "gopher://127.0.0.1/"]  # fmt: skip
        async with GuardedClient(policy) as client:
            for target in targets:
                async with serving(redirecting(target), "127.0.0.2") as url:
                    outcome = await client.send(get(url))
                assert isinstance(outcome, Forbidden | BadUrl | NotConnected), target
    assert connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_body_is_never_repeated_elsewhere(status: int, client: GuardedClient) -> None:
    async with serving(redirecting("/", status)) as url:
        outcome = await client.send(post(url))
    assert isinstance(outcome, Answer)
    assert outcome.status == status


def test_a_redirect_from_https_to_http_is_refused() -> None:
    assert isinstance(_next(URL("https://a.example/x"), "http://a.example/y"), Forbidden)
    assert _next(URL("https://a.example/x"), "/y") == URL("https://a.example/y")


async def test_these_tests_run_on_the_loop_of_the_product() -> None:
    assert type(asyncio.get_running_loop()).__module__.startswith("uvloop")


async def test_a_named_authority_is_trusted_by_those_who_name_it_alone(tmp_path: Path) -> None:
    server_side = signed_by_nobody(tmp_path)
    contexts = trusting({"max": str(tmp_path / "both.pem"), "nobody": ""})
    assert contexts.keys() == {"max"}
    contexts["max"].check_hostname = False  # the name in it is not an address

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=server_side)
    async with server, GuardedClient(LOCAL, authorities=contexts) as client:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        trusted = await client.send(Request("GET", url, "x", trust="max"))
        assert isinstance(trusted, Answer)
        assert trusted.body == b"ok"
        for name in ("", "somebody"):
            outcome = await client.send(Request("GET", url, "x", trust=name))
            assert outcome == NotConnected("no trusted TLS connection")
