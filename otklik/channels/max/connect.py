"""How a MAX bot is checked, subscribed, watched over and polled."""

import msgspec

from otklik.channels.max import wire
from otklik.channels.max.outbound import call, done, told
from otklik.kernel.lenient import whole
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
    "message_created",
    "message_callback",
    "message_edited",
    "message_removed",
    "bot_started",
    "bot_stopped",
    "dialog_cleared",
    "dialog_removed",
)
_POLL_S = 25
_BATCH = "100"


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Tell whose token it is."""
    if not answers:
        return call(config, "GET /me")
    bot = told(answers[-1])
    if isinstance(bot, Refusal):
        return bot
    if bot.user_id is None:
        return Refusal(RefusalKind.TEMPORARY, "GET /me answered without a bot")
    settings = {"bot_id": str(bot.user_id), "bot_username": bot.username or ""}
    return Connected(bot.first_name or bot.name or bot.username or str(bot.user_id), settings)


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Have updates delivered to our public address, each with the secret header."""
    secret = config.secrets.get("webhook_secret", "")
    payload = {"url": address, "update_types": _UPDATES} | ({"secret": secret} if secret else {})
    return _done(call(config, "POST /subscriptions", payload), answers)


def verify(config: InboxConfig, address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask MAX where it delivers: it unsubscribes an address that failed for 8 hours."""
    if not answers:
        return call(config, "GET /subscriptions")
    addresses = _addresses(answers)
    if isinstance(addresses, Refusal) or address in addresses:
        return addresses if isinstance(addresses, Refusal) else Subscribed()
    return Refusal(RefusalKind.UNSUBSCRIBED, "MAX does not deliver to this address any more")


def unsubscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Stop deliveries to an address; without one to all, since a poll shares with none."""
    if address:
        return _done(call(config, "DELETE /subscriptions", query={"url": address}), answers)
    if not answers:
        return call(config, "GET /subscriptions")
    addresses = _addresses(answers[:1])
    if isinstance(addresses, Refusal):
        return addresses
    done = len(answers) - 1
    if done < len(addresses):
        return call(config, "DELETE /subscriptions", query={"url": addresses[done]})
    return _done(call(config, "GET /subscriptions"), answers)


def poll(config: InboxConfig, cursor: str, answers: Answers) -> Request | Polled | Refusal:
    """Wait for the next updates; the cursor confirms those before it.

    A first poll asks for subscriptions before: while one lives, polls answer nothing at all.
    """
    if not cursor and not answers:
        return call(config, "GET /subscriptions", label="GET /subscriptions before polling")
    addresses = [] if cursor else _addresses(answers[:1])
    if isinstance(addresses, Refusal):
        return addresses
    if addresses:
        return Refusal(RefusalKind.TEMPORARY, f"a webhook takes the updates: {addresses[0]}")
    if len(answers) == (0 if cursor else 1):
        query = {"limit": _BATCH, "timeout": str(_POLL_S), "types": ",".join(_UPDATES)}
        query |= {"marker": cursor} if cursor else {}
        return msgspec.structs.replace(
            call(config, "GET /updates", query=query), timeout_s=_POLL_S + 10
        )
    return _polled(answers)


def _polled(answers: Answers) -> Polled | Refusal:
    refusal = told(answers[-1])
    if isinstance(refusal, Refusal):
        return refusal
    try:
        page = msgspec.json.decode(whole(answers[-1].body), type=wire.Page)
    except msgspec.DecodeError as error:
        return Refusal(RefusalKind.TEMPORARY, f"GET /updates answered without updates: {error}")
    cursor = "" if page.marker is None else str(page.marker)
    return Polled(tuple(bytes(update) for update in page.updates), cursor)


def _addresses(answers: Answers) -> list[str] | Refusal:
    answer = told(answers[-1])
    if isinstance(answer, Refusal):
        return answer
    if answer.subscriptions is None:
        return Refusal(RefusalKind.TEMPORARY, "GET /subscriptions answered without a list")
    return [one.url for one in answer.subscriptions]


def _done(request: Request, answers: Answers) -> Request | Subscribed | Refusal:
    if not answers:
        return request
    outcome = done(answers[-1])
    return outcome if isinstance(outcome, Refusal) else Subscribed()
