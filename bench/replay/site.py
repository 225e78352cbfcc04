"""Customers on the site: the documented visitor protocol over HTTP and the socket, by turns."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from bench.replay.dialogues import Dialogue
from bench.replay.journal import Journal
from bench.replay.tricks import Trick
from bench.shop import Shop

_TRIES = 40
_PAUSE_S = 0.25
_TAKEN_WITHIN_S = 10.0
_ANSWER_WITHIN_S = 45.0
_RECONNECT_EVERY = 3

Json = Any  # what an HTTP API answers


@dataclass(frozen=True)
class Ways:
    """What goes wrong on the way: repeated requests, sockets that break."""

    repeats: bool = False
    reconnects: bool = False
    repeated: frozenset[int] = frozenset()
    """Lines whose requests come twice anyway."""


@dataclass
class Visitor:
    """One visitor's device: its secret, and the messages it has shown."""

    shop: Shop
    journal: Journal
    dialogue: Dialogue
    address: str
    token: str = ""
    seq: int = 0
    shown: set[str] = field(default_factory=set)
    taken: dict[str, asyncio.Future[str]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Give where the protocol lives."""
        return f"{self.shop.url}/widget/v1/{self.shop.site}"

    @property
    def headers(self) -> dict[str, str]:
        """Say who asks, from an address of their own."""
        return {"X-Forwarded-For": self.address, "Authorization": f"Bearer {self.token}"}

    async def session(self) -> Json:
        """Open a session, or take it up again."""
        body = {"token": self.token} if self.token else {}
        opened = await self._post("/session", body)
        self.token = opened["token"]
        self.seq = self.seq or opened["seq"]
        return opened

    def show(self, messages: Iterable[Json]) -> None:
        """Put messages in place by id; a new one of the shop is an answer seen."""
        for message in messages:
            if message["from"] != "contact" and message["id"] not in self.shown:
                self.shown.add(message["id"])
                self.journal.saw(self.dialogue.name, message["text"])

    async def post(self, send: Json) -> int:
        """Send by HTTP; repeat the same until it is answered for good."""
        for _ in range(_TRIES):
            try:
                async with self.shop.http.post(
                    f"{self.base}/messages", json=send, headers=self.headers
                ) as answer:
                    if answer.status not in {429, 503}:
                        return answer.status
            except aiohttp.ClientConnectionError:
                pass  # no answer: the same again, as the protocol says
            await asyncio.sleep(_PAUSE_S)
        return 0

    async def _post(self, path: str, body: Json) -> Json:
        async with self.shop.http.post(
            f"{self.base}{path}", json=body, headers=self.headers
        ) as answer:
            answer.raise_for_status()
            return await answer.json()


async def play(visitor: Visitor, ways: Ways) -> None:
    """Say every line, each after the answer to the one before it."""
    lines = list(enumerate(visitor.dialogue.lines))
    batch = _RECONNECT_EVERY if ways.reconnects else len(lines)
    for start in range(0, len(lines), batch):
        async with _connected(visitor) as socket:
            for number, text in lines[start : start + batch]:
                by_socket = number % 2 == 1
                await _say(visitor, socket if by_socket else None, number, text, ways)
                last_of_socket = ways.reconnects and number % batch == batch - 1
                if last_of_socket:
                    break  # the socket breaks before the answer: it must come after all
                if not await _heard(visitor, number):
                    return
        if ways.reconnects and start + batch < len(lines):
            async with _connected(visitor):
                if not await _heard(visitor, min(start + batch, len(lines)) - 1):
                    return
    if ways.reconnects:
        async with _connected(visitor):
            await _heard(visitor, len(lines) - 1)


async def _heard(visitor: Visitor, number: int) -> bool:
    name = visitor.dialogue.name
    return await visitor.journal.answered(name, number + 1, _ANSWER_WITHIN_S)


async def _say(
    visitor: Visitor,
    socket: aiohttp.ClientWebSocketResponse | None,
    number: int,
    text: str,
    ways: Ways,
) -> None:
    name = visitor.dialogue.name
    send = {"client_id": f"line-{number:04d}", "kind": "text", "text": text}
    if number == 0:
        send["name"] = name
    if socket is not None:
        status = await _by_socket(visitor, socket, send)
    elif ways.repeats or number in ways.repeated:
        visitor.journal.page(name).tricks.append(Trick.REPEATED)
        status = max(await asyncio.gather(visitor.post(send), visitor.post(send)))
    else:
        status = await visitor.post(send)
    visitor.journal.sent(name, number, send["client_id"], text, status)


async def _by_socket(visitor: Visitor, socket: aiohttp.ClientWebSocketResponse, send: Json) -> int:
    for _ in range(_TRIES):
        taken = asyncio.get_running_loop().create_future()
        visitor.taken[send["client_id"]] = taken
        try:
            await socket.send_json({"kind": "send", "send": send})
            async with asyncio.timeout(_TAKEN_WITHIN_S):
                said = await taken
        except (aiohttp.ClientConnectionError, TimeoutError):
            return await visitor.post(send)
        if said == "accepted":
            return 202
        if said not in {"too_many", "unavailable"}:
            return 422
        await asyncio.sleep(_PAUSE_S)
    return 0


@asynccontextmanager
async def _connected(visitor: Visitor) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open the socket, follow from the last number heard, and listen while the block runs."""
    opened = await visitor.session()
    url = f"{visitor.base}/live"
    headers = {"X-Forwarded-For": visitor.address}
    async with visitor.shop.http.ws_connect(
        url, params={"ticket": opened["ticket"]}, headers=headers
    ) as socket:
        await socket.send_json({"kind": "follow", "since": visitor.seq})
        listening = asyncio.create_task(_listen(visitor, socket))
        try:
            yield socket
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening


async def _listen(visitor: Visitor, socket: aiohttp.ClientWebSocketResponse) -> None:
    async for frame in socket:
        if frame.type is not aiohttp.WSMsgType.TEXT:
            continue
        heard = msgspec.json.decode(frame.data)
        match heard["kind"]:
            case "events":
                visitor.show(e["message"] for e in heard["events"] if "message" in e)
                visitor.seq = heard["seq"]
            case "accepted" | "refused":
                waiting = visitor.taken.get(heard["client_id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(heard.get("code", "accepted"))
            case "resync":
                visitor.show((await visitor.session())["messages"])
            case _:
                pass
