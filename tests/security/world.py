"""Two accounts that must never see each other, each with one of everything."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from otklik.accounts.types import Role
from otklik.events.api import Bell, Journal, Ledger
from otklik.events.types import EventKind
from otklik.kernel.ids import new_id
from otklik.platform.addresses import AddressPolicy
from otklik.platform.database import Database
from otklik.platform.http_client import GuardedClient
from otklik.webhooks.http import webhooks_router
from otklik.webhooks.jobs import WebhookLoop
from otklik.webhooks.service import Webhooks
from tests.accounts.house import START, HandClock, House, opened
from tests.security.matrix import ROWS
from tests.webhooks.receiver import BOX

OWN, FOREIGN = "own@shop.example", "foreign@shop.example"


@dataclass
class World:
    """A house with two accounts; `things` maps an owner's e-mail to ids by the matrix's names."""

    house: House
    things: dict[str, dict[str, str]]

    def path(self, route: str, ids: Mapping[str, str]) -> str:
        path = route.partition(" ")[2]
        for parameter, thing in ROWS[route].ids.items():
            path = path.replace(f"{{{parameter}}}", ids[thing])
        return path

    async def ask(
        self, browser: httpx.AsyncClient, route: str, ids: Mapping[str, str] | None = None
    ) -> httpx.Response:
        path = self.path(route, self.things[OWN] if ids is None else ids)
        return await browser.request(route.partition(" ")[0], path, json=ROWS[route].body)

    def strangers_ids(self) -> dict[str, str]:
        return {thing: new_id() for thing in self.things[OWN]}


@asynccontextmanager
async def populated(database: Database) -> AsyncIterator[World]:
    clock = HandClock()
    async with GuardedClient(AddressPolicy()) as client:
        loop = WebhookLoop(database, BOX, client, clock)
        webhooks = Webhooks(database, clock, BOX, loop.wake)
        async with opened(database, webhooks_router(webhooks)) as house:
            world = World(house, {})
            for email in (OWN, FOREIGN):
                world.things[email] = await _furnished(house, email, loop)
            yield world


async def _furnished(house: House, email: str, loop: WebhookLoop) -> dict[str, str]:
    owner = await house.owner(email)
    colleague = await house.colleague(owner.account_id, f"colleague.of.{email}", Role.OPERATOR)
    async with house.signed_in(email) as browser:
        wish: dict[str, object] = {"title": "К", "scopes": ["webhooks"]}
        key = (await browser.post("/api/v1/api-keys", json=wish)).json()
        wish = {"url": "https://nowhere.invalid/hook"}
        endpoint = (await browser.post("/api/v1/webhooks", json=wish)).json()

    def work(_connection: object, ledger: Ledger) -> None:
        ledger.announce(owner.account_id, EventKind.MESSAGE_CREATED, {}, at=START)

    await Journal(house.accounts.database, Bell()).write([owner.account_id], work)
    await loop.round()
    await loop.close()
    attempt = await house.accounts.database.read(
        lambda c: c.exec_driver_sql(
            f"SELECT id FROM webhook_attempts WHERE endpoint_id = '{endpoint['id']}'"  # noqa: S608
        ).scalar_one()
    )
    return {
        "colleague": colleague.id,
        "key": key["id"],
        "endpoint": endpoint["id"],
        "attempt": attempt,
    }
