"""The desk's socket: views to follow, events in exact order, typing of colleagues and contacts."""

import asyncio
from typing import Annotated, Any

import msgspec
import structlog
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler, websocket
from litestar.params import FromQuery
from sqlalchemy import Connection

from otklik.accounts import api as accounts
from otklik.accounts.types import Caller, Scope
from otklik.conversations import api as conversations
from otklik.events.types import Event
from otklik.ingress.live import QUEUE_TOPIC, Follower, Hub, contact_topic, frame
from otklik.ingress.presence import Presence
from otklik.kernel.errors import OtklikError
from otklik.platform import metrics
from otklik.platform.database import Database
from otklik.platform.web import OPEN

TICKET_PURPOSE = "desk"
SIGNED_OUT = 4401
SLOW = 1013
FRAME_LIMIT = 65_536
TYPING_EVERY_S = 0.3
"""What an operator's socket says of typing more often than this is passed over."""

_VIEWS_LIMIT = 20
_RECHECK_S = 4.0

_log = structlog.get_logger("otklik.live")
_encode = msgspec.json.Encoder().encode

Socket = WebSocket[Any, Any, Any]  # Litestar leaves user, auth and state open


class Follow(msgspec.Struct, frozen=True, tag="follow", tag_field="kind"):
    """Follow exactly these views from a number on."""

    views: Annotated[list[str], msgspec.Meta(max_length=_VIEWS_LIMIT)]
    since: int = 0


class Typing(msgspec.Struct, frozen=True, tag="typing", tag_field="kind"):
    """The operator is typing an answer."""

    conversation_id: str


class Ping(msgspec.Struct, frozen=True, tag="ping", tag_field="kind"):
    """Ask whether anybody is there."""


_decode = msgspec.json.Decoder(Follow | Typing | Ping).decode


def encode_event(event: Event) -> bytes:
    """Encode an event as operators are sent it; once for all of them."""
    return _encode(event)


class DeskSocket:
    """Serves the sockets of operators and of API keys that read conversations."""

    def __init__(
        self,
        hub: Hub,
        presence: Presence,
        database: Database,
        tickets: accounts.Tickets,
        people: accounts.Accounts,
    ) -> None:
        self.hub = hub
        self.presence = presence
        self.database = database
        self.tickets = tickets
        self.people = people

    async def serve(self, socket: Socket, ticket: str) -> None:
        """Serve one socket from its ticket to its end."""
        await socket.accept()
        caller = await self._caller(ticket)
        if caller is None:
            await socket.close(code=SIGNED_OUT, reason="signed out")
            return
        follower = Follower(caller.account_id, encode_event)
        await self.hub.join(follower)
        line = _Line(self, socket, caller, follower)
        self.presence.join(line)
        metrics.SOCKETS_OPEN.labels("desk").inc()
        try:
            await line.run()
        finally:
            metrics.SOCKETS_OPEN.labels("desk").dec()
            self.presence.leave(line)
            self.hub.leave(follower)

    async def keep_checking(self) -> None:
        """Close sockets whose sign-in or key ended elsewhere, within five seconds."""
        while True:
            await asyncio.sleep(_RECHECK_S)
            open_now = self.presence.credentials
            if open_now:
                valid = await accounts.still_valid(self.people, open_now)
                self.presence.end(open_now - valid)

    async def _caller(self, ticket: str) -> Caller | None:
        credential = self.tickets.redeem(TICKET_PURPOSE, ticket)
        if credential is None:
            return None
        try:
            caller = await accounts.by_credential(self.people, credential)
        except OtklikError:
            return None
        return caller if Scope.CONVERSATIONS_READ in caller.scopes else None


class _Line:
    """One open socket."""

    def __init__(
        self, desk: DeskSocket, socket: Socket, caller: Caller, follower: Follower
    ) -> None:
        self._desk = desk
        self._socket = socket
        self._follower = follower
        self.caller = caller
        self.account_id: str = caller.account_id
        self._lock = asyncio.Lock()
        self._ended = asyncio.Event()
        self._typed_at = -TYPING_EVERY_S

    def follows(self, contact_id: str) -> bool:
        """Tell whether typing of or to a contact concerns this socket."""
        topics = self._follower.topics
        return QUEUE_TOPIC in topics or contact_topic(contact_id) in topics

    def whisper(self, who: str, frame: bytes) -> None:
        """Leave a frame to be written soon, without waiting for the socket."""
        self._follower.whisper(who, frame)

    def end(self) -> None:
        """Close the socket soon: its sign-in is over."""
        self._ended.set()

    async def run(self) -> None:
        """Read and write until either side is done."""
        await self.send({"kind": "hello", "seq": self._desk.hub.position(self.account_id)})
        tasks = [
            asyncio.create_task(self._read()),
            asyncio.create_task(self._write()),
            asyncio.create_task(self._ended.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._ended.is_set():
            metrics.SOCKETS_DROPPED.labels("desk", "signed_out").inc()
            await self._socket.close(code=SIGNED_OUT, reason="signed out")

    async def send(self, message: dict[str, object]) -> None:
        """Write one frame that is not numbered."""
        await self._send(_encode(message))

    async def _send(self, data: bytes) -> None:
        async with self._lock:
            await self._socket.send_data(data, mode="text")
        metrics.FRAMES.labels("desk").inc()

    async def _read(self) -> None:
        while True:
            try:
                data = await self._socket.receive_data(mode="text")
            except WebSocketDisconnect:
                return
            if len(data) > FRAME_LIMIT:
                return
            try:
                message = _decode(data)
            except (msgspec.DecodeError, ValueError):
                await self.send({"kind": "refused", "code": "malformed"})
                continue
            await self._obey(message)

    async def _obey(self, message: Follow | Typing | Ping) -> None:
        match message:
            case Follow():
                await self._follow(message)
            case Typing(conversation_id):
                await self._typing(conversation_id)
            case Ping():
                await self.send({"kind": "pong"})

    async def _follow(self, wish: Follow) -> None:
        topics = await self._desk.database.read(lambda c: self._topics(c, wish.views))
        hub = self._desk.hub
        async with self._lock:  # nothing newer may be written before what was missed
            missed = await hub.follow(self._follower, topics, wish.since)
            seq = hub.position(self.account_id)
            if missed is None:
                self._follower.drain()
                data = _encode({"kind": "resync", "seq": seq})
            else:
                data = frame([*missed, *self._follower.drain()], hub.seq_of(self._follower))
            await self._socket.send_data(data, mode="text")

    def _topics(self, connection: Connection, views: list[str]) -> frozenset[str]:
        topics = {QUEUE_TOPIC} if QUEUE_TOPIC in views else set()
        for view in views:
            conversation_id = view.removeprefix("conversation:")
            if conversation_id != view:
                contact = conversations.contact_of(connection, self.account_id, conversation_id)
                if contact is not None:
                    topics.add(contact_topic(contact))
        return frozenset(topics)

    async def _typing(self, conversation_id: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._typed_at < TYPING_EVERY_S:
            return
        self._typed_at = now
        contact = await self._desk.database.read(
            lambda c: conversations.contact_of(c, self.account_id, conversation_id)
        )
        if contact is not None:
            self._desk.presence.operator_types(self.caller, conversation_id, contact)

    async def _write(self) -> None:
        follower = self._follower
        while True:
            await follower.news.wait()
            async with self._lock:
                pending = follower.drain()
                if follower.overrun:
                    metrics.SOCKETS_DROPPED.labels("desk", "slow").inc()
                    await self._socket.close(code=SLOW, reason="too slow: reconnect")
                    return
                if pending:
                    data = frame(pending, self._desk.hub.seq_of(follower))
                    await self._socket.send_data(data, mode="text")
                for whisper in follower.overheard():
                    await self._socket.send_data(whisper, mode="text")


def desk_socket_route(desk: DeskSocket) -> WebsocketRouteHandler:
    """Give the socket's route."""

    @websocket("/api/v1/live", guards=[OPEN])
    async def live(socket: Socket, ticket: FromQuery[str] = "") -> None:
        await desk.serve(socket, ticket)

    return live
