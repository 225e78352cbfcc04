"""The desk's socket over a real server: raw frames, not what a client makes of them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from otklik.accounts.http import make_door
from otklik.app import application
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from tests.accounts.house import HOUR, PASSWORD, HandClock, House
from tests.security.world import FOREIGN, OWN, Things, furnished

SIGNED_OUT = 4401


@dataclass
class Live:
    """A served installation with two accounts."""

    parts: Parts
    house: House
    port: int
    things: dict[str, Things]

    @asynccontextmanager
    async def browser(self, email: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as browser:
            wish = {"email": email, "password": PASSWORD}
            me = (await browser.post("/api/v1/sign-in", json=wish)).json()
            browser.headers["x-csrf-token"] = me["csrf_token"]
            yield browser

    def socket(self, ticket: str) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/api/v1/live?ticket={ticket}")


async def ticket_of(browser: httpx.AsyncClient) -> str:
    ticket: str = (await browser.post("/api/v1/live/ticket")).json()["ticket"]
    return ticket


async def greeted(socket: ClientConnection) -> None:
    assert json.loads(await socket.recv())["kind"] == "hello"


async def closed(socket: ClientConnection) -> tuple[int | None, float]:
    """Wait for the end; give its code and how many seconds that took."""
    started = time.monotonic()
    await asyncio.wait_for(socket.wait_closed(), 8)
    return socket.close_code, time.monotonic() - started


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Live]:
    settings, clock = Settings(data_dir=str(tmp_path / "var")), HandClock()
    async with assembled(settings, clock) as parts:
        app: Any = application(parts)  # two spellings of ASGI
        config = uvicorn.Config(app, port=0, log_config=None, lifespan="on")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        door = make_door(parts.accounts, parts.tickets, settings)
        house = House(parts.accounts, clock, door, app)
        things = {email: await furnished(house, parts, email) for email in (OWN, FOREIGN)}
        yield Live(parts, house, port, things)
        server.should_exit = True
        await serving


async def test_nothing_is_said_without_a_good_ticket(live: Live) -> None:
    async with live.browser(OWN) as browser:
        used = await ticket_of(browser)
        session = browser.cookies["otklik_session"]
    async with live.socket(used) as socket:
        await greeted(socket)
    for ticket in ("", "guess", used, session, live.parts.tickets.issue("visitor", "v")):
        async with live.socket(ticket) as socket:
            with pytest.raises(ConnectionClosed) as end:
                await socket.recv()
            assert end.value.rcvd is not None
            assert end.value.rcvd.code == SIGNED_OUT, ticket


async def test_a_socket_never_carries_a_byte_of_another_account(live: Live) -> None:
    foreign = live.things[FOREIGN]
    async with (
        live.browser(OWN) as own,
        live.browser(FOREIGN) as theirs,
        live.socket(await ticket_of(own)) as socket,
    ):
        await greeted(socket)
        views = ["queue", f"conversation:{foreign['conversation']}"]
        for since in (0, 1):
            await socket.send(json.dumps({"kind": "follow", "views": views, "since": since}))
        typing = {"kind": "typing", "conversation_id": foreign["conversation"]}
        await socket.send(json.dumps(typing))
        for who, things, text in ((theirs, foreign, "чужое"), (own, live.things[OWN], "своё")):
            where = f"/api/v1/conversations/{things['conversation']}"
            wish = {"client_id": f"client {text}", "text": text}
            assert (await who.post(f"{where}/messages", json=wish)).status_code == 201
        frames = ""
        async with asyncio.timeout(5):
            while "своё" not in frames:
                frames += str(await socket.recv())
    leaked = [thing for name, thing in foreign.items() if name != "position" and thing in frames]
    assert not leaked
    assert "чужое" not in frames
    assert FOREIGN not in frames


async def test_a_socket_closes_when_its_sign_in_ends(live: Live) -> None:
    async with live.browser(OWN) as browser, live.socket(await ticket_of(browser)) as socket:
        await greeted(socket)
        await browser.post("/api/v1/sign-out")
        code, seconds = await closed(socket)
    assert code == SIGNED_OUT
    assert seconds < 5


async def test_a_socket_closes_when_its_operator_is_deactivated(live: Live) -> None:
    colleague = f"colleague.of.{OWN}"
    async with (
        live.browser(colleague) as his,
        live.browser(OWN) as hers,
        live.socket(await ticket_of(his)) as socket,
    ):
        await greeted(socket)
        path = f"/api/v1/operators/{live.things[OWN]['colleague']}"
        assert (await hers.patch(path, json={"active": False})).status_code == 200
        code, seconds = await closed(socket)
    assert (code, seconds < 5) == (SIGNED_OUT, True)


async def test_a_socket_closes_when_its_key_is_revoked(live: Live) -> None:
    async with live.browser(OWN) as browser:
        wish = {"title": "К", "scopes": ["conversations:read"]}
        made = (await browser.post("/api/v1/api-keys", json=wish)).json()
        async with httpx.AsyncClient(base_url=browser.base_url) as program:
            program.headers["authorization"] = f"Bearer {made['key']}"
            ticket = await ticket_of(program)
        async with live.socket(ticket) as socket:
            await greeted(socket)
            await browser.delete(f"/api/v1/api-keys/{made['id']}")
            code, seconds = await closed(socket)
    assert (code, seconds < 5) == (SIGNED_OUT, True)


async def test_a_socket_closes_when_its_sign_in_runs_out_by_itself(live: Live) -> None:
    async with live.browser(OWN) as browser, live.socket(await ticket_of(browser)) as socket:
        await greeted(socket)
        live.house.clock.pass_ms(12 * HOUR)
        code, seconds = await closed(socket)
    assert (code, seconds < 5) == (SIGNED_OUT, True)


async def test_a_refused_frame_is_told_as_a_code_and_nothing_more(live: Live) -> None:
    async with live.browser(OWN) as browser, live.socket(await ticket_of(browser)) as socket:
        await greeted(socket)
        for frame in ("{", "null", '{"kind":"admin"}', '{"kind":"follow","views":5}', "[" * 900):
            await socket.send(frame)
            assert json.loads(await socket.recv()) == {"kind": "refused", "code": "malformed"}
