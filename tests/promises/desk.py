"""A desk's socket that remembers everything it was sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from tests.fixtures.house import Client, Json


@dataclass
class Socket:
    """One open socket: `seq` is where to go on from, `events` what came."""

    line: aiohttp.ClientWebSocketResponse
    seq: int = 0
    events: list[Json] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)

    async def say(self, **message: object) -> None:
        await self.line.send_json(message)

    async def frame(self, within_s: float = 15) -> Json | None:
        """Read one frame; None when the socket closed."""
        read = await self.line.receive(timeout=within_s)
        if read.type is not aiohttp.WSMsgType.TEXT:
            return None
        frame: Json = read.json()
        if frame["kind"] == "events":
            self.events += frame["events"]
            self.seq = frame["seq"]
        else:
            self.others.append(frame)
        return frame

    async def until(self, kind: str, within_s: float = 15) -> Json:
        """Read until a frame of a kind comes."""
        while (frame := await self.frame(within_s)) is not None:
            if frame["kind"] == kind:
                return frame
        raise AssertionError(f"closed with {self.line.close_code} before {kind}")

    async def follow(self, *views: str, since: int = 0) -> Json:
        await self.say(kind="follow", views=list(views), since=since)
        while (frame := await self.frame()) is not None:
            if frame["kind"] in {"events", "resync"}:
                return frame
        raise AssertionError("closed before the views came")


@asynccontextmanager
async def socket_of(client: Client) -> AsyncIterator[Socket]:
    """Open a socket with the client's own proof."""
    ticket = (await client.post("/live/ticket"))["ticket"]
    address = f"{client.url}/api/v1/live?ticket={ticket}"
    async with client.session.ws_connect(address, max_msg_size=0) as line:
        socket = Socket(line)
        await socket.until("hello")
        yield socket
