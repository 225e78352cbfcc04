"""The loop itself: what it claims, what a stop leaves behind, and what one broken ending costs."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import pytest
from sqlalchemy import Connection, event, select

from otklik.channels import CHANNELS
from otklik.delivery import store
from otklik.delivery.jobs import DeliveryLoop, Outside
from otklik.delivery.sender import Sender
from otklik.delivery.tables import deliveries
from otklik.delivery.types import Delivery, Finished, OrderKind
from otklik.events.api import Bell, Journal, Ledger, create_counter
from otklik.inboxes import api as inboxes
from otklik.inboxes.types import Inbox
from otklik.kernel.clock import SystemClock
from otklik.kernel.ids import DeliveryId, IdentityId, InboxId, MessageId, new_id
from otklik.platform.database import Database
from otklik.platform.secret_box import SecretBox
from otklik.ports.channel import Outgoing, Refusal, Sent
from otklik.ports.message import MessageKind
from tests.fixtures.store import Place

ACCOUNT = "account"


class Platform(Sender):
    """A platform that takes everything, after a moment, and remembers it."""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.takes_s = takes_s
        self.took: list[str] = []

    async def perform(self, delivery: Delivery, inbox: Inbox | None) -> Sent | Refusal:  # noqa: ARG002
        await asyncio.sleep(self.takes_s)
        self.took.append(delivery.id)
        return Sent(("1:1",))


class Office:
    """A store with one inbox, and the loop under test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SystemClock()
        self.journal = Journal(database, Bell())
        self.box = SecretBox((os.urandom(32),))
        self.registry = inboxes.InboxRegistry(database, self.box)
        self.refuses: set[str] = set()
        self.inbox_id = ""

    async def open(self, **settings: str) -> None:
        wish = inboxes.InboxWish("telegram", "Лавка", settings, {"token": "1:aaaaaaaaaaaa"})
        await self.database.write(lambda c: create_counter(c, ACCOUNT))
        inbox = await self.journal.write(
            [ACCOUNT],
            lambda c, ledger: inboxes.create(
                inboxes.Hands(c, ledger, self.box, self.clock.now_ms()), ACCOUNT, wish
            ),
        )
        self.inbox_id = inbox.id
        await self.registry.reload()

    def loop(self, platform: Platform) -> DeliveryLoop:
        ground = inboxes.Ground(self.journal, self.registry, CHANNELS, self.clock)
        outside = Outside(lambda *_: "", self.on_picture)
        return DeliveryLoop(ground, platform, self.on_finished, self.on_bad_token, outside)

    def on_finished(
        self, _connection: Connection, _ledger: Ledger, finished: Sequence[Finished], _now: int
    ) -> None:
        broken = self.refuses.intersection(one.delivery.id for one in finished)
        if broken:
            raise ValueError(f"cannot note {broken}")

    async def on_picture(self, delivery: Delivery, inbox: Inbox, ref: str) -> None:
        raise AssertionError(f"nobody asked for {ref} of {delivery.id} in {inbox.id}")

    async def on_bad_token(self, inbox_id: str) -> None:
        raise AssertionError(inbox_id)

    async def queue(self, count: int) -> list[str]:
        now = self.clock.now_ms()
        rows = [_delivery(self.inbox_id, number, now) for number in range(count)]
        await self.database.write(lambda c: store.insert(c, rows))
        return [row.id for row in rows]

    async def states(self) -> dict[str, str]:
        def look(connection: Connection) -> dict[str, str]:
            rows = connection.execute(select(deliveries.c.id, deliveries.c.state))
            return {row.id: row.state for row in rows}

        return await self.database.read(look)

    async def until_none(self, state: str) -> dict[str, str]:
        async with asyncio.timeout(20):
            states = await self.states()
            while state in states.values():
                await asyncio.sleep(0.02)
                states = await self.states()
        return states


def _delivery(inbox_id: str, number: int, now: int) -> Delivery:
    message = MessageId(new_id())
    order = Outgoing(message_id=message, to=str(number), kind=MessageKind.TEXT, text="Готово")
    return Delivery(
        id=DeliveryId(new_id()),
        account_id=ACCOUNT,
        inbox_id=InboxId(inbox_id),
        identity_id=IdentityId(f"chat-{number}"),
        message_id=message,
        seq=number + 1,
        kind=OrderKind.MESSAGE,
        order=order,
        tries=0,
        created_at=now,
    )


@pytest.fixture
async def office(place: Place) -> AsyncIterator[Office]:
    database = place.open()
    try:
        yield Office(database)
    finally:
        await database.close()


async def stop(running: "asyncio.Task[None]") -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_stop_lets_what_is_under_way_end_and_claims_nothing_that_only_waits(
    office: Office,
) -> None:
    await office.open(rate_per_second="5")
    await office.queue(200)
    platform = Platform(takes_s=0.2)
    running = asyncio.create_task(office.loop(platform).run())
    await asyncio.sleep(0.6)
    await stop(running)
    states = await office.states()
    assert platform.took
    assert {one for one, state in states.items() if state == "sent"} == set(platform.took)
    assert set(states.values()) == {"sent", "queued"}


async def test_a_later_run_goes_on_where_a_stop_left_off(office: Office) -> None:
    await office.open()
    queued = await office.queue(20)
    first = Platform(takes_s=0.05)
    running = asyncio.create_task(office.loop(first).run())
    await asyncio.sleep(0.1)
    await stop(running)
    second = Platform()
    running = asyncio.create_task(office.loop(second).run())
    await office.until_none("queued")
    await office.until_none("sending")
    await stop(running)
    assert sorted([*first.took, *second.took]) == sorted(queued)


async def test_one_ending_that_cannot_be_noted_costs_no_other(office: Office) -> None:
    await office.open()
    queued = await office.queue(20)
    office.refuses = {queued[7]}
    running = asyncio.create_task(office.loop(Platform()).run())
    await office.until_none("queued")
    states = await office.until_none("sending")
    await stop(running)
    assert states.pop(queued[7]) == "uncertain"
    assert set(states.values()) == {"sent"}


async def test_a_paced_backlog_is_not_written_again_and_again(sqlite_place: Place) -> None:
    database = sqlite_place.open()
    office = Office(database)
    await office.open(rate_per_second="5")
    await office.queue(500)
    writes: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")  # type: ignore[attr-defined]
    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE deliveries"):
            writes.append(statement)

    platform = Platform()
    running = asyncio.create_task(office.loop(platform).run())
    await asyncio.sleep(1.5)
    await stop(running)
    await database.close()
    assert 5 <= len(platform.took) <= 20
    assert len(writes) <= 2 * len(platform.took) + 2


async def test_what_a_dead_process_was_sending_becomes_uncertain(office: Office) -> None:
    await office.open()
    queued = await office.queue(3)
    long_ago = office.clock.now_ms() - 60_000

    def die(connection: Connection) -> None:
        store.take(connection, store.due(connection, office.clock.now_ms(), 1, []), long_ago)

    await office.database.write(die)
    running = asyncio.create_task(office.loop(Platform()).run())
    await office.until_none("queued")
    states = await office.until_none("sending")
    await stop(running)
    assert states[queued[0]] == "uncertain"
    assert [states[one] for one in queued[1:]] == ["sent", "sent"]
