"""VK's server side for communities: its API, callback servers, the Bots Long Poll, uploads."""

import inspect
from collections.abc import Awaitable, Callable

from sandbox.asgi import Reply
from sandbox.faults import CallRule
from sandbox.orders import NewAccount
from sandbox.platform import Call, Platform, Route
from sandbox.platform import OpenRoute as Open
from sandbox.throttle import Rate
from sandbox.vk import groups, messages, own_acts, uploads
from sandbox.vk.community import Community, new_community, of
from sandbox.vk.events import REACTIONS, tell
from sandbox.vk.params import Params, refusal, refused
from sandbox.world import Account, Chat

Method = Callable[[Community, Params, Call], Reply | Awaitable[Reply]]

_COMMON = frozenset({"access_token", "v", "lang", "test_mode", "group_id", "captcha_sid"})
_WHERE = "peer_id peer_ids user_id"
_BODY = (
    "message attachment keyboard template lat long format_data dont_parse_links disable_mentions"
)
_SEND = f"{_WHERE} {_BODY} random_id forward payload content_source intent subscribe_id reply_to"
_EDIT = (
    f"peer_id cmid conversation_message_id message_id {_BODY} keep_forward_messages keep_snippets"
)
_SERVER = "server_id url title secret_key"
# Every method: the right it needs, the parameters it knows (None: any), what it does.
METHODS: dict[str, tuple[str, str | None, Method]] = {
    "groups.getById": ("", "group_ids fields", groups.get_by_id),
    "groups.getTokenPermissions": ("", "", groups.permissions),
    "groups.getCallbackConfirmationCode": ("manage", "", groups.confirmation_code),
    "groups.getCallbackServers": ("manage", "server_ids", groups.servers),
    "groups.addCallbackServer": ("manage", _SERVER, groups.add_server),
    "groups.editCallbackServer": ("manage", _SERVER, groups.edit_server),
    "groups.deleteCallbackServer": ("manage", "server_id", groups.delete_server),
    "groups.getCallbackSettings": ("manage", "server_id", groups.settings),
    "groups.setCallbackSettings": ("manage", None, groups.set_settings),
    "groups.setLongPollSettings": ("manage", None, groups.set_long_poll),
    "groups.getLongPollServer": ("manage", "", groups.long_poll_server),
    "messages.send": ("messages", _SEND, messages.send),
    "messages.edit": ("messages", _EDIT, messages.edit),
    "messages.delete": ("messages", "peer_id cmids delete_for_all", messages.delete),
    "messages.setActivity": ("messages", "peer_id type", messages.set_activity),
    "messages.markAsRead": (
        "messages", "peer_id up_to_cmid mark_conversation_as_read", messages.mark_as_read),
    "messages.sendReaction": ("messages", "peer_id cmid reaction_id", messages.send_reaction),
    "messages.deleteReaction": ("messages", "peer_id cmid", messages.delete_reaction),
    "messages.sendMessageEventAnswer": (
        "messages", "event_id user_id peer_id event_data", messages.answer_event),
    "messages.isMessagesFromGroupAllowed": ("messages", "user_id", messages.is_allowed),
    "users.get": ("", "user_ids fields name_case", messages.users),
    "photos.getMessagesUploadServer": (
        "photos", "peer_id", lambda community, params, _: uploads.photo_server(community, params)),
    "photos.saveMessagesPhoto": (
        "photos", "photo server hash", lambda one, params, _: uploads.save_photo(one, params)),
    "docs.getMessagesUploadServer": (
        "docs", "type peer_id", lambda one, params, _: uploads.docs_server(one, params)),
    "docs.save": ("docs", "file title tags",
                  lambda one, params, _: uploads.save_document(one, params)),
}  # fmt: skip


async def _serve(call: Call, account: Account) -> Reply:
    community, params = of(account), Params(call.fields)
    if community.revoked:
        raise refused(5)
    found = METHODS.get(call.names["method"])
    if found is None:
        raise refused(3)
    right, known, method = found
    if not params.has("v"):
        raise refused(8)
    if call.malformed:
        raise refused(100, call.malformed)
    if community.throttle is not None and community.throttle.wait_s(("overall", "")):
        raise refused(6)
    if right and right not in community.rights:
        raise refused(15)
    strange = set() if known is None else set(call.fields) - _COMMON - set(known.split())
    if strange:  # stricter than VK, which ignores them: it finds misspelt names
        raise refused(100, f"unknown parameters: {', '.join(sorted(strange))}")
    reply = method(community, params, call)
    return await reply if inspect.isawaitable(reply) else reply


def _find(call: Call) -> Account | None:
    if "key" in call.names:
        communities = [of(account) for account in call.world.accounts.values()]
        return next((one for one in communities if call.names["key"] in one.tickets), None)
    if "group" in call.names:
        return call.world.accounts.get(call.names["group"])
    scheme, _, token = call.header("authorization").partition(" ")
    told = token if scheme.lower() == "bearer" else str(call.fields.get("access_token", ""))
    token = told.strip()
    known = call.world.by_token(token)
    if known is None and call.world.shared.open_to_all and token.startswith("vk1.a."):
        return call.world.add(new_community(call.world, NewAccount(token=token)))
    return known


def _stranger(call: Call) -> Reply:
    told = call.header("authorization") or call.fields.get("access_token")
    return refusal(5) if told else refusal(5, "no access_token passed")


def _refuse(rule: CallRule) -> Reply:
    return refusal(6 if rule.kind == "too_many" else 10)


def _next_number(chat: Chat) -> str:
    return str(chat.number())


PLATFORM = Platform(
    id="vk",
    title="VK",
    routes=(
        Route(method="*", path="/method/{method}", serve=_serve, name="{method}"),
        Route(method="*", path="/upload/{key}", serve=uploads.take, name="upload"),
        Route(method="GET", path="/longpoll/{group}", serve=groups.check, name="a_check",
              quiet=True),
    ),
    open_routes=(
        Open(method="GET", path="/files/{group}/{file}", serve=uploads.download),
        Open(method="GET", path="/faces/{person}.png", serve=uploads.face),
    ),
    find=_find,
    stranger=_stranger,
    refuse=_refuse,
    tell=tell,
    acts=("text", "picture", "video", "voice", "audio", "file", "sticker", "album", "location",
          "order", "press", "tap", "react", "edit", "delete", "start", "block", "unblock", "read",
          "typing", "consent", "echo"),
    own_acts={"ban": own_acts.ban, "unban": own_acts.unban, "leave": own_acts.leave,
              "join": own_acts.join, "lead": own_acts.lead},
    new_account=new_community,
    message_id=_next_number,
    reactions=tuple(REACTIONS.values()),
    rates={"overall": Rate(20.0, 20), "chat": Rate(0.28, 100)},
)  # fmt: skip
