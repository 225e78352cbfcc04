"""A house with a front door, for every test that needs somebody to be signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from litestar import Litestar, Router

from otklik.accounts.api import Accounts, Passwords, Terms, Tickets
from otklik.accounts.http import CALLER, Door, accounts_router
from otklik.accounts.service.operators import add_operator, create_account, set_up_operator
from otklik.accounts.types import NewOperator, Operator, Role
from otklik.platform.database import Database, PostgresDatabase, SqliteDatabase
from otklik.platform.problems import EXCEPTION_HANDLERS
from otklik.platform.schema import metadata
from otklik.platform.web import place_doorman, read_networks
from otklik.platform.web_headers import SafeHeaders

PASSWORD = "correct horse battery staple"
START = 1_790_000_000_000
HOUR, DAY = 3_600_000, 86_400_000


class HandClock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = START

    def now_ms(self) -> int:
        return self.now

    def pass_ms(self, span: int) -> None:
        self.now += span


@asynccontextmanager
async def empty_database(kind: str, folder: Path, postgres_url: str) -> AsyncIterator[Database]:
    database: Database
    if kind == "sqlite":
        database = SqliteDatabase(folder / "otklik.db")
    else:
        database = PostgresDatabase(postgres_url)
        await database.write(metadata.drop_all)
    await database.write(metadata.create_all)
    try:
        yield database
    finally:
        await database.close()


@dataclass
class House:
    """One installation: its parts, its application, and the credentials that ended so far."""

    accounts: Accounts
    clock: HandClock
    door: Door
    app: Litestar
    ended: set[str] = field(default_factory=set)

    def browser(self, address: str = "203.0.113.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(
            SafeHeaders(self.app, secure=False),  # type: ignore[arg-type]  # two spellings of ASGI
            client=(address, 4711),
        )
        return httpx.AsyncClient(transport=transport, base_url="http://desk.example")

    async def owner(self, email: str = "olga@shop.example") -> Operator:
        blank = await create_account(self.accounts, "Лавка")
        return await set_up_operator(
            self.accounts, blank, name="Ольга", email=email, password=PASSWORD
        )

    async def colleague(self, account_id: str, email: str, role: Role) -> Operator:
        wish = NewOperator("Пётр", email, role)
        blank = await add_operator(self.accounts, account_id, wish)
        return await set_up_operator(
            self.accounts, blank, name="Пётр", email=email, password=PASSWORD
        )

    @asynccontextmanager
    async def signed_in(
        self, email: str, password: str = PASSWORD, address: str = "203.0.113.7"
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A browser whose cookie and CSRF header are in place."""
        async with self.browser(address) as browser:
            wish = {"email": email, "password": password}
            answer = await browser.post("/api/v1/sign-in", json=wish)
            assert answer.status_code == 200, answer.text
            browser.headers["x-csrf-token"] = answer.json()["csrf_token"]
            yield browser


@asynccontextmanager
async def opened(
    database: Database, *routers: Router, secure: bool = False, proxies: str = ""
) -> AsyncIterator[House]:
    clock = HandClock()
    passwords = Passwords(memory_kib=64)  # the real cost has tests of its own
    accounts = Accounts(database, clock, passwords, Terms(12 * HOUR, 30 * DAY))
    tickets = Tickets((b"k" * 32,), clock)
    door = Door(accounts, tickets, secure, "", read_networks(proxies))
    app = Litestar(
        [accounts_router(door), *routers],
        dependencies={"caller": CALLER},
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=1_048_576,
    )
    place_doorman(app, door)
    house = House(accounts, clock, door, app)
    accounts.on_ended(house.ended.update)
    try:
        yield house
    finally:
        passwords.close()
