"""How a community's key is checked, its events subscribed to, watched over and polled."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct

from otklik.channels.vk.calls import Refused, Talk, call, replay
from otklik.channels.vk.wire import MANIFEST
from otklik.ports.channel import (
    Answer,
    Answers,
    Connected,
    InboxConfig,
    Polled,
    Refusal,
    RefusalKind,
    Request,
    Subscribed,
)

_LOST = {"failed", "unconfigured"}
_TITLE = "Otklik"  # VK takes 14 letters
_RIGHTS = ("messages", "manage")
_POLL_S = 25
_EVENTS = (
    "message_new", "message_reply", "message_edit", "message_allow", "message_deny",
    "message_read", "message_typing_state", "message_event", "message_reaction_event",
    "user_block", "user_unblock", "market_order_new", "market_order_edit", "lead_forms_new",
    "vkpay_transaction",
)  # fmt: skip
_WANTED = dict.fromkeys(_EVENTS, 1)


class _Group(Struct, frozen=True):
    id: Annotated[int, Meta(ge=1)]
    name: str = ""
    screen_name: str = ""


class _Groups(Struct, frozen=True):
    groups: tuple[_Group, ...]


class _Right(Struct, frozen=True):
    name: str


class _Rights(Struct, frozen=True):
    permissions: tuple[_Right, ...]


class _Code(Struct, frozen=True):
    code: str


class _Server(Struct, frozen=True):
    id: int
    url: str = ""
    secret_key: str = ""
    status: str = ""


class _Servers(Struct, frozen=True):
    items: tuple[_Server, ...]


class _Added(Struct, frozen=True):
    server_id: int


class _Settings(Struct, frozen=True):
    events: dict[str, object]


class _Line(Struct, frozen=True):
    """Where the long poll stands; also our cursor."""

    server: str
    key: str
    ts: str | int


class _Updates(Struct, frozen=True):
    ts: str | int = ""
    updates: tuple[msgspec.Raw, ...] | None = None
    failed: int = 0


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Tell whose key it is, and whether it may do what we need."""
    return replay(_check(config), answers)


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Have events delivered to our address; first the code is learned VK will ask us for."""
    return replay(_subscribe(config, address), answers)


def verify(config: InboxConfig, address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Look whether VK still delivers: it gives a server up after repeated failures."""
    return replay(_verify(config, address), answers)


def unsubscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Take our server out of the community's ten."""
    return replay(_unsubscribe(config, address), answers)


def poll(config: InboxConfig, cursor: str, answers: Answers) -> Request | Polled | Refusal:
    """Wait for the next events; the cursor holds server, key and number, as VK forgets none."""
    return replay(_poll(config, cursor), answers)


def _check(config: InboxConfig) -> Talk[Connected]:
    groups = (yield from call(config, "groups.getById", {}, _Groups)).groups
    if not groups:
        raise Refused(Refusal(RefusalKind.BAD_TOKEN, "the key is not a community's"))
    group = groups[0]
    rights = yield from call(config, "groups.getTokenPermissions", {}, _Rights)
    names = {right.name for right in rights.permissions}
    missing = [name for name in _RIGHTS if name not in names]
    if missing:
        raise Refused(Refusal(RefusalKind.BAD_TOKEN, f"the key lacks: {', '.join(missing)}"))
    settings = {"group_id": str(group.id), "screen_name": group.screen_name or f"club{group.id}"}
    return Connected(title=group.name or settings["screen_name"], settings=settings)


def _subscribe(config: InboxConfig, address: str) -> Talk[Subscribed]:
    ours = _ours(config)
    secret = config.secrets.get("webhook_secret", "")
    found = yield from _servers(config, address)
    server = found[0] if found else None
    for double in found[1:]:  # two of us subscribed at once
        gone = ours | {"server_id": double.id}
        yield from call(config, "groups.deleteCallbackServer", gone, object)
    if server is None or server.secret_key != secret or server.status in _LOST:
        code = (yield from call(config, "groups.getCallbackConfirmationCode", ours, _Code)).code
        if code != config.settings.get("confirmation_code"):
            return Subscribed({"confirmation_code": code})  # VK asks for it within the next call
        form = ours | {"url": address, "title": _TITLE, "secret_key": secret}
        if server is None:
            server = _Server(
                (yield from call(config, "groups.addCallbackServer", form, _Added)).server_id
            )
        else:
            form |= {"server_id": server.id}
            yield from call(config, "groups.editCallbackServer", form, object)
    wanted = ours | {"server_id": server.id, "api_version": MANIFEST.api_version} | _WANTED
    yield from call(config, "groups.setCallbackSettings", wanted, object)
    return Subscribed()


def _verify(config: InboxConfig, address: str) -> Talk[Subscribed]:
    found = yield from _servers(config, address)
    if len(found) != 1 or found[0].status in _LOST:
        told = ", ".join(server.status for server in found) or "gone"
        raise Refused(Refusal(RefusalKind.UNSUBSCRIBED, f"the callback server is {told}"))
    server = found[0]
    settings = yield from call(
        config, "groups.getCallbackSettings", _ours(config) | {"server_id": server.id}, _Settings
    )
    missing = [name for name in _EVENTS[:5] if not settings.events.get(name)]
    if missing:
        detail = f"events are switched off: {', '.join(missing)}"
        raise Refused(Refusal(RefusalKind.UNSUBSCRIBED, detail))
    return Subscribed()


def _unsubscribe(config: InboxConfig, address: str) -> Talk[Subscribed]:
    for server in (yield from _servers(config, address)):
        gone = _ours(config) | {"server_id": server.id}
        yield from call(config, "groups.deleteCallbackServer", gone, object)
    return Subscribed()


def _servers(config: InboxConfig, address: str) -> Talk[list[_Server]]:
    servers = yield from call(config, "groups.getCallbackServers", _ours(config), _Servers)
    return [server for server in servers.items if server.url == address]


def _poll(config: InboxConfig, cursor: str) -> Talk[Polled]:
    line = _stored(cursor)
    if line is None:
        wanted = _ours(config) | {"enabled": 1, "api_version": MANIFEST.api_version} | _WANTED
        yield from call(config, "groups.setLongPollSettings", wanted, object)
        line = yield from call(config, "groups.getLongPollServer", _ours(config), _Line)
    query = {"act": "a_check", "key": line.key, "ts": line.ts, "wait": _POLL_S}
    address = f"{line.server}?{urlencode(query)}"
    answer = yield Request("GET", address, "a_check", timeout_s=_POLL_S + 10, repeatable=True)
    told = _updates(answer)
    bodies: tuple[bytes, ...] = ()
    if told.failed > 1:  # 2: the key has aged; 3: so has the history, and what was in it is lost
        fresh = yield from call(config, "groups.getLongPollServer", _ours(config), _Line)
        line = _Line(fresh.server, fresh.key, line.ts if told.failed == 2 else fresh.ts)
    else:
        bodies = tuple(bytes(update) for update in told.updates or ())
        line = msgspec.structs.replace(line, ts=told.ts)
    return Polled(bodies, msgspec.json.encode(line).decode())


def _updates(answer: Answer) -> _Updates:
    try:
        told = msgspec.json.decode(answer.body, type=_Updates)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = _Updates()
    if told.updates is None and told.failed not in {1, 2, 3}:
        detail = f"HTTP {answer.status} without updates"
        raise Refused(Refusal(RefusalKind.TEMPORARY, detail))
    return told


def _stored(cursor: str) -> _Line | None:
    try:
        return msgspec.json.decode(cursor, type=_Line) if cursor else None
    except msgspec.DecodeError:
        return None


def _ours(config: InboxConfig) -> dict[str, object]:
    return {"group_id": config.settings.get("group_id", "")}
