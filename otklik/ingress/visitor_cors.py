"""Any site may ask the visitor protocol: it knows no cookies, only tokens."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_PREFIX = "/widget/v1/"
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
