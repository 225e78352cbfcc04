"""What a poll brings is kept, whatever it is: the platform will not tell it again."""

import asyncio

from otklik.inbound.api import dead
from otklik.inbound.types import DeadLetter
from otklik.inboxes.types import Inbox
from otklik.parts import Parts
from otklik.ports.channel import Polled
from tests.ingress.test_append import inbox, parts

__all__ = ["inbox", "parts"]


async def test_a_polled_body_nobody_can_read_is_a_dead_letter(parts: Parts, inbox: Inbox) -> None:
    running = [asyncio.create_task(loop()) for loop in (parts.appender.run, parts.dispatcher.run)]
    await parts.connections._take(inbox, Polled((b"no update",), "7"))
    found: list[DeadLetter] = []
    async with asyncio.timeout(10):
        while not found:
            found = await parts.database.read(lambda c: dead(c, inbox.account_id))
            await asyncio.sleep(0.02)
    for task in running:
        task.cancel()
    assert len(found) == 1
