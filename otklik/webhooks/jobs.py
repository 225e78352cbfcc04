"""The sending loop: reads news after each endpoint's place, sends, tries again, gives up."""

import asyncio
import random
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import Connection

from otklik.events.api import last_seqs, settle, since
from otklik.kernel.clock import Clock
from otklik.kernel.errors import UnavailableError
from otklik.platform.database import Database
from otklik.platform.http_client import GuardedClient
from otklik.platform.http_outcomes import TooLarge
from otklik.platform.secret_box import SealBrokenError, SecretBox
from otklik.ports.channel import Request
from otklik.ports.outbound import Answer
from otklik.webhooks import store
from otklik.webhooks.rules import (
    after_failure,
    after_success,
    event_id,
    headers_of,
    health_of,
    next_try,
    result_of,
    room_of,
)
from otklik.webhooks.service import opened
from otklik.webhooks.types import Attempt, Delivered, Endpoint, Failed, Outcome

_TIMEOUT_S = 10.0
_ANSWER_BYTES = 65_536
_READ_AT_ONCE = 200
_IDLE_S = 1.0
_GATHER_S = 0.02  # many wishes to look become one look
_SWEEP_S = 30.0
_LOST_AFTER_MS = 60_000
_KEEP_MS = 30 * 24 * 3_600_000

_log = structlog.get_logger("otklik.webhooks")


class WebhookLoop:
    """Sends the events of all accounts. Endpoints share nothing but the loop.

    Each endpoint has its own small number of requests on their way, and one that fails is left
    alone for longer and longer, so a dead one takes nothing from the others. Events may arrive
    out of order and more than once: `seq` and `webhook-id` tell. Give it a client of its own.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        client: GuardedClient,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._box = box
        self._client = client
        self._clock = clock
        self._chance = chance
        self._wake = asyncio.Event()
        self._in_flight: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished: list[Outcome] = []

    @property
    def in_flight(self) -> int:
        """Count what was claimed and is not stored as ended yet."""
        return sum(self._in_flight.values())

    def wake(self) -> None:
        """Look for news and due events now."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever; what is on its way when cancelled is sent again later."""
        if self._database.dialect == "sqlite":
            await self.sweep(0)  # the one process of this store was another one
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_sweeping())
                while True:
                    if not await self._round_or_wait():
                        await settle(_IDLE_S, self._wake)
                    await asyncio.sleep(_GATHER_S)
        finally:
            await self.close()

    async def round(self) -> bool:
        """Store what ended, queue the news, start what is due; tell whether there was work."""
        ended = await self._store_finished()
        endpoints = await self._database.read(store.active_endpoints)
        if not endpoints:
            return ended
        queued = await self._queue_news(endpoints)
        started = await self._start_due(endpoints)
        return ended or queued or started

    async def sweep(self, lost_after_ms: int = _LOST_AFTER_MS) -> None:
        """Give back what a dead process had claimed, and forget what ended long ago."""
        now = self._clock.now_ms()

        def tidy(connection: Connection) -> None:
            store.release_orphans(connection, now - lost_after_ms)
            store.delete_finished(connection, now - _KEEP_MS)

        await self._database.write(tidy)

    async def _round_or_wait(self) -> bool:
        try:
            return await self.round()
        except UnavailableError:
            _log.warning("webhooks wait for the store")
            return False

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_S)
            try:
                await self.sweep()
            except UnavailableError:
                _log.warning("webhooks wait for the store")

    async def _queue_news(self, endpoints: Sequence[Endpoint]) -> bool:
        accounts = {endpoint.account_id for endpoint in endpoints}
        last = await self._database.read(lambda c: last_seqs(c, accounts))
        behind = [e for e in endpoints if e.cursor < last.get(e.account_id, 0)]
        if not behind:
            return False
        now = self._clock.now_ms()

        def queue(connection: Connection) -> None:
            for stale in behind:
                current = store.endpoint(connection, stale.account_id, stale.id, lock=True)
                if current is None:
                    continue  # deleted meanwhile
                news = since(connection, stale.account_id, current.cursor, _READ_AT_ONCE)
                if news:
                    store.enqueue(connection, current, news, now)
                else:  # what it missed is no longer kept
                    place = {"cursor": last[stale.account_id]}
                    store.update_endpoint(connection, stale.account_id, stale.id, place)

        await self._database.write(queue)
        return True

    async def _start_due(self, endpoints: Sequence[Endpoint]) -> bool:
        now = self._clock.now_ms()
        due = await self._database.read(lambda c: store.due_endpoints(c, now))
        open_to: list[tuple[Endpoint, int]] = []
        for endpoint in endpoints:
            room = room_of(endpoint, self._in_flight.get(endpoint.id, 0), now)
            if room and endpoint.id in due:
                open_to.append((endpoint, room))
        if not open_to:
            return False
        claimed = await self._database.write(
            lambda c: [(e, a) for e, room in open_to for a in store.claim(c, e, room, now)]
        )
        for endpoint, attempt in claimed:
            self._start(endpoint, attempt)
        return bool(claimed)

    def _start(self, endpoint: Endpoint, attempt: Attempt) -> None:
        self._in_flight[endpoint.id] = self._in_flight.get(endpoint.id, 0) + 1
        task = asyncio.create_task(self._send(endpoint, attempt))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, endpoint: Endpoint, attempt: Attempt) -> None:
        result: Delivered | Failed
        try:
            result = await self._result(endpoint, attempt)
        except Exception as error:  # noqa: BLE001 - one event must never stop the others
            _log.exception("webhook failed on our side", endpoint=endpoint.id)
            result = Failed(f"an error on our side: {type(error).__name__}")
        self._finished.append(Outcome(attempt, result))
        self._wake.set()

    async def _result(self, endpoint: Endpoint, attempt: Attempt) -> Delivered | Failed:
        now = self._clock.now_ms()
        try:
            keys = opened(self._box, endpoint)
        except SealBrokenError:
            return Failed("the secret cannot be opened with this installation's key")
        name = event_id(attempt.account_id, attempt.seq)
        request = Request(
            method="POST",
            url=endpoint.url,
            label="webhook",
            headers=headers_of(name, attempt.body, keys, now),
            body=attempt.body.encode(),
            timeout_s=_TIMEOUT_S,
        )
        answer = await self._client.send(request, max_bytes=_ANSWER_BYTES)
        if isinstance(answer, Answer):
            return result_of(answer.status, answer.headers, now)
        if isinstance(answer, TooLarge):  # whatever it said at such length, the status counts
            return result_of(answer.status, {}, now)
        return Failed(answer.reason)

    async def _store_finished(self) -> bool:
        finished, self._finished = self._finished, []
        if not finished:
            return False
        now = self._clock.now_ms()
        try:
            await self._database.write(lambda c: self._store(c, finished, now))
        except UnavailableError:
            self._finished = finished + self._finished
            raise
        for outcome in finished:
            self._land(outcome.attempt.endpoint_id)
        return True

    def _land(self, endpoint_id: str) -> None:
        left = self._in_flight[endpoint_id] - 1
        if left:
            self._in_flight[endpoint_id] = left
        else:
            del self._in_flight[endpoint_id]

    def _store(self, connection: Connection, finished: Sequence[Outcome], now: int) -> None:
        # In one order everywhere, so that no two processes wait for each other.
        for outcome in sorted(finished, key=lambda entry: entry.attempt.endpoint_id):
            attempt, result = outcome.attempt, outcome.result
            endpoint = store.endpoint(
                connection, attempt.account_id, attempt.endpoint_id, lock=True
            )
            if endpoint is None:
                continue  # deleted meanwhile, and its events with it
            if isinstance(result, Delivered):
                store.note_done(connection, attempt, result.status, now)
                health, reason = after_success(), ""
            else:
                failure = {"status": result.status, "error": result.reason}
                due_at = next_try(attempt.tries, result, now, self._chance())
                store.note_failed(connection, attempt, failure, due_at, now)
                health, reason = after_failure(endpoint, result, now), result.reason
            if health != health_of(endpoint):
                store.note_health(connection, endpoint.account_id, endpoint.id, health, reason)

    async def close(self) -> None:
        """Drop what is on its way: it counts as claimed by a dead process and is sent again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._in_flight.clear()
        self._finished.clear()
