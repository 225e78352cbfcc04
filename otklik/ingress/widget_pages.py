"""The built files of the site chat: loader, panel, their parts, and the demonstration shop."""

import hashlib
import mimetypes
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, SkipValidation

from otklik.inboxes.api import InboxRegistry
from otklik.inboxes.types import Inbox
from otklik.ingress.visitor_origins import frame_ancestors
from otklik.kernel.errors import NotFoundError
from otklik.platform.pages import file_in
from otklik.platform.web import OPEN

CHANNEL = "widget"

_HOUR = "public, max-age=3600"
_FOR_EVER = "public, max-age=31536000, immutable"

_FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "object-src 'none'; frame-ancestors "
)
# The shop plays a site with a strict policy: nothing inline, and the chat in a frame of ours.
_SHOP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

AnyRequest = Request[Any, Any, Any]  # Litestar leaves user, auth and state open


class _Built(NamedTuple):
    body: bytes
    mime: str
    etag: str


class WidgetPages:
    """Serves `web/apps/widget/dist`. A file is read again when it changed on disk."""

    def __init__(self, dist: Path, registry: InboxRegistry, shop_inbox: str = "") -> None:
        self._dist = dist.resolve()
        self._registry = registry
        self._kept: dict[Path, tuple[int, _Built]] = {}
        self.shop_inbox = shop_inbox
        """Public key of the inbox the demonstration shop talks to; empty: there is no shop."""

    def built(self, name: str) -> _Built:
        """Give a built file; raises `NotFoundError`."""
        path = file_in(self._dist, name)
        if path is None:
            raise NotFoundError
        changed = path.stat().st_mtime_ns
        kept = self._kept.get(path)
        if kept is None or kept[0] != changed:
            body = path.read_bytes()
            mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            kept = self._kept[path] = (changed, _Built(body, mime, etag))
        return kept[1]

    def inbox(self, public_key: str) -> Inbox:
        """Find the inbox a panel is for."""
        inbox = self._registry.by_key(public_key)
        if inbox is None or inbox.channel != CHANNEL:
            raise NotFoundError
        return inbox


ThePages = NamedDependency[SkipValidation[WidgetPages]]


@get("/widget.js", guards=[OPEN], include_in_schema=False)
async def loader(request: AnyRequest, pages: ThePages) -> Response[bytes]:
    """Give the script site owners paste."""
    return _given(request, pages.built("widget.js"), _HOUR)


@get("/widget/assets/{name:str}", guards=[OPEN], include_in_schema=False)
async def asset(name: FromPath[str], request: AnyRequest, pages: ThePages) -> Response[bytes]:
    """Give a part of the panel; its name changes with its content."""
    return _given(request, pages.built(f"assets/{name}"), _FOR_EVER)


@get("/widget/frame/{public_key:str}", guards=[OPEN], include_in_schema=False)
async def panel(public_key: FromPath[str], request: AnyRequest, pages: ThePages) -> Response[bytes]:
    """Give the panel's page to the sites the inbox allows."""
    policy = _FRAME_POLICY + frame_ancestors(pages.inbox(public_key))
    found = pages.built("frame/index.html")
    return _given(request, found, "no-cache", {"Content-Security-Policy": policy})


@get("/demo/shop", guards=[OPEN], include_in_schema=False)
async def shop(pages: ThePages) -> Response[bytes]:
    """Give the invented shop's page with the snippet in it."""
    if not pages.shop_inbox:
        raise NotFoundError
    page = pages.built("demo/index.html")
    # The page lies one folder higher than where it was built.
    body = page.body.replace(b"PUBLIC_KEY", pages.shop_inbox.encode())
    body = body.replace(b"../assets/", b"../widget/assets/")
    headers = {"Content-Security-Policy": _SHOP_POLICY, "Cache-Control": "no-cache"}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def widget_pages_router(pages: WidgetPages) -> Router:
    """Give the routes of the chat's files."""
    return Router(
        path="/",
        route_handlers=[loader, asset, panel, shop],
        dependencies={"pages": Provide(lambda: pages, sync_to_thread=False)},
    )


def _given(
    request: AnyRequest, found: _Built, cache: str, more: dict[str, str] | None = None
) -> Response[bytes]:
    headers = {
        "Cache-Control": cache,
        "ETag": found.etag,
        "Cross-Origin-Resource-Policy": "cross-origin",  # other people's sites load it
        **(more or {}),
    }
    if request.headers.get("if-none-match") == found.etag:
        return Response(b"", status_code=304, headers=headers)
    text = found.mime.startswith("text/") or found.mime.endswith("javascript")
    mime = f"{found.mime}; charset=utf-8" if text else found.mime
    return Response(found.body, media_type=mime, headers=headers)
