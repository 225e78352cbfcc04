"""Instagram's server side: professional accounts by either login, and their people."""

from functools import partial

from sandbox import meta, meta_graph, meta_messaging, meta_send, meta_tell
from sandbox.meta_messaging import HOUR_S, Kind
from sandbox.platform import Platform
from sandbox.throttle import Rate

_FIELD_NAMES = """messages message_echoes message_edit message_reactions messaging_postbacks
    messaging_referral messaging_optins messaging_handover messaging_seen standby comments
    live_comments mentions"""

KIND = Kind(
    id="instagram",
    object="instagram",
    subscribable=frozenset(_FIELD_NAMES.split()),
    fields={
        "message": "messages",
        "echo": "message_echoes",
        "reaction": "message_reactions",
        "read": "messaging_seen",
        "postback": "messaging_postbacks",
        "referral": "messaging_referral",
        "optin": "messaging_optins",
    },
    own_host=True,
    text=1000,
    text_in_bytes=True,
    picture_bytes=8 * 1024 * 1024,
    nobody=(100, 2534014),
    window=(10, 2534022),
    rate=(613, 2534040),
    message_fields=frozenset(),
    reactions=frozenset({"love"}),
    lasting_s=36 * HOUR_S,
    drops=False,
)

PLATFORM = Platform(
    id="instagram",
    title="Instagram",
    routes=(*meta_send.SEND_ROUTES, *meta_graph.ROUTES),
    open_routes=meta_graph.OPEN_ROUTES,
    find=partial(meta_messaging.find, KIND),
    stranger=meta.stranger,
    refuse=meta.refuse,
    tell=meta_tell.tell,
    acts=("text", "picture", "video", "voice", "file", "press", "tap", "react", "edit", "delete",
          "start", "block", "unblock", "read", "echo"),
    own_acts={"comment": meta_tell.comment},
    new_account=partial(meta_messaging.new_account, KIND),
    address=meta_messaging.address,
    message_id=lambda _chat: meta_messaging.next_id(KIND),
    longest_text=1000,
    reactions=("❤️", "😂", "😮", "😢", "😡", "👍"),
    rates={"overall": Rate(100.0, 100.0), "chat": Rate(5.0, 10.0)},
    paste=meta_graph.paste,
)  # fmt: skip
