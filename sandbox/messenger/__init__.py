"""Messenger's server side: pages, their apps and their people, over the Graph API."""

from functools import partial

from sandbox import meta, meta_graph, meta_messaging, meta_send, meta_tell
from sandbox.meta_messaging import HOUR_S, PAGE_FIELDS, Kind
from sandbox.platform import Platform
from sandbox.throttle import Rate

KIND = Kind(
    id="messenger",
    object="page",
    subscribable=PAGE_FIELDS,
    fields={
        "message": "messages",
        "echo": "message_echoes",
        "message_edit": "message_edits",
        "reaction": "message_reactions",
        "read": "message_reads",
        "delivery": "message_deliveries",
        "postback": "messaging_postbacks",
        "referral": "messaging_referrals",
        "optin": "messaging_optins",
        "order": "send_cart",
        "policy_enforcement": "messaging_policy_enforcement",
    },
    own_host=False,
    text=2000,
    text_in_bytes=False,
    picture_bytes=25 * 1024 * 1024,
    nobody=(100, 2018001),
    window=(10, 2018278),
    rate=(613, 0),
    message_fields=frozenset({"messaging_type", "metadata", "template", "reply_to"}),
    echo_app="26390203743090",
    lasting_s=HOUR_S,
    drops=True,
)

PLATFORM = Platform(
    id="messenger",
    title="Messenger",
    routes=(*meta_send.SEND_ROUTES, *meta_graph.ROUTES),
    open_routes=meta_graph.OPEN_ROUTES,
    find=partial(meta_messaging.find, KIND),
    stranger=meta.stranger,
    refuse=meta.refuse,
    tell=meta_tell.tell,
    acts=("text", "picture", "video", "voice", "audio", "file", "sticker", "album", "location",
          "order", "press", "tap", "react", "edit", "start", "block", "unblock", "read", "consent",
          "echo"),
    own_acts={"comment": meta_tell.comment, "restrict": meta_tell.restrict},
    new_account=partial(meta_messaging.new_account, KIND),
    address=meta_messaging.address,
    message_id=lambda _chat: meta_messaging.next_id(KIND),
    longest_text=20_000,
    reactions=("❤️", "😆", "😮", "😢", "😠", "👍", "👎", "🔥"),
    rates={"overall": Rate(300.0, 300.0), "chat": Rate(5.0, 10.0)},
)  # fmt: skip
