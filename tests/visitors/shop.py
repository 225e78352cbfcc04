"""A whole installation with a site chat, served on a port of its own, that can be stopped and
started again over the same data."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from litestar.types import ASGIApp

from otklik.accounts.api import create_account, make_key
from otklik.accounts.types import Caller, NewApiKey, Scope
from otklik.app import WIDGET, application
from otklik.inboxes.types import Inbox
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.ids import new_id
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from tests.fixtures.house import listening

Json = dict[str, Any]

SECRET = "an-invented-identity-secret-of-32-bytes-or-more"


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C belongs to the tests


class Shop:
    """The installation: its parts while it runs, its inbox, and what an operator would do."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.database_url = database_url
        self.sock = listening()
        self.port: int = self.sock.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.parts: Parts
        self.inbox: Json = {}
        self.key = ""
        self.account_id = ""
        self.owner: Caller
        self.pages: WidgetPages
        self._running: AsyncExitStack | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, folder: Path, database_url: str = "") -> AsyncIterator["Shop"]:
        shop = cls(folder, database_url)
        await shop.start()
        try:
            await shop.open_account()
            yield shop
        finally:
            await shop.stop()

    @property
    def base(self) -> str:
        return f"{self.url}/widget/v1/{self.inbox['public_key']}"

    async def start(self) -> None:
        stack = AsyncExitStack()
        settings = Settings(data_dir=str(self.folder), database_url=self.database_url)
        self.parts = await stack.enter_async_context(assembled(settings))
        self.pages = WidgetPages(WIDGET, self.parts.registry)
        app = application(self.parts, self.pages)
        await stack.enter_async_context(_served(app, self.sock))
        self._running = stack

    async def stop(self) -> None:
        if self._running is not None:
            await self._running.aclose()
            self._running = None

    async def restart(self) -> None:
        await self.stop()
        self.sock = listening(self.port)
        await self.start()

    async def api(self, method: str, path: str, body: object = None) -> Json:
        """Ask the API as an operator's integration would."""
        headers = {"Authorization": f"Bearer {self.key}"}
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as answer,
        ):
            assert answer.status < 300, (path, answer.status, await answer.text())
            given: Json = await answer.json()
            return given

    async def open_account(self) -> None:
        """Open the account, its key and its inbox."""
        owner = await create_account(self.parts.accounts, "Чайный мост")
        caller = Caller(
            account_id=owner.account_id,
            kind="operator",
            operator_id=owner.id,
            api_key_id=None,
            name="Анна",
            scopes=frozenset(Scope),
        )
        scopes: list[Scope] = [scope for scope in Scope if scope != Scope.ACCOUNT]
        made = await make_key(self.parts.accounts, caller, NewApiKey("Анна", scopes), "127.0.0.1")
        self.key, self.owner, self.account_id = made.key, caller, owner.account_id
        wish = {
            "channel": "widget",
            "title": "Чайный мост",
            "settings": {"greeting": "Добрый день! Подскажем с выбором чая."},
            "secrets": {"identity_secret": SECRET},
        }
        self.inbox = await self.api("POST", "/inboxes", wish)
        self.pages.shop_inbox = self.inbox["public_key"]

    async def set_up(self, **settings: str) -> None:
        """Change the settings of the inbox, as an admin would."""
        await self.api("PATCH", f"/inboxes/{self.inbox['id']}", {"settings": settings})

    def stored_inbox(self) -> Inbox:
        """Give the inbox as the process holds it."""
        found = self.parts.registry.by_key(self.inbox["public_key"])
        assert found is not None
        return found

    async def conversations(self) -> list[Json]:
        """Give the queue, the most recent first."""
        page = await self.api("GET", "/conversations?sort=recent")
        rows: list[Json] = page["items"]
        return rows

    async def do(self, deed: str, body: object = None) -> Json:
        """Do something in the most recent conversation."""
        row = (await self.conversations())[0]
        return await self.api("POST", f"/conversations/{row['id']}/{deed}", body)

    async def answer(self, text: str, **more: object) -> Json:
        """Answer in the most recent conversation, as an operator."""
        body = {"client_id": new_id(), "text": text, **more}
        return await self.do("messages", body)


@asynccontextmanager
async def _served(app: ASGIApp, sock: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, log_config=None, ws="websockets-sansio", lifespan="on", timeout_graceful_shutdown=1
    )
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve([sock]))
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving
