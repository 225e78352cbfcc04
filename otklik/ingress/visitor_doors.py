"""Everything of the site chat an application serves, put together in one place."""

from litestar import Router
from litestar.handlers import WebsocketRouteHandler

from otklik.ingress.live import Hub
from otklik.ingress.presence import Presence
from otklik.ingress.visitor import visitor_router
from otklik.ingress.visitor_room import VisitorRoom
from otklik.ingress.visitor_socket import VisitorSockets, visitor_socket_route
from otklik.ingress.widget_pages import WidgetPages, widget_pages_router


def visitor_doors(
    room: VisitorRoom, hub: Hub, presence: Presence, pages: WidgetPages
) -> list[Router | WebsocketRouteHandler]:
    """Give the routes of visitors; the application also wears `VisitorCors`."""
    return [
        visitor_router(room),
        visitor_socket_route(VisitorSockets(room, hub, presence)),
        widget_pages_router(pages),
    ]
