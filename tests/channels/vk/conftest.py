"""A community in the sandbox and the business's end of it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from otklik.ports.channel import Connected, Subscribed
from sandbox.server import Running, Settings, run
from sandbox.vk import PLATFORM
from sandbox.vk.community import Community
from tests.channels.vk.community import CommunityLine


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def avenue() -> AsyncIterator[tuple[Running, aiohttp.ClientSession]]:
    async with (
        run(Settings(retry_scale=0.0001), (PLATFORM,)) as running,
        aiohttp.ClientSession() as session,
    ):
        yield running, session


@pytest_asyncio.fixture(loop_scope="module")
async def line(avenue: tuple[Running, aiohttp.ClientSession]) -> AsyncIterator[CommunityLine]:
    running, session = avenue
    line = CommunityLine("vk", running.url, session)
    app = web.Application()
    app.router.add_post("/hook", line.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await line.begin(username="tea_bridge")
    connected = await line.check()
    assert isinstance(connected, Connected), connected
    line.learn(dict(connected.settings))
    assert isinstance(await line.subscribe(), Subscribed)
    yield line
    await runner.cleanup()


@pytest.fixture
def community(line: CommunityLine, avenue: tuple[Running, aiohttp.ClientSession]) -> Community:
    account = avenue[0].sandbox.messengers["vk"][1].accounts[line.account]
    assert isinstance(account, Community)
    return account
