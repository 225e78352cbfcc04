"""The delivery loop: claim what may go, send it, store how it ended."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.delivery import store
from otklik.delivery.admission import Admission
from otklik.delivery.readiness import ready
from otklik.delivery.rules import after_attempt
from otklik.delivery.sender import Sender, with_address
from otklik.delivery.types import Delivery, DeliveryState, Finished
from otklik.events.api import Ledger, settle
from otklik.inboxes.api import Ground
from otklik.inboxes.types import Inbox
from otklik.kernel.errors import OtklikError, UnavailableError
from otklik.platform import metrics
from otklik.ports.channel import (
    Order,
    Outgoing,
    OutgoingFile,
    Refusal,
    RefusalKind,
    Sent,
)

OnFinished = Callable[[Connection, Ledger, Sequence[Finished], int], None]
"""Told in the same transaction how deliveries ended."""

OnBadToken = Callable[[str], Awaitable[None]]
"""Told which inbox's credential the platform refuses."""


class Outside(NamedTuple):
    """What the loop asks of others."""

    link_of: Callable[[Inbox, OutgoingFile], str]
    """Gives the public address of a file for an inbox's platform."""
    on_picture: Callable[[Delivery, Inbox, str], Awaitable[None]]
    """Told where the picture of a person is who was asked about."""


_IDLE_S = 1.0
_GATHER_S = 0.004
_RENEW_S = 10.0
_LOST_AFTER_MS = 30_000
"""A claim that was not renewed for so long belongs to a process that is gone."""

_FAREWELL_S = 5.0
_ORPHANS = 1_000

_log = structlog.get_logger("otklik.delivery")


class DeliveryLoop:
    """Runs the deliveries of all inboxes in this process."""

    def __init__(
        self,
        ground: Ground,
        sender: Sender,
        on_finished: OnFinished,
        on_bad_token: OnBadToken,
        outside: Outside,
    ) -> None:
        self._channels = ground.channels
        self._link_of = outside.link_of
        self._on_picture = outside.on_picture
        self._journal = ground.journal
        self._inboxes = ground.inboxes
        self._clock = ground.clock
        self._sender = sender
        self._on_finished = on_finished
        self._on_bad_token = on_bad_token
        self._admission = Admission(ground.inboxes, ground.channels, ground.clock)
        self._wake = asyncio.Event()
        self._mine: dict[str, asyncio.Task[None]] = {}
        """What this process has claimed and not stored as ended, by delivery id."""
        self._finished: list[Finished] = []
        self._gathered = asyncio.Event()
        self._has_adopted = False

    @property
    def in_flight(self) -> int:
        """Count what is being sent or waits to be stored as ended."""
        return len(self._mine)

    def wake(self) -> None:
        """Look for due deliveries now."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver for ever. When stopped, what is under way gets a moment to end."""
        await self._adopt()  # before the first claim, so that no claim of ours is taken for lost
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._store_finished())
                group.create_task(self._keep_claims())
                await self._claim_for_ever()
        finally:
            await self._take_leave()

    async def _claim_for_ever(self) -> None:
        while True:
            try:
                claimed = await self.round()
            except UnavailableError:
                claimed = 0  # nothing was claimed: the next round tries again
            if not claimed:
                opening_ms = self._admission.next_opening_ms(self._clock.now_ms())
                pause_s = min(_IDLE_S, opening_ms / 1000) if opening_ms else _IDLE_S
                await settle(pause_s, self._wake)

    async def round(self) -> int:
        """Claim once and start sending; give how many were claimed."""
        room = self._admission.begin()
        if room <= 0:
            await settle(_IDLE_S, self._wake)
            return 1
        now = self._clock.now_ms()
        closed = self._admission.closed(now)
        database = self._journal.database
        if not await database.read(lambda connection: store.is_any_due(connection, now, closed)):
            return 0
        try:
            claimed = await database.write(
                lambda connection: self._claim(connection, now, room, closed)
            )
        except BaseException:
            self._admission.undo()
            raise
        for delivery in claimed:
            self._mine[delivery.id] = asyncio.create_task(self._deliver(delivery))
        return len(claimed)

    def _claim(
        self, connection: Connection, now: int, room: int, closed: Iterable[str]
    ) -> list[Delivery]:
        """Claim what may go at once: nothing is claimed only to wait."""
        chosen = self._admission.admit(store.due(connection, now, room, closed), now)
        store.postpone(connection, chosen.later)
        return store.take(connection, chosen.go, now)

    # --- one delivery ------------------------------------------------------------------------

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            outcome = await self._attempt(delivery)
        except Exception as error:  # noqa: BLE001 - whatever broke, the chat must not wait for ever
            _log.warning("delivery.broke", delivery=delivery.id, error=repr(error))
            outcome = Refusal(RefusalKind.UNCERTAIN, detail=repr(error))
        finally:
            self._admission.leave(delivery.inbox_id)
        finished = self._judge(delivery, outcome)
        self._finished.append(finished)
        self._gathered.set()
        if isinstance(outcome, Refusal):
            await self._heed(delivery.inbox_id, outcome, finished.due_at)

    async def _attempt(self, delivery: Delivery) -> Sent | Refusal:
        inbox = await self._inbox(delivery.inbox_id)
        if inbox is None:
            return await self._sender.perform(delivery, None)
        delivery = replace(delivery, order=await self._ready(delivery, inbox))
        with metrics.SEND_S.labels(inbox.channel).time():
            outcome = await self._sender.perform(delivery, inbox)
        if isinstance(outcome, Sent) and outcome.profile is not None and outcome.profile.picture:
            await self._on_picture(delivery, inbox, outcome.profile.picture)
        told = outcome.kind.value if isinstance(outcome, Refusal) else "sent"
        metrics.SENT.labels(inbox.channel, told).inc()
        return outcome

    async def _ready(self, delivery: Delivery, inbox: Inbox) -> Order:
        """Give the order as it goes out now; only a platform with a window costs a look."""
        manifest = self._channels[inbox.channel].manifest
        window_until = 0
        if manifest.window.reply_s and isinstance(delivery.order, Outgoing):
            person = await self._journal.database.read(
                lambda connection: contacts.person_of_identity(
                    connection, delivery.account_id, delivery.identity_id
                )
            )
            window_until = 0 if person is None else person.window_until
        now = self._clock.now_ms()
        return ready(
            delivery.order, manifest, window_until, now, lambda file: self._link_of(inbox, file)
        )

    async def _inbox(self, inbox_id: str) -> Inbox | None:
        """Find an inbox; another process may have connected it a moment ago."""
        inbox = self._inboxes.by_id(inbox_id)
        if inbox is None:
            await self._inboxes.reload()
            inbox = self._inboxes.by_id(inbox_id)
        return inbox

    async def _heed(self, inbox_id: str, refusal: Refusal, until: int) -> None:
        """Learn from a refusal that concerns the whole inbox."""
        if refusal.everywhere:
            self._admission.close(inbox_id, until)
        if refusal.kind is RefusalKind.BAD_TOKEN:
            try:
                await self._on_bad_token(inbox_id)
            except OtklikError as error:
                _log.warning("delivery.inbox_not_marked", inbox=inbox_id, error=error.code)

    def _judge(self, delivery: Delivery, outcome: Sent | Refusal) -> Finished:
        now = self._clock.now_ms()
        following = after_attempt(delivery, outcome, now, random.random)
        if isinstance(outcome, Refusal) and outcome.kind is RefusalKind.MOVED:
            delivery = with_address(delivery, outcome.moved_to)
        return Finished(delivery, outcome, following.state, following.due_at)

    # --- how they ended ----------------------------------------------------------------------

    async def _store_finished(self) -> None:
        while True:
            await self._gathered.wait()
            await asyncio.sleep(_GATHER_S)  # many endings, one transaction
            self._gathered.clear()
            await self._flush()
            self._wake.set()

    async def _flush(self) -> None:
        finished, self._finished = self._finished, []
        try:
            await self._store(finished)
        except asyncio.CancelledError:
            self._finished = finished + self._finished  # told once more while taking leave
            raise
        except UnavailableError:
            # What was sent must not be forgotten: keep it until the store is back.
            self._finished = finished + self._finished
            await asyncio.sleep(_IDLE_S)
            self._gathered.set()
        except Exception as error:  # noqa: BLE001 - one ending must not lose the others
            _log.warning("delivery.endings_apart", size=len(finished), error=repr(error))
            for one in finished:
                await self._store_alone(one)

    async def _store_alone(self, one: Finished) -> None:
        try:
            await self._store([one])
        except UnavailableError:
            self._finished.append(one)
            self._gathered.set()
        except Exception as error:  # noqa: BLE001 - its chat must go on, and a person must see it
            _log.warning("delivery.ending_broken", delivery=one.delivery.id, error=repr(error))
            lost = Refusal(RefusalKind.UNCERTAIN, detail=repr(error))
            ending = Finished(one.delivery, lost, DeliveryState.UNCERTAIN)
            now = self._clock.now_ms()
            await self._journal.database.write(
                lambda connection: store.finish(connection, [ending], now)
            )
            self._mine.pop(one.delivery.id, None)

    async def _store(self, finished: Sequence[Finished]) -> None:
        if not finished:
            return
        now = self._clock.now_ms()

        def work(connection: Connection, ledger: Ledger) -> None:
            store.finish(connection, finished, now)
            self._on_finished(connection, ledger, finished, now)

        await self._journal.write({one.delivery.account_id for one in finished}, work)
        for one in finished:
            self._mine.pop(one.delivery.id, None)

    async def _take_leave(self) -> None:
        """Let what is under way end, and store how it did."""
        if self._mine:
            await asyncio.wait(self._mine.values(), timeout=_FAREWELL_S)
        await self._flush()

    # --- claims of processes that are gone ---------------------------------------------------

    async def _keep_claims(self) -> None:
        """Renew what is ours, and find what another process was sending when it died."""
        while True:
            await asyncio.sleep(_RENEW_S)
            try:
                await self._adopt()
            except UnavailableError:
                _log.warning("delivery.claims_wait", reason="the store is not available")

    async def _adopt(self) -> None:
        now, mine = self._clock.now_ms(), list(self._mine)
        if mine:
            await self._journal.database.write(
                lambda connection: store.renew(connection, mine, now)
            )
        # An embedded store has one process: what is not ours was an earlier one's.
        alone = self._journal.database.dialect == "sqlite" and not self._has_adopted
        await self.adopt_orphans(0 if alone else _LOST_AFTER_MS)
        self._has_adopted = True

    async def adopt_orphans(self, older_ms: int) -> None:
        """Mark what a dead process was sending: nobody knows whether it arrived."""
        before = self._clock.now_ms() - older_ms
        found = await self._journal.database.read(
            lambda connection: store.orphaned(connection, before, _ORPHANS)
        )
        lost = Refusal(RefusalKind.UNCERTAIN, detail="the sender stopped while sending")
        orphans = [one for one in found if one.id not in self._mine]
        await self._store([self._judge(orphan, lost) for orphan in orphans])
