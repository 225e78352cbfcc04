"""The way in to the visitor protocol: the addresses it has, and leave for any site to ask it.

It knows no cookies, only tokens.
"""

from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from otklik.ingress.visitor_room import CHANNELS_HERE

_PREFIX = "/widget/v1/"
_OTHER_NAMES = tuple(f"/{name}/v1/" for name in sorted(CHANNELS_HERE) if name != "widget")
"""The same protocol under the names of its other channels, which the routes need not repeat."""

_ALWAYS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after, content-range"),
]
_PREFLIGHT = [
    *_ALWAYS,
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, accept-language, range"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


class VisitorCors:
    """Wraps the whole application; touches the visitor protocol only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser's question beforehand, or add the permission to the answer."""
        scope = _known(scope)
        if scope["type"] != ScopeType.HTTP or not scope["path"].startswith(_PREFIX):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return

        async def send_with_permission(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_ALWAYS]
            await send(message)

        await self._app(scope, receive, send_with_permission)


def _known(scope: Scope) -> Scope:
    """Give the scope as the routes know it."""
    path = scope.get("path", "")  # the server's own beginning and end have none
    name = next((one for one in _OTHER_NAMES if path.startswith(one)), "")
    if not name:
        return scope
    known = _PREFIX + path.removeprefix(name)
    return cast("Scope", {**scope, "path": known, "raw_path": known.encode()})
