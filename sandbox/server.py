"""The composition of the sandbox: its messengers, the control API, the page, the server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import uvicorn
from uvicorn.server import ServerState

from sandbox import samples
from sandbox.asgi import (
    Answer,
    Application,
    MalformedError,
    Protocol,
    Reply,
    Request,
    Router,
    Stream,
    as_json,
    refuse,
)
from sandbox.control import Control
from sandbox.courier import Patience
from sandbox.feed import Feed
from sandbox.orders import NotThereError
from sandbox.platform import Platform, discover, mount
from sandbox.telegram import view as telegram_view
from sandbox.telegram.api import BotApi
from sandbox.telegram.control import Control as TelegramControl
from sandbox.telegram.webhook import Pace
from sandbox.telegram.world import World as TelegramWorld
from sandbox.view import chat_cards, platform_card
from sandbox.world import People, Shared, World

PAGE = Path(__file__).parent.parent / "web" / "apps" / "phones" / "dist"
_NO_PAGE = (
    "<!doctype html><meta charset=utf-8><title>Sandbox</title>"
    "<p>The phones are not built yet: run <code>make node</code>, then "
    "<code>npm --prefix web run build --workspace @otklik/phones</code>."
)
_LAST_WORDS_S = 1.0
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".map": "application/json",
}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How a sandbox runs; times in seconds."""

    host: str = "127.0.0.1"
    port: int = 0
    open_to_all: bool = False
    retry_scale: float = 1.0
    webhook_timeout_s: float = 60.0
    seed: int = 0
    first_id: int = 0
    """Ids of updates and messages grow from here: a later run continues an earlier one's."""


class Sandbox:
    """One running other side."""

    def __init__(
        self,
        settings: Settings,
        session: aiohttp.ClientSession,
        platforms: tuple[Platform, ...] | None = None,
    ) -> None:
        platforms = discover() if platforms is None else platforms
        self.feed = Feed()
        self.origin = ""
        self.shared = Shared(
            feed=self.feed,
            people=People(self.feed),
            session=session,
            patience=Patience(
                retry_scale=settings.retry_scale, timeout_s=settings.webhook_timeout_s
            ),
            seed=settings.seed,
            first_id=settings.first_id,
            open_to_all=settings.open_to_all,
            origin=lambda: self.origin,
        )
        self.world = TelegramWorld(
            self.shared.people,
            seed=settings.seed,
            open_to_all=settings.open_to_all,
            first_id=settings.first_id,
        )
        pace = Pace(retry_scale=settings.retry_scale, timeout_s=settings.webhook_timeout_s)
        self.api = BotApi(self.world, session, pace)
        self.control = TelegramControl(self.world, self.api)
        self.messengers: dict[str, tuple[Platform, World]] = {
            platform.id: (platform, World(self.shared, platform.id)) for platform in platforms
        }
        self._orders = Control(self.shared, self.messengers)
        self._router = Router()
        for platform, world in self.messengers.values():
            mount(platform, world, self._router)
        self._router.add("*", "/telegram/bot{token}/{method}", self.api.serve)
        self._router.add("GET", "/telegram/file/bot{token}/{path:path}", self.api.download)
        self.control.routes(self._router)
        self._router.add("GET", "/control/platforms", self._platforms)
        self._router.add("GET", "/control/phones", self._phones)
        self._orders.routes(self._router)
        self._router.add("GET", "/control/feed", self._watch)
        self._router.add("GET", "/control/samples", self._samples)
        self._router.add("GET", "/control/samples/{name}", self._sample)
        self._router.add("GET", "/{path:path}", self._page)
        self.asgi = Application(self._answer)

    async def _answer(self, request: Request) -> Answer:
        found = self._router.find(request.method, request.path)
        if found is None:
            return refuse(404, f"There is nothing at {request.method} {request.path}.")
        route, names = found
        try:
            return await route(request, names)
        except NotThereError as problem:
            return refuse(404, str(problem))
        except MalformedError as problem:
            return refuse(400, str(problem))

    @asynccontextmanager
    async def open(self, origin: str) -> AsyncIterator[None]:
        """Let the messengers run under this address until the block ends."""
        self.origin = origin
        async with AsyncExitStack() as beside:
            for platform, world in self.messengers.values():
                if platform.alongside is not None:
                    await beside.enter_async_context(platform.alongside(world))
            try:
                yield
            finally:
                self.stop()

    def stop(self) -> None:
        """End every delivery, show and load."""
        self.control.stop()
        self.api.stop()
        self._orders.stop()
        for _, world in self.messengers.values():
            world.stop()

    async def _platforms(self, _request: Request, _route: dict[str, str]) -> Answer:
        telegram = telegram_view.platform_card(self.world, self.api.couriers)
        others = [platform_card(platform, world) for platform, world in self.messengers.values()]
        return as_json([telegram, *others])

    async def _phones(self, _request: Request, _route: dict[str, str]) -> Answer:
        worlds = [world for _, world in self.messengers.values()]
        chats = [*telegram_view.chat_cards(self.world), *chat_cards(worlds)]
        return as_json({"people": list(self.shared.people.by_id.values()), "chats": chats})

    async def _watch(self, _request: Request, _route: dict[str, str]) -> Answer:
        return Stream(self.feed.read())

    async def _samples(self, _request: Request, _route: dict[str, str]) -> Answer:
        return as_json(list(samples.catalogue().values()))

    async def _sample(self, _request: Request, route: dict[str, str]) -> Answer:
        known = samples.catalogue().get(route["name"])
        if known is None:
            raise NotThereError(f"There is no sample {route['name']!r}.")
        return Reply(200, samples.content(known.name), known.mime)

    async def _page(self, _request: Request, route: dict[str, str]) -> Answer:
        asked = (PAGE / (route["path"] or "index.html")).resolve()
        if asked.is_relative_to(PAGE) and asked.is_file():
            kind = _TYPES.get(asked.suffix, "application/octet-stream")
            return Reply(200, asked.read_bytes(), kind)
        if route["path"]:
            raise NotThereError(f"There is nothing at /{route['path']}.")
        return Reply(200, _NO_PAGE.encode(), "text/html; charset=utf-8")


class Running(msgspec.Struct, frozen=True):
    """A sandbox that answers at an address."""

    url: str
    sandbox: Sandbox


@asynccontextmanager
async def run(
    settings: Settings, platforms: tuple[Platform, ...] | None = None
) -> AsyncIterator[Running]:
    """Run a sandbox until the block ends; port 0 takes a free one."""
    listening = _listen(settings.host, settings.port)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        sandbox = Sandbox(settings, session, platforms)
        config = uvicorn.Config(
            sandbox.asgi,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=75,
        )
        config.load()
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: Protocol(config=config, server_state=state, app_state={}), sock=listening
        )
        host, port = listening.getsockname()[:2]
        try:
            async with sandbox.open(f"http://{host}:{port}"):
                yield Running(sandbox.origin, sandbox)
        finally:
            server.close()
            await _hang_up(state)


def _listen(host: str, port: int) -> socket.socket:
    kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # Named as TCP, so that the event loop switches Nagle's delay off for what it accepts.
    listening = socket.socket(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError:
        listening.close()
        raise
    listening.listen(2048)
    return listening


async def _hang_up(state: ServerState) -> None:
    for connection in list(state.connections):
        assert isinstance(connection, Protocol)
        connection.transport.abort()
    # Every route ends by itself once its peer is gone; only what does not is cancelled.
    if state.tasks:
        _, slow = await asyncio.wait(list(state.tasks), timeout=_LAST_WORDS_S)
        for task in slow:
            task.cancel()
