"""A business's own server, and the parts that send to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from otklik.events.api import Bell, Journal, Ledger, Subject
from otklik.events.types import EventKind
from otklik.platform.addresses import AddressPolicy, parse_vouched
from otklik.platform.http_client import GuardedClient
from otklik.platform.secret_box import SecretBox
from otklik.webhooks.jobs import WebhookLoop
from otklik.webhooks.service import Webhooks
from tests.accounts.house import House

BOX = SecretBox((bytes(range(32)),))
LOCAL = "127.0.0.1"


@dataclass
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """Answers with whatever status is next in `answers`, then with 204; `None` never answers."""

    url: str
    got: list[Got] = field(default_factory=list)
    answers: list[int | None] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    first: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def to(self, path: str) -> list[Got]:
        return [entry for entry in self.got if entry.path == path]

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(request.path, headers, await request.text()))
        self.first.set()
        status = self.answers.pop(0) if self.answers else 204
        if status is None or request.path.startswith("/dead"):
            await self.closing.wait()
            raise web.HTTPGone
        return web.Response(status=status, headers=self.headers)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver("")
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, LOCAL, 0)
    await site.start()
    port: int = runner.addresses[0][1]
    receiver.url = f"http://{LOCAL}:{port}"
    try:
        yield receiver
    finally:
        receiver.closing.set()
        await runner.cleanup()


@dataclass
class Outbound:
    """The sending side on one house: announce, then let the loop run dry."""

    house: House
    journal: Journal
    loop: WebhookLoop
    webhooks: Webhooks

    async def announce(self, account_id: str, *kinds: EventKind) -> None:
        at = self.house.clock.now

        def work(_connection: object, ledger: Ledger) -> None:
            for kind in kinds:
                ledger.announce(
                    account_id, kind, {"text": "Привет"}, at=at, about=Subject(contact_id="c")
                )

        await self.journal.write([account_id], work)

    async def drain(self, until: Callable[[], bool] | None = None) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            busy = await self.loop.round()
            if until is not None:
                if until():
                    return
            elif not busy and not self.loop.in_flight:
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the loop did not run dry")


@asynccontextmanager
async def sending(house: House, vouched: str = LOCAL) -> AsyncIterator[Outbound]:
    house.clock.now = time.time_ns() // 1_000_000  # receivers compare with the real time
    policy = AddressPolicy(vouched=parse_vouched(vouched))
    database = house.accounts.database
    async with GuardedClient(policy) as client:
        loop = WebhookLoop(database, BOX, client, house.clock, chance=lambda: 0.5)
        webhooks = Webhooks(database, house.clock, BOX, loop.wake)
        try:
            yield Outbound(house, Journal(database, Bell()), loop, webhooks)
        finally:
            await loop.close()
