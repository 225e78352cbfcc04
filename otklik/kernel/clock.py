"""The only place that asks the machine what time it is."""

import time
from typing import Protocol


class Clock(Protocol):
    """A source of the current time, injected so that tests can move it."""

    def now_ms(self) -> int:
        """Give the current time in Unix milliseconds, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Give the current time in Unix milliseconds, UTC."""
        return time.time_ns() // 1_000_000
