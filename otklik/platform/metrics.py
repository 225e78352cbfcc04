"""Numbers about the running process, for Prometheus."""

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from ipaddress import ip_address
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_FAST_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def _counter(name: str, doc: str, *labels: str) -> Counter:
    return Counter(f"otklik_{name}", doc, labels, registry=REGISTRY)


def _gauge(name: str, doc: str, *labels: str) -> Gauge:
    return Gauge(f"otklik_{name}", doc, labels, registry=REGISTRY)


def _histogram(name: str, doc: str, buckets: Iterable[float], *labels: str) -> Histogram:
    return Histogram(f"otklik_{name}", doc, labels, buckets=tuple(buckets), registry=REGISTRY)


# Every queue has the same four: `queue` is inbound, delivery, webhooks or downloads.
QUEUE_DEPTH = _gauge("queue_depth", "Entries waiting in a queue.", "queue")
QUEUE_OLDEST_S = _gauge("queue_oldest_seconds", "Age of the oldest entry waiting.", "queue")
QUEUE_IN_FLIGHT = _gauge("queue_in_flight", "Entries being worked on.", "queue")
QUEUE_DEAD = _gauge("queue_dead_letters", "Entries given up, to be looked at.", "queue")

APPENDED = _counter("inbound_appended", "Bodies stored in the inbound log.", "channel")
REFUSED = _counter("inbound_refused", "Bodies refused before storing.", "channel", "reason")
DISPATCHED = _counter("inbound_dispatched", "Bodies dispatched.", "outcome")
APPEND_BATCH = _histogram("append_batch_size", "Bodies per commit of the log.", _SIZES)
APPEND_S = _histogram("append_seconds", "From a body's arrival to its commit.", _FAST_S)
DISPATCH_BATCH = _histogram("dispatch_batch_size", "Bodies per dispatched batch.", _SIZES)
DISPATCH_S = _histogram("dispatch_seconds", "One batch from reading to commit.", _FAST_S)

SENT = _counter("sent", "Attempts to send, by what came of them.", "channel", "outcome")
SEND_S = _histogram("send_seconds", "One attempt to send.", _SLOW_S, "channel")
THROTTLED_S = _counter("send_throttled_seconds", "Time spent waiting for a limit.", "channel")

SOCKETS_OPEN = _gauge("sockets_open", "Open sockets.", "side")
SOCKETS_DROPPED = _counter("sockets_dropped", "Sockets closed by us.", "side", "reason")
FRAMES = _counter("socket_frames", "Frames written to sockets.", "side")
EVENTS = _counter("events", "Announced changes.")

REQUESTS = _counter("http_requests", "Answered requests.", "method", "status")
REQUEST_S = _histogram("http_request_seconds", "One request.", _FAST_S, "method")


def note_queue(queue: str, *, depth: int, oldest_s: float, in_flight: int, dead: int) -> None:
    """Set the four numbers of one queue; ages in seconds."""
    QUEUE_DEPTH.labels(queue).set(depth)
    QUEUE_OLDEST_S.labels(queue).set(oldest_s)
    QUEUE_IN_FLIGHT.labels(queue).set(in_flight)
    QUEUE_DEAD.labels(queue).set(dead)


Scope = MutableMapping[str, Any]  # ASGI leaves the values of its messages open
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Refresh = Callable[[], Awaitable[None]]


class MetricsPage:
    """The ASGI application behind `/metrics`.

    With a token it asks for it; without one it answers only callers of this very machine that
    no proxy stands for. `refresh` is awaited first, to read what only the database knows.
    """

    def __init__(self, token: str = "", refresh: Refresh | None = None) -> None:
        self._token = token
        self._refresh = refresh

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not self._admits(scope):
            await _answer(send, 401 if self._token else 403, b"", "text/plain")
            return
        if self._refresh is not None:
            await self._refresh()
        await _answer(send, 200, generate_latest(REGISTRY), CONTENT_TYPE_LATEST)

    def _admits(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        if self._token:
            wanted = f"Bearer {self._token}".encode()
            return hmac.compare_digest(headers.get(b"authorization", b""), wanted)
        proxied = b"x-forwarded-for" in headers or b"forwarded" in headers
        return not proxied and _is_local((scope.get("client") or ("", 0))[0])


def _is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


async def _answer(send: Send, status: int, body: bytes, mime: str) -> None:
    headers = [
        (b"content-type", mime.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
