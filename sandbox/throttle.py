"""Limits of a platform on the speed of its calls, off until asked for."""

import time
from collections.abc import Mapping

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """So many calls a second after a burst of so many."""

    per_second: float
    burst: float = 1.0


class Throttle:
    """Buckets by the name of a rate and what it counts: `("chat", "42")`, `("overall", "")`."""

    def __init__(self, rates: Mapping[str, Rate]) -> None:
        self.rates = dict(rates)
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def wait_s(self, *wanted: tuple[str, str]) -> float:
        """Take one call's worth of every rate named, or give the seconds to wait; 0 passes."""
        now = time.monotonic()
        levels: dict[tuple[str, str], float] = {}
        lack_s = 0.0
        for name, subject in wanted:
            rate = self.rates.get(name)
            if rate is None:
                continue
            level, at = self._buckets.get((name, subject), (rate.burst, now))
            level = min(rate.burst, level + (now - at) * rate.per_second)
            levels[name, subject] = level
            lack_s = max(lack_s, (1.0 - level) / rate.per_second)
        if lack_s > 0:
            return lack_s
        self._buckets.update({key: (level - 1.0, now) for key, level in levels.items()})
        return 0.0
