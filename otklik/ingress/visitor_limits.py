"""How much one visitor and one address may do: token buckets in memory, bounded in number."""

from collections import OrderedDict
from typing import NamedTuple

from otklik.kernel.clock import Clock
from otklik.kernel.errors import TooManyError

_KEPT = 100_000


class Rate(NamedTuple):
    """At most `burst` at once, refilled by `per_second`."""

    burst: float
    per_second: float


MESSAGES = Rate(20, 1)
"""Of one visitor: ten in ten seconds, twenty at once."""
ADDRESS_MESSAGES = Rate(200, 20)
"""Behind one address there may be a whole office or a mobile network."""
SESSIONS = Rate(120, 2)
FRAMES = Rate(200, 20)
"""Of one socket, of any kind."""
UPLOADS = Rate(60, 0.5)
"""Files of one address; how many bytes a visitor may upload in a day is counted in the store."""


class Buckets:
    """One bucket per key; the longest unused are forgotten when there are too many."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, key: str, amount: float = 1) -> None:
        """Take from a bucket; raises `TooManyError` with the pause when it holds too little."""
        now = self._clock.now_ms()
        burst, per_second = self._rate
        left, at = self._left.pop(key, (burst, now))
        left = min(burst, left + max(0, now - at) / 1000 * per_second)
        fits = left >= amount
        self._left[key] = (left - amount if fits else left, now)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)
        if not fits:
            wait_s = int((min(amount, burst) - left) / per_second) + 1
            raise TooManyError(retry_after_s=wait_s)


class VisitorLimits:
    """The buckets of visitors in this process."""

    def __init__(self, clock: Clock) -> None:
        self.messages = Buckets(MESSAGES, clock)
        self.address_messages = Buckets(ADDRESS_MESSAGES, clock)
        self.sessions = Buckets(SESSIONS, clock)
        self.uploads = Buckets(UPLOADS, clock)
        self.frames = Buckets(FRAMES, clock)
