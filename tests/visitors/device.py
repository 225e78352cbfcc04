"""A visitor's device that speaks the protocol by hand."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from otklik.kernel.ids import new_id

Json = dict[str, Any]


class Device:
    """One visitor: their token and what they can ask."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self.http = http
        self.base = base
        self.token = ""
        self.seq = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "ru"}

    async def enter(self, **ask: str) -> Json:
        if self.token and not ask:
            ask = {"token": self.token}
        async with self.http.post(f"{self.base}/session", json=ask) as answer:
            assert answer.status == 200, await answer.text()
            session: Json = await answer.json()
        self.token, self.seq = session["token"], session["seq"]
        return session

    async def post(self, **send: object) -> tuple[int, Json]:
        send.setdefault("client_id", new_id())
        async with self.http.post(
            f"{self.base}/messages", json=send, headers=self.headers
        ) as answer:
            return answer.status, await answer.json()

    async def say(self, text: str, **send: object) -> Json:
        status, answer = await self.post(text=text, **send)
        assert status == 202, answer
        return answer

    async def upload(self, name: str, body: bytes, mime: str) -> tuple[int, Json]:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(body), filename=name, content_type=mime)
        async with self.http.post(f"{self.base}/files", data=form, headers=self.headers) as answer:
            return answer.status, await answer.json()

    async def messages(self, **query: int) -> Json:
        async with self.http.get(
            f"{self.base}/messages", params=query, headers=self.headers
        ) as answer:
            assert answer.status == 200, await answer.text()
            page: Json = await answer.json()
        return page

    async def texts(self) -> list[str]:
        return [message["text"] for message in (await self.messages())["messages"]]

    @asynccontextmanager
    async def live(self, since: int | None = None) -> AsyncIterator["Ear"]:
        session = await self.enter()
        async with self.http.ws_connect(f"{self.base}/live?ticket={session['ticket']}") as socket:
            ear = Ear(socket)
            assert (await ear.frame())["kind"] == "hello"
            start = session["seq"] if since is None else since
            await socket.send_json({"kind": "follow", "since": start})
            yield ear


class Ear:
    """An open socket, read with patience."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.last = 0

    async def frame(self) -> Json:
        message = await asyncio.wait_for(self.socket.receive(), 10)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        frame: Json = json.loads(message.data)
        self.last = frame.get("seq", self.last)
        return frame

    async def until(self, kind: str) -> Json:
        """Give the next event or frame of a kind."""
        while True:
            frame = await self.frame()
            if frame["kind"] == kind:
                return frame
            for event in frame.get("events", []):
                if event["kind"] == kind:
                    found: Json = event
                    return found

    async def created(self, count: int) -> list[Json]:
        """Give the next messages that come, one for one."""
        found: list[Json] = []
        while len(found) < count:
            frame = await self.frame()
            found += [
                event["message"]
                for event in frame.get("events", [])
                if event["kind"] == "message.created"
            ]
        return found

    async def closed(self) -> int | None:
        """Wait for the end; give its code."""
        while not self.socket.closed:
            await asyncio.wait_for(self.socket.receive(), 10)
        return self.socket.close_code
