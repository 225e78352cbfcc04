"""Delivery to a webhook by Telegram's rules: a queue per chat and family, retried until taken."""

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec

from sandbox.faults import Plan
from sandbox.telegram.updates import Queued, Updates

GONE_S = 23 * 3600.0
_RETRY_AFTER_CAP_S = 3600.0
_LOG = 200_000
_SHUFFLE_WAIT_S = 0.05

Key = tuple[int, str]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to hand over an update; `at` is when it began, in seconds since the epoch."""

    update_id: int
    attempt: int
    at: float
    took_s: float
    status: int
    error: str | None = None


class WebhookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What `setWebhook` settled."""

    url: str
    secret_token: str | None
    max_connections: int


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How patient deliveries are: a factor on the waits between tries, seconds for one answer."""

    retry_scale: float = 1.0
    timeout_s: float = 60.0


class Courier:
    """Carry the updates of one bot to its webhook."""

    def __init__(
        self,
        settings: WebhookSettings,
        updates: Updates,
        faults: Plan,
        session: aiohttp.ClientSession,
        *,
        pace: Pace,
        on_answer: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self.settings = settings
        self.log: deque[Attempt] = deque(maxlen=_LOG)
        self.delivered = 0
        self.last_error: tuple[int, str] | None = None
        self._updates = updates
        self._faults = faults
        self._session = session
        self._scale = pace.retry_scale
        self._timeout = aiohttp.ClientTimeout(total=pace.timeout_s)
        self._on_answer = on_answer
        self._queues: dict[Key, deque[Queued]] = {}
        self._ready: deque[Key] = deque()
        self._busy = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._held: list[Queued] = []
        self._loners = 0
        self._gone_since: float | None = None
        self._closed = False
        self._headers = {"Content-Type": "application/json"}
        if settings.secret_token:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = settings.secret_token

    def start(self) -> None:
        """Take over what already waits, and everything that comes."""
        self._updates.on_queued = self.push
        for queued in list(self._updates.pending.values()):
            self.push(queued)

    def stop(self) -> None:
        """Carry nothing more; what is not delivered stays pending."""
        self._closed = True
        self._updates.on_queued = None
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()

    def push(self, queued: Queued) -> None:
        if self._faults.delivery.shuffle > 1:
            self._hold(queued)
        else:
            self._enqueue(queued, queued.key)

    def _hold(self, queued: Queued) -> None:
        self._held.append(queued)
        if len(self._held) >= self._faults.delivery.shuffle:
            self._release()
        elif len(self._held) == 1:
            self._later(_SHUFFLE_WAIT_S, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        self._faults.dice.shuffle(held)
        for queued in held:  # each in a queue of its own, else order would be mended
            self._loners += 1
            self._enqueue(queued, (self._loners, "shuffled"))

    def _enqueue(self, queued: Queued, key: Key) -> None:
        queue = self._queues.get(key)
        if queue is None:
            self._queues[key] = deque((queued,))
            self._make_ready(key)
        else:
            queue.append(queued)

    def _make_ready(self, key: Key) -> None:
        if self._closed:
            return
        self._ready.append(key)
        if self._busy < self.settings.max_connections:
            self._busy += 1
            task = asyncio.ensure_future(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._ready and not self._closed:
                await self._serve(self._ready.popleft())
        finally:
            self._busy -= 1

    async def _serve(self, key: Key) -> None:
        queue = self._queues[key]
        head = queue[0]
        if head.expires < time.monotonic():
            self._updates.pending.pop(head.update_id, None)
            self._updates.expired += 1
        else:
            head.attempt += 1
            wait_s = await self._deliver(head)
            if wait_s is not None:
                self._later(wait_s, lambda: self._make_ready(key))
                return
            self.delivered += 1
            self._updates.done(head)
        queue.popleft()
        if queue:
            self._ready.append(key)
        else:
            del self._queues[key]

    async def _deliver(self, queued: Queued) -> float | None:
        delay_s = self._faults.delay_s()
        if delay_s:
            await asyncio.sleep(delay_s)
        copies = self._faults.delivery.copies
        if copies > 1:
            tries = await asyncio.gather(*(self._post(queued) for _ in range(copies)))
            return tries[0]
        return await self._post(queued)

    async def _post(self, queued: Queued) -> float | None:
        """Post once; None when taken, else the seconds until the next try."""
        began, at = time.monotonic(), time.time()
        status, error, after_s = 0, None, None
        try:
            async with self._session.post(
                self.settings.url,
                data=queued.body,
                headers=self._headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                status = answer.status
                body = await answer.read()
                after_s = answer.headers.get("Retry-After")
                if 200 <= status < 300 and body.startswith(b"{"):
                    await self._on_answer(body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            error = f"{type(problem).__name__}: {problem}"
        took_s = time.monotonic() - began
        self.log.append(
            Attempt(
                update_id=queued.update_id,
                attempt=queued.attempt,
                at=at,
                took_s=took_s,
                status=status,
                error=error,
            )
        )
        return self._judge(queued, status, error, after_s)

    def _judge(
        self, queued: Queued, status: int, error: str | None, after: str | None
    ) -> float | None:
        if 200 <= status < 300 and error is None and not self._faults.loses_answer():
            self._gone_since = None
            return None
        text = error or (
            f"Wrong response from the webhook: {status}"
            if status >= 300
            else "Connection timed out"
        )
        self.last_error = (int(time.time()), text)
        self._close_when_gone(status)
        delay_s = float(min(2 ** (queued.attempt - 1), random.uniform(60, 120)))
        if after is not None:
            with contextlib.suppress(ValueError):
                delay_s = min(max(float(after), 0.0), _RETRY_AFTER_CAP_S)
        return delay_s * self._scale

    def _close_when_gone(self, status: int) -> None:
        moment = time.monotonic()
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = moment
        elif moment - self._gone_since > GONE_S * self._scale:
            self.stop()

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        def run() -> None:
            self._timers.discard(timer)
            if not self._closed:
                call()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)
