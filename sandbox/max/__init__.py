"""MAX's server side: the Bot API, its uploads, its webhooks and its long poll."""

import re

from sandbox.max import api, chats, messages, uploads
from sandbox.max.account import address, message_id, new_account
from sandbox.max.errors import ordered, unauthorized
from sandbox.max.updates import tell
from sandbox.platform import OpenRoute, Platform, Route, Serve
from sandbox.throttle import Rate

_ROUTES = (
    ("GET /me", api.me),
    ("PATCH /me", api.patch_me),
    ("PATCH /me/commands", api.patch_me),
    ("GET /subscriptions", api.subscriptions),
    ("POST /subscriptions", api.subscribe),
    ("DELETE /subscriptions", api.unsubscribe),
    ("GET /updates", api.updates),
    ("GET /chats", chats.listed),
    ("GET /chats/{chat}", chats.one),
    ("POST /chats/{chat}/actions", chats.act),
    ("POST /messages", messages.send),
    ("PUT /messages", messages.edit),
    ("DELETE /messages", messages.delete),
    ("GET /messages", messages.listed),
    ("GET /messages/{mid}", messages.one),
    ("POST /answers", messages.answer),
    ("POST /uploads", uploads.place),
    ("POST /upload/{key}", uploads.put),
    ("GET /videos/{token}", uploads.video),
    ("* /{path:path}", api.nothing),
)
_PART = re.compile(r"/\{[^}]*\}")


def _route(what: str, serve: Serve) -> Route:
    method, _, path = what.partition(" ")
    name = _PART.sub("", what)  # the journal counts calls, not chats
    return Route(method=method, path=path, serve=serve, name=name, quiet=path == "/updates")


PLATFORM = Platform(
    id="max",
    title="MAX",
    routes=tuple(_route(what, serve) for what, serve in _ROUTES),
    open_routes=(OpenRoute(method="GET", path="/files/{account}/{file}", serve=uploads.download),),
    find=api.find,
    stranger=unauthorized,
    refuse=ordered,
    tell=tell,
    acts=("text", "picture", "video", "voice", "file", "sticker", "album", "location", "contact",
          "press", "edit", "delete", "start", "block", "unblock"),
    new_account=new_account,
    address=address,
    message_id=message_id,
    longest_text=4000,
    rates={"chat": Rate(2.0, 2.0), "overall": Rate(30.0, 30.0), "poll": Rate(2.0, 2.0)},
)  # fmt: skip
