"""How a group of Odnoklassniki is checked, subscribed, watched over and polled."""

import msgspec

from otklik.channels.ok.outbound import call, done, page_in, told
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

_TYPES = ("MESSAGE_CREATED", "MESSAGE_CALLBACK", "CHAT_SYSTEM")
_LISTS = "GET /graph/me/subscriptions"
_POLL_S = 30.0
_PAUSE_S = 1.0  # whether a poll without news waits is not documented: it may answer at once
_BEGUN = "begun"


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Tell whose token it is."""
    if not answers:
        return call(config, "GET /graph/me/info")
    group = told(answers[-1])
    if isinstance(group, Refusal):
        return group
    if not group.group_id:
        return Refusal(RefusalKind.BAD_TOKEN, "the token is not one of a group")
    return Connected(group.name or str(group.group_id), {"group_id": str(group.group_id)})


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Have events delivered to our public address, unless they are already."""
    if not answers:
        return call(config, _LISTS)
    addresses = _addresses(answers[:1])
    if isinstance(addresses, Refusal):
        return addresses
    if address in addresses:
        return Subscribed()
    return _done(call(config, "POST /graph/me/subscribe", {"url": address}), answers[1:])


def verify(config: InboxConfig, address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask where events go: an address that failed for 8 hours may be dropped."""
    if not answers:
        return call(config, _LISTS)
    addresses = _addresses(answers)
    if isinstance(addresses, Refusal) or address in addresses:
        return addresses if isinstance(addresses, Refusal) else Subscribed()
    return Refusal(RefusalKind.UNSUBSCRIBED, "Odnoklassniki does not deliver to this address")


def unsubscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Stop deliveries to an address, or to all when none is named."""
    if address:
        return _done(call(config, "POST /graph/me/unsubscribe", {"url": address}), answers)
    if not answers:
        return call(config, _LISTS)
    addresses = _addresses(answers[:1])
    if isinstance(addresses, Refusal):
        return addresses
    asked = len(answers) - 1
    if asked < len(addresses):
        return call(config, "POST /graph/me/unsubscribe", {"url": addresses[asked]})
    return _done(call(config, _LISTS), answers[1:]) if asked else Subscribed()


def poll(config: InboxConfig, cursor: str, answers: Answers) -> Request | Polled | Refusal:
    """Wait for the next events, after having said once that they will be polled."""
    if not cursor and not answers:
        payload = {"types": ["|".join(_TYPES)], "longPolling": True}
        request = call(config, "POST /graph/me/subscribe", payload)
        return msgspec.structs.replace(request, label="POST /graph/me/subscribe for polls")
    begun = 0 if cursor else 1
    if begun and isinstance(refusal := done(answers[0]), Refusal):
        return refusal
    if len(answers) > begun:
        return _polled(answers)
    query = {} if cursor in {"", _BEGUN} else {"marker": cursor}
    request = call(config, "GET /graph/me/updates", query=query)
    return msgspec.structs.replace(request, timeout_s=_POLL_S, after_s=_PAUSE_S)


def _polled(answers: Answers) -> Polled | Refusal:
    page = page_in(answers[-1])
    if isinstance(page, Refusal):
        return page
    if page.updates is None:
        return Refusal(RefusalKind.TEMPORARY, "GET /graph/me/updates answered without updates")
    return Polled(tuple(bytes(one) for one in page.updates), str(page.marker or _BEGUN))


def _addresses(answers: Answers) -> list[str] | Refusal:
    answer = told(answers[-1])
    if isinstance(answer, Refusal):
        return answer
    if answer.subscriptions is None:
        return Refusal(RefusalKind.TEMPORARY, "Odnoklassniki answered without subscriptions")
    return [one.url for one in answer.subscriptions]


def _done(request: Request, answers: Answers) -> Request | Subscribed | Refusal:
    if not answers:
        return request
    outcome = done(answers[-1])
    return outcome if isinstance(outcome, Refusal) else Subscribed()
