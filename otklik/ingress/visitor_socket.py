"""A visitor's socket: what happens in their conversation, and what they send."""

import asyncio
from typing import Any

import msgspec
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler, websocket
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from otklik.contacts.types import Person
from otklik.conversations import api as conversations
from otklik.events.types import Event, EventKind
from otklik.ingress.live import Follower, Hub, contact_topic, frame
from otklik.ingress.presence import Presence
from otklik.ingress.visitor_people import addresses_of
from otklik.ingress.visitor_room import Guest, VisitorRoom
from otklik.ingress.visitor_types import (
    Follow,
    Frame,
    PageShown,
    Ping,
    Seen,
    SendFrame,
    Typing,
)
from otklik.ingress.visitor_views import change
from otklik.kernel.errors import ForbiddenError, NotFoundError, OtklikError, TooManyError
from otklik.platform import metrics
from otklik.platform.problems import refusal_of
from otklik.platform.web import OPEN, locale_of

NO_TICKET = 4401
NOT_ALLOWED = 4403
SLOW = 1013
TOO_LARGE = 1009
TOO_MANY = 1008
IDLE = 1001
FRAME_LIMIT = 65_536
IDLE_S = 90.0

_LOOKS_S = (0.0, 0.1, 0.3, 1.0, 3.0)
"""Pauses between looks for a contact that a message just accepted is about to become."""
_ONE_LOOK_S = (0.0,)
"""A message may also have been accepted by another process: a ping is a chance to notice."""

_WROTE_KEPT = 1_000
_REGROUPINGS = frozenset({EventKind.CONTACT_MERGED, EventKind.CONTACT_SPLIT})

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Frame).decode

Socket = WebSocket[Any, Any, Any]  # Litestar leaves user, auth and state open


class VisitorSockets:
    """The visitors' open sockets of this process."""

    def __init__(self, room: VisitorRoom, hub: Hub, presence: Presence) -> None:
        self.room = room
        self.hub = hub
        self.presence = presence
        self._strangers: dict[tuple[str, str], set[_Line]] = {}
        self._wrote: dict[tuple[str, str], None] = {}
        room.on_accepted.append(self._accepted)

    async def serve(self, socket: Socket, public_key: str, socket_pass: str) -> None:
        """Serve one socket from its ticket to its end."""
        await socket.accept()
        try:
            inbox = self.room.inbox(public_key, socket)
        except (ForbiddenError, NotFoundError):
            await socket.close(code=NOT_ALLOWED, reason="this site is not allowed")
            return
        guest = self.room.redeem(inbox, socket_pass)
        if guest is None:
            await socket.close(code=NO_TICKET, reason="take a new ticket")
            return
        line = _Line(self, socket, guest)
        await self.hub.join(line.follower)
        metrics.SOCKETS_OPEN.labels("widget").inc()
        try:
            await line.run()
        finally:
            metrics.SOCKETS_OPEN.labels("widget").dec()
            self.forget(line)
            if line.person is not None:
                self.presence.leave_visitor(line)
            self.hub.leave(line.follower)

    def wait_for(self, line: "_Line") -> None:
        """Remember a socket whose visitor is no contact yet."""
        self._strangers.setdefault(line.guest.key, set()).add(line)

    def expect(self, line: "_Line") -> None:
        """Look for a stranger whose message was accepted just before their socket came."""
        if line.guest.key in self._wrote:
            line.look(_LOOKS_S)

    def forget(self, line: "_Line") -> None:
        """Wait for a socket's visitor no more."""
        lines = self._strangers.get(line.guest.key, set())
        lines.discard(line)
        if not lines:
            self._strangers.pop(line.guest.key, None)

    def _accepted(self, guest: Guest) -> None:
        self._wrote[guest.key] = None
        if len(self._wrote) > _WROTE_KEPT:
            del self._wrote[next(iter(self._wrote))]
        for line in self._strangers.get(guest.key, set()):
            line.look(_LOOKS_S)


class _Line:
    """One open socket."""

    def __init__(self, sockets: VisitorSockets, socket: Socket, guest: Guest) -> None:
        self._sockets = sockets
        self._room = sockets.room
        self._socket = socket
        self._lock = asyncio.Lock()
        self._since: int | None = None
        self._seen_seq = 0
        self._address = sockets.room.address(socket)
        self._locale = locale_of(socket.headers)
        self.guest = guest
        self.account_id: str = guest.inbox.account_id
        self.contact_id = ""
        self.person: Person | None = None
        self._mine: frozenset[str] = frozenset()
        self._elsewhere = 0
        self._look_again = asyncio.Event()
        self._pauses: tuple[float, ...] = _ONE_LOOK_S
        self.follower = Follower(self.account_id, self._tell)

    def _tell(self, event: Event) -> bytes | None:
        if event.kind in _REGROUPINGS:
            self._elsewhere = event.seq
            self._look_again.set()
            return None
        link = self._room.link(self.guest, self.contact_id)
        return change(event, self.guest.inbox.id, self._mine, link)

    async def run(self) -> None:
        """Read and write until either side is done."""
        await self.send({"kind": "hello", "seq": self._sockets.hub.position(self.account_id)})
        works = (self._read, self._write, self._meet)
        tasks = [asyncio.create_task(work()) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def whisper(self, who: str, frame: bytes) -> None:
        """Leave a frame to be written soon, without waiting for the socket."""
        self.follower.whisper(who, frame)

    async def send(self, message: dict[str, object]) -> None:
        """Write one frame that is not numbered."""
        async with self._lock:
            await self._socket.send_data(_encode(message), mode="text")
        metrics.FRAMES.labels("widget").inc()

    # --- what the visitor says ---------------------------------------------------------------

    async def _read(self) -> None:
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    raw = await self._socket.receive_data(mode="text")
            except WebSocketDisconnect:
                return
            except TimeoutError:
                await self._socket.close(code=IDLE, reason="nothing was said for a while")
                return
            if len(raw) > FRAME_LIMIT:
                await self._socket.close(code=TOO_LARGE, reason="the frame is too large")
                return
            try:
                self._room.limits.frames.take(str(id(self)))
            except TooManyError:
                await self._socket.close(code=TOO_MANY, reason="too many frames")
                return
            await self._hear(raw)

    async def _hear(self, raw: str) -> None:
        try:
            said = _decode(raw)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            await self._refuse(_client_id(raw), refusal_of(error))
            return
        if isinstance(said, SendFrame):
            await self._send(said)
        else:
            await self._note(said)

    async def _note(self, said: Follow | Typing | Seen | Ping | PageShown) -> None:
        match said:
            case Follow(since):
                await self._follow(since)
            case Typing(text):
                await self._typing(text)
            case Seen(seq):
                await self._seen(seq)
            case Ping():
                await self.send({"kind": "pong"})
                if self.person is None and self._since is not None:
                    self.look(_ONE_LOOK_S)
            case PageShown():
                pass  # heard, so that apps may tell it; shown once operators see visitors browse

    async def _send(self, said: SendFrame) -> None:
        client_id = said.send.client_id
        try:
            await self._room.accept(self.guest, said.send, self._address)
        except OtklikError as error:
            await self._refuse(client_id, error)
        else:
            await self.send({"kind": "accepted", "client_id": client_id})

    async def _refuse(self, client_id: str, error: OtklikError) -> None:
        sentence = error.sentence(self._locale)
        await self.send(
            {"kind": "refused", "client_id": client_id, "code": error.code, "sentence": sentence}
        )

    async def _seen(self, seq: int) -> None:
        """Note how far the visitor has read, once: a device says it at every turn of its screen."""
        if self.person is None or seq <= self._seen_seq:
            return
        await self._room.seen(self.guest, self.person, seq)
        # Nobody has read what is not there yet.
        self._seen_seq = min(seq, self._sockets.hub.position(self.account_id))

    async def _typing(self, text: str) -> None:
        if self.person is None:
            return
        person = self.person
        row = await self._room.journal.database.read(
            lambda c: conversations.latest_of_contact(c, self.account_id, person.contact_id)
        )
        if row is not None:
            self._sockets.presence.contact_types(
                self.account_id, row.id, person.contact_id, person.contact_name, text
            )

    # --- what the visitor hears --------------------------------------------------------------

    async def _follow(self, since: int) -> None:
        self._since = since
        if self.person is None:
            self._sockets.wait_for(self)  # before looking: a message may be accepted meanwhile
            if not self._become(await self._found()):
                self._sockets.expect(self)
                return  # a stranger, or met just now as one
        await self._subscribe(since)

    async def _found(self) -> Person | None:
        def find(connection: Connection) -> Person | None:
            person = self._room.person(connection, self.guest)
            if person is not None:
                self._mine = addresses_of(connection, self.guest.inbox, self.guest.visitor, person)
            return person

        return await self._room.journal.database.read(find)

    def _become(self, person: Person | None) -> bool:
        """Know from now on whose socket this is; false when nobody was found, or known before."""
        if person is None or self.person is not None:
            return False
        self.person = person
        self.contact_id = person.contact_id
        self._sockets.forget(self)
        self._sockets.presence.join_visitor(self)
        return True

    def look(self, pauses: tuple[float, ...]) -> None:
        """Look soon whether the visitor is a contact by now."""
        self._pauses = max(self._pauses, pauses, key=len)
        self._look_again.set()

    async def _meet(self) -> None:
        """Wait until the visitor is a contact; their first message makes them one."""
        while self.person is None:
            await self._look_again.wait()
            self._look_again.clear()
            pauses, self._pauses = self._pauses, _ONE_LOOK_S
            for pause_s in pauses:
                await asyncio.sleep(pause_s)
                if self._become(await self._found()):
                    # A stranger has missed nothing but their own first message: 0 would skip it.
                    await self._subscribe(max(1, self._since or 0))
                    break
        await self._go_along()

    async def _go_along(self) -> None:
        """Follow the visitor when they turn out to be one with another contact, or two."""
        while True:
            if not self._elsewhere:
                await self._look_again.wait()
            self._look_again.clear()
            since, self._elsewhere = self._elsewhere, 0
            person = await self._found() if since else None
            if person is not None:
                self._sockets.presence.leave_visitor(self)
                self.person, self.contact_id = person, person.contact_id
                self._sockets.presence.join_visitor(self)
                await self._subscribe(since)

    async def _subscribe(self, since: int) -> None:
        hub = self._sockets.hub
        topics = frozenset({contact_topic(self.contact_id)})
        async with self._lock:  # nothing newer may be written before what was missed
            missed = await hub.follow(self.follower, topics, since)
            if missed is None:
                self.follower.drain()
                data = _encode({"kind": "resync"})
            else:
                found = [*missed, *self.follower.drain()]
                data = frame(found, hub.seq_of(self.follower))
            await self._socket.send_data(data, mode="text")

    async def _write(self) -> None:
        while True:
            await self.follower.news.wait()
            async with self._lock:
                pending = self.follower.drain()
                if self.follower.overrun:
                    await self._socket.close(code=SLOW, reason="too slow: reconnect")
                    return
                if pending:
                    data = frame(pending, self._sockets.hub.seq_of(self.follower))
                    await self._socket.send_data(data, mode="text")
                for whisper in self.follower.overheard():
                    await self._socket.send_data(whisper, mode="text")


class _Said(msgspec.Struct):
    client_id: str = ""


class _Attempt(msgspec.Struct):
    send: _Said = msgspec.field(default_factory=_Said)


def _client_id(raw: str) -> str:
    """Find which message a frame we cannot take was about, so that the app can tell the person."""
    try:
        return msgspec.json.decode(raw, type=_Attempt).send.client_id
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""


def visitor_socket_route(sockets: VisitorSockets) -> WebsocketRouteHandler:
    """Give the socket's route."""

    @websocket("/widget/v1/{public_key:str}/live", guards=[OPEN])
    async def visitor_live(
        socket: Socket, public_key: FromPath[str], ticket: FromQuery[str] = ""
    ) -> None:
        await sockets.serve(socket, public_key, ticket)

    return visitor_live
