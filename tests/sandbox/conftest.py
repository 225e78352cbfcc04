"""A running sandbox, its orders, an independent bot library, a webhook that remembers."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from sandbox.server import Running, Settings, run

TOKEN = "4242:AAF-invented-token-of-a-bot"
SECRET = "not-a-real-secret"
T = TypeVar("T")


class Control:
    """Orders to the sandbox over its own HTTP."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self.url = url
        self.bot_url = f"{url}/control/telegram/bots/{TOKEN}"

    async def post(
        self, path: str, body: object = None, status: int | None = None
    ) -> dict[str, object]:
        async with self._session.post(self._address(path), json=body or {}) as answer:
            read: dict[str, object] = await answer.json(content_type=None)
            assert status is None or answer.status == status, read
            assert status is not None or answer.ok, read
            return read

    async def get(self, path: str) -> list[dict[str, object]]:
        async with self._session.get(self._address(path)) as answer:
            assert answer.ok, await answer.text()
            read: list[dict[str, object]] = await answer.json()
            return read

    async def look(self, path: str) -> dict[str, object]:
        async with self._session.get(self._address(path)) as answer:
            assert answer.ok, await answer.text()
            read: dict[str, object] = await answer.json()
            return read

    async def delete(self, path: str) -> None:
        async with self._session.delete(self._address(path)) as answer:
            assert answer.ok, await answer.text()

    async def call(self, method: str, **fields: object) -> tuple[int, dict[str, object]]:
        """Call the Bot API without any library in between."""
        address = f"{self.url}/telegram/bot{TOKEN}/{method}"
        async with self._session.post(address, json=fields) as answer:
            return answer.status, await answer.json()

    async def person(self, name: str = "Ира", *, started: bool = True) -> int:
        card = await self.post("/people", {"first_name": name})
        user = card["user"]
        assert isinstance(user, dict)
        if started:
            await self.act(user["id"], "start")
        number: int = user["id"]
        return number

    async def act(self, person: int, name: str, **fields: object) -> dict[str, object]:
        answer = await self.post(f"@/people/{person}/{name}", fields)
        result = answer["result"]
        return result if isinstance(result, dict) else {"result": result}

    def _address(self, path: str) -> str:
        if path.startswith("@"):
            return self.bot_url + path[1:]
        return f"{self.url}/control/telegram{path}"


@dataclass
class Hook:
    """A bot's webhook: what came, in order, and how it answers."""

    url: str = ""
    came: list[dict[str, object]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answer: Callable[[dict[str, object]], web.Response] = lambda _: web.Response()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.came.append(body)
        self.times.append(time.monotonic())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.answer(body)

    def texts(self) -> list[object]:
        messages = [update["message"] for update in self.came if "message" in update]
        return [message.get("text") for message in messages if isinstance(message, dict)]

    async def wait(self, count: int) -> None:
        await until(lambda: len(self.came) >= count)


async def until(true: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Wait for something that another task makes true."""
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 - what is awaited happens over HTTP
            await asyncio.sleep(0.005)


async def eventually(
    look: Callable[[], Awaitable[T]], true: Callable[[T], bool], timeout_s: float = 20.0
) -> T:
    """Look again and again until what is seen is as it should be."""
    async with asyncio.timeout(timeout_s):
        while not true(seen := await look()):  # noqa: ASYNC110 - seen only over HTTP
            await asyncio.sleep(0.01)
    return seen


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with run(Settings(retry_scale=0.02, webhook_timeout_s=1.0)) as sandbox:
        yield sandbox


@pytest.fixture
async def control(running: Running) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as session:
        control = Control(session, running.url)
        await control.post("/bots", {"token": TOKEN})
        yield control


@pytest.fixture
async def bot(control: Control) -> AsyncIterator[Bot]:
    server = TelegramAPIServer.from_base(f"{control.url}/telegram")
    session = AiohttpSession(api=server)
    yield Bot(TOKEN, session=session)
    # The library's own close() sleeps a quarter of a second for TLS that is not there.
    if session._session is not None:
        await session._session.close()


@pytest.fixture
async def hook(control: Control) -> AsyncIterator[Hook]:
    """A webhook that is already set, with a secret."""
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await control.call("setWebhook", url=hook.url, secret_token=SECRET)
    yield hook
    await control.call("deleteWebhook")
    await runner.cleanup()
