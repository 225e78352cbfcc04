"""What happens to a delivery after an attempt, and how fast attempts may follow. Pure."""

from collections.abc import Callable

import msgspec

from otklik.delivery.types import Delivery, DeliveryState, OrderKind
from otklik.ports.channel import Limits, Refusal, RefusalKind, Sent

GIVE_UP_AFTER_MS = 24 * 3_600_000
"""Temporary faults are retried for this long after the message was written."""

_FIRST_DELAY_MS = 1_000
_LONGEST_DELAY_MS = 300_000
_TOKEN_RECHECK_MS = 60_000


class Next(msgspec.Struct, frozen=True):
    """Where a delivery goes after an attempt; `due_at` Unix ms when it is queued again."""

    state: DeliveryState
    due_at: int = 0


def after_attempt(
    delivery: Delivery, outcome: Sent | Refusal, now: int, chance: Callable[[], float]
) -> Next:
    """Decide what an answer means. `chance` gives a number in 0..1 for the jitter."""
    if isinstance(outcome, Sent):
        return Next(DeliveryState.SENT)
    match outcome.kind:
        case RefusalKind.TEMPORARY:
            return _later(delivery, now, _backoff_ms(delivery.tries, chance))
        case RefusalKind.THROTTLED:
            return _later(delivery, now, int(max(outcome.retry_after_s, 1.0) * 1000))
        case RefusalKind.BAD_TOKEN:
            return _later(delivery, now, _TOKEN_RECHECK_MS)
        case RefusalKind.MOVED:
            return Next(DeliveryState.QUEUED, now) if outcome.moved_to else _failed()
        case RefusalKind.UNCERTAIN:
            return _lost_answer(delivery, now, chance)
        case _:
            return _failed()


def _failed() -> Next:
    return Next(DeliveryState.FAILED)


def _later(delivery: Delivery, now: int, delay_ms: int) -> Next:
    if now + delay_ms - delivery.created_at > GIVE_UP_AFTER_MS:
        return _failed()
    return Next(DeliveryState.QUEUED, now + delay_ms)


def _lost_answer(delivery: Delivery, now: int, chance: Callable[[], float]) -> Next:
    """Never repeat a message blindly; setting the same body, reaction or deletion is safe."""
    if delivery.kind is OrderKind.MESSAGE:
        return Next(DeliveryState.UNCERTAIN)
    return _later(delivery, now, _backoff_ms(delivery.tries, chance))


def _backoff_ms(tries: int, chance: Callable[[], float]) -> int:
    longest = min(_FIRST_DELAY_MS * 2 ** min(tries - 1, 16), _LONGEST_DELAY_MS)
    return int(longest * (0.5 + chance() / 2))


class Bucket:
    """A token bucket: at most `burst` at once, `per_second` in the long run."""

    __slots__ = ("_at_ms", "_burst", "_per_ms", "_tokens")

    def __init__(self, per_second: float, burst: float, now: int) -> None:
        self._per_ms = per_second / 1000
        self._burst = burst
        self._tokens = burst
        self._at_ms = now

    def take(self, now: int) -> int:
        """Take one token; give 0, or the milliseconds until there is one (none was taken)."""
        self._tokens = min(self._burst, self._tokens + (now - self._at_ms) * self._per_ms)
        self._at_ms = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return max(1, int((1 - self._tokens) / self._per_ms))

    def give_back(self) -> None:
        """Return a token that was not used."""
        self._tokens = min(self._burst, self._tokens + 1)

    def full(self, now: int) -> bool:
        """Tell whether the bucket is as if new, and can be forgotten."""
        return self._tokens + (now - self._at_ms) * self._per_ms >= self._burst


class Pace:
    """The buckets of one credential: one for all of it, one for each chat."""

    _CHATS_KEPT = 10_000

    def __init__(self, limits: Limits, now: int) -> None:
        self.limits = limits
        self._whole = Bucket(limits.per_second, max(1.0, limits.per_second), now)
        self._chats: dict[str, Bucket] = {}
        self._closed_until = 0

    def whole_wait_ms(self, now: int) -> int:
        """Give how long the whole credential has to wait; takes nothing."""
        if now < self._closed_until:
            return self._closed_until - now
        wait = self._whole.take(now)
        if not wait:
            self._whole.give_back()
        return wait

    def wait_ms(self, chat: str, now: int) -> int:
        """Give 0 and take a token of the chat and of the credential, or how long to wait."""
        if now < self._closed_until:
            return self._closed_until - now
        if wait := self._whole.take(now):
            return wait
        bucket = self._chats.get(chat)
        if bucket is None:
            self._forget_full(now)
            bucket = Bucket(self.limits.per_chat_per_second, self.limits.chat_burst, now)
            self._chats[chat] = bucket
        wait = bucket.take(now)
        if wait:
            self._whole.give_back()
        return wait

    def close(self, until: int) -> None:
        """Let nothing through before a moment: the platform said so."""
        self._closed_until = max(self._closed_until, until)

    def _forget_full(self, now: int) -> None:
        if len(self._chats) >= self._CHATS_KEPT:
            self._chats = {c: one for c, one in self._chats.items() if not one.full(now)}
