"""One replay: an installation, its customers on both channels, an operator, and what was kept."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.replay.checker import Stored
from bench.replay.desk import Desk, everything
from bench.replay.dialogues import Dialogue
from bench.replay.journal import Journal
from bench.replay.phones import Phones
from bench.replay.site import Visitor, Ways, play
from bench.shop import Json, Shop, Wishes, open_shop

FAULTS = ("duplicates", "lost-answers", "throttling", "reconnects")
"""Updates and requests that come several times; answers of the webhook that are lost; 429 and 502
from the messenger; visitors' sockets that break before the answer."""

_SETTLE_S = 1.0
_PAGE = 200


@dataclass(frozen=True)
class Plan:
    """How many dialogues, how many together, and what shall go wrong."""

    dialogues: int
    at_once: int
    faults: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Played:
    """What was noted on the way, and what the API exports afterwards."""

    journal: Journal
    stored: dict[str, Stored]


async def replay(
    folder: Path, dialogues: Sequence[Dialogue], plan: Plan, database_url: str
) -> Played:
    """Play the dialogues, half on the site and half in Telegram."""
    quick = {"rate_per_second": "1000", "rate_per_chat": "50"}
    journal = Journal()
    async with open_shop(folder, Wishes(database_url, quick)) as shop:
        await _order_faults(shop, plan.faults)
        phones, desk = Phones(shop, journal), Desk(shop, journal, dialogues)
        ready = asyncio.Event()
        async with _running(phones.watch(), desk.work(ready)):
            await ready.wait()
            turns = asyncio.Semaphore(plan.at_once)
            ways = Ways("duplicates" in plan.faults, "reconnects" in plan.faults)

            async def one(number: int, dialogue: Dialogue) -> None:
                async with turns:
                    if number % 2:
                        await phones.play(dialogue)
                        return
                    address = f"198.51.{number // 250}.{number % 250 + 1}"
                    await play(Visitor(shop, journal, dialogue, address), ways)

            await asyncio.gather(*(one(number, each) for number, each in enumerate(dialogues)))
            await asyncio.sleep(_SETTLE_S)  # what would come twice has come by now
        return Played(journal, await _export(shop))


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


async def _order_faults(shop: Shop, faults: frozenset[str]) -> None:
    delivery = {
        "copies": 3 if "duplicates" in faults else 1,
        "lost_answers": 50 if "lost-answers" in faults else 0,
    }
    calls = []
    if "throttling" in faults:
        calls = [
            {"kind": "too_many", "method": "sendMessage", "probability": 0.02, "retry_after": 1},
            {"kind": "server_error", "method": "sendMessage", "probability": 0.05},
        ]
    await shop.order("/faults", {"delivery": delivery, "calls": calls, "seed": 7})


async def _export(shop: Shop) -> dict[str, Stored]:
    items = await everything(shop)
    pages = [await _timeline(shop, item["id"]) for item in items]
    stored = {}
    for item, messages in zip(items, pages, strict=True):
        sides: dict[str, list[str]] = {"contact": [], "operator": []}
        for message in messages:
            sides.setdefault(message["author_kind"], []).append(message["text"])
        stored[item["contact_name"]] = Stored(tuple(sides["contact"]), tuple(sides["operator"]))
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
