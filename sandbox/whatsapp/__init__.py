"""WhatsApp's server side, as its Cloud API behaves."""

from sandbox.meta import find, refuse, stranger
from sandbox.platform import Platform, Route
from sandbox.throttle import Rate
from sandbox.whatsapp import acts, api, media, sending, templates
from sandbox.whatsapp.account import address, message_id, new_account
from sandbox.whatsapp.webhooks import tell

PLATFORM = Platform(
    id="whatsapp",
    title="WhatsApp",
    routes=(
        Route(method="GET", path="/attachments/{media}", serve=media.download, name="download",
              quiet=True),
        Route(method="GET", path="/{version}/app", serve=api.app, name="app"),
        Route(method="POST", path="/{version}/{node}/messages", serve=sending.send,
              name="messages"),
        Route(method="POST", path="/{version}/{node}/media", serve=media.upload, name="media"),
        Route(method="GET", path="/{version}/{node}/phone_numbers", serve=api.numbers,
              name="phone_numbers"),
        Route(method="GET", path="/{version}/{node}/subscribed_apps", serve=api.subscriptions,
              name="subscriptions"),
        Route(method="POST", path="/{version}/{node}/subscribed_apps", serve=api.subscribe,
              name="subscribed_apps"),
        Route(method="DELETE", path="/{version}/{node}/subscribed_apps", serve=api.unsubscribe,
              name="unsubscribed_apps"),
        Route(method="GET", path="/{version}/{node}/message_templates", serve=templates.listing,
              name="templates"),
        Route(method="POST", path="/{version}/{node}/message_templates", serve=templates.create,
              name="new_template"),
        Route(method="GET", path="/{version}/{node}", serve=api.read_node, name="node"),
        Route(method="POST", path="/{version}/{node}", serve=api.change_node, name="webhook"),
    ),
    find=find,
    stranger=stranger,
    refuse=refuse,
    tell=tell,
    acts=("text", "picture", "video", "voice", "audio", "file", "sticker", "album", "location",
          "contact", "order", "press", "react", "edit", "delete", "block", "unblock", "read",
          "typing", "consent", "echo", "fail"),
    own_acts={"start": acts.start, "call": acts.call, "username": acts.username,
              "number": acts.number},
    new_account=new_account,
    address=address,
    message_id=message_id,
    album="apart",
    rates={"overall": Rate(80.0, 80.0), "pair": Rate(1 / 6, 45.0)},
    paste=api.paste,
)  # fmt: skip
