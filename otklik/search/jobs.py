"""The indexing loop: follows every account's events behind the hot path."""

import asyncio
from collections.abc import Iterable

from sqlalchemy import Connection

from otklik.events import api as events
from otklik.inbound import api as inbound
from otklik.kernel.errors import UnavailableError
from otklik.platform.database import Database
from otklik.search import service

_PAGE = 500
_IDLE_S = 1.0
_LOOK_EVERY = 30


class Indexer:
    """Indexes what was announced; its place is a cursor, so a crash repeats a page at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()

    def ring(self, account_ids: Iterable[str]) -> None:
        """Hear that accounts have news."""
        self._dirty.update(account_ids)
        self._wake.set()

    async def run(self) -> None:
        """Index for ever; look at every account unasked now and then."""
        rounds = 0
        while True:
            if rounds % _LOOK_EVERY == 0:
                self._dirty.update(await self._database.read(events.account_ids))
            rounds += 1
            dirty, self._dirty = self._dirty, set()
            for account_id in sorted(dirty):
                await self._catch_up(account_id)
            await events.settle(_IDLE_S, self._wake)
            await asyncio.sleep(_IDLE_S / 2)  # a page of many costs less than many pages of one

    async def _catch_up(self, account_id: str) -> None:
        def work(connection: Connection) -> int:
            name = f"search:{account_id}"
            place = inbound.cursor(connection, name)
            news = events.since(connection, account_id, place, _PAGE)
            if news:
                service.index(connection, account_id, news)
                inbound.move_cursor(connection, name, news[-1].seq)
            return len(news)

        try:
            while await self._database.write(work) == _PAGE:
                continue
        except UnavailableError:
            self._dirty.add(account_id)
