"""The business's end of VK in tests: it answers the handshake and waits for what it wants."""

import asyncio
from typing import TypeVar

from aiohttp import web
from msgspec.structs import replace

from otklik.ports.channel import ChannelEvent, Connected, Knock, Polled, Refusal, Subscribed
from tests.channels.kit.line import Line

Event = TypeVar("Event", bound=ChannelEvent)


class CommunityLine(Line):
    """A community, its person, and a webhook that knows the confirmation code."""

    async def take(self, request: web.Request) -> web.Response:
        knock = Knock("POST", {}, {}, await request.read())
        greet = self.channel.greet
        assert greet is not None
        reply = greet(knock, self.config)
        if reply is not None:
            return web.Response(status=reply.status, body=reply.body)
        return await super().take(request)

    async def check(self) -> Connected | Refusal:
        return await self.walk(lambda answers: self.connect.check(self.config, answers))

    async def subscribe(self) -> Subscribed | Refusal:
        """Subscribe as the product does: again as long as it learns something."""
        step = self.connect.subscribe
        assert step is not None
        while True:
            ended = await self.walk(lambda answers: step(self.config, self.hook, answers))
            if isinstance(ended, Refusal) or not self.learn(ended.settings):
                return ended

    def learn(self, told: object) -> bool:
        news = dict(told) if isinstance(told, dict) else {}
        changed = {**self.config.settings, **news} != self.config.settings
        self.config = replace(self.config, settings={**self.config.settings, **news})
        return changed

    async def verify(self) -> Subscribed | Refusal:
        step = self.connect.verify
        assert step is not None
        return await self.walk(lambda answers: step(self.config, self.hook, answers))

    async def unsubscribe(self) -> Subscribed | Refusal:
        step = self.connect.unsubscribe
        assert step is not None
        return await self.walk(lambda answers: step(self.config, self.hook, answers))

    async def poll(self, cursor: str) -> Polled | Refusal:
        step = self.connect.poll
        assert step is not None
        return await self.walk(lambda answers: step(self.config, cursor, answers))

    async def news(self, kind: type[Event]) -> Event:
        """Wait for the next event of a kind; all before it is believed, read and forgotten."""
        async with asyncio.timeout(5):
            while True:
                for event in await self.events(max(len(self.came), 1)):
                    if isinstance(event, kind):
                        return event

    async def forget(self) -> None:
        """Forget what has come so far."""
        self.came.clear()
