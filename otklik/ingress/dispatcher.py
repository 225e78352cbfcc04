"""The dispatcher of PostgreSQL: reads the log by position and applies it, one owner at a time."""

import asyncio
from collections.abc import Collection, Sequence
from itertools import takewhile

from sqlalchemy import Connection, text

from otklik.events.api import Ledger, settle
from otklik.inbound import api as inbound
from otklik.inbound.api import LogRow
from otklik.inbound.types import Entry, Outcome, OutcomeRow
from otklik.inboxes.api import Ground
from otklik.ingress import dispatch
from otklik.kernel.errors import UnavailableError
from otklik.platform.signals import Signal

CURSOR = "dispatch"
BATCH = 500

_OWNER_LOCK = 7_031_002
_IDLE_S = 1.0


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
        ahead = await self._journal.database.read(_ahead)
        if not ahead:
            return 0
        if any(self._inboxes.by_id(inbox_id) is None for _, inbox_id in ahead):
            await self._inboxes.reload()  # another process connected it a moment ago
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> int:
            if not _own(connection):
                return 0
            rows = _looked_at(inbound.after(connection, _place(connection), BATCH), ahead)
            self._apply(connection, ledger, rows, now)
            last: int = rows[-1].position if rows else 0
            if last:
                inbound.move_cursor(connection, CURSOR, last)
            return last

        return await self._journal.write({account_id for account_id, _ in ahead}, work)

    def _apply(
        self, connection: Connection, ledger: Ledger, rows: Sequence[LogRow], now: int
    ) -> None:
        reads, orphans = [], []
        for row in rows:
            inbox = self._inboxes.by_id(row.inbox_id)
            if inbox is None:
                orphans.append(_orphan(row, now))
                continue
            entry = Entry(row.position, inbox, bytes(row.body), row.received_at)
            reads.append(dispatch.read(entry, self._channels))
        inbound.store_outcomes(connection, orphans)
        dispatch.apply(connection, ledger, reads, now)


def _place(connection: Connection) -> int:
    return inbound.cursor(connection, CURSOR)


def _ahead(connection: Connection) -> set[tuple[str, str]]:
    """Give accounts and inboxes of the next batch, so that their ledgers can be opened first."""
    rows = inbound.after(connection, _place(connection), BATCH)
    return {(row.account_id, row.inbox_id) for row in rows}


def _looked_at(rows: Sequence[LogRow], ahead: Collection[tuple[str, str]]) -> list[LogRow]:
    """Take the rows before the first of an inbox that was not looked at: it came later."""
    return list(takewhile(lambda row: (row.account_id, row.inbox_id) in ahead, rows))


def _orphan(row: LogRow, now: int) -> OutcomeRow:
    """Note a body whose inbox was removed before it was applied."""
    return OutcomeRow(
        position=row.position,
        account_id=row.account_id,
        inbox_id=row.inbox_id,
        outcome=Outcome.UNKNOWN,
        name="inbox_removed",
        error="",
        tries=1,
        at=now,
    )


def _own(connection: Connection) -> bool:
    statement = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(connection.execute(statement, {"key": _OWNER_LOCK}).scalar())
