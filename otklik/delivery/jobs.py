"""The delivery loop: claim what is due, send it at the platform's pace, store how it ended."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.delivery import store
from otklik.delivery.rules import Pace, after_attempt
from otklik.delivery.sender import Sender, with_address
from otklik.delivery.types import Delivery, DeliveryState, Finished
from otklik.events.api import Ledger, settle
from otklik.inboxes.api import Ground, paced
from otklik.inboxes.types import Inbox, InboxState
from otklik.kernel.errors import UnavailableError
from otklik.platform import metrics
from otklik.ports.channel import Refusal, RefusalKind, Sent

OnFinished = Callable[[Connection, Ledger, Sequence[Finished], int], None]
"""Told in the same transaction how deliveries ended."""

OnBadToken = Callable[[str], Awaitable[None]]
"""Told which inbox's credential the platform refuses."""

IN_FLIGHT = 128
_IN_FLIGHT_PER_INBOX = 48
_FULL = 36
"""An inbox with this many on their way is not claimed for: claims stay worth their commit."""

_IDLE_S = 1.0
_GATHER_S = 0.004
_LOST_AFTER_MS = 120_000

_log = structlog.get_logger("otklik.delivery")


class DeliveryLoop:
    """Runs the deliveries of all inboxes in this process."""

    def __init__(
        self,
        ground: Ground,
        sender: Sender,
        on_finished: OnFinished,
        on_bad_token: OnBadToken,
    ) -> None:
        self._journal = ground.journal
        self._inboxes = ground.inboxes
        self._channels = ground.channels
        self._clock = ground.clock
        self._sender = sender
        self._on_finished = on_finished
        self._on_bad_token = on_bad_token
        self._wake = asyncio.Event()
        self._paces: dict[str, Pace] = {}
        self._in_flight: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished: list[Finished] = []
        self._gathered = asyncio.Event()

    def wake(self) -> None:
        """Look for due deliveries now."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver for ever."""
        if self._journal.database.dialect == "sqlite":
            await self.adopt_orphans(0)  # the one process of this store was another one
        async with asyncio.TaskGroup() as group:
            group.create_task(self._store_finished())
            group.create_task(self._sweep())
            while True:
                try:
                    claimed = await self.round()
                except UnavailableError:
                    claimed = 0  # nothing was claimed: the next round tries again
                if not claimed:
                    await settle(_IDLE_S, self._wake)

    async def round(self) -> int:
        """Claim once and start sending; give how many were claimed."""
        if len(self._tasks) >= IN_FLIGHT:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return 1
        now = self._clock.now_ms()
        closed, room = self._closed_inboxes(), self._room()
        claimed = await self._journal.database.write(
            lambda connection: store.claim(connection, now, room, closed)
        )
        for delivery in claimed:
            self._start(delivery)
        return len(claimed)

    async def adopt_orphans(self, older_ms: int) -> None:
        """Mark what a dead process was sending: nobody knows whether it arrived."""
        before = self._clock.now_ms() - older_ms
        orphans = await self._journal.database.read(
            lambda connection: store.orphaned(connection, before, 1000)
        )
        lost = Refusal(RefusalKind.UNCERTAIN, detail="the sender stopped while sending")
        await self._store([self._judge(orphan, lost) for orphan in orphans])

    def _start(self, delivery: Delivery) -> None:
        self._in_flight[delivery.inbox_id] = self._in_flight.get(delivery.inbox_id, 0) + 1
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            outcome = await self._attempt(delivery)
        finally:
            self._in_flight[delivery.inbox_id] -= 1
        self._finished.append(outcome)
        self._gathered.set()

    async def _attempt(self, delivery: Delivery) -> Finished:
        inbox = self._inboxes.by_id(delivery.inbox_id)
        if inbox is None:  # removed: nothing is sent, so there is no pace to keep
            return self._judge(delivery, await self._sender.perform(delivery, None))
        pace = self._pace(inbox)
        now = self._clock.now_ms()
        if wait := pace.wait_ms(delivery.identity_id, now):
            metrics.THROTTLED_S.labels(inbox.channel).inc(wait / 1000)
            # Nothing was tried: it goes back as it was and keeps its place in the chat.
            unpaced = Refusal(RefusalKind.THROTTLED, detail="paced")
            return Finished(_untried(delivery), unpaced, DeliveryState.QUEUED, now + wait)
        with metrics.SEND_S.labels(inbox.channel).time():
            outcome = await self._sender.perform(delivery, inbox)
        told = outcome.kind.value if isinstance(outcome, Refusal) else "sent"
        metrics.SENT.labels(inbox.channel, told).inc()
        finished = self._judge(delivery, outcome)
        if isinstance(outcome, Refusal):
            if outcome.everywhere:
                pace.close(finished.due_at)
            if outcome.kind is RefusalKind.BAD_TOKEN:
                await self._on_bad_token(delivery.inbox_id)
        return finished

    def _judge(self, delivery: Delivery, outcome: Sent | Refusal) -> Finished:
        now = self._clock.now_ms()
        following = after_attempt(delivery, outcome, now, random.random)
        if isinstance(outcome, Refusal) and outcome.kind is RefusalKind.MOVED:
            delivery = with_address(delivery, outcome.moved_to)
        return Finished(delivery, outcome, following.state, following.due_at)

    def _pace(self, inbox: Inbox) -> Pace:
        """Give the buckets of an inbox; new ones when its pace was changed."""
        limits = paced(self._channels[inbox.channel].manifest.limits, inbox.config.settings)
        pace = self._paces.get(inbox.id)
        if pace is None or pace.limits != limits:
            pace = self._paces[inbox.id] = Pace(limits, self._clock.now_ms())
        return pace

    def _closed_inboxes(self) -> list[str]:
        full = {i for i, count in self._in_flight.items() if count >= _FULL}
        idle = {one.id for one in self._inboxes.all() if one.state is not InboxState.ACTIVE}
        return sorted(full | idle)

    def _room(self) -> int:
        """Give how many may be claimed, so that all would fit were they of one open inbox.

        What does not fit would have to be written back: measured, two thirds of all claims.
        """
        open_counts = [count for count in self._in_flight.values() if count < _FULL]
        busiest = max(open_counts, default=0)
        return min(IN_FLIGHT - len(self._tasks), _IN_FLIGHT_PER_INBOX - busiest)

    async def _store_finished(self) -> None:
        while True:
            await self._gathered.wait()
            await asyncio.sleep(_GATHER_S)  # many endings, one transaction
            self._gathered.clear()
            finished, self._finished = self._finished, []
            try:
                await self._store(finished)
            except UnavailableError:
                # What was sent must not be forgotten: keep it until the store is back.
                self._finished = finished + self._finished
                await asyncio.sleep(_IDLE_S)
                self._gathered.set()
            self._wake.set()

    async def _store(self, finished: Sequence[Finished]) -> None:
        if not finished:
            return
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            store.finish(connection, finished, now)
            self._on_finished(connection, ledger, finished, now)

        await self._journal.write({one.delivery.account_id for one in finished}, work)

    async def _sweep(self) -> None:
        """Find what another process was sending when it died."""
        while True:
            try:
                await self.adopt_orphans(_LOST_AFTER_MS)
            except UnavailableError:
                _log.warning("delivery.sweep_waits", reason="the store is not available")
            await asyncio.sleep(_LOST_AFTER_MS / 1000)


def _untried(delivery: Delivery) -> Delivery:
    return replace(delivery, tries=delivery.tries - 1)
