"""One serving process: its socket, its server, its end."""

import asyncio
import gc
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

import uvicorn
from litestar.types import ASGIApp

from otklik.kernel.errors import SetupError

_GRACE_S = 5
_BACKLOG = 2048
_FRAME_BYTES = 65_536

Ready = Callable[[str], Awaitable[None]]
"""Told the address once requests are answered."""

Leaving = Callable[[], None]


def listen(host: str, port: int) -> socket.socket:
    """Take a port; raises `SetupError` with the remedy when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that the event loop switches Nagle's delay off for what it accepts.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SetupError(
            f"Port {port} of {host} cannot be used ({error.strerror}). Stop what uses it, or set "
            "OTKLIK_PORT to another one.",
            f"Порт {port} на {host} недоступен ({error.strerror}). Остановите то, что его "
            "занимает, или задайте другой в OTKLIK_PORT.",
            field="port",
        ) from error
    listening.listen(_BACKLOG)
    return listening


def address_of(listening: socket.socket) -> str:
    """Give the address people open."""
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


class _Server(uvicorn.Server):
    """A server that says when it begins to leave."""

    def __init__(self, config: uvicorn.Config, leaving: Leaving) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leaving()
        await super().shutdown(sockets)


def _nothing() -> None:
    return


async def serve(
    app: ASGIApp,
    listening: socket.socket,
    ready: Ready | None = None,
    leaving: Leaving = _nothing,
) -> None:
    """Serve until a signal ends it; `leaving` lets go of what would hold requests open."""
    config = uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=_FRAME_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=75,
    )
    # Its lines of information name every socket's address, and a ticket is a part of that.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server = _Server(config, leaving)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - the server has no event
        await asyncio.sleep(0.02)
    if server.started:
        _settle_memory()
        if ready is not None:
            await ready(address_of(listening))
    with suppress(asyncio.CancelledError):
        await serving
    if not server.started:
        raise SetupError(
            "The server did not start; see the log.", "Сервер не запустился, см. журнал."
        )


def _settle_memory() -> None:
    """Spare the collector what start-up made: it lives as long as the process.

    Measured with the full pipeline: pauses of the collector were most of the 99th percentile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
