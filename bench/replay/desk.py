"""An operator's client: told over sockets, answers through the API."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

import aiohttp
import msgspec

from bench.replay.dialogues import Dialogue
from bench.replay.journal import Journal
from bench.shop import Json, Shop

_VIEWS = 19
_PAGE = 100


class Desk:
    """Sees new conversations in the queue and follows each of them on one of its sockets."""

    def __init__(self, shop: Shop, journal: Journal, dialogues: Iterable[Dialogue]) -> None:
        self.shop = shop
        self.journal = journal
        self._answers: Mapping[str, Dialogue] = {one.name: one for one in dialogues}
        self._people: dict[str, str] = {}
        self._known: set[str] = set()
        self._lines: list[_Line] = []
        self._group: asyncio.TaskGroup | None = None

    async def work(self, ready: asyncio.Event) -> None:
        """Serve the queue for ever."""
        async with asyncio.TaskGroup() as self._group, _socket(self.shop) as socket:
            await socket.send_json({"kind": "follow", "views": ["queue"], "since": 0})
            ready.set()
            async for heard in _frames(socket):
                if heard["kind"] == "resync":
                    await self._look_through()
                for event in heard.get("events", ()):
                    if event["kind"] == "conversation.changed":
                        self._take(event["conversation_id"])

    async def _look_through(self) -> None:
        for item in await everything(self.shop):
            self._take(item["id"])

    def _take(self, conversation_id: str) -> None:
        if conversation_id in self._known or self._group is None:
            return
        self._known.add(conversation_id)
        line = next((one for one in self._lines if one.has_room), None)
        if line is None:
            line = _Line(self)
            self._lines.append(line)
            self._group.create_task(line.listen())
        line.take(conversation_id)

    async def answer(self, message: Json) -> None:
        """Answer one line of a customer with what the dialogue has for it."""
        name = await self.name_of(message["contact_id"])
        place = self.journal.fed(name, message["text"])
        dialogue = self._answers.get(name)
        if dialogue is None or place >= len(dialogue.answers):
            return  # a line too many: the checker counts it
        body = {"client_id": f"answer-{name[-5:]}-{place:04d}", "text": dialogue.answers[place]}
        await self.shop.post(f"/conversations/{message['conversation_id']}/messages", body)

    async def name_of(self, contact_id: str) -> str:
        """Tell who a contact is in the dialogues: by address, or by the name they gave."""
        known = self._people.get(contact_id)
        if known is None:
            contact = await self.shop.get(f"/contacts/{contact_id}")
            places = ((one["channel"], one["external_id"]) for one in contact["identities"])
            names = (self.journal.names.get(place) for place in places)
            known = self._people[contact_id] = next(filter(None, names), contact["name"])
        return known


class _Line:
    """One socket with the conversations it follows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._followed: list[str] = []
        self._wanted: asyncio.Queue[str] = asyncio.Queue()
        self._taken = 0
        self._seq = 0
        self._told: set[str] = set()

    @property
    def has_room(self) -> bool:
        return self._taken < _VIEWS

    def take(self, conversation_id: str) -> None:
        """Follow one more conversation soon."""
        self._taken += 1
        self._wanted.put_nowait(conversation_id)

    async def listen(self) -> None:
        """Answer for ever what the followed conversations bring."""
        async with _socket(self._desk.shop) as socket:
            opening = asyncio.create_task(self._open(socket))
            try:
                async for heard in _frames(socket):
                    await self._hear(socket, heard)
            finally:
                opening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await opening

    async def _open(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            conversation_id = await self._wanted.get()
            seq = await self._read(conversation_id)
            self._followed.append(conversation_id)
            # What came to the others since they were last told must not be skipped.
            await self._follow(socket, min(seq, self._seq) if self._seq else seq)

    async def _read(self, conversation_id: str) -> int:
        """Load a conversation as the desk does; give the number to follow it from."""
        page = await self._desk.shop.get(f"/conversations/{conversation_id}/messages", limit=_PAGE)
        for message in page["items"]:
            await self._tell(message)
        seq: int = page["seq"]
        return seq

    async def _follow(self, socket: aiohttp.ClientWebSocketResponse, since: int) -> None:
        views = [f"conversation:{one}" for one in self._followed]
        await socket.send_json({"kind": "follow", "views": views, "since": since})

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse, heard: Json) -> None:
        if heard["kind"] == "resync":
            seqs = [await self._read(one) for one in self._followed]
            await self._follow(socket, min(seqs, default=0))
        elif heard["kind"] == "events":
            for event in heard["events"]:
                if event["kind"] == "message.created":
                    await self._tell(event["body"])
            self._seq = heard["seq"]

    async def _tell(self, message: Json) -> None:
        is_line = message["author_kind"] == "contact" and message["text"]
        if is_line and message["id"] not in self._told:  # an album's other pictures have no words
            self._told.add(message["id"])
            await self._desk.answer(message)


async def everything(shop: Shop) -> list[Json]:
    """Page through the open queue."""
    found: list[Json] = []
    query: dict[str, str | int] = {"sort": "recent", "limit": _PAGE}
    while True:
        page = await shop.get("/conversations", **query)
        found += page["items"]
        if page["next"] is None:
            return found
        query["before"] = page["next"]


@asynccontextmanager
async def _socket(shop: Shop) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    ticket = (await shop.post("/live/ticket"))["ticket"]
    url = f"{shop.url}/api/v1/live"
    async with shop.http.ws_connect(url, params={"ticket": ticket}) as socket:
        yield socket


async def _frames(socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[Json]:
    async for frame in socket:
        if frame.type is aiohttp.WSMsgType.TEXT:
            yield msgspec.json.decode(frame.data)
