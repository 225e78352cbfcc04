"""Headers every answer carries: what a browser may do with it, and the request's name."""

import re

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from otklik.kernel.ids import new_id

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",  # Mantine sets style attributes; scripts stay strict
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",  # since CSP 3 it covers the page's own sockets
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
)
DESK_POLICY = "; ".join(_DIRECTIVES)
REQUEST_ID = b"x-request-id"

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", DESK_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    ),
)
_SECURE = (b"strict-transport-security", b"max-age=31536000")


class SafeHeaders:
    """Wraps the whole application; a header the answer already has is left as it is."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = (*_ALWAYS, _SECURE) if secure else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on, naming it in `scope["state"]["request_id"]`."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        name = _request_id(scope)
        # Servers without a lifespan give no state of their own.
        scope.setdefault("state", {})["request_id"] = name.decode()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                present = {key.lower() for key, _ in given}
                given += [pair for pair in self._headers if pair[0] not in present]
                message["headers"] = [*given, (REQUEST_ID, name)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _request_id(scope: Scope) -> bytes:
    for key, value in scope["headers"]:
        if key == REQUEST_ID and _GIVEN_ID.fullmatch(value):
            return value
    return new_id().encode()
