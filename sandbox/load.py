"""Load: many people writing at once, at an even rate that does not wait for answers."""

import asyncio
import time
from dataclasses import dataclass

from sandbox.acts import perform
from sandbox.orders import Ask, Bulk
from sandbox.platform import Platform, chat_of
from sandbox.world import Account, Chat

_SLICE = 50


@dataclass(slots=True)
class Job:
    """One order of load and how far it is; times in seconds since the epoch."""

    account: str
    first_person: int
    people: int
    wanted: int
    queued: int = 0
    began: float = 0.0
    ended: float | None = None


def begin(platform: Platform, account: Account, order: Bulk) -> tuple[Job, asyncio.Task[None]]:
    """Create the people and let them write in turns, from now on and in the background."""
    people = account.shared.people
    chats = [
        chat_of(platform, account, people.add(first_name=f"Гость {number}"))
        for number in range(1, order.people + 1)
    ]
    wanted = order.people * order.messages
    job = Job(account.id, chats[0].person.id, order.people, wanted)
    return job, asyncio.ensure_future(_write(platform, chats, job, order))


async def _write(platform: Platform, chats: list[Chat], job: Job, order: Bulk) -> None:
    job.began = time.time()
    start = time.monotonic()
    for turn in range(1, order.messages + 1):
        for chat in chats:
            if order.rate:
                ahead_s = job.queued / order.rate - (time.monotonic() - start)
                if ahead_s > 0:
                    await asyncio.sleep(ahead_s)
            text = order.text.replace("{n}", str(turn)).replace("{person}", str(chat.person.id))
            perform(platform, chat, "text", Ask(text=text))
            job.queued += 1
            if job.queued % _SLICE == 0:
                await asyncio.sleep(0)
    job.ended = time.time()
