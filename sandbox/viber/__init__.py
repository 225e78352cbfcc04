"""Viber's server side: the REST Bot API, its one webhook, its signature and its statuses."""

from sandbox.platform import OpenRoute, Platform, Route
from sandbox.throttle import Rate
from sandbox.viber import api, messages
from sandbox.viber.bodies import address, download, message_id, tell
from sandbox.viber.statuses import ordered, stranger

PLATFORM = Platform(
    id="viber",
    title="Viber",
    routes=(
        Route(method="POST", path="/pa/set_webhook", serve=api.set_webhook, name="set_webhook"),
        Route(method="POST", path="/pa/get_account_info", serve=api.account_info,
              name="get_account_info"),
        Route(method="POST", path="/pa/get_user_details", serve=api.user_details,
              name="get_user_details"),
        Route(method="POST", path="/pa/send_message", serve=messages.send, name="send_message"),
        Route(method="*", path="/{path:path}", serve=api.nothing, name="unknown", quiet=True),
    ),
    open_routes=(OpenRoute(method="GET", path="/files/{account}/{file}/{name}", serve=download),),
    find=api.find,
    stranger=stranger,
    refuse=ordered,
    tell=tell,
    acts=("text", "picture", "video", "file", "sticker", "album", "location", "contact", "press",
          "tap", "read", "start", "block", "unblock"),
    address=address,
    message_id=message_id,
    album="apart",
    longest_text=7000,
    reactions=(),
    rates={"chat": Rate(100 / 3600, 100.0)},
)  # fmt: skip
