"""Delivery to a webhook by a platform's own rules: queues, tries, signatures, ordered faults."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

import aiohttp
import msgspec

from sandbox.faults import Plan

_LOG = 200_000
_SHUFFLE_WAIT_S = 0.05
_JSON = "application/json"


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One body for the webhook."""

    body: bytes
    kind: str = ""
    """How the platform names the event; for the log."""
    queue: str = ""
    """Parcels of one queue go one after another; "" becomes the chat's own queue."""
    chat: str = ""
    """The person's address; filled in by the acts."""
    message_id: str = ""
    """The person's message that is delivered when this parcel is taken."""
    content_type: str = _JSON


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """How one try ended; status 0: no answer. Attempts count from 1, times in seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempt: int
    age_s: float
    """Since the event, in the platform's own (unscaled) seconds."""


def _accepted(tried: Tried) -> bool:
    return 200 <= tried.status < 300


def _doubling(tried: Tried) -> float | None:
    return float(min(2 ** (tried.attempt - 1), 3600)) if tried.age_s < 86_400 else None


def _bare(_body: bytes, _attempt: int) -> Mapping[str, str]:
    return {}


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform promises about its webhook; all times are the platform's own seconds."""

    taken: Callable[[Tried], bool] = _accepted
    """Whether an answer counts as success; VK: `tried.body == b"ok"`."""
    wait_s: Callable[[Tried], float | None] = _doubling
    """Seconds until the next try; None gives the parcel up."""
    sign: Callable[[bytes, int], Mapping[str, str]] = _bare
    """Headers of one attempt over the raw body: signatures, secrets, retry counters."""
    at_once: int = 40
    """Requests at the same time."""
    on_taken: Callable[[Parcel, Tried], None] | None = None
    """Looks at the answer of a success, e.g. Viber's welcome message in its body."""
    on_given_up: Callable[[Parcel, Tried], None] | None = None
    """A parcel was dropped for good: the place to unsubscribe the webhook."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log of deliveries; `at` in seconds since the epoch."""

    seq: int
    kind: str
    attempt: int
    at: float
    took_s: float
    status: int
    answer: str
    error: str = ""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """A factor on the platform's waits, and seconds a webhook has for its answer."""

    retry_scale: float = 1.0
    timeout_s: float = 60.0


class _Waiting:
    __slots__ = ("attempt", "born", "parcel", "seq")

    def __init__(self, parcel: Parcel, seq: int) -> None:
        self.parcel = parcel
        self.seq = seq
        self.attempt = 0
        self.born = time.monotonic()


class Courier:
    """Carry parcels to one address; nothing leaves before `open`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        faults: Plan,
        patience: Patience,
        delivered: Callable[[Parcel], None],
    ) -> None:
        self.url = ""
        self.rules = Rules()
        self.log: deque[Attempt] = deque(maxlen=_LOG)
        self.delivered = 0
        self.given_up = 0
        self.last_error = ""
        self._session = session
        self._faults = faults
        self._scale = patience.retry_scale
        self._timeout = aiohttp.ClientTimeout(total=patience.timeout_s)
        self._delivered = delivered
        self._seq = 0
        self._loners = 0
        self._busy = 0
        self._queues: dict[str, deque[_Waiting]] = {}
        self._ready: deque[str] = deque()
        self._serving: set[str] = set()
        self._held: list[_Waiting] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    @property
    def pending(self) -> int:
        return sum(map(len, self._queues.values())) + len(self._held)

    def open(self, url: str, rules: Rules) -> None:
        """Deliver to this address by these rules from now on, also what already waits."""
        self.url, self.rules = url, rules
        for queue in list(self._queues):
            self._make_ready(queue)

    def stop(self) -> None:
        """Deliver nothing more and forget what waits."""
        self.url = ""
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        self._queues.clear()
        self._ready.clear()
        self._held.clear()

    def push(self, parcel: Parcel) -> None:
        """Queue one parcel."""
        self._seq += 1
        waiting = _Waiting(parcel, self._seq)
        if self._faults.delivery.shuffle > 1:
            self._hold(waiting)
        else:
            self._enqueue(waiting, parcel.queue)

    async def ask(
        self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Tried:
        """Call the webhook once and at once, past the queue: a handshake, a challenge."""
        return await self._request(method, url, body, dict(headers or {}), 1)

    def _hold(self, waiting: _Waiting) -> None:
        self._held.append(waiting)
        if len(self._held) >= self._faults.delivery.shuffle:
            self._release()
        elif len(self._held) == 1:
            self._later(_SHUFFLE_WAIT_S, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        self._faults.dice.shuffle(held)
        for waiting in held:  # each in a queue of its own, else order would be mended
            self._loners += 1
            self._enqueue(waiting, f"\0shuffled {self._loners}")

    def _enqueue(self, waiting: _Waiting, queue: str) -> None:
        line = self._queues.get(queue)
        if line is None:
            self._queues[queue] = deque((waiting,))
            self._make_ready(queue)
        else:
            line.append(waiting)

    def _make_ready(self, queue: str) -> None:
        if not self.url or queue in self._ready:
            return
        self._ready.append(queue)
        if self._busy < self.rules.at_once:
            self._busy += 1
            task = asyncio.ensure_future(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._ready and self.url:
                await self._serve(self._ready.popleft())
        finally:
            self._busy -= 1

    async def _serve(self, queue: str) -> None:
        line = self._queues.get(queue)
        if not line or queue in self._serving:
            return
        self._serving.add(queue)
        try:
            wait_s = await self._deliver(line[0])
        finally:
            self._serving.discard(queue)
        if self._queues.get(queue) is not line:
            return  # stopped meanwhile
        if wait_s is not None:
            self._later(wait_s, lambda: self._make_ready(queue))
            return
        line.popleft()
        if line:
            self._ready.append(queue)
        else:
            del self._queues[queue]

    async def _deliver(self, waiting: _Waiting) -> float | None:
        """Try once (or as often as a fault asks); None when the parcel is done with."""
        waiting.attempt += 1
        delay_s = self._faults.delay_s()
        if delay_s:
            await asyncio.sleep(delay_s)
        copies = max(self._faults.delivery.copies, 1)
        tries = await asyncio.gather(*(self._post(waiting) for _ in range(copies)))
        return self._judge(waiting, tries[0])

    def _judge(self, waiting: _Waiting, tried: Tried) -> float | None:
        if self.rules.taken(tried) and not self._faults.loses_answer():
            self.delivered += 1
            self._delivered(waiting.parcel)
            if self.rules.on_taken is not None:
                self.rules.on_taken(waiting.parcel, tried)
            return None
        self.last_error = f"The webhook answered {tried.status}: {tried.body[:120]!r}"
        wait_s = self.rules.wait_s(tried)
        if wait_s is not None:
            return wait_s * self._scale
        self.given_up += 1
        if self.rules.on_given_up is not None:
            self.rules.on_given_up(waiting.parcel, tried)
        return None

    async def _post(self, waiting: _Waiting) -> Tried:
        parcel, began, at = waiting.parcel, time.monotonic(), time.time()
        headers = {
            "Content-Type": parcel.content_type,
            **self.rules.sign(parcel.body, waiting.attempt),
        }
        tried = await self._request("POST", self.url, parcel.body, headers, waiting.attempt)
        age_s = (began - waiting.born) / self._scale if self._scale else 0.0
        self.log.append(
            Attempt(
                seq=waiting.seq,
                kind=parcel.kind,
                attempt=waiting.attempt,
                at=at,
                took_s=time.monotonic() - began,
                status=tried.status,
                answer=tried.body[:200].decode("utf-8", "replace") if tried.status else "",
                error="" if tried.status else tried.body.decode("utf-8", "replace"),
            )
        )
        return msgspec.structs.replace(tried, age_s=age_s)

    async def _request(
        self, method: str, url: str, body: bytes, headers: dict[str, str], attempt: int
    ) -> Tried:
        try:
            async with self._session.request(
                method,
                url,
                data=body or None,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                told = {name.lower(): value for name, value in answer.headers.items()}
                read = await answer.read()
                return Tried(
                    status=answer.status, headers=told, body=read, attempt=attempt, age_s=0.0
                )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            said = f"{type(problem).__name__}: {problem}".encode()
            return Tried(status=0, headers={}, body=said, attempt=attempt, age_s=0.0)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        def run() -> None:
            self._timers.discard(timer)
            call()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)
