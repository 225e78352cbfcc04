"""The appender: one commit for many, each told its own fate."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from otklik.inbound.api import head
from otklik.inboxes import api as inboxes
from otklik.inboxes.types import Inbox
from otklik.ingress import append
from otklik.kernel.errors import UnavailableError
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from tests.fixtures.house import owner_of
from tests.fixtures.store import Place
from tests.promises.test_accepted_is_kept import update


@pytest.fixture
async def parts(place: Place) -> AsyncIterator[Parts]:
    settings = Settings(data_dir=str(place.folder), database_url=place.database_url)
    async with assembled(settings) as made:
        yield made


@pytest.fixture
async def inbox(parts: Parts) -> Inbox:
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


async def test_a_key_no_store_can_keep_spoils_nothing_for_its_neighbours(
    parts: Parts, inbox: Inbox
) -> None:
    keys = ["1", "a\x00b", "2", "a\x00b", "1"]
    running = asyncio.create_task(parts.appender.run())
    waiting = [
        parts.appender.append(inbox, update(number, 5, "Да"), key)
        for number, key in enumerate(keys, 1)
    ]
    done = await asyncio.gather(*waiting)
    running.cancel()
    assert sorted(one.fresh for one in done) == [False, False, True, True, True]


async def test_a_store_that_is_silent_is_not_waited_for(
    parts: Parts, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append, "ANSWER_WITHIN_S", 0.05)
    with pytest.raises(UnavailableError):  # nobody runs the loop that commits
        await parts.appender.append(inbox, update(1, 5, "Да"), "1")
    running = asyncio.create_task(parts.appender.run())
    monkeypatch.setattr(append, "ANSWER_WITHIN_S", 15)
    await parts.appender.append(inbox, update(1, 5, "Да"), "1")
    running.cancel()
    assert await parts.database.read(head) == 1


async def test_more_than_can_wait_is_refused_at_once(
    parts: Parts, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append, "WAITING_LIMIT", 3)
    tasks = [
        asyncio.create_task(parts.appender.append(inbox, update(n, 5, "Да"), str(n)))
        for n in range(3)
    ]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError):
        await parts.appender.append(inbox, update(9, 5, "Да"), "9")
    running = asyncio.create_task(parts.appender.run())
    assert all(one.fresh for one in await asyncio.gather(*tasks))
    running.cancel()
