"""Numbers of events: without gaps, in the order of commits, per account."""

import asyncio
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import Connection

from otklik.events.api import (
    Bell,
    Journal,
    Ledger,
    create_counter,
    delete_before,
    last_seq,
    oldest_seq,
    since,
)
from otklik.events.types import Event, EventKind
from otklik.kernel.errors import NotFoundError
from otklik.platform.database import Database

KIND = EventKind.LABEL_CHANGED


@pytest.fixture
async def journal(store: Database) -> Journal:
    for account in ("anna", "boris"):
        await store.write(partial(create_counter, account_id=account))
    return Journal(store, Bell())


async def announce(journal: Journal, account: str, count: int = 1, at: int = 5) -> list[int]:
    def work(_connection: Connection, ledger: Ledger) -> list[int]:
        return [ledger.announce(account, KIND, {"n": n}, at=at) for n in range(count)]

    return await journal.write([account], work)


async def stored(journal: Journal, account: str, after: int = 0) -> list[Event]:
    return await journal.database.read(lambda c: since(c, account, after, 1000))


async def test_many_writers_leave_no_gap(journal: Journal) -> None:
    given = await asyncio.gather(*(announce(journal, "anna", 1 + n % 3) for n in range(30)))
    numbers = sorted(seq for one in given for seq in one)
    assert numbers == list(range(1, 61))
    assert [event.seq for event in await stored(journal, "anna")] == numbers
    assert await stored(journal, "boris") == []


async def test_what_was_rolled_back_was_never_numbered(journal: Journal) -> None:
    class StopError(Exception):
        pass

    def broken(_connection: Connection, ledger: Ledger) -> None:
        ledger.announce("anna", KIND, {}, at=5)
        raise StopError

    await announce(journal, "anna")
    with pytest.raises(StopError):
        await journal.write(["anna"], broken)
    assert await announce(journal, "anna") == [2]


async def test_a_savepoint_gives_its_numbers_back(journal: Journal) -> None:
    def work(_connection: Connection, ledger: Ledger) -> None:
        ledger.announce("anna", KIND, "first", at=5)
        with suppress(ZeroDivisionError), ledger.savepoint():
            ledger.announce("anna", KIND, "lost", at=5)
            raise ZeroDivisionError
        ledger.announce("anna", KIND, "second", at=5)

    await journal.write(["anna"], work)
    found = await stored(journal, "anna")
    assert [(event.seq, bytes(event.body)) for event in found] == [
        (1, b'"first"'),
        (2, b'"second"'),
    ]


async def test_an_account_that_was_not_opened_is_not_numbered(journal: Journal) -> None:
    def work(_connection: Connection, ledger: Ledger) -> None:
        ledger.announce("boris", KIND, {}, at=5)

    for accounts in (["anna"], ["nobody"], []):
        with pytest.raises(NotFoundError):
            await journal.write(accounts, work)
    assert await stored(journal, "boris") == []


async def test_the_bell_rings_for_news_alone(journal: Journal) -> None:
    heard: list[str] = []
    journal.bell.listen(heard.extend)
    await journal.write(["anna", "boris"], lambda _connection, _ledger: None)
    assert heard == []
    await announce(journal, "boris")
    assert heard == ["boris"]


async def test_old_events_are_forgotten_from_the_front(journal: Journal) -> None:
    for at in (10, 20, 30):
        await announce(journal, "anna", at=at)
        await announce(journal, "boris", at=at)
    gone = await journal.database.write(lambda c: delete_before(c, "anna", 25, 1))
    assert gone == 1
    assert await journal.database.read(lambda c: oldest_seq(c, "anna")) == 2
    await journal.database.write(lambda c: delete_before(c, "anna", 25, 100))
    assert [event.at for event in await stored(journal, "anna")] == [30]
    assert await journal.database.read(lambda c: last_seq(c, "anna")) == 3
    assert len(await stored(journal, "boris")) == 3
