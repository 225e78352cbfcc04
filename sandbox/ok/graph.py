"""The group itself: its key, its webhooks, its polls, its chats."""

import time
from typing import TypeVar

import msgspec

from sandbox.asgi import Reply, as_json
from sandbox.courier import Parcel, Rules, Tried
from sandbox.ok import bodies, wire
from sandbox.ok.account import Group
from sandbox.ok.errors import METHOD, NOT_FOUND, REQUEST, expired, parameter, refusal
from sandbox.platform import Call, Refused
from sandbox.world import Account, Chat

Shape = TypeVar("Shape")
DONE = as_json({"success": True})
TYPES = {"MESSAGE_CREATED", "MESSAGE_CALLBACK", "CHAT_SYSTEM"}
_TRY_AGAIN_S = 60.0
_GIVES_UP_S = 8 * 3600
_POLL_S = 10.0
_END = 2**53


def find(call: Call) -> Account | None:
    """The group of a key, or of an upload's address."""
    key = call.names.get("key")
    if key is not None:
        groups = (one for one in call.world.accounts.values() if isinstance(one, Group))
        return next((group for group in groups if key in group.uploads), None)
    found = call.world.by_token(call.request.query.get("access_token", ""))
    if found is not None and found.revoked:
        raise Refused(expired(), "102")
    return found


async def told(_call: Call, account: Account) -> Reply:
    return as_json({"name": account.title, "group_id": group_of(account).group_id})


async def nothing(_call: Call, _account: Account) -> Reply:
    raise refusal(*METHOD)


async def subscriptions(_call: Call, account: Account) -> Reply:
    listed = [{"time": at, "url": url} for url, at in group_of(account).subscribed.items()]
    return as_json({"subscriptions": listed})


async def subscribe(call: Call, account: Account) -> Reply:
    group, ask = group_of(account), read(call, wire.Subscribe)
    if ask.long_polling:
        named = {kind for listed in ask.types or [] for kind in listed.split("|")}
        if not named or not named <= TYPES:
            raise parameter("types")
        group.polled = True
        return DONE
    url = ask.url or ""
    if not url.startswith(("http://", "https://")):
        raise parameter("url must be http: or https:")

    def let_go(_parcel: Parcel, _tried: Tried) -> None:
        forget(group, url)

    rules = Rules(
        taken=lambda tried: tried.status == 200,
        wait_s=lambda tried: _TRY_AGAIN_S if tried.age_s < _GIVES_UP_S else None,
        on_given_up=let_go,
    )
    group.subscribed[url] = time.time_ns() // 1_000_000
    group.courier(url).open(url, rules)
    return DONE


async def unsubscribe(call: Call, account: Account) -> Reply:
    ask = read(call, wire.Subscribe)
    return as_json({"success": forget(group_of(account), ask.url or "")})


def forget(group: Group, url: str) -> bool:
    """Deliver to an address no more; whether it was subscribed."""
    group.drop_courier(url)
    return group.subscribed.pop(url, None) is not None


async def updates(call: Call, account: Account) -> Reply:
    group, marker = group_of(account), str(call.fields.get("marker", "0"))
    if not group.polled:
        raise refusal(*REQUEST)
    if not marker.isdecimal():
        raise parameter("marker")
    found = await group.events.wait(int(marker), 100, _POLL_S)
    told_now = [msgspec.Raw(event.body) for event in found]
    return as_json({"updates": told_now, "marker": str(found[-1].number if found else marker)})


async def chats(_call: Call, account: Account) -> Reply:
    return as_json({"chats": [bodies.card(chat) for chat in account.chats.values()]})


async def chat(call: Call, account: Account) -> Reply:
    return as_json(bodies.card(chat_named(account, call.names["chat"])))


async def chat_url(call: Call, account: Account) -> Reply:
    named = chat_named(account, call.names["chat"])
    return as_json({"url": f"https://ok.ru/messages/g{named.person.id}"})


async def history(call: Call, account: Account) -> Reply:
    name = call.names.get("chat") or str(call.fields.get("chat_id", ""))
    found = chat_named(account, name)
    count = _number(call, "count", 20)
    latest, first = _number(call, "from", _END), _number(call, "to", 0)
    if not 1 <= count <= 100 or latest < first:
        raise parameter("count, from, to")
    newest = reversed(found.messages.values())
    asked = [said for said in newest if first <= int(said.at * 1000) <= latest][:count]
    return as_json({"messages": [bodies.in_history(found, said) for said in asked]})


def _number(call: Call, name: str, otherwise: int) -> int:
    text = str(call.fields.get(name, otherwise))
    if not text.isdecimal():
        raise parameter(name)
    return int(text)


def chat_named(account: Account, name: str) -> Chat:
    """The chat of an id; refused when there is none."""
    found = account.chats.get(name)
    if found is None:
        raise refusal(*NOT_FOUND)
    return found


def read(call: Call, shape: type[Shape]) -> Shape:
    """The JSON body of a call; refused when it is not of its shape, or is not called JSON."""
    if not call.request.content_type.startswith("application/json"):
        raise refusal(*REQUEST)
    try:
        return msgspec.json.decode(call.request.body, type=shape)
    except msgspec.DecodeError as problem:
        raise parameter(str(problem)) from problem


def group_of(account: Account) -> Group:
    """The account as what it is here."""
    assert isinstance(account, Group)
    return account
