"""The demo: an invented tea shop, its operators, and customers who write right now."""

import argparse
from collections.abc import Mapping
from typing import cast

import aiohttp
import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from otklik import serving
from otklik.accounts import api as accounts
from otklik.accounts.types import NewOperator, Operator, Role
from otklik.app import WIDGET, application, switchboard
from otklik.commands.accounts import sign_in_address
from otklik.conversations.api import add_labels
from otklik.conversations.types import LabelColor
from otklik.inboxes.api import change_columns
from otklik.inboxes.http import NewInbox, connect
from otklik.inboxes.types import Inbox
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.clock import SystemClock
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from otklik.platform.writes import json_text
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
    settings = _settings(settings, address)
    first_id = SystemClock().now_ms() // 1000 - _EPOCH_S
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        assembled(settings) as parts,
    ):
        sandbox = Sandbox(SandboxSettings(first_id=first_id), session)
        sandbox.origin = address + _SANDBOX
        pages = WidgetPages(WIDGET, parts.registry)
        app = Mounted(application(parts, pages, sandbox=True), cast("ASGIApp", sandbox.asgi))

        async def ready(_address: str) -> None:
            await _open(parts, address, session, words.pace)
            pages.shop_inbox = _inbox(parts, "widget").public_key
            await _greet(parts, address)

        def leaving() -> None:
            sandbox.stop()
            sandbox.feed.close()

        await serving.serve(app, listening, ready, leaving)
    return 0


def _settings(settings: Settings, address: str) -> Settings:
    host = address.removeprefix("http://")
    folder = settings.data_dir
    if folder == Settings().data_dir:
        folder = _DEFAULT_FOLDER
    vouched = ",".join(filter(None, [settings.allow_private_hosts, host]))
    port = int(host.rpartition(":")[2])
    return msgspec.structs.replace(
        settings, data_dir=folder, allow_private_hosts=vouched, port=port
    )


async def _open(parts: Parts, address: str, session: aiohttp.ClientSession, pace: float) -> None:
    """Set the shop up at the first start; let its customers write at every one."""
    control = f"{address}{_SANDBOX}/control/telegram"
    bot = {"token": BOT_TOKEN, "name": SHOP, "username": "tea_bridge_bot"}
    await _order(session, f"{control}/bots", bot)
    if await accounts.first_owner(parts.accounts) is None:
        await _seed(parts, f"{address}{_SANDBOX}/telegram")
    else:
        await _move(parts, f"{address}{_SANDBOX}/telegram")
    await _order(session, f"{control}/bots/{BOT_TOKEN}/lively", {"on": True, "pace": pace})


async def _order(session: aiohttp.ClientSession, url: str, body: Mapping[str, object]) -> None:
    async with session.post(url, json=body) as answer:
        answer.raise_for_status()


async def _seed(parts: Parts, api_base: str) -> None:
    owner = await accounts.create_account(parts.accounts, SHOP)
    await accounts.set_up_operator(
        parts.accounts, owner, name="Анна Лебедева", email="anna@tea-bridge.example"
    )
    for name, email in (("Тимур Сафин", "timur"), ("Ольга Ким", "olga")):
        wish = NewOperator(name=name, email=f"{email}@tea-bridge.example", role=Role.OPERATOR)
        await accounts.add_operator(parts.accounts, owner.account_id, wish)
    board = switchboard(parts)
    telegram = NewInbox(
        channel="telegram", settings={"api_base": api_base}, secrets={"token": BOT_TOKEN}
    )
    await connect(board, owner.account_id, telegram)
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


async def _move(parts: Parts, api_base: str) -> None:
    """Point the bot's inbox at this run's address, should the port be another one."""
    inbox = _inbox(parts, "telegram")
    if inbox.config.settings.get("api_base") == api_base:
        return
    settings = json_text({**inbox.config.settings, "api_base": api_base})
    await parts.database.write(
        lambda connection: change_columns(
            connection, inbox.account_id, inbox.id, {"settings": settings}
        )
    )
    await parts.registry.reload()


def _inbox(parts: Parts, channel: str) -> Inbox:
    return next(inbox for inbox in parts.registry.all() if inbox.channel == channel)


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
