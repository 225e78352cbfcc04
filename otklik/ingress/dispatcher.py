"""The dispatcher of PostgreSQL: reads the log by position and applies it, one owner at a time."""

import asyncio

import structlog
from sqlalchemy import Connection, text

from otklik.events.api import Ledger, settle
from otklik.inbound import api as inbound
from otklik.inbound.types import Entry
from otklik.inboxes.api import Ground
from otklik.ingress import dispatch
from otklik.kernel.errors import UnavailableError
from otklik.platform.signals import Signal

CURSOR = "dispatch"
BATCH = 500

_OWNER_LOCK = 7_031_002
_IDLE_S = 1.0

_log = structlog.get_logger("otklik.dispatch")


class Dispatcher:
    """Applies the log behind the appenders of all processes.

    Whoever holds the advisory lock of the transaction owns the cursor; another process that
    tries meanwhile finds the lock taken and waits, so every body is applied once and in order.
    """

    def __init__(
        self,
        ground: Ground,
        applied: Signal,
    ) -> None:
        self._journal = ground.journal
        self._inboxes = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock
        self._applied = applied
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look at the log now."""
        self._news.set()

    async def run(self) -> None:
        """Dispatch for ever."""
        while True:
            try:
                applied = await self.round()
            except UnavailableError:
                applied = 0
            if applied:
                self._applied()
            else:
                await settle(_IDLE_S, self._news)

    async def round(self) -> int:
        """Apply the next batch; give how many bodies it had."""
        ahead = await self._journal.database.read(self._ahead)
        if not ahead:
            return 0
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> int:
            if not _own(connection):
                return 0
            entries, last = self._next(connection, ahead)
            if entries:
                read = [dispatch.read(entry, self._channels) for entry in entries]
                dispatch.apply(connection, ledger, read, now)
            if last:
                inbound.move_cursor(connection, CURSOR, last)
            return last

        return await self._journal.write(ahead, work)

    def _ahead(self, connection: Connection) -> list[str]:
        """Give the accounts of the next batch, so that their ledgers can be opened first."""
        rows = inbound.after(connection, inbound.cursor(connection, CURSOR), BATCH)
        return sorted({row.account_id for row in rows})

    def _next(self, connection: Connection, accounts: list[str]) -> tuple[list[Entry], int]:
        rows = inbound.after(connection, inbound.cursor(connection, CURSOR), BATCH)
        entries, last = [], 0
        for row in rows:
            if row.account_id not in accounts:
                break  # it came after we looked: the next round opens its ledger
            last = row.position
            inbox = self._inboxes.by_id(row.inbox_id)
            if inbox is None:
                _log.warning("dispatch.inbox_gone", position=row.position)
                continue
            entries.append(Entry(row.position, inbox, bytes(row.body), row.received_at))
        return entries, last


def _own(connection: Connection) -> bool:
    statement = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(connection.execute(statement, {"key": _OWNER_LOCK}).scalar())
