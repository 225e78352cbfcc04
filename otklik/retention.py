"""Retention: what is older than the settings say is forgotten, a little at a time."""

import asyncio
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from otklik.conversations import api as conversations
from otklik.delivery import api as delivery
from otklik.events import api as events
from otklik.inbound import api as inbound
from otklik.kernel.clock import Clock
from otklik.platform.database import Database
from otklik.platform.settings import Settings

_EVERY_S = 3_600
_PAGE = 2_000
_PAUSE_S = 0.1
_DAY_MS = 86_400_000


class Retention:
    """Forgets raw bodies, ended deliveries and events past their time. Messages stay."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Forget every hour."""
        while True:
            await self.sweep()
            await asyncio.sleep(_EVERY_S)

    async def sweep(self) -> None:
        """Forget once what is past its time; pauses let others write."""
        now = self._clock.now_ms()
        raw_before = now - self._settings.keep_raw_days * _DAY_MS
        forget_raw = partial(_forget_applied, moment=raw_before, limit=_PAGE)
        await self._page_by_page(forget_raw)
        # How long what came in can be read again is how long what went out can be.
        forget_sent = partial(delivery.forget_finished, moment=raw_before, limit=_PAGE)
        await self._page_by_page(forget_sent)
        forget_marks = partial(conversations.forget_early_before, moment=now - _DAY_MS)
        await self._database.write(forget_marks)
        events_before = now - self._settings.keep_events_days * _DAY_MS
        for account_id in await self._database.read(events.account_ids):
            forget = partial(
                events.delete_before, account_id=account_id, moment=events_before, limit=_PAGE
            )
            await self._page_by_page(forget)

    async def _page_by_page(self, forget: Callable[[Connection], int]) -> None:
        gone = _PAGE
        while gone == _PAGE:
            gone = await self._database.write(forget)
            await asyncio.sleep(_PAUSE_S)


def _forget_applied(connection: Connection, moment: int, limit: int) -> int:
    """Drop old bodies, but never one that still waits to be applied."""
    if connection.dialect.name == "postgresql":
        applied = inbound.cursor(connection, "dispatch")
        return inbound.forget_before(connection, moment, limit, up_to=applied)
    return inbound.forget_before(connection, moment, limit)
