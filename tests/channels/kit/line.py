"""A bot and a person on two ends of the sandbox, over real HTTP."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import TypeVar

import aiohttp
import msgspec
from aiohttp import web

from otklik.channels import CHANNELS
from otklik.ports.channel import (
    Answer,
    Answers,
    ChannelEvent,
    Errand,
    FoundFile,
    InboxConfig,
    Located,
    Order,
    Outgoing,
    Refusal,
    Request,
    Sent,
)
from otklik.ports.message import MessageKind
from otklik.ports.steps import converse
from sandbox import samples

Ending = TypeVar("Ending")
Fields = dict[str, object]
SECRET = "invented-secret-of-the-hook"
_BOTS = count(7_100_000_001)


async def perform(session: aiohttp.ClientSession, request: Errand, patience: float = 1.0) -> Answer:
    """Do what an adapter describes; its files are samples of the sandbox."""
    assert isinstance(request, Request), request
    await asyncio.sleep(request.after_s * patience)
    form = None
    if request.files:
        form = aiohttp.FormData(request.fields)
        for part in request.files:
            content = samples.content(part.file_id)
            form.add_field(part.field, content, filename=part.name, content_type=part.mime)
    async with session.request(
        request.method, request.url, data=form or request.body or None, headers=request.headers
    ) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, headers, await answer.read())


class Line:
    """A business's end of one platform: its adapter, and the orders to a person's phone."""

    def __init__(self, channel: str, url: str, session: aiohttp.ClientSession) -> None:
        found = CHANNELS[channel]
        assert found.outbound is not None
        assert found.connect is not None
        self.channel, self.outbound, self.connect = found, found.outbound, found.connect
        self._url, self._session = url, session
        self.account = str(next(_BOTS))
        self.person, self.hook = "", ""
        self.patience = 1.0
        """A factor on the pauses an adapter asks for."""
        self.came: list[tuple[dict[str, str], bytes]] = []
        self._news = asyncio.Event()
        secrets = {"token": f"invented-token-{self.account}", "webhook_secret": SECRET}
        self.config = InboxConfig("i", {"api_base": f"{url}/{channel}"}, secrets)

    async def begin(self, **account: object) -> None:
        """Make the account and a person who has started it."""
        wish = {"id": self.account, "token": self.config.secrets["token"], **account}
        await self.control("", wish)
        address = f"{self._url}/control/people"
        body = {"first_name": "Вера", "last_name": "Улыбина", "phone": "70000000001"}
        async with self._session.post(address, json=body) as said:
            self.person = str((await said.json())["id"])
        await self.act("start")

    async def control(self, path: str, body: object = None, method: str = "POST") -> Fields:
        channel = self.channel.manifest.id
        address = f"{self._url}/control/{channel}/accounts{path}"
        async with self._session.request(method, address, json=body) as answer:
            raw = await answer.read()
            assert answer.status < 300, raw
            return msgspec.json.decode(raw or b"{}", type=Fields)

    async def act(self, act: str, **parts: object) -> Fields:
        path = f"/{self.account}/people/{self.person}/{act}"
        answer = await self.control(path, parts)
        result = answer.get("result")
        return msgspec.convert(result, Fields) if isinstance(result, dict) else {}

    async def fault(self, method: str, **rule: object) -> None:
        await self.control(f"/{self.account}/faults", {"calls": [{"method": method, **rule}]})

    async def phone(self) -> list[Fields]:
        """The messages as the person sees them, the last one last."""
        chat = await self.control(f"/{self.account}/people/{self.person}/chat", method="GET")
        return msgspec.convert(chat["messages"], list[Fields])

    async def walk(self, step: Callable[[Answers], Errand | Ending | Refusal]) -> Ending | Refusal:
        session, patience = self._session, self.patience
        return await converse(lambda errand: perform(session, errand, patience), step)

    async def give(self, order: Order) -> Sent | Refusal:
        return await self.walk(lambda answers: self.outbound.send(order, self.config, answers))

    async def send(self, order: Order) -> Sent:
        outcome = await self.give(order)
        assert isinstance(outcome, Sent), outcome
        return outcome

    async def download(self, ref: str) -> bytes | Refusal:
        found: Located | Refusal = await self.walk(
            lambda answers: self.outbound.locate(ref, self.config, answers)
        )
        if not isinstance(found, FoundFile):
            assert isinstance(found, Refusal), found
            return found
        answer = await perform(self._session, found.request)
        assert answer.status == 200, answer
        return answer.body

    async def take(self, request: web.Request) -> web.Response:
        """Be the webhook: keep what came, acknowledge it."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.came.append((headers, await request.read()))
        self._news.set()
        return web.Response(body=self.channel.accepted)

    async def raw(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """Wait for so many deliveries, give them with their headers and forget them."""
        async with asyncio.timeout(5):
            while len(self.came) < count:
                self._news.clear()
                await self._news.wait()
        taken, self.came = self.came, []
        return taken

    async def events(self, count: int) -> list[ChannelEvent]:
        """Wait for so many deliveries, believe them, read and forget them."""
        taken = await self.raw(count)
        assert len(taken) == count, [body for _, body in taken]
        assert all(self.channel.authentic(head, body, self.config) for head, body in taken)
        return [event for _, body in taken for event in self.channel.parse(body)]

    def outgoing(self, to: str, kind: MessageKind = MessageKind.TEXT, text: str = "") -> Outgoing:
        return Outgoing("m1", to, kind, text=text)
