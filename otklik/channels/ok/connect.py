"""How a group of Odnoklassniki is checked, subscribed, watched over and polled."""

import msgspec

from otklik.channels.ok.history import Place, bodies_since, chats_in, moved_since
from otklik.channels.ok.outbound import call, done, told
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

_LISTS = "GET /graph/me/subscriptions"
_MOST = "100"
_LIST_S = 30.0
_PASSED = {RefusalKind.GONE, RefusalKind.BLOCKED}  # a chat that is no more holds up no other
_PAUSE_S = 3.0
_APART_S = 0.25  # five requests a second are the careful default


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
    """Fetch what people wrote since the last look; the first look only marks the place.

    Long polling exists, but its answer is documented nowhere; presses are in no history.
    """
    if not answers:
        request = call(config, "GET /graph/me/chats", query={"count": _MOST})
        label = request.label if cursor else "GET /graph/me/chats at first"
        return msgspec.structs.replace(request, label=label, after_s=_PAUSE_S, timeout_s=_LIST_S)
    refusal = told(answers[-1])
    if isinstance(refusal, Refusal) and (len(answers) == 1 or refusal.kind not in _PASSED):
        return refusal
    chats = chats_in(answers[0].body)
    if chats is None:
        return Refusal(RefusalKind.TEMPORARY, "Odnoklassniki answered without chats")
    place = Place.of(cursor)
    news, next_place = moved_since(place, chats)
    if not cursor:
        return Polled((), Place(max([0, *(chat.last_event_time for chat in chats)])).cursor)
    asked = len(answers) - 1
    if asked == len(news):
        return Polled(bodies_since(place, answers[1:]), next_place.cursor)
    chat = news[asked]
    query = {"from": str(chat.last_event_time), "to": str(place.since), "count": _MOST}
    request = call(config, "GET /graph/me/messages", place=f"/{chat.chat_id}", query=query)
    return msgspec.structs.replace(request, after_s=_APART_S)


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
