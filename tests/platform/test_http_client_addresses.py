import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Self

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from otklik.platform.addresses import WEB_PORTS, AddressPolicy, parse_vouched
from otklik.platform.http_client import GuardedClient
from otklik.platform.http_outcomes import BadUrl, Forbidden, NotConnected
from otklik.ports.channel import Answer, Request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


LOOPBACKS = ["127.0.0.1", "::1"] if _has_ipv6() else ["127.0.0.1"]


class Listener:
    """A server nobody may reach: it counts who did."""

    def __init__(self, hosts: list[str], port: int = 0) -> None:
        self._hosts = hosts
        self.port = port
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._answer, self._hosts[0], self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._more = [
            await asyncio.start_server(self._answer, host, self.port) for host in self._hosts[1:]
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in (self._server, *self._more):
            server.close()
            await server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await writer.drain()
        writer.close()


class Names(AbstractResolver):
    """A name server whose answers change: each lookup of a name takes the next ones."""

    def __init__(self, answers: Iterable[list[str]]) -> None:
        self._answers = iter(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in next(self._answers)
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
async def forbidden() -> AsyncIterator[Listener]:
    async with Listener(LOOPBACKS) as listener:
        yield listener


def get(url: str) -> Request:
    return Request("GET", url, "test", timeout_s=3)


def policy_for(port: int, vouched: str = "") -> AddressPolicy:
    return AddressPolicy(parse_vouched(vouched), WEB_PORTS | {port})


DISGUISES = (Path(__file__).parent / "disguises.txt").read_text("utf-8").split()


@pytest.mark.parametrize("host", DISGUISES)
async def test_no_disguise_reaches_a_forbidden_listener(host: str, forbidden: Listener) -> None:
    async with GuardedClient(policy_for(forbidden.port)) as client:
        outcome = await client.send(get(f"http://{host}:{forbidden.port}/"))
    assert isinstance(outcome, Forbidden | BadUrl | NotConnected)
    assert forbidden.connections == 0


PLAIN_LIES = ["127.0.0.1", "①②⑦.0.0.1", "0x7f.1"]
if _has_ipv6():
    PLAIN_LIES += ["[::1]", "[::ffff:127.0.0.1]"]


@pytest.mark.parametrize("host", PLAIN_LIES)
async def test_the_same_disguises_do_arrive_when_vouched_for(
    host: str, forbidden: Listener
) -> None:
    everything = "127.0.0.0/8,::/0,0.0.0.0/8"
    async with GuardedClient(policy_for(forbidden.port, everything)) as client:
        outcome = await client.send(get(f"http://{host}:{forbidden.port}/"))
    assert isinstance(outcome, Answer)
    assert forbidden.connections == 1


@pytest.mark.parametrize(
    "url",
    ["", "/", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x", "http://",
     "http:///x", "http:127.0.0.1", "//127.0.0.1/", "unix:///var/run/docker.sock", "http://a b/",
     "http://a/\r\nHost: b", "http://a\tb/", "javascript:alert(1)", "data:,x", "http://[::1",
     "http://a:99999/", "http://a:-1/", "ws://127.0.0.1/", "http://\x00/", "http://" + "a" * 70,
     "http://\udcff/"],
)  # fmt: skip
async def test_what_is_not_a_web_address_is_refused(url: str) -> None:
    async with GuardedClient(AddressPolicy()) as client:
        assert isinstance(await client.send(get(url)), BadUrl)


async def test_a_reason_never_repeats_the_address(forbidden: Listener) -> None:
    secret = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    urls = [
        f"http://127.0.0.1:{forbidden.port}/bot{secret}/getMe",
        f"http://a b/bot{secret}/getMe",
        f"ftp://example.com/bot{secret}/getMe",
        f"http://{'a' * 70}/bot{secret}/getMe",
        f"http://nowhere.invalid/bot{secret}/getMe",
    ]
    async with GuardedClient(AddressPolicy()) as client:
        for url in urls:
            outcome = await client.send(get(url))
            assert not isinstance(outcome, Answer)
            assert secret not in repr(outcome)


async def test_a_name_that_rebinds_is_judged_at_every_connection(forbidden: Listener) -> None:
    names = Names([["127.0.0.2"], ["127.0.0.1"]])
    async with Listener(["127.0.0.2"]) as allowed:
        url = f"http://rebind.example:{allowed.port}/"
        policy = policy_for(allowed.port, "127.0.0.2/32")
        async with GuardedClient(policy, resolver=names) as client:
            assert isinstance(await client.send(get(url)), Answer)
        port = forbidden.port
        async with GuardedClient(policy_for(port, "127.0.0.2/32"), resolver=names) as client:
            outcome = await client.send(get(f"http://rebind.example:{port}/"))
    assert outcome == Forbidden("loopback")
    assert (allowed.connections, forbidden.connections) == (1, 0)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1", "::1"], ["::1", "127.0.0.1"], ["::ffff:127.0.0.1", "10.0.0.1"]]
)
async def test_a_name_with_several_forbidden_addresses_gets_none(
    addresses: list[str], forbidden: Listener
) -> None:
    names = Names([addresses])
    async with GuardedClient(policy_for(forbidden.port), resolver=names) as client:
        outcome = await client.send(get(f"http://many.example:{forbidden.port}/"))
    assert isinstance(outcome, Forbidden)
    assert forbidden.connections == 0


async def test_of_mixed_addresses_only_the_allowed_one_is_used(forbidden: Listener) -> None:
    names = Names([["127.0.0.1", "127.0.0.2"]])
    policy = policy_for(forbidden.port, "127.0.0.2/32")
    async with (
        Listener(["127.0.0.2"], forbidden.port) as good,
        GuardedClient(policy, resolver=names) as client,
    ):
        outcome = await client.send(get(f"http://mixed.example:{good.port}/"))
    assert isinstance(outcome, Answer)
    assert (forbidden.connections, good.connections) == (0, 1)


async def test_a_vouched_name_may_lead_inside_and_only_that_one(forbidden: Listener) -> None:
    names = Names([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]])
    policy = policy_for(forbidden.port, f"sandbox:{forbidden.port}")
    async with GuardedClient(policy, resolver=names) as client:
        assert isinstance(await client.send(get(f"http://SANDBOX:{forbidden.port}/")), Answer)
        assert forbidden.connections == 1
        for host in ("sandbox.example", "notsandbox"):
            outcome = await client.send(get(f"http://{host}:{forbidden.port}/"))
            assert outcome == Forbidden("loopback")
    assert forbidden.connections == 1


async def test_the_environment_names_no_proxy(
    forbidden: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{forbidden.port}")
    async with (
        Listener(["127.0.0.2"]) as allowed,
        GuardedClient(policy_for(allowed.port, "127.0.0.2/32")) as client,
    ):
        outcome = await client.send(get(f"http://127.0.0.2:{allowed.port}/"))
    assert isinstance(outcome, Answer)
    assert (allowed.connections, forbidden.connections) == (1, 0)
