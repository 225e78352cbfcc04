"""Ordered faults of API calls, played before or after the call is accepted."""

import asyncio
import time
from collections.abc import Callable

from sandbox.asgi import Cut, Reply, Request
from sandbox.faults import CallRule

_HANG_S = 90.0
_HTML = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    b"<body><h1>502 Bad Gateway</h1></body>\r\n</html>"
)


async def before(
    rule: CallRule, request: Request, refuse: Callable[[CallRule], Reply]
) -> Reply | Cut | None:
    """Play a fault that comes before the call is accepted; None lets the call through.

    `refuse` words `too_many` and `server_error` as the messenger does.
    """
    match rule.kind:
        case "too_many" | "server_error":
            return refuse(rule)
        case "html":
            return Reply(rule.status, _HTML, "text/html")
        case "hang_before":
            await _hang(request, rule)
            return Cut()
        case "reset_before":
            return Cut()
        case "slow":
            await asyncio.sleep(rule.delay_s or 1.0)
    return None


async def after(rule: CallRule, request: Request) -> Cut | None:
    """Play a fault that comes after the call was accepted; None lets the answer out."""
    if rule.kind == "hang_after":
        await _hang(request, rule)
    return Cut() if rule.kind in ("hang_after", "reset_after") else None


async def _hang(request: Request, rule: CallRule) -> None:
    until = time.monotonic() + (rule.delay_s or _HANG_S)
    gone = request.transport.is_closing if request.transport else (lambda: False)
    while time.monotonic() < until and not gone():  # noqa: ASYNC110 - a lost peer is only a flag
        await asyncio.sleep(0.05)
