"""The hub by itself: what a follower is pushed, and what it is not."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from sqlalchemy import Connection

from otklik.events.api import Ledger, create_counter
from otklik.events.tables import events
from otklik.events.types import Event, EventKind
from otklik.ingress.live import (
    PENDING_LIMIT_BYTES,
    QUEUE_TOPIC,
    Follower,
    Hub,
    contact_topic,
    frame,
    topics_of,
)
from otklik.platform.database import Database

KINDS = st.sampled_from(list(EventKind))


def event(kind: EventKind, contact: str) -> Event:
    return Event(1, kind, "talk", contact, 5, Raw(b"{}"))


@given(KINDS, st.sampled_from(["", "anna"]))
def test_an_event_is_in_the_queue_and_with_its_contact(kind: EventKind, contact: str) -> None:
    topics = topics_of(event(kind, contact))
    assert (contact_topic("anna") in topics) == (contact == "anna")
    queued = {"conversation.changed", "label.changed", "inbox.changed"}
    assert (QUEUE_TOPIC in topics) == (kind.value in queued)


def test_a_contact_cannot_be_named_like_the_queue() -> None:
    assert contact_topic("queue") != QUEUE_TOPIC


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=40))
def test_what_waits_is_given_once_and_in_order(chunks: list[bytes]) -> None:
    follower = Follower("account", lambda _: b"")
    for chunk in chunks:
        follower.push(chunk)
    assert follower.news.is_set() == bool(chunks)
    assert follower.drain() == chunks
    assert follower.drain() == []
    assert not follower.news.is_set()


def test_what_waits_has_a_limit() -> None:
    follower = Follower("account", lambda _: b"")
    chunk = b"x" * 100_000
    for _ in range(PENDING_LIMIT_BYTES // len(chunk) + 3):
        follower.push(chunk)
    assert follower.overrun
    assert sum(map(len, follower.drain())) <= PENDING_LIMIT_BYTES + len(chunk)


def test_a_frame_is_json() -> None:
    assert frame([], 7) == b'{"kind":"events","seq":7,"events":[]}'
    assert frame([b"1", b"2"], 8) == b'{"kind":"events","seq":8,"events":[1,2]}'


def announce(connection: Connection, account_id: str, count: int = 1) -> None:
    ledger = Ledger(connection, [account_id])
    for _ in range(count):
        ledger.announce(account_id, EventKind.LABEL_CHANGED, {"id": "label"}, at=5)
    ledger.close()


async def hub_of(store: Database, *account_ids: str) -> tuple[Hub, list[Follower]]:
    """A hub with one follower of each account's queue."""
    hub, followers = Hub(store), []
    for account_id in account_ids:
        await store.write(lambda c, one=account_id: create_counter(c, one))  # type: ignore[misc]
        follower = Follower(account_id, lambda _: b"{}")
        await hub.join(follower)
        await hub.follow(follower, frozenset({QUEUE_TOPIC}), 0)
        followers.append(follower)
    return hub, followers


async def test_a_lost_ring_is_made_good_however_busy_the_others_are(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.ingress.live._LOOK_S", 0.4)
    hub, (_, quiet) = await hub_of(store, "busy", "quiet")
    running = asyncio.create_task(hub.run())

    async def ring() -> None:
        while True:
            hub.ring(["busy"])
            await asyncio.sleep(0.01)

    ringing = asyncio.create_task(ring())
    await store.write(lambda c: announce(c, "quiet"))  # and nobody rings
    try:
        await asyncio.wait_for(quiet.news.wait(), 5)
    finally:
        for task in (running, ringing):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    assert quiet.drain() == [b"{}"]


async def test_who_missed_what_is_forgotten_reloads(store: Database) -> None:
    hub, (follower,) = await hub_of(store, "account")
    await store.write(lambda c: announce(c, "account", 5))
    await hub._advance("account")
    topics = frozenset({QUEUE_TOPIC})
    assert await hub.follow(follower, topics, 2) == [b"{}"] * 3
    await store.write(lambda c: c.execute(events.delete()))
    assert await hub.follow(follower, topics, 2) is None
    assert await hub.follow(follower, topics, 5) == []
