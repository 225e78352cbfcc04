"""How a Telegram bot is checked, subscribed and polled."""

import msgspec

from otklik.channels.telegram import wire
from otklik.channels.telegram.answers import answer_in, refused
from otklik.channels.telegram.outbound import call
from otklik.kernel import lenient
from otklik.ports.channel import (
    Answers,
    Connected,
    InboxConfig,
    Polled,
    Refusal,
    RefusalKind,
    Request,
    Subscribed,
)

_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",  # comes only when named
)
_CONNECTIONS = 40
_POLL_S = 25


def whose(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Tell whose token it is."""
    if not answers:
        return check(config)
    return checked(answers[-1].status, answers[-1].body)


def subscribed(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Have updates delivered to our public address."""
    return _done(answers) if answers else subscribe(config, address)


def unsubscribed(
    config: InboxConfig, _address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Stop deliveries."""
    return _done(answers) if answers else unsubscribe(config)


def verified(config: InboxConfig, address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask Telegram where it delivers to: another address, or none, is a lost subscription."""
    if not answers:
        return call(config, "getWebhookInfo", {})
    answer = answer_in(answers[-1].body)
    if answer is None or not answer.ok:
        return refused(answers[-1].status, {}, answer)
    try:
        told = lenient.read(bytes(answer.result), wire.WebhookTold)
    except msgspec.DecodeError:
        return Refusal(RefusalKind.TEMPORARY, "getWebhookInfo answered without a webhook")
    if told.url != address:
        return Refusal(RefusalKind.UNSUBSCRIBED, "Telegram delivers to another address, or to none")
    return Subscribed()


def fetched(config: InboxConfig, cursor: str, answers: Answers) -> Request | Polled | Refusal:
    """Take the next updates."""
    if not answers:
        return poll(config, cursor)
    return polled(answers[-1].status, answers[-1].body)


def check(config: InboxConfig) -> Request:
    """Ask Telegram whose token this is."""
    return call(config, "getMe", {})


def checked(status: int, body: bytes) -> Connected | Refusal:
    """Read whose token it is."""
    answer = answer_in(body)
    if answer is None or not answer.ok:
        return refused(status, {}, answer)
    try:
        bot = lenient.read(bytes(answer.result), wire.Peer)
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


def _done(answers: Answers) -> Subscribed | Refusal:
    return acknowledged(answers[-1].status, answers[-1].body) or Subscribed()


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
