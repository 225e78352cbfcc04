"""Load: many people writing at once, at an even rate that does not wait for answers."""

import asyncio
import time
from dataclasses import dataclass

from sandbox.telegram import acts
from sandbox.telegram.orders import Bulk
from sandbox.telegram.world import Bot, World

_SLICE = 50


@dataclass(slots=True)
class Job:
    """One order of load and how far it is; times in seconds since the epoch."""

    bot_id: int
    first_person: int
    people: int
    wanted: int
    first_update_id: int
    queued: int = 0
    began: float = 0.0
    ended: float | None = None


def begin(world: World, bot: Bot, order: Bulk) -> tuple[Job, asyncio.Task[None]]:
    """Create the people and let them write in turns, from now on and in the background."""
    hands = [
        acts.hand(world, bot, world.add_person(first_name=f"Гость {number}"))
        for number in range(1, order.people + 1)
    ]
    job = Job(
        bot.user.id,
        hands[0].person.user.id,
        order.people,
        order.people * order.messages,
        bot.updates.next_id,
    )
    return job, asyncio.ensure_future(_write(job, hands, order))


async def _write(job: Job, hands: list[acts.Hand], order: Bulk) -> None:
    job.began = time.time()
    start = time.monotonic()
    for turn in range(1, order.messages + 1):
        for at in hands:
            if order.rate:
                ahead_s = job.queued / order.rate - (time.monotonic() - start)
                if ahead_s > 0:
                    await asyncio.sleep(ahead_s)
            acts.write(
                at, order.text.replace("{n}", str(turn)).replace("{person}", str(at.person.user.id))
            )
            job.queued += 1
            if job.queued % _SLICE == 0:
                await asyncio.sleep(0)
    job.ended = time.time()
