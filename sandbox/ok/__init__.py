"""Odnoklassniki's server side: the Bot API of groups, its uploads, webhooks and polls."""

import re

from sandbox.ok import graph, messages, uploads
from sandbox.ok.account import address, message_id, new_account
from sandbox.ok.bodies import tell
from sandbox.ok.errors import expired, ordered
from sandbox.platform import OpenRoute, Platform, Route, Serve
from sandbox.throttle import Rate

_ROUTES = (
    ("GET /graph/me/info", graph.told),
    ("GET /graph/me/subscriptions", graph.subscriptions),
    ("POST /graph/me/subscribe", graph.subscribe),
    ("POST /graph/me/unsubscribe", graph.unsubscribe),
    ("GET /graph/me/updates", graph.updates),
    ("GET /graph/me/chats", graph.chats),
    ("GET /graph/me/chat/{chat}", graph.chat),
    ("GET /graph/me/messages", graph.history),
    ("GET /graph/me/messages/{chat}", graph.history),
    ("POST /graph/me/messages", messages.post),
    ("POST /graph/me/messages/{chat}", messages.post),
    ("GET /graph/me/fileUploadUrl", uploads.place),
    ("POST /graph/{chat}/messages", messages.post),
    ("POST /graph/{chat}/answer", messages.answer),
    ("GET /graph/{chat}/messages", graph.history),
    ("GET /graph/{chat}/url", graph.chat_url),
    ("POST /upload/{key}", uploads.put),
    ("* /graph/{path:path}", graph.nothing),
)
_PART = re.compile(r"/\{[^}]*\}")


def _route(what: str, serve: Serve) -> Route:
    method, _, path = what.partition(" ")
    name = _PART.sub("", what)  # the journal counts calls, not chats
    return Route(method=method, path=path, serve=serve, name=name, quiet=path.endswith("/updates"))


PLATFORM = Platform(
    id="ok",
    title="Odnoklassniki",
    routes=tuple(_route(what, serve) for what, serve in _ROUTES),
    open_routes=(OpenRoute(method="GET", path="/files/{account}/{file}", serve=uploads.download),),
    find=graph.find,
    stranger=expired,
    refuse=ordered,
    tell=tell,
    acts=("text", "picture", "video", "voice", "file", "sticker", "album", "location", "contact",
          "press", "start", "block", "unblock", "consent"),
    new_account=new_account,
    address=address,
    message_id=message_id,
    longest_text=4000,
    rates={"overall": Rate(5.0, 5.0)},
)  # fmt: skip
