"""The web application: every door in one place, behind one front."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

from litestar import Litestar, Router
from litestar.enums import ScopeType
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from otklik.accounts.http import CALLER, accounts_router, make_door
from otklik.accounts.jobs import keep_sweeping
from otklik.channels import CHANNELS
from otklik.contacts.http import ContactBook, contacts_router
from otklik.conversations.api import follow
from otklik.conversations.files_http import FileRoom, files_router
from otklik.conversations.http import Room, conversations_router
from otklik.conversations.letters_http import show_letter
from otklik.delivery.http import Dispatches, deliveries_router
from otklik.health import Health, health_routes
from otklik.inbound.http import LogRoom, log_router
from otklik.inboxes.http import Switchboard, inboxes_router
from otklik.inboxes.invitation_http import invitations_router
from otklik.inboxes.templates_http import inbox_templates_router
from otklik.ingress.desk_socket import DeskSocket, desk_socket_route
from otklik.ingress.listen import Listener
from otklik.ingress.platform_files import platform_files_router
from otklik.ingress.typing import TypingToPlatform
from otklik.ingress.visitor_cors import VisitorCors
from otklik.ingress.visitor_doors import visitor_doors
from otklik.ingress.visitor_identity import Identities
from otklik.ingress.visitor_limits import VisitorLimits
from otklik.ingress.visitor_room import VisitorRoom
from otklik.ingress.webhook import PATH as HOOKS
from otklik.ingress.webhook import Webhook
from otklik.ingress.widget_pages import WidgetPages
from otklik.parts import Parts
from otklik.platform import metrics as numbers
from otklik.platform.file_links import FileLinks
from otklik.platform.loops import Loop, run_all
from otklik.platform.metrics import MetricsPage
from otklik.platform.pages import Pages
from otklik.platform.problems import EXCEPTION_HANDLERS
from otklik.platform.web import OPEN, Networks, place_doorman
from otklik.platform.web_headers import SafeHeaders
from otklik.search.http import SearchRoom, search_router
from otklik.webhooks.api import Webhooks
from otklik.webhooks.http import webhooks_router

_WEB = Path(__file__).parent.parent / "web" / "apps"
DESK = _WEB / "desk" / "dist"
WIDGET = _WEB / "widget" / "dist"

_SERVED_BY_API = ("/api/", "/media/", "/widget", "/demo/shop", "/healthz", "/readyz")


class Front:
    """Sends each connection to its door; the webhook is the shortest way in."""

    def __init__(self, api: ASGIApp, webhook: ASGIApp, metrics: ASGIApp, pages: ASGIApp) -> None:
        self._api = api
        self._webhook = webhook
        self._metrics = metrics
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        door = self._door(scope)
        if scope["type"] != ScopeType.HTTP or door is self._webhook:
            await door(scope, receive, send)  # the webhook counts for itself
            return
        method = scope["method"]

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                numbers.REQUESTS.labels(method, str(message["status"])).inc()
            await send(message)

        with numbers.REQUEST_S.labels(method).time():
            await door(scope, receive, counted)

    def _door(self, scope: Scope) -> ASGIApp:
        if scope["type"] != ScopeType.HTTP:
            return self._api
        path: str = scope["path"]
        if path.startswith(HOOKS):
            return self._webhook
        if path.startswith(_SERVED_BY_API):
            return self._api
        return self._metrics if path == "/metrics" else self._pages


def application(
    parts: Parts, widget: WidgetPages | None = None, *, sandbox: bool = False
) -> ASGIApp:
    """Build the whole application of a process.

    `widget` when its pages show a shop; `sandbox` when the panel has to say that it is one.
    """
    settings = parts.settings
    pages = widget or WidgetPages(WIDGET, parts.registry)
    webhook = Webhook(parts.registry, CHANNELS, parts.appender, settings.body_limit_bytes)
    health = Health(parts)
    metrics = MetricsPage(settings.metrics_token, health.measure)
    # The bare doors speak ASGI without the framework's names for its messages.
    bare = [cast("ASGIApp", door) for door in (webhook, metrics, Pages(DESK))]
    front = Front(cast("ASGIApp", api_of(parts, health, pages, sandbox=sandbox)), *bare)
    return SafeHeaders(VisitorCors(front), secure=settings.public_url.startswith("https://"))


def api_of(parts: Parts, health: Health, pages: WidgetPages, *, sandbox: bool = False) -> Litestar:
    """Build the API with its background loops; refuses routes without a declared permission."""
    door = make_door(parts.accounts, parts.tickets, parts.settings)
    desk = DeskSocket(parts.hub, parts.presence, parts.database, parts.tickets, parts.accounts)
    parts.accounts.on_ended(parts.presence.end)
    parts.presence.on_operator_types = TypingToPlatform(
        parts.database, parts.registry, CHANNELS, parts.sender
    )
    api = Litestar(
        [
            accounts_router(door),
            contacts_router(ContactBook(parts.journal, parts.clock, follow)),
            conversations_router(_room(parts)),
            files_router(_files(parts), show_letter),
            inboxes_router(switchboard(parts)),
            inbox_templates_router(switchboard(parts)),
            invitations_router(switchboard(parts)),
            deliveries_router(Dispatches(parts.database, parts.registry)),
            log_router(LogRoom(parts.database, parts.replay)),
            search_router(SearchRoom(parts.database)),
            webhooks_router(Webhooks(parts.database, parts.clock, parts.box, parts.webhooks.wake)),
            desk_socket_route(desk),
            *visitor_doors(
                _visitors(parts, door.trusted, sandbox=sandbox), parts.hub, parts.presence, pages
            ),
            platform_files_router(parts.platform_files),
            *health_routes(health),
        ],
        dependencies={"caller": CALLER},
        exception_handlers=EXCEPTION_HANDLERS,
        logging_config=None,
        request_max_body_size=parts.settings.body_limit_bytes,
        lifespan=[_living(parts, desk)],
        openapi_config=_openapi(),
    )
    place_doorman(api, door)
    return api


def _room(parts: Parts) -> Room:
    return Room(
        journal=parts.journal,
        registry=parts.registry,
        channels=CHANNELS,
        clock=parts.clock,
        wake_delivery=parts.delivery.wake,
    )


def _visitors(parts: Parts, trusted: Networks, *, sandbox: bool) -> VisitorRoom:
    return VisitorRoom(
        registry=parts.registry,
        appender=parts.appender,
        journal=parts.journal,
        files=parts.files,
        links=FileLinks(parts.box.derive("visitor files")),
        tickets=parts.tickets,
        identities=Identities(parts.box.derive("visitors"), parts.clock),
        limits=VisitorLimits(parts.clock),
        clock=parts.clock,
        trusted=trusted,
        upload_limit=parts.settings.upload_limit_bytes,
        sandbox=sandbox,
    )


def _files(parts: Parts) -> FileRoom:
    return FileRoom(parts.journal, parts.files, parts.clock, parts.settings.upload_limit_bytes)


def switchboard(parts: Parts) -> Switchboard:
    """Give what connecting inboxes works with; the command line uses it as well."""
    return Switchboard(
        journal=parts.journal,
        registry=parts.registry,
        channels=CHANNELS,
        box=parts.box,
        clock=parts.clock,
        ask=parts.sender.ask,
        public_url=parts.settings.public_url,
    )


def openapi_of(parts: Parts) -> str:
    """Describe the API as OpenAPI 3.1, indented for reading and comparing."""
    api = api_of(parts, Health(parts), WidgetPages(WIDGET, parts.registry))
    described = api.openapi_schema.to_schema()
    return json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True)


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Otklik",
        version="1",
        description="Times are Unix milliseconds, UTC. Errors are problem+json.",
        openapi_router=Router(path="/api", route_handlers=[], guards=[OPEN]),
        render_plugins=[JsonRenderPlugin()],
    )


def _living(parts: Parts, desk: DeskSocket) -> Callable[[Litestar], Any]:
    """Run the background loops for as long as the application lives."""

    @asynccontextmanager
    async def living(_app: Litestar) -> AsyncIterator[None]:
        parts.files.clear_unfinished()
        loops: dict[str, Loop] = parts.loops() | {
            "sessions": lambda: keep_sweeping(parts.accounts),
            "sockets": desk.keep_checking,
        }
        if parts.database.dialect == "postgresql":
            loops["listen"] = Listener(parts.settings.database_url, parts.journal.bell).run
        running = asyncio.create_task(run_all(loops))
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    return living
