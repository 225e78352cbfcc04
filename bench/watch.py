"""Desk sockets that follow the queue and contacts, and note when what arrived."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from bench.shop import Shop

SOCKETS = 4
CONTACTS_EACH = 19
"""With the queue, the most views one socket may follow."""

_TURN = re.compile(r"Вопрос (\d+):")
_NUMBER = re.compile(r"Гость (\d+)")


class _Body(msgspec.Struct, frozen=True):
    author_kind: str = ""
    author_name: str = ""
    text: str = ""


class _Told(msgspec.Struct, frozen=True):
    kind: str
    body: _Body


class _Frame(msgspec.Struct, frozen=True):
    kind: str
    events: tuple[_Told, ...] = ()


_decode = msgspec.json.Decoder(_Frame).decode


class Watch:
    """What operators' sockets were told, with the moment of each frame."""

    def __init__(self) -> None:
        self._frames: list[tuple[float, str | bytes]] = []
        self.people: set[int] = set()

    async def listen(self, socket: ClientConnection) -> None:
        """Note every frame until the socket closes."""
        async for frame in socket:
            self._frames.append((time.time(), frame))

    def seen(self) -> dict[tuple[int, int], float]:
        """Give when each message was first told, by number of the person and turn."""
        found: dict[tuple[int, int], float] = {}
        for at, raw in self._frames:
            for told in _decode(raw).events:
                turn = _TURN.match(told.body.text)
                number = _NUMBER.match(told.body.author_name)
                if told.kind == "message.created" and turn and number:
                    found.setdefault((int(number[1]), int(turn[1])), at)
        return found


@asynccontextmanager
async def watching(shop: Shop) -> AsyncIterator[Watch]:
    """Keep a few operators' desks open, each on the queue and as many contacts as it may."""
    listed = await shop.get("/conversations", sort="recent", limit=SOCKETS * CONTACTS_EACH)
    items = listed["items"]
    watch = Watch()
    watch.people = {int(_NUMBER.findall(item["contact_name"])[0]) for item in items}
    sockets: list[ClientConnection] = []
    async with asyncio.TaskGroup() as group:
        for number in range(SOCKETS):
            chosen = items[number::SOCKETS]
            socket = await desk_socket(shop)
            views = ["queue", *(f"conversation:{item['id']}" for item in chosen)]
            await socket.send(msgspec.json.encode({"kind": "follow", "views": views}).decode())
            group.create_task(watch.listen(socket))
            sockets.append(socket)
        yield watch
        for socket in sockets:
            await socket.close()


async def desk_socket(shop: Shop) -> ClientConnection:
    """Open a desk's socket."""
    ticket = (await shop.post("/live/ticket"))["ticket"]
    address = shop.url.replace("http://", "ws://")
    return await connect(f"{address}/api/v1/live?ticket={ticket}", max_size=None, compression=None)
