"""One person's copy of the shop's app: a device that speaks the visitor protocol for real."""

import asyncio
import time

import aiohttp
import jwt
import msgspec
from msgspec.structs import replace

from sandbox import blobs
from sandbox.app.bodies import Attachment, Event, Frame, Session, Told, kind_of, shown
from sandbox.courier import Parcel
from sandbox.message import File
from sandbox.world import Chat

_PAUSE_S = 0.5
_PROOF_S = 600
_FILE_LIMIT = 32 * 1_048_576
_GONE = (aiohttp.ClientError, TimeoutError, msgspec.DecodeError)

_session = msgspec.json.Decoder(Session).decode
_frame = msgspec.json.Decoder(Frame).decode


class Phone:
    """Keeps the chat the same as the conversation on the server, both ways."""

    def __init__(self, chat: Chat, address: str) -> None:
        self._chat = chat
        self._http = chat.account.shared.session
        self._address = address
        self._origin = address.partition("/app/v1/")[0]
        self._token = ""
        self._seq = 0
        self._known: dict[str, str] = {}
        """The phone's ids of its own messages, by the server's."""
        self._numbers: dict[str, int] = {}
        """The server's numbers of messages, by the phone's ids."""
        self.waiting: asyncio.Queue[Parcel] = asyncio.Queue()

    async def run(self) -> None:
        """Stay connected for ever."""
        parcel: Parcel | None = None
        while True:
            try:
                session = await self._enter()
                url = f"{self._address}/live?ticket={session.ticket}"
                async with self._http.ws_connect(url) as socket:
                    await socket.send_json({"kind": "follow", "since": self._seq})
                    hearing = asyncio.create_task(self._hear(socket))
                    try:
                        while not hearing.done():
                            parcel = parcel or await self._next(hearing)
                            if parcel is not None:
                                await self._hand(socket, parcel)
                                parcel = None
                    finally:
                        hearing.cancel()
                        await asyncio.gather(hearing, return_exceptions=True)
            except _GONE:
                pass  # the server is away: the same again after a pause
            await asyncio.sleep(_PAUSE_S)

    async def _next(self, hearing: asyncio.Task[None]) -> Parcel | None:
        """Wait for the person to do something, as long as the socket lives."""
        taking = asyncio.create_task(self.waiting.get())
        await asyncio.wait({taking, hearing}, return_when=asyncio.FIRST_COMPLETED)
        if taking.done():
            return taking.result()
        taking.cancel()
        return None

    async def _enter(self) -> Session:
        """Say who it is, as the shop's own server would sign it."""
        person, now = self._chat.person, int(time.time())
        claims = {
            "sub": str(person.id),
            "name": person.name,
            "email": person.email,
            "phone": f"+{person.phone}",
            "iat": now,
            "exp": now + _PROOF_S,
        }
        secret = self._chat.account.secrets["identity_secret"]
        ask = {"identity": jwt.encode(claims, secret), "locale": person.language}
        async with self._http.post(f"{self._address}/session", json=ask) as answer:
            answer.raise_for_status()
            session = _session(await answer.read())
        self._token = session.token
        if not self._seq:
            self._seq = session.seq
            for told in session.messages:
                await self._show(told)
        return session

    # --- what the person does --------------------------------------------------------------

    async def _hand(self, socket: aiohttp.ClientWebSocketResponse, parcel: Parcel) -> None:
        body = msgspec.json.decode(parcel.body, type=dict[str, object])
        if parcel.kind != "send":
            up_to = self._numbers.get(str(body.pop("message_id", "")), 0)
            await socket.send_json({**body, "seq": up_to} if parcel.kind == "seen" else body)
            return
        answered = {own: there for there, own in self._known.items()}
        body["reply_to_id"] = answered.get(
            str(body.get("reply_to_id")), body.get("reply_to_id", "")
        )
        files = msgspec.convert(body.get("file_ids", []), list[str])
        if files:
            body["file_ids"] = [await self._upload(one) for one in files]
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"{self._address}/messages"
        async with self._http.post(url, json=body, headers=headers) as answer:
            if answer.status >= 500 or answer.status == 429:
                answer.raise_for_status()  # it waits, and is sent again with the same client id
            status = "sent" if answer.status == 202 else "failed"
        self._chat.mark(parcel.message_id, "failed" if status == "failed" else "delivered")

    async def _upload(self, file_id: str) -> str:
        blob = self._chat.account.files[file_id]
        form = aiohttp.FormData()
        form.add_field("file", blob.content, filename=blob.name, content_type=blob.mime)
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._http.post(f"{self._address}/files", data=form, headers=headers) as answer:
            answer.raise_for_status()
            found: dict[str, str] = await answer.json()
        return found["file_id"]

    # --- what the server tells -------------------------------------------------------------

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = _frame(message.data)
            if frame.kind == "typing":
                self._chat.act("typing")
            for event in frame.events:
                await self._take(event)
            if frame.kind == "resync":
                self._seq = 0
                return
            if frame.kind == "events":
                self._seq = frame.seq

    async def _take(self, event: Event) -> None:
        if event.message is not None:
            await self._show(event.message)
        elif event.kind == "read":
            own = [one for one in self._chat.messages.values() if one.own]
            seen = [
                one.id
                for one in own
                if self._numbers.get(one.id, event.operator_read_seq + 1) <= event.operator_read_seq
            ]
            for message_id in seen:
                self._chat.mark(message_id, "read")

    async def _show(self, told: Told) -> None:
        own = told.client_id if told.client_id in self._chat.messages else None
        if own is not None:
            self._known[told.id] = own
        name = self._known.get(told.id, told.id)
        self._numbers[name] = told.seq
        before = self._chat.messages.get(name)
        if told.deleted:
            self._chat.remove(name)
        elif before is None and told.kind != "press":
            files = tuple([await self._fetched(one) for one in told.attachments if one.url])
            self._chat.leave(shown(told, files, self._known))
        elif before is not None and not before.own:
            fresh = shown(told, before.files, self._known)
            if replace(fresh, status=before.status) != before:
                self._chat.change(replace(fresh, status=before.status))

    async def _fetched(self, file: Attachment) -> File:
        blob = await blobs.fetch(self._http, self._origin + (file.url or ""), _FILE_LIMIT)
        named = replace(blob, name=file.name or blob.name, mime=file.mime or blob.mime)
        return self._chat.account.keep(named, kind_of(file.kind))
