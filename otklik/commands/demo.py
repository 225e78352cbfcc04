"""The demo: an invented tea shop, its operators, and customers who write right now."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, cast

import aiohttp
import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from otklik import serving
from otklik.accounts import api as accounts
from otklik.accounts.types import NewOperator, Operator, Role
from otklik.app import WIDGET, application, switchboard
from otklik.commands import demo_messengers
from otklik.commands.accounts import sign_in_address
from otklik.commands.demo_messengers import Stall
from otklik.conversations.api import add_labels
from otklik.conversations.types import LabelColor
from otklik.inboxes.http import NewInbox, connect
from otklik.inboxes.types import Inbox
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.clock import SystemClock
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from sandbox.server import Sandbox
from sandbox.server import Settings as SandboxSettings

SHOP = "Чайный мост"
BOT_TOKEN = "7001001:demo_tea_bridge_invented_token"  # noqa: S105 - of the sandbox's own bot
_SANDBOX = "/sandbox"
_DEFAULT_FOLDER = "var/demo"
_EPOCH_S = 1_767_225_600  # 2026-01-01: ids of the sandbox grow from run to run


class Mounted:
    """The application with the sandbox under one path of the same port."""

    def __init__(self, app: ASGIApp, sandbox: ASGIApp) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        path: str = scope.get("path", "")
        if not path.startswith(_SANDBOX + "/"):
            await self._app(scope, receive, send)
            return
        inner = dict(scope)
        inner["path"] = path.removeprefix(_SANDBOX)
        inner["raw_path"] = scope["raw_path"].removeprefix(_SANDBOX.encode())
        await self._sandbox(inner, receive, send)  # type: ignore[arg-type]


async def demo(settings: Settings, words: argparse.Namespace) -> int:
    """Serve the shop until Ctrl-C."""
    listening = serving.listen(settings.host, settings.port)
    address = serving.address_of(listening)
    if settings.data_dir == Settings().data_dir:
        settings = msgspec.structs.replace(settings, data_dir=_DEFAULT_FOLDER)
    first_id = SystemClock().now_ms() // 1000 - _EPOCH_S
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        sandbox = Sandbox(SandboxSettings(first_id=first_id), session)
        async with sandbox.open(address + _SANDBOX):
            stalls = demo_messengers.set_up(sandbox, Path(settings.data_dir), SHOP)
            async with assembled(_settings(settings, address, stalls)) as parts:
                pages = WidgetPages(WIDGET, parts.registry)
                shop = application(parts, pages, sandbox=True)

                async def ready(_address: str) -> None:
                    await _open(parts, Street(address, session, stalls, words.pace))
                    pages.shop_inbox = _inbox(parts, "widget").public_key
                    await _greet(parts, address)

                def leaving() -> None:
                    sandbox.stop()
                    sandbox.feed.close()

                both = Mounted(shop, cast("ASGIApp", sandbox.asgi))
                await serving.serve(both, listening, ready, leaving)
    return 0


class Street(NamedTuple):
    """Where the shop stands: this server's address, the messengers around, how fast people are."""

    address: str
    session: aiohttp.ClientSession
    stalls: list[Stall]
    pace: float

    @property
    def sandbox(self) -> str:
        """Where the sandbox is."""
        return self.address + _SANDBOX


def _settings(settings: Settings, address: str, stalls: list[Stall]) -> Settings:
    host = address.removeprefix("http://")
    local = [settings.allow_private_hosts, host, *demo_messengers.vouched_for(stalls)]
    return msgspec.structs.replace(
        settings,
        allow_private_hosts=",".join(filter(None, local)),
        port=int(host.rpartition(":")[2]),
        public_url=settings.public_url or address,
    )


async def _open(parts: Parts, street: Street) -> None:
    """Set the shop up at the first start; let its customers write at every one."""
    control = f"{street.sandbox}/control"
    bot = {"token": BOT_TOKEN, "name": SHOP, "username": "tea_bridge_bot"}
    await _order(street.session, f"{control}/telegram/bots", bot)
    telegram = {"api_base": f"{street.sandbox}/telegram"}
    if await accounts.first_owner(parts.accounts) is None:
        await _seed(parts, telegram)
    else:
        await demo_messengers.point_at(parts, _inbox(parts, "telegram"), telegram)
    owner = await accounts.first_owner(parts.accounts)
    if owner is not None:
        await demo_messengers.connect_all(parts, owner, street.stalls)
    rooms = {
        stall.platform.id: f"accounts/{stall.account.id}"
        for stall in street.stalls
        if demo_messengers.inbox_of(parts, stall.platform.id) is not None
    }
    rooms["telegram"] = f"bots/{BOT_TOKEN}"
    for name, customers in demo_messengers.guests(rooms).items():
        order = {"on": True, "pace": street.pace, "customers": customers}
        await _order(street.session, f"{control}/{name}/{rooms[name]}/lively", order)


async def _order(session: aiohttp.ClientSession, url: str, body: Mapping[str, object]) -> None:
    async with session.post(url, json=body) as answer:
        answer.raise_for_status()


async def _seed(parts: Parts, telegram: dict[str, str]) -> None:
    owner = await accounts.create_account(parts.accounts, SHOP)
    await accounts.set_up_operator(
        parts.accounts, owner, name="Анна Лебедева", email="anna@tea-bridge.example"
    )
    for name, email in (("Тимур Сафин", "timur"), ("Ольга Ким", "olga")):
        wish = NewOperator(name=name, email=f"{email}@tea-bridge.example", role=Role.OPERATOR)
        await accounts.add_operator(parts.accounts, owner.account_id, wish)
    board = switchboard(parts)
    bot = NewInbox(channel="telegram", settings=telegram, secrets={"token": BOT_TOKEN})
    await connect(board, owner.account_id, bot)
    site = {"greeting": "Здравствуйте! Подскажем чай и проследим за заказом.", "color": "#00767b"}
    await connect(board, owner.account_id, NewInbox(channel="widget", title=SHOP, settings=site))
    await _labels(parts, owner)


async def _labels(parts: Parts, owner: Operator) -> None:
    """Give the shop its first labels."""
    titles: list[tuple[str, LabelColor]] = [
        ("доставка", "blue"),
        ("возврат", "red"),
        ("опт", "violet"),
        ("подарок", "green"),
    ]
    now = parts.clock.now_ms()
    await parts.database.write(
        lambda connection: add_labels(connection, owner.account_id, titles, now)
    )


def _inbox(parts: Parts, channel: str) -> Inbox:
    found = demo_messengers.inbox_of(parts, channel)
    assert found is not None
    return found


async def _greet(parts: Parts, address: str) -> None:
    owner = await accounts.first_owner(parts.accounts)
    if owner is None:
        return
    link = await sign_in_address(parts, owner.account_id, owner.id)
    print(
        f"\n  {SHOP} открыт. The shop is open.\n\n"
        f"  Рабочее место / the desk     {link}\n"
        f"  Сайт с виджетом / the site   {address}/demo/shop\n"
        f"  Телефоны / the phones        {address}{_SANDBOX}/\n\n"
        f"  Ссылка входа одноразовая. The sign-in link works once. Ctrl-C ends.\n",
        flush=True,
    )
