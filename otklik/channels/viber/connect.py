"""How a Viber bot is checked, subscribed and watched over; Viber has nothing to poll."""

from otklik.channels.viber import wire
from otklik.channels.viber.outbound import call, told
from otklik.ports.channel import (
    Answers,
    Connected,
    InboxConfig,
    Refusal,
    RefusalKind,
    Request,
    Subscribed,
)

_EVENTS = (
    "delivered",
    "seen",
    "failed",
    "subscribed",
    "unsubscribed",
    "conversation_started",
)


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Tell whose token it is."""
    account = _account(config, answers)
    if not isinstance(account, wire.Answer):
        return account
    settings = {"bot_id": account.id, "bot_name": account.name, "uri": account.uri}
    return Connected(account.name or account.uri, settings)


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Have callbacks delivered: Viber calls the address at once and wants a 200."""
    if answers:
        return _done(answers)
    payload = {"url": address, "event_types": _EVENTS, "send_name": True, "send_photo": True}
    return call(config, "set_webhook", payload)


def verify(config: InboxConfig, address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask Viber where it delivers to: a bot has one address, and another program may take it."""
    account = _account(config, answers)
    if not isinstance(account, wire.Answer):
        return account
    if account.webhook != address:
        return Refusal(RefusalKind.UNSUBSCRIBED, "Viber delivers to another address, or to none")
    return Subscribed()


def unsubscribe(
    config: InboxConfig, _address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Stop deliveries; people cannot open the chat with a bot that has no webhook."""
    return _done(answers) if answers else call(config, "set_webhook", {"url": ""})


def _account(config: InboxConfig, answers: Answers) -> Request | wire.Answer | Refusal:
    if not answers:
        return call(config, "get_account_info", {})
    account = told(answers[-1])
    if isinstance(account, wire.Answer) and not account.id:
        return Refusal(RefusalKind.TEMPORARY, "get_account_info answered without an account")
    return account


def _done(answers: Answers) -> Subscribed | Refusal:
    outcome = told(answers[-1])
    return outcome if isinstance(outcome, Refusal) else Subscribed()
