"""The shop at every messenger that the sandbox speaks and we have a channel for."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from bench.shop import Json, Shop
from bench.store import ask
from otklik.channels import CHANNELS
from sandbox.platform import discover

_PACE = {"rate_per_second": "1000", "rate_per_chat": "50"}
_READY_WITHIN_S = 60.0
_VERIFY = "replay-invented-verify-token"
_PASTED = frozenset(platform.id for platform in discover() if platform.paste is not None)
"""Messengers whose webhook address a business pastes by hand."""


@dataclass(frozen=True)
class Stall:
    """One account at a messenger, connected; `root` takes the orders about it."""

    channel: str
    root: str
    acts: frozenset[str]
    has_subjects: bool = False
    transport: Literal["http", "live", "mail"] = "http"

    @property
    def has_couriers(self) -> bool:
        """Tell whether deliveries can be lost, repeated and shuffled here."""
        return self.transport == "http"


async def connect_all(shop: Shop) -> list[Stall]:
    """Open an account and an inbox everywhere; Telegram's are there from the beginning."""
    async with shop.http.get(f"{shop.sandbox_url}/control/platforms") as answer:
        cards = await answer.json()
    telegram = Stall("telegram", shop.bot_url, frozenset({"text", "album", "edit"}))
    others = [await _connect(shop, card) for card in cards if _is_played(card)]
    await _until_delivering(shop, others)
    return [telegram, *others]


def _is_played(card: Json) -> bool:
    return card["id"] in CHANNELS and card["id"] != "telegram" and "text" in card["acts"]


async def _connect(shop: Shop, card: Json) -> Stall:
    name = card["id"]
    channel = CHANNELS[name]
    at = f"{shop.sandbox_url}/control/{name}/accounts"
    account = await order(shop, at, {"title": "Чайный мост"})
    settings = {**account["settings"], "api_base": f"{shop.sandbox_url}/{name}"}
    secrets = {**account["secrets"], "token": account["token"], "verify_token": _VERIFY}
    wish = {
        "channel": name,
        "settings": _of(settings, channel.manifest.settings) | _PACE,
        "secrets": _of(secrets, channel.manifest.secrets),
    }
    inbox = await shop.post("/inboxes", wish)
    root = f"{at}/{account['id']}"
    if name in _PASTED:
        address = inbox["address"] or f"{shop.url}/{name}/v1/{inbox['public_key']}"
        await order(shop, f"{root}/webhook", {"url": address, "verify_token": _VERIFY})
    return Stall(
        name,
        root,
        frozenset(card["acts"]),
        has_subjects="subject" in channel.manifest.features,
        transport=channel.manifest.transport,
    )


def _of(known: Json, names: tuple[str, ...]) -> dict[str, str]:
    return {name: known[name] for name in names if name in known}


async def order(shop: Shop, url: str, body: Json = None, method: str = "POST") -> Json:
    """Order something of the sandbox; the answer is what was made."""
    async with shop.http.request(method, url, json=body) as answer:
        if not answer.ok:
            raise RuntimeError(f"{method} {url}: {answer.status} {await answer.text()}")
        return await answer.json()


async def _until_delivering(shop: Shop, stalls: list[Stall]) -> None:
    """Wait until every messenger has our address, and mailboxes are watched."""
    waiting = set(stalls)
    async with asyncio.timeout(_READY_WITHIN_S):
        while waiting:
            waiting = {stall for stall in waiting if not await _delivers(shop, stall)}
            await asyncio.sleep(0.1)


async def _delivers(shop: Shop, stall: Stall) -> bool:
    if stall.transport == "live":
        return True  # the person's own phone comes to us
    if stall.has_couriers:
        return bool((await order(shop, stall.root, method="GET"))["webhooks"])
    _, rows = await ask(shop, "SELECT channel, cursor FROM inboxes")
    return any("INBOX" in cursor for channel, cursor in rows if channel == stall.channel)
