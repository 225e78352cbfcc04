"""The webhook: authentic → appended durably → 2xx. A bare ASGI handler, nothing else in between."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog

from otklik.inboxes.api import InboxRegistry
from otklik.inboxes.types import Inbox
from otklik.ingress.append import Appender
from otklik.kernel.errors import (
    InvalidError,
    NotFoundError,
    NotSignedInError,
    OtklikError,
    TooLargeError,
    UnavailableError,
)
from otklik.platform import metrics
from otklik.ports.channel import Channel, HookReply, Knock, Malformed, Unknown

Scope = MutableMapping[str, Any]  # ASGI leaves the values of its messages open
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/hooks/"
_RETRY_AFTER_S = 5
_JSON = (b"content-type", b"application/problem+json")
# Scripts given here, and what they tell, belong to other people's sites.
_FOR_OTHERS = (b"cross-origin-resource-policy", b"cross-origin")

_log = structlog.get_logger("otklik.webhook")


class Webhook:
    """Takes what platforms send to `/hooks/{public key}`: handshakes and deliveries."""

    def __init__(
        self,
        inboxes: InboxRegistry,
        channels: Mapping[str, Channel],
        appender: Appender,
        body_limit: int,
    ) -> None:
        self._inboxes = inboxes
        self._channels = channels
        self._appender = appender
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one delivery: 200 only when the body is durable."""
        inbox: Inbox | None = None
        try:
            inbox = self._inbox(scope)
            reply = await self._reply(inbox, scope, receive)
        except OtklikError as error:
            channel = "" if inbox is None else inbox.channel
            metrics.REFUSED.labels(channel, error.code).inc()
            await _refuse(send, error)
            return
        kind = [(b"content-type", reply.content_type.encode())] if reply.body else []
        await _answer(send, reply.status, kind, reply.body)

    def _inbox(self, scope: Scope) -> Inbox:
        inbox = self._inboxes.by_key(scope["path"].removeprefix(PATH))
        if inbox is None:
            raise NotFoundError
        return inbox

    async def _reply(self, inbox: Inbox, scope: Scope, receive: Receive) -> HookReply:
        channel = self._channels[inbox.channel]
        most = max(self._body_limit, channel.manifest.limits.delivery_bytes)
        body = await _body(receive, most)
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if channel.greet is not None:
            query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            greeting = channel.greet(Knock(scope["method"], query, headers, body), inbox.config)
            if greeting is not None:
                return greeting
        if scope["method"] != "POST":
            raise NotFoundError
        await self._accept(inbox, channel, headers, body)
        return _taken(channel, body, inbox)

    async def _accept(
        self, inbox: Inbox, channel: Channel, headers: Mapping[str, str], body: bytes
    ) -> None:
        if not channel.authentic(headers, body, inbox.config):
            raise NotSignedInError(
                "The delivery is not signed with this inbox's secret.",
                "Запрос не подписан секретом этого подключения.",
            )
        envelope = channel.envelope(body)
        if isinstance(envelope, Malformed):
            raise InvalidError(
                f"The body is not what {channel.manifest.title} sends: {envelope.reason}.",
                f"Это не похоже на {channel.manifest.title}: {envelope.reason}.",
                field="body",
            )
        if channel.kept is not None:
            body = channel.kept(body)
        others = self._also_about(inbox, channel, headers, body)
        waiting = [
            self._appender.append(one, body, envelope.dedupe_key) for one in (inbox, *others)
        ]
        await asyncio.gather(*waiting)

    def _also_about(
        self, inbox: Inbox, channel: Channel, headers: Mapping[str, str], body: bytes
    ) -> Iterator[Inbox]:
        """Find the account's other inboxes a delivery speaks of.

        One app of a platform may serve several pages, and has one address for all of them.
        """
        if channel.ours is None:
            return
        for other in self._inboxes.all():
            if other.channel != inbox.channel or other.account_id != inbox.account_id:
                continue
            known = other.id != inbox.id and channel.authentic(headers, body, other.config)
            if known and _speaks_of(other, channel, body):
                yield other


def _speaks_of(inbox: Inbox, channel: Channel, body: bytes) -> bool:
    try:
        left = body if channel.ours is None else channel.ours(body, inbox.config)
        events = channel.parse(left)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False  # it stays in the log of the inbox it came to, with the reason
    return not all(isinstance(event, Unknown) for event in events)


def _taken(channel: Channel, body: bytes, inbox: Inbox) -> HookReply:
    """Acknowledge a stored delivery in the platform's words."""
    if channel.answer is None:
        return HookReply(200, channel.accepted)
    said = channel.answer(body, inbox.config)
    return HookReply(200, said, "application/json" if said else "text/plain; charset=utf-8")


async def _body(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise UnavailableError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise TooLargeError(
                f"The body is over {limit} bytes.", f"Тело больше {limit} байт.", field="body"
            )
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _refuse(send: Send, error: OtklikError) -> None:
    problem = {
        "type": f"urn:otklik:problem:{error.code}",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "code": error.code,
        "detail": error.en,
    }
    if error.field is not None:
        problem["field"] = error.field
    headers = [_JSON]
    if error.status == UnavailableError.status:
        headers.append((b"retry-after", str(error.retry_after_s or _RETRY_AFTER_S).encode()))
    await _answer(send, error.status, headers, msgspec.json.encode(problem))


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, _FOR_OTHERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
