"""What every channel's bodies do in the product: twenty times over, in any order, none is lost."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import func, select

from otklik.channels import CHANNELS
from otklik.conversations.tables import messages
from otklik.inbound.tables import inbound_outcomes
from otklik.inboxes import api as inboxes
from otklik.inboxes.types import Inbox
from otklik.parts import Parts, assembled
from otklik.platform.settings import Settings
from otklik.ports.channel import (
    ButtonPressed,
    Envelope,
    MessageEdited,
    MessageReceived,
)
from tests.channels.kit.declaration import Body
from tests.channels.kit.declared import DECLARED
from tests.fixtures.house import owner_of
from tests.fixtures.store import Place

TIMES = 20


@pytest.fixture
async def parts(sqlite_place: Place) -> AsyncIterator[Parts]:
    async with assembled(Settings(data_dir=str(sqlite_place.folder))) as made:
        running = asyncio.create_task(made.appender.run())
        yield made
        running.cancel()


@pytest.mark.parametrize("name", sorted(DECLARED))
async def test_twenty_copies_of_everything_in_any_order_are_one_of_each(
    parts: Parts, name: str
) -> None:
    inbox = await _inbox(parts, name)
    bodies = list(DECLARED[name].bodies) * TIMES
    random.Random(name).shuffle(bodies)
    await _append(parts, inbox, bodies)
    stored = await _external_ids(parts)
    assert sorted(stored) == sorted(set(stored))
    assert _said(DECLARED[name].bodies) <= set(stored)
    assert await _dead(parts) == 0


@pytest.mark.parametrize("name", sorted(DECLARED))
async def test_everything_backwards_breaks_nothing(parts: Parts, name: str) -> None:
    inbox = await _inbox(parts, name)
    for body in reversed(DECLARED[name].bodies):
        await _append(parts, inbox, [body])
    assert _said(DECLARED[name].bodies) <= set(await _external_ids(parts))
    assert await _dead(parts) == 0


async def _inbox(parts: Parts, name: str) -> Inbox:
    owner = await owner_of(parts)
    config = DECLARED[name].config
    wish = inboxes.InboxWish(name, "Лавка", config.settings, config.secrets)
    made = await parts.journal.write(
        [owner.account_id],
        lambda connection, ledger: inboxes.create(
            inboxes.Hands(connection, ledger, parts.box, 1), owner.account_id, wish
        ),
    )
    await parts.registry.reload()
    return made


async def _append(parts: Parts, inbox: Inbox, bodies: Sequence[Body]) -> None:
    channel = CHANNELS[inbox.channel]
    waiting = []
    for one in bodies:
        envelope = channel.envelope(one.body)
        assert isinstance(envelope, Envelope)
        waiting.append(parts.appender.append(inbox, one.body, envelope.dedupe_key))
    await asyncio.gather(*waiting)


def _said(bodies: Sequence[Body]) -> set[str]:
    """Give the numbers of the messages that people wrote or pressed."""
    events = [event for one in bodies for event in one.events]
    received = [event for event in events if isinstance(event, MessageReceived)]
    # What a program reports of a message nobody knows here is not shown.
    written = {event.external_id for event in received if not event.automatic}
    edited = {event.message.external_id for event in events if isinstance(event, MessageEdited)}
    pressed = {event.external_id for event in events if isinstance(event, ButtonPressed)}
    return written | edited | pressed


async def _external_ids(parts: Parts) -> list[str]:
    statement = select(messages.c.external_id).where(messages.c.external_id.is_not(None))
    return await parts.database.read(
        lambda connection: [str(row[0]) for row in connection.execute(statement)]
    )


async def _dead(parts: Parts) -> int:
    dead = inbound_outcomes.c.outcome == "dead"
    statement = select(func.count()).select_from(inbound_outcomes).where(dead)
    return await parts.database.read(lambda connection: int(connection.scalar(statement) or 0))
