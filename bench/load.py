"""Load on a webhook: ordered from the generator's process, and waited for until all is answered."""

import asyncio
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from bench.generator import Order, Result, Shot
from bench.programs import ROOT
from bench.shop import SECRET, Shop
from bench.store import Counts, counts

_ANSWERED_WITHIN_S = 60.0
_PAGE = 20_000


class WarmUp(msgspec.Struct, frozen=True):
    """What the sandbox says of people who wrote at its order."""

    first_person: int
    people: int


@dataclass(frozen=True)
class Target:
    """Where load goes and whose it is."""

    order: Order

    def at(self, port: int) -> "Target":
        """Aim the same load at another port."""
        return replace(self, order=msgspec.structs.replace(self.order, port=port))

    def then(self, turns: int, rate: float = 0.0) -> "Target":
        """Let the same people write on: so many turns each, at a rate or as fast as answered."""
        following = self.order.first_turn + self.order.turns
        order = msgspec.structs.replace(self.order, first_turn=following, turns=turns, rate=rate)
        return replace(self, order=order)


class Sent(msgspec.Struct, frozen=True):
    """One answer as the sandbox's journal has it; `at` in seconds since the epoch."""

    seq: int
    at: float
    chat_id: int | None
    text: str | None
    status: int


@dataclass(frozen=True)
class Volley:
    """What was posted and answered, and what the generator itself used."""

    shots: list[Shot]
    cpu_s: float


async def fire(folder: Path, target: Target) -> Volley:
    """Carry out an order in a process of its own."""
    order_file, result_file = folder / "order.json", folder / "result.json"
    order_file.write_bytes(msgspec.json.encode(target.order))
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.generator", str(order_file), str(result_file), cwd=ROOT
    )
    if await program.wait():
        raise RuntimeError("the generator failed; its words are above")
    result = msgspec.json.decode(result_file.read_bytes(), type=Result)
    return Volley(result.shots, result.cpu_s)


async def warm_up(shop: Shop, people: int) -> Target:
    """Let the sandbox make people who write once; they write on from the generator."""
    asked = await shop.order("/bulk", {"people": people, "messages": 1})
    made = msgspec.convert(asked, WarmUp, strict=False)
    await until_answered(shop, people)
    host, _, port = shop.url.removeprefix("http://").partition(":")
    order = Order(
        host=host, port=int(port), path=f"/hooks/{shop.telegram}", secret=SECRET,
        first_person=made.first_person, people=people, turns=1, first_turn=1, connections=256,
    )  # fmt: skip
    return Target(order)


async def until_answered(shop: Shop, messages: int) -> Counts:
    """Wait until the store holds so many messages, each with an answer that was sent."""
    deadline = time.monotonic() + _ANSWERED_WITHIN_S
    while True:
        card = await shop.look()
        if card["calls"] > messages or time.monotonic() > deadline:
            found = await counts(shop)
            if found.sent >= messages or time.monotonic() > deadline:
                return found
        await asyncio.sleep(0.1)


async def journal(shop: Shop, after: int) -> list[Sent]:
    """Read the answers the sandbox was handed after a number, in order."""
    found: list[Sent] = []
    while True:
        page = msgspec.convert(
            await shop.look("/journal", after=after, limit=_PAGE, method="sendMessage"), list[Sent]
        )
        found += page
        if len(page) < _PAGE:
            return found
        after = page[-1].seq
