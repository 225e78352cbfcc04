"""The bot itself, its webhooks and its long poll."""

import asyncio
import re
import time
from typing import TypeVar

import msgspec

from sandbox.asgi import Reply, as_json
from sandbox.courier import Parcel, Rules, Tried
from sandbox.max import bodies
from sandbox.max.account import Bot
from sandbox.max.errors import TOO_MANY, payload, refusal, unauthorized
from sandbox.platform import Call, Refused
from sandbox.world import Account

SECRET = re.compile(r"[A-Za-z0-9_-]{5,256}")
_LOCAL = re.compile(r"http://(127\.0\.0\.1|localhost)[:/]")
_TRY_AGAIN_S = 45.0
_GIVES_UP_S = 8 * 3600
_LONGEST_POLL_S = 30.0
_MOST = 100
Shape = TypeVar("Shape")
DONE = as_json({"success": True})


class Subscribe(msgspec.Struct):
    url: str
    secret: str | None = None
    update_types: list[str] | None = None
    version: str | None = None


def find(call: Call) -> Account | None:
    """The bot of a token, or of an upload's address."""
    key = call.names.get("key")
    if key is not None:
        bots = (bot for bot in call.world.accounts.values() if isinstance(bot, Bot))
        return next((bot for bot in bots if key in bot.uploads), None)
    token = call.header("authorization")
    found = call.world.by_token(token)
    if found is not None and found.revoked:
        raise Refused(unauthorized(), "verify.token")
    return found


async def me(_call: Call, account: Account) -> Reply:
    return as_json(bodies.bot(account))


async def patch_me(call: Call, account: Account) -> Reply:
    name = call.fields.get("first_name") or call.fields.get("name")
    account.title = name if isinstance(name, str) else account.title
    commands = call.fields.get("commands")
    if isinstance(commands, list) and len(commands) > 32:
        raise payload("commands: size must be between 0 and 32")
    return as_json({**bodies.bot(account), "commands": commands or []})


async def nothing(_call: Call, _account: Account) -> Reply:
    raise refusal(405, "method.not.allowed", "Method is not allowed")


async def subscriptions(_call: Call, account: Account) -> Reply:
    bot = _bot(account)
    listed = [
        {"url": url, "time": bot.since[url], "update_types": kinds or None, "version": None}
        for url, kinds in bot.subscribed.items()
    ]
    return as_json({"subscriptions": listed})


async def subscribe(call: Call, account: Account) -> Reply:
    bot, ask = _bot(account), read(call, Subscribe)
    if not ask.url.startswith("https://") and not _LOCAL.match(ask.url):
        raise payload("url: only https is supported")
    if ask.secret is not None and not SECRET.fullmatch(ask.secret):
        raise payload("secret: must match ^[\\w-]{5,256}$")
    secret = ask.secret or ""

    def let_go(_parcel: Parcel, _tried: Tried) -> None:
        forget(bot, ask.url)

    def wait_s(tried: Tried) -> float | None:
        return _TRY_AGAIN_S if tried.age_s < _GIVES_UP_S else None

    rules = Rules(
        taken=lambda tried: tried.status == 200,
        wait_s=wait_s,
        sign=lambda _body, _attempt: {"X-Max-Bot-Api-Secret": secret} if secret else {},
        on_given_up=let_go,
    )
    bot.subscribed[ask.url] = tuple(ask.update_types or ())
    bot.since[ask.url] = time.time_ns() // 1_000_000
    bot.courier(ask.url).open(ask.url, rules)
    return DONE


async def unsubscribe(call: Call, account: Account) -> Reply:
    url = str(call.fields.get("url", ""))
    if not forget(_bot(account), url):
        return as_json({"success": False, "message": "No such subscription"})
    return DONE


def forget(bot: Bot, url: str) -> bool:
    """Deliver to an address no more; whether it was subscribed."""
    bot.drop_courier(url)
    bot.since.pop(url, None)
    return bot.subscribed.pop(url, None) is not None


async def updates(call: Call, account: Account) -> Reply:
    bot = _bot(account)
    limit, timeout = number(call, "limit", 100, 1, 1000), number(call, "timeout", 30, 0, 90)
    if account.throttle and account.throttle.wait_s(("poll", "")):
        raise refusal(*TOO_MANY)
    if "marker" in call.fields:
        bot.taken = number(call, "marker", 0, 0, 2**63)
    waits = min(float(timeout), _LONGEST_POLL_S)
    if bot.subscribed:  # a webhook takes them all
        await asyncio.sleep(waits)
        return as_json({"updates": [], "marker": bot.taken})
    found = await bot.events.wait(bot.taken, min(limit, _MOST), waits)
    kinds = {kind for kind in str(call.fields.get("types", "")).split(",") if kind}
    told = [msgspec.Raw(event.body) for event in found if not kinds or event.kind in kinds]
    return as_json({"updates": told, "marker": found[-1].number if found else bot.taken})


def read(call: Call, shape: type[Shape]) -> Shape:
    """The JSON body of a call; refused when it is not of its shape."""
    try:
        return msgspec.json.decode(call.request.body, type=shape)
    except msgspec.DecodeError as problem:
        raise payload(f"Invalid request: {problem}") from problem


def number(call: Call, name: str, otherwise: int, least: int, most: int) -> int:
    """A whole number of the query; refused when it is none or out of bounds."""
    text = str(call.fields.get(name, otherwise))
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not least <= int(text) <= most:
        raise payload(f"{name}: must be between {least} and {most}")
    return int(text)


def _bot(account: Account) -> Bot:
    assert isinstance(account, Bot)
    return account
