"""A whole installation with a site chat, served on a port of its own, that can be stopped and
started again over the same data."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from litestar.types import ASGIApp
from sqlalchemy import Connection

from otklik.accounts.api import create_account
from otklik.accounts.types import Caller
from otklik.app import WIDGET, application
from otklik.channels import CHANNELS
from otklik.conversations.service import Desk, reply
from otklik.conversations.store import QueueFilter, queue
from otklik.conversations.types import ConversationRow, MessageView, NewMessage
from otklik.events.api import Ledger
from otklik.inboxes import api as inboxes
from otklik.inboxes.types import Inbox
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.ids import OperatorId, new_id
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings

SECRET = "an-invented-identity-secret-of-32-bytes-or-more"


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C belongs to the tests


class Shop:
    """The installation: its parts while it runs, its inbox, and what an operator would do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.sock.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.parts: Parts
        self.inbox: Inbox
        self._running: AsyncExitStack | None = None

    @property
    def base(self) -> str:
        return f"{self.url}/widget/v1/{self.inbox.public_key}"

    async def start(self) -> None:
        stack = AsyncExitStack()
        settings = Settings(data_dir=str(self.folder))
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
        self.sock = socket.create_server(("127.0.0.1", self.port))
        await self.start()

    async def open_inbox(self, **settings: str) -> Inbox:
        owner = await create_account(self.parts.accounts, "Чайный мост")
        inbox = await self._add_inbox(owner.account_id, settings)
        self.pages.shop_inbox = inbox.public_key
        return inbox

    async def _add_inbox(self, account_id: str, settings: dict[str, str]) -> Inbox:
        def work(connection: Connection, ledger: Ledger) -> Inbox:
            return inboxes.create(
                connection,
                ledger,
                self.parts.box,
                account_id,
                channel="widget",
                title="Чайный мост",
                settings={"greeting": "Добрый день! Подскажем с выбором чая.", **settings},
                secrets={"identity_secret": SECRET},
                now=self.parts.clock.now_ms(),
            )

        made = await self.parts.journal.write([account_id], work)
        await self.parts.registry.reload()
        return made

    def operator(self, name: str = "Анна") -> Caller:
        return Caller(
            account_id=self.inbox.account_id,
            kind="operator",
            operator_id=OperatorId(new_id()),
            api_key_id=None,
            name=name,
            scopes=frozenset(),
        )

    async def conversations(self) -> list[ConversationRow]:
        account_id = self.inbox.account_id
        return await self.parts.database.read(lambda c: queue(c, account_id, QueueFilter()))

    async def answer(self, text: str, **fields: Any) -> MessageView:
        """Answer in the newest conversation, as an operator."""
        (conversation, *_) = await self.conversations()
        draft = NewMessage(client_id=new_id(), text=text, **fields)

        def channel(_inbox_id: str) -> Any:
            return CHANNELS["widget"]

        def work(connection: Connection, ledger: Ledger) -> MessageView:
            desk = Desk(connection, ledger, self.operator(), self.parts.clock.now_ms())
            return reply(desk, conversation.id, draft, channel)

        return await self.parts.journal.write([self.inbox.account_id], work)


@asynccontextmanager
async def _served(app: ASGIApp, sock: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(app, log_config=None, ws="websockets-sansio", lifespan="on")
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve([sock]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving
