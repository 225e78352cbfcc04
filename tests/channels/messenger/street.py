"""A business's end of Messenger or Instagram in the sandbox, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import aiohttp
from aiohttp import web
from msgspec.structs import replace

from otklik.ports.channel import (
    Answers,
    ChannelEvent,
    Connected,
    EchoReceived,
    Errand,
    InboxConfig,
    Knock,
    MessageReceived,
    OutgoingFile,
    Polled,
    Refusal,
    Request,
    Subscribed,
)
from otklik.ports.message import MessageKind
from sandbox import samples
from tests.channels.kit.line import Line

APP_SECRET = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
VERIFY = "invented-verify-token"
FILES = {
    MessageKind.PICTURE: ("tea-cup.jpg", "image/jpeg"),
    MessageKind.VIDEO: ("steam.mp4", "video/mp4"),
    MessageKind.VOICE: ("voice.ogg", "audio/ogg"),
    MessageKind.AUDIO: ("bell.m4a", "audio/mp4"),
    MessageKind.FILE: ("price.pdf", "application/pdf"),
}
E = TypeVar("E")


class MetaLine(Line):
    """Answers the challenge, believes what is signed, and waits for events by their kind."""

    def __init__(
        self, channel: str, url: str, session: aiohttp.ClientSession, login: str = "EAA"
    ) -> None:
        super().__init__(channel, url, session)
        self.read: list[ChannelEvent] = []
        self.bodies: list[bytes] = []
        self.refused_with = 0
        self._came = asyncio.Event()
        secrets = {
            "token": f"{login}invented{self.account}",
            "app_secret": f"a-secret-of-another-app {APP_SECRET}",
            "verify_token": VERIFY,
        }
        self.config = InboxConfig("i", {"api_base": f"{url}/{channel}"}, secrets)

    async def open(self, app_secret: str = APP_SECRET, **settings: str) -> None:
        """Make the account, check whose it is and subscribe."""
        await self.begin(secrets={"app_secret": app_secret}, settings=settings)
        found = await self.walk(lambda answers: self.connect.check(self.config, answers))
        assert isinstance(found, Connected), found
        self.learn(**found.settings)

    def learn(self, **settings: str) -> None:
        self.config = replace(self.config, settings={**self.config.settings, **settings})

    def keep_secret(self, **secrets: str) -> None:
        self.config = replace(self.config, secrets={**self.config.secrets, **secrets})

    async def subscribe(self) -> Subscribed | Refusal:
        step = self.connect.subscribe
        assert step is not None
        return await self.walk(lambda answers: step(self.config, self.hook, answers))

    async def verify(self) -> Subscribed | Refusal:
        step = self.connect.verify
        assert step is not None
        return await self.walk(lambda answers: step(self.config, self.hook, answers))

    async def unsubscribe(self) -> Subscribed | Refusal:
        step = self.connect.unsubscribe
        assert step is not None
        return await self.walk(lambda answers: step(self.config, self.hook, answers))

    async def poll(self, cursor: str) -> Polled:
        """Fetch what was said since, without the pauses Meta asks for."""
        step = self.connect.poll
        assert step is not None

        def hurried(answers: Answers) -> Errand | Polled | Refusal:
            told = step(self.config, cursor, answers)
            return replace(told, after_s=0.0) if isinstance(told, Request) else told

        polled = await self.walk(hurried)
        assert isinstance(polled, Polled), polled
        return polled

    async def greeted(self, request: web.Request) -> web.Response:
        assert self.channel.greet is not None
        query, headers = dict(request.query), dict(request.headers)
        reply = self.channel.greet(Knock("GET", query, headers, b""), self.config)
        assert reply is not None
        kind = reply.content_type.partition(";")[0]
        return web.Response(status=reply.status, body=reply.body, content_type=kind)

    async def delivered(self, request: web.Request) -> web.Response:
        if self.refused_with:
            return web.Response(status=self.refused_with)
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert self.channel.authentic(headers, body, self.config)
        self.bodies.append(body)
        assert self.channel.ours is not None
        self.read += self.channel.parse(self.channel.ours(body, self.config))
        self._came.set()
        return web.Response()

    async def event(self, kind: type[E]) -> E:
        """Wait for the next event of a kind; others stay."""
        async with asyncio.timeout(5):
            while True:
                found = next((event for event in self.read if isinstance(event, kind)), None)
                if found is not None:
                    self.read = [event for event in self.read if event is not found]
                    return found
                self._came.clear()
                await self._came.wait()

    async def said(self, act: str = "text", **parts: object) -> MessageReceived:
        await self.act(act, **parts)
        return await self.event(MessageReceived)

    async def met(self) -> str:
        """Let the person write, and give their address."""
        return (await self.said(text="Ау")).sender.external_id

    async def echo(self) -> EchoReceived:
        return await self.event(EchoReceived)


@asynccontextmanager
async def hooked(line: MetaLine) -> AsyncIterator[MetaLine]:
    """Open an address for deliveries to a line."""
    app = web.Application()
    app.router.add_get("/hook", line.greeted)
    app.router.add_post("/hook", line.delivered)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield line
    finally:
        await runner.cleanup()


def sample(kind: MessageKind, link: str = "", name: str = "") -> OutgoingFile:
    """A file of the sandbox's own; with `link` it is fetched from there."""
    known, mime = FILES[kind]
    name = name or known
    size = len(samples.content(name))
    address = f"{link}/control/samples/{name}" if link else ""
    return OutgoingFile(kind, name, name, mime, size=size, link=address)
