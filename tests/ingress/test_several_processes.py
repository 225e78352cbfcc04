"""Two processes on one PostgreSQL: what one accepts, the other one applies, whole."""

import asyncio
from contextlib import AsyncExitStack

from sqlalchemy import Connection, select

from otklik.conversations.store import QueueFilter, queue
from otklik.inbound.api import cursor
from otklik.inbound.tables import inbound_outcomes
from otklik.inboxes import api as inboxes
from otklik.inboxes.types import Inbox
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from tests.fixtures.house import owner_of, until
from tests.fixtures.store import Place
from tests.promises.test_accepted_is_kept import update


async def _two(stack: AsyncExitStack, place: Place) -> tuple[Parts, Parts]:
    settings = Settings(data_dir=str(place.folder), database_url=place.database_url)
    first = await stack.enter_async_context(assembled(settings))
    return first, await stack.enter_async_context(assembled(settings))


async def _appended(parts: Parts, inbox: Inbox, count: int) -> None:
    appending = asyncio.create_task(parts.appender.run())
    bodies = (update(n, 700 + n % 3, f"Слово {n}") for n in range(count))
    await asyncio.gather(
        *(parts.appender.append(inbox, body, str(n)) for n, body in enumerate(bodies))
    )
    appending.cancel()


async def test_an_inbox_of_another_process_is_known_before_its_first_message(
    postgres_place: Place,
) -> None:
    async with AsyncExitStack() as stack:
        taker, applier = await _two(stack, postgres_place)
        inbox = await _inbox(taker)
        await _appended(taker, inbox, 9)
        while await applier.dispatcher.round():
            continue
        rows = await applier.database.read(lambda c: queue(c, inbox.account_id, QueueFilter()))
        assert sum(row.unread for row in rows) == 9


async def test_what_came_for_an_inbox_that_is_gone_keeps_a_name(
    postgres_place: Place,
) -> None:
    async with AsyncExitStack() as stack:
        taker, applier = await _two(stack, postgres_place)
        inbox = await _inbox(taker)
        await _appended(taker, inbox, 2)
        await taker.database.write(lambda c: inboxes.delete(c, inbox.account_id, inbox.id))
        while await applier.dispatcher.round():
            continue
        found = await applier.database.read(lambda c: c.execute(select(inbound_outcomes)).all())
        assert [(row.outcome, row.name) for row in found] == [("unknown", "inbox_removed")] * 2


async def test_two_dispatchers_apply_each_body_once(postgres_place: Place) -> None:
    async with AsyncExitStack() as stack:
        first, second = await _two(stack, postgres_place)
        inbox = await _inbox(first)
        await second.registry.reload()
        running = [asyncio.create_task(one.dispatcher.run()) for one in (first, second)]
        await _appended(first, inbox, 300)

        def place_of(connection: Connection) -> int:
            return cursor(connection, "dispatch")

        await until(lambda: first.database.read(place_of), lambda seen: seen >= 300)
        for task in running:
            task.cancel()
        rows = await first.database.read(lambda c: queue(c, inbox.account_id, QueueFilter()))
        assert sum(row.unread for row in rows) == 300


async def _inbox(parts: Parts) -> Inbox:
    owner = await owner_of(parts)
    made = await parts.journal.write(
        [owner.account_id],
        lambda connection, ledger: inboxes.create(
            inboxes.Hands(connection, ledger, parts.box, 1),
            owner.account_id,
            inboxes.InboxWish("telegram", "Лавка", {}, {}),
        ),
    )
    await parts.registry.reload()
    return made
