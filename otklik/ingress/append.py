"""The appender: many accepted bodies, one durable commit.

Whoever calls `append` waits until the body is committed. Bodies that come while a commit is under
way wait for the next one, so the group grows with the load and nothing waits when there is none.

On SQLite the group is applied in the same transaction (one writer, one commit, the least work).
On PostgreSQL it is only appended; the dispatcher reads the log by position.
"""

import asyncio
from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, text

from otklik.events.api import Ledger
from otklik.inbound import api as inbound
from otklik.inbound.types import Accepted, Entry
from otklik.inboxes.api import Ground
from otklik.inboxes.types import Inbox
from otklik.ingress import dispatch
from otklik.kernel.errors import UnavailableError
from otklik.kernel.text import storable
from otklik.platform import metrics
from otklik.platform.database import Database
from otklik.platform.signals import Signal

GROUP = 500
"""Most bodies in one commit."""

WAITING_LIMIT = 5_000
"""More than this waiting means the store cannot follow: new bodies get 503 and come again."""

ANSWER_WITHIN_S = 15.0
"""A store that is silent for longer is not there: 503. What it stores later is known by its key."""

_APPEND_LOCK = 7_031_001
"""Advisory lock of PostgreSQL under which positions are given, so that they appear in order."""


class Appended(msgspec.Struct, frozen=True):
    """The body is durable. `fresh` is false when it was there before."""

    fresh: bool


class _Waiting(msgspec.Struct):
    accepted: Accepted
    done: asyncio.Future[Appended]


class Appender:
    """Group-commits bodies into the inbound log."""

    def __init__(
        self,
        ground: Ground,
        log_grew: Signal,
        applied: Signal,
    ) -> None:
        self._journal = ground.journal
        self._inboxes = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock
        self._log_grew = log_grew
        self._applied = applied
        self._waiting: list[_Waiting] = []
        self._some = asyncio.Event()

    @property
    def database(self) -> Database:
        """Give the store bodies go to."""
        return self._journal.database

    async def append(self, inbox: Inbox, body: bytes, dedupe_key: str) -> Appended:
        """Store a body; durable when this returns. Raises `UnavailableError`."""
        if len(self._waiting) >= WAITING_LIMIT:
            raise UnavailableError
        accepted = Accepted(inbox, storable(dedupe_key), body, self._clock.now_ms())
        waiting = _Waiting(accepted, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._some.set()
        try:
            return await asyncio.wait_for(waiting.done, ANSWER_WITHIN_S)
        except TimeoutError:
            raise UnavailableError from None

    async def run(self) -> None:
        """Commit groups for ever."""
        while True:
            await self._some.wait()
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            if not self._waiting:
                self._some.clear()
            await self._commit(group)

    async def _commit(self, group: list[_Waiting]) -> None:
        batch = [one.accepted for one in group]
        metrics.APPEND_BATCH.observe(len(batch))
        try:
            fresh = await (self._fused(batch) if self._is_embedded else self._append(batch))
        except Exception as error:  # noqa: BLE001 - every waiting request must get its answer
            for one in group:
                if not one.done.done():
                    one.done.set_exception(error)
            return
        waited_ms = self._clock.now_ms() - batch[0].received_at
        metrics.APPEND_S.observe(waited_ms / 1000)
        for accepted in batch:
            metrics.APPENDED.labels(accepted.inbox.channel).inc()
            self._inboxes.hear(accepted.inbox, accepted.received_at)
        for one in group:
            if not one.done.done():
                key = (one.accepted.inbox.id, one.accepted.dedupe_key)
                one.done.set_result(Appended(fresh.pop(key, None) is not None))

    @property
    def _is_embedded(self) -> bool:
        return self.database.dialect == "sqlite"

    async def _fused(self, batch: list[Accepted]) -> dict[tuple[str, str], int]:
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> dict[tuple[str, str], int]:
            fresh = inbound.append(connection, batch)
            entries = in_order(batch, fresh)
            read = [dispatch.read(entry, self._channels) for entry in entries]
            dispatch.apply(connection, ledger, read, now)
            return fresh

        fresh = await self._journal.write({one.inbox.account_id for one in batch}, work)
        self._applied()
        return fresh

    async def _append(self, batch: list[Accepted]) -> dict[tuple[str, str], int]:
        def work(connection: Connection) -> dict[tuple[str, str], int]:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})
            return inbound.append(connection, batch)

        fresh = await self.database.write(work)
        self._log_grew()
        return fresh


def in_order(batch: list[Accepted], fresh: Mapping[tuple[str, str], int]) -> list[Entry]:
    """Give the new bodies of a batch as log entries, by position."""
    entries: dict[int, Entry] = {}
    for one in batch:
        position = fresh.get((one.inbox.id, one.dedupe_key))
        if position is not None and position not in entries:
            entries[position] = Entry(position, one.inbox, one.body, one.received_at)
    return [entries[position] for position in sorted(entries)]
