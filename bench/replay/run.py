"""One replay: an installation, its customers at every messenger, an operator, and what was kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.replay.checker import Stored
from bench.replay.desk import Desk, everything
from bench.replay.dialogues import Dialogue
from bench.replay.journal import Journal
from bench.replay.phones import Phones, TelegramPhones, watch
from bench.replay.site import Visitor, Ways, play
from bench.replay.stalls import Stall, connect_all, order
from bench.replay.tricks import Trick, tricks_of
from bench.shop import Json, Shop, Wishes, open_shop

FAULTS = ("duplicates", "lost-answers", "throttling", "reconnects")
"""Updates and requests that come several times; answers of the webhook that are lost; 429 and 502
from the messenger; visitors' sockets that break before the answer."""

SITE = "widget"
_RETRY_SCALE = 0.005
_LOST_ANSWERS = 10
"""At each messenger; a chat's next delivery waits until the one before it was repeated."""
_SETTLE_S = 1.0
_SETTLED_WITHIN_S = 20.0
_PAGE = 200


@dataclass(frozen=True)
class Plan:
    """How many dialogues, how many together, what shall go wrong, and where people write.

    `tricks`: how many times more often than usual (see `bench.replay.tricks`). No `channels`:
    everywhere.
    """

    dialogues: int
    at_once: int
    faults: frozenset[str] = frozenset()
    tricks: float = 1.0
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Played:
    """What was noted on the way, what the API exports afterwards, and who wrote where."""

    journal: Journal
    stored: dict[str, Stored]
    places: dict[str, list[Dialogue]] = field(default_factory=dict)


async def replay(
    folder: Path, dialogues: Sequence[Dialogue], plan: Plan, database_url: str
) -> Played:
    """Play the dialogues, spread over every channel that can be written to."""
    quick = {"rate_per_second": "1000", "rate_per_chat": "50"}
    journal = Journal()
    async with open_shop(folder, Wishes(database_url, quick, retry_scale=_RETRY_SCALE)) as shop:
        stalls = [one for one in await connect_all(shop) if _is_wanted(one.channel, plan)]
        rule = await _order_faults(shop, stalls, plan.faults)
        phones = [_phones(shop, journal, stall, rule) for stall in stalls]
        desk = Desk(shop, journal, dialogues)
        places = _spread(dialogues, phones, site=_is_wanted(SITE, plan))
        async with _running(watch(shop, phones), desk.work(ready := asyncio.Event())):
            await ready.wait()
            await _play(shop, journal, plan, places)
            await _settle(shop, stalls)
        stored = await _export(shop, desk)
        by_channel: dict[str, list[Dialogue]] = {}
        for dialogue, at in places:
            by_channel.setdefault(at.stall.channel if at else SITE, []).append(dialogue)
        return Played(journal, stored, by_channel)


Places = Sequence[tuple[Dialogue, Phones | None]]
"""Who writes where; None: on the site."""


def _is_wanted(channel: str, plan: Plan) -> bool:
    return not plan.channels or channel in plan.channels


def _phones(shop: Shop, journal: Journal, stall: Stall, rule: Json) -> Phones:
    kind = TelegramPhones if stall.channel == "telegram" else Phones
    return kind(shop, journal, stall, rule)


def _spread(dialogues: Sequence[Dialogue], phones: Sequence[Phones], *, site: bool) -> Places:
    doors: list[Phones | None] = [*phones, *([None] if site else [])]
    return [(one, doors[number % len(doors)]) for number, one in enumerate(dialogues)]


async def _play(shop: Shop, journal: Journal, plan: Plan, places: Places) -> None:
    turns = asyncio.Semaphore(plan.at_once)

    async def one(number: int, dialogue: Dialogue, phones: Phones | None) -> None:
        tricks = tricks_of(dialogue.name, len(dialogue.lines), plan.tricks)
        async with turns:
            if phones is not None:
                await phones.play(dialogue, tricks)
                return
            address = f"198.51.{number // 250}.{number % 250 + 1}"
            await play(Visitor(shop, journal, dialogue, address), _ways(plan, tricks))

    await asyncio.gather(*(one(number, *each) for number, each in enumerate(places)))


def _ways(plan: Plan, tricks: Sequence[Trick]) -> Ways:
    repeated = (place for place, trick in enumerate(tricks) if trick is Trick.REPEATED)
    return Ways("duplicates" in plan.faults, "reconnects" in plan.faults, frozenset(repeated))


@asynccontextmanager
async def _running(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result


async def _order_faults(shop: Shop, stalls: Sequence[Stall], faults: frozenset[str]) -> Json:
    """Order what goes wrong everywhere; give the rule of deliveries, which tricks add to."""
    delivery = {
        "copies": 3 if "duplicates" in faults else 1,
        "lost_answers": _LOST_ANSWERS if "lost-answers" in faults else 0,
    }
    for stall in stalls:
        method = "sendMessage" if stall.channel == "telegram" else "*"
        calls = [
            {"kind": "too_many", "method": method, "probability": 0.02, "retry_after": 1},
            {"kind": "server_error", "method": method, "probability": 0.05},
        ]
        wish = {"delivery": delivery, "calls": calls if "throttling" in faults else [], "seed": 7}
        await order(shop, f"{stall.root}/faults", wish)
    return {"copies": delivery["copies"]}


async def _settle(shop: Shop, stalls: Sequence[Stall]) -> None:
    """Let every messenger deliver what it holds; what comes twice has come by then.

    Messengers that lost many answers come again after minutes: that is not waited for.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SETTLED_WITHIN_S):
            for stall in stalls:
                await _delivered(shop, stall)
    await asyncio.sleep(_SETTLE_S)


async def _delivered(shop: Shop, stall: Stall) -> None:
    pending = 1
    while pending:
        pending = (await order(shop, stall.root, method="GET"))["pending"]
        await asyncio.sleep(0.1)


async def _export(shop: Shop, desk: Desk) -> dict[str, Stored]:
    items = await everything(shop)
    pages = [await _timeline(shop, item["id"]) for item in items]
    stored = {}
    for item, messages in zip(items, pages, strict=True):
        sides: dict[str, list[str]] = {"contact": [], "operator": []}
        for message in messages:
            if message["text"]:
                sides.setdefault(message["author_kind"], []).append(message["text"])
        pictures = sum(
            one["kind"] == "picture"
            for message in messages
            if message["author_kind"] == "contact"
            for one in message["attachments"]
        )
        name = await desk.name_of(item["contact_id"])
        stored[name] = Stored(tuple(sides["contact"]), tuple(sides["operator"]), pictures)
    return stored


async def _timeline(shop: Shop, conversation_id: str) -> list[Json]:
    found: list[Json] = []
    query: dict[str, str | int] = {"limit": _PAGE}
    while True:
        page = await shop.get(f"/conversations/{conversation_id}/messages", **query)
        found = page["items"] + found
        if not page["more"]:
            return found
        query["before"] = found[0]["seq"]
