"""The few pieces of HTTP the sandbox needs: requests, replies, streams, routes and bodies."""

import asyncio
import os
import re
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from urllib.parse import parse_qsl

import msgspec
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_BODY = 52 * 1024 * 1024

Event = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class Upload(msgspec.Struct, frozen=True):
    """One file of a multipart form."""

    name: str
    content_type: str
    content: bytes


class Request(msgspec.Struct, frozen=True):
    """One HTTP request with its whole body read."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[bytes, bytes]
    body: bytes
    transport: asyncio.Transport | None

    @property
    def content_type(self) -> str:
        return self.headers.get(b"content-type", b"").decode("latin-1")


class Reply(msgspec.Struct, frozen=True):
    """A whole answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Stream(msgspec.Struct, frozen=True):
    """An answer that goes on until the reader leaves."""

    chunks: AsyncIterator[bytes]
    content_type: str = "text/event-stream"


class Cut(msgspec.Struct, frozen=True):
    """No answer at all: the connection is reset."""


Answer = Reply | Stream | Cut
Route = Callable[[Request, dict[str, str]], Awaitable[Answer]]


class MalformedError(Exception):
    """The body of a request is not what its content type promises."""


class Protocol(HttpToolsProtocol):
    """The server's protocol, which also lets a fault reset the connection it came by."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


class Router:
    """Match a method and a path to a route; `{name}` takes a segment, `{name:path}` the rest."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Route]] = []

    def add(self, method: str, path: str, route: Route) -> None:
        pattern = re.sub(r"\{(\w+):path\}", r"(?P<\1>.*)", path)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self._routes.append((method, re.compile(pattern + "$"), route))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for wanted, pattern, route in self._routes:
            if wanted in (method, "*") and (match := pattern.match(path)):
                return route, match.groupdict()
        return None


def as_json(value: object, status: int = 200) -> Reply:
    """Answer with a value as JSON."""
    return Reply(status, msgspec.json.encode(value))


def refuse(status: int, detail: str) -> Reply:
    """Answer with a problem a person can act on."""
    problem = {"title": "The sandbox cannot do that", "status": status, "detail": detail}
    return Reply(status, msgspec.json.encode(problem), "application/problem+json")


def parse_body(request: Request) -> tuple[dict[str, object], dict[str, Upload]]:
    """Read the query and a JSON, form or multipart body into fields and uploads."""
    fields: dict[str, object] = dict(request.query)
    if not request.body:
        return fields, {}
    kind, options = parse_options_header(request.content_type)
    if kind == "multipart/form-data":
        texts, uploads = _parse_multipart(request.body, options.get("boundary", ""))
        return fields | texts, uploads
    if kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        return fields | dict(pairs), {}
    try:
        return fields | msgspec.json.decode(request.body, type=dict[str, object]), {}
    except msgspec.DecodeError as error:
        raise MalformedError(str(error)) from error


def _parse_multipart(body: bytes, boundary: str) -> tuple[dict[str, object], dict[str, Upload]]:
    texts: dict[str, object] = {}
    uploads: dict[str, Upload] = {}
    current: MultipartSegment | None = None
    content = bytearray()
    try:
        with PushMultipartParser(boundary, max_header_size=16_384) as parser:
            for piece in parser.parse(body):
                if isinstance(piece, MultipartSegment):
                    current, content = piece, bytearray()
                elif piece:
                    content += piece
                elif current is not None:
                    _keep_part(current, bytes(content), texts, uploads)
    except MultipartError as error:
        raise MalformedError(str(error)) from error
    return texts, uploads


def _keep_part(
    part: MultipartSegment, content: bytes, texts: dict[str, object], uploads: dict[str, Upload]
) -> None:
    if part.filename is None:
        texts[part.name] = content.decode("utf-8", "replace")
    else:
        kind = part.content_type or "application/octet-stream"
        uploads[part.name] = Upload(part.filename, kind, content)


def reset(transport: asyncio.Transport | None) -> None:
    """Drop a connection so that the peer sees a reset, not an orderly end."""
    if transport is None:
        return
    found = transport.get_extra_info("socket")
    if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
        with socket.socket(fileno=os.dup(found.fileno())) as twin:
            twin.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class Application:
    """The ASGI side: reads the request, finds its route, sends the answer."""

    def __init__(self, find: Callable[[Request], Awaitable[Answer]]) -> None:
        self._find = find

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            request = await _read(scope, receive)
            if request is None:
                await _send_reply(send, refuse(413, "The body is larger than 52 MB."))
                return
            answer = await self._find(request)
            if isinstance(answer, Cut):
                reset(request.transport)
            elif isinstance(answer, Stream):
                await _send_stream(send, receive, answer)
            else:
                await _send_reply(send, answer)


async def _live(receive: Receive, send: Send) -> None:
    while (event := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{event['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _read(scope: Event, receive: Receive) -> Request | None:
    chunks: list[bytes] = []
    size = 0
    more: object = True
    while more:
        event = await receive()
        chunk = event.get("body", b"")
        assert isinstance(chunk, bytes)
        chunks.append(chunk)
        size += len(chunk)
        more = event.get("more_body", False)
        if size > MAX_BODY:
            return None
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    # ASGI scopes are untyped dictionaries; this is the one place that reads them.
    query, headers, state = scope["query_string"], scope["headers"], scope.get("state", {})
    assert isinstance(query, bytes)
    assert isinstance(headers, list)
    assert isinstance(state, dict)
    pairs = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {}
    transport = state.get("transport")
    return Request(str(scope["method"]), str(scope["path"]), pairs, dict(headers), body, transport)


async def _send_reply(send: Send, reply: Reply) -> None:
    headers = [
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
        *reply.headers,
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _send_stream(send: Send, receive: Receive, stream: Stream) -> None:
    headers = [(b"content-type", stream.content_type.encode()), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def pour() -> None:
        async for chunk in stream.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    pouring = asyncio.ensure_future(pour())
    leaving = asyncio.ensure_future(receive())
    await asyncio.wait({pouring, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (pouring, leaving):
        task.cancel()
    await asyncio.gather(pouring, leaving, return_exceptions=True)
