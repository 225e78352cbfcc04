"""What an idle socket costs the server: memory, and bytes on the wire to open it."""

import asyncio
import base64
import os
import struct
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from bench.programs import rss_bytes
from bench.shop import Shop

Path = Callable[[int], Awaitable[str]]
"""Gives the address of the next socket."""

_SETTLE_S = 1.0
_AT_ONCE = 20


@dataclass(frozen=True)
class Idle:
    """Per socket: resident bytes of the server, and bytes sent and heard to open it."""

    sockets: int
    rss: float
    wire: float


class _Open(asyncio.Protocol):
    """A socket opened by hand, so that every byte is counted."""

    def __init__(self, request: bytes, follow: bytes) -> None:
        self._request = request
        self._follow = follow
        self.bytes = len(request) + len(follow)
        self.upgraded: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has no common class
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        if not self.upgraded.done() and self._transport is not None:
            self.upgraded.set_result(data.startswith(b"HTTP/1.1 101"))
            self._transport.write(self._follow)

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.upgraded.done():
            self.upgraded.set_result(False)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


async def idle_desks(shop: Shop, sockets: int) -> Idle:
    """Open operators' sockets that follow the queue."""

    async def path(_number: int) -> str:
        return f"/api/v1/live?ticket={(await shop.post('/live/ticket'))['ticket']}"

    return await _measure(shop, sockets, path, b'{"kind":"follow","views":["queue"]}')


async def idle_visitors(shop: Shop, sockets: int) -> Idle:
    """Open the sockets of visitors who have not written yet."""
    base = f"/widget/v1/{shop.site}"

    async def path(number: int) -> str:
        # Every visitor comes from an address of their own: one address has its limits.
        address = {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}"}
        url = f"{shop.url}{base}/session"
        async with shop.http.post(url, json={}, headers=address) as answer:
            answer.raise_for_status()
            return f"{base}/live?ticket={(await answer.json())['ticket']}"

    return await _measure(shop, sockets, path, b'{"kind":"follow","since":0}')


async def _measure(shop: Shop, sockets: int, path: Path, follow: bytes) -> Idle:
    await _several(shop, range(_AT_ONCE), path, follow)  # what the first ones load is not theirs
    await asyncio.sleep(_SETTLE_S)
    before = rss_bytes(shop.app_id)
    lines = await _several(shop, range(_AT_ONCE, _AT_ONCE + sockets), path, follow)
    await asyncio.sleep(_SETTLE_S)
    grown = rss_bytes(shop.app_id) - before
    heard = sum(line.bytes for line in lines)
    for line in lines:
        line.close()
    return Idle(sockets, grown / sockets, heard / sockets)


async def _several(shop: Shop, numbers: range, path: Path, follow: bytes) -> list[_Open]:
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> _Open:
        async with turns:
            return await _opened(shop, await path(number), follow)

    return await asyncio.gather(*(one(number) for number in numbers))


async def _opened(shop: Shop, path: str, follow: bytes) -> _Open:
    host, _, port = shop.url.removeprefix("http://").partition(":")
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket",
        "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
    ]  # fmt: skip
    request = "\r\n".join([*lines, "", ""]).encode()
    _, line = await asyncio.get_running_loop().create_connection(
        lambda: _Open(request, _masked(follow)), host, int(port)
    )
    if not await line.upgraded:
        raise RuntimeError(f"the socket {path.partition('?')[0]} did not open")
    return line


def _masked(text: bytes) -> bytes:
    """Frame a short text as browsers do; with an all-zero mask the bytes stay as they are."""
    if len(text) > 125:
        sys.exit("a frame this long needs another header")
    return struct.pack("!BB4x", 0x81, 0x80 | len(text)) + text
