"""How a Telegram bot is checked, subscribed and polled."""

import msgspec

from otklik.channels.telegram import wire
from otklik.channels.telegram.outbound import answer_in, call, refused
from otklik.ports.channel import Connected, InboxConfig, Polled, Refusal, RefusalKind, Request

_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",  # comes only when named
)
_CONNECTIONS = 40
_POLL_S = 25


def check(config: InboxConfig) -> Request:
    """Ask Telegram whose token this is."""
    return call(config, "getMe", {})


def checked(status: int, body: bytes) -> Connected | Refusal:
    """Read whose token it is."""
    answer = answer_in(body)
    if answer is None or not answer.ok:
        return refused(status, {}, answer)
    try:
        bot = wire.read(bytes(answer.result), wire.Peer)
    except msgspec.DecodeError:
        return Refusal(RefusalKind.TEMPORARY, "getMe answered without a bot")
    settings = {"bot_username": bot.username, "bot_id": str(bot.id)}
    return Connected(title=bot.first_name or bot.username, settings=settings)


def subscribe(config: InboxConfig, address: str) -> Request:
    """Have updates delivered to our public address, each with the secret header."""
    payload = {
        "url": address,
        "secret_token": config.secrets.get("webhook_secret", ""),
        "allowed_updates": _UPDATES,
        "max_connections": _CONNECTIONS,
    }
    return call(config, "setWebhook", payload)


def unsubscribe(config: InboxConfig) -> Request:
    """Stop deliveries; what waits at Telegram stays there for the poll."""
    return call(config, "deleteWebhook", {"drop_pending_updates": False})


def acknowledged(status: int, body: bytes) -> Refusal | None:
    """Read the answer of `subscribe` and `unsubscribe`: None when it was done."""
    answer = answer_in(body)
    return None if answer is not None and answer.ok else refused(status, {}, answer)


def poll(config: InboxConfig, cursor: str) -> Request:
    """Wait for the next updates; the cursor confirms those before it."""
    payload: dict[str, object] = {"timeout": _POLL_S, "limit": 100, "allowed_updates": _UPDATES}
    if cursor:
        payload["offset"] = int(cursor)
    return call(config, "getUpdates", payload, timeout_s=_POLL_S + 10)


def polled(status: int, body: bytes) -> Polled | Refusal:
    """Take the updates apart without reading them; an empty cursor keeps the former one."""
    answer = answer_in(body)
    if answer is None or not answer.ok:
        return refused(status, {}, answer)
    try:
        bodies = msgspec.json.decode(answer.result, type=list[msgspec.Raw])
        numbers = [msgspec.json.decode(update, type=wire.Numbered).update_id for update in bodies]
    except msgspec.DecodeError as error:
        return Refusal(RefusalKind.TEMPORARY, f"getUpdates answered without updates: {error}")
    cursor = str(max(numbers) + 1) if numbers else ""
    return Polled(bodies=tuple(bytes(update) for update in bodies), cursor=cursor)
