"""A business and a person on two ends of WhatsApp's sandbox."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec
import pytest_asyncio
from aiohttp import web
from msgspec.structs import replace

from otklik.ports.channel import Connected, InboxConfig, Knock, Subscribed
from sandbox.server import Settings, run
from sandbox.whatsapp import PLATFORM
from tests.channels.kit.line import Line
from tests.channels.whatsapp.steps import check, step


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def lane() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    async with (
        run(Settings(retry_scale=0.0001), (PLATFORM,)) as running,
        aiohttp.ClientSession() as session,
    ):
        yield running.url, session


@pytest_asyncio.fixture(loop_scope="module")
async def line(lane: tuple[str, aiohttp.ClientSession]) -> AsyncIterator[Line]:
    line = Line("whatsapp", *lane)

    async def greet(request: web.Request) -> web.Response:
        knock = Knock("GET", dict(request.query), {}, b"")
        assert line.channel.greet is not None
        reply = line.channel.greet(knock, line.config)
        assert reply is not None
        return web.Response(status=reply.status, body=reply.body)

    app = web.Application()
    app.router.add_get("/hook", greet)
    app.router.add_post("/hook", line.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await line.begin()
    card = await line.control(f"/{line.account}", method="GET")
    settings = {**line.config.settings, **msgspec.convert(card["settings"], dict[str, str])}
    secrets = {**line.config.secrets, **msgspec.convert(card["secrets"], dict[str, str])}
    line.config = InboxConfig("i", settings, secrets | {"verify_token": "invented-verify"})
    found = await check(line)
    assert isinstance(found, Connected)
    line.config = replace(line.config, settings=settings | dict(found.settings))
    assert await step(line, "subscribe") == Subscribed()
    yield line
    await runner.cleanup()
