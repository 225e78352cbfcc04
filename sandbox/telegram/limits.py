"""Telegram's flood limits, off until asked for: one message a second in a chat, thirty over all."""

import math

import msgspec


class FloodLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Rates in messages per second; bursts in messages; groups per minute."""

    per_chat: float = 1.0
    per_chat_burst: int = 3
    overall: float = 30.0
    overall_burst: int = 30
    per_group_minute: float = 20.0


class _Bucket:
    __slots__ = ("at", "level")

    def __init__(self, level: float, at: float) -> None:
        self.level = level
        self.at = at

    def fill(self, now: float, rate: float, burst: float) -> float:
        self.level = min(burst, self.level + (now - self.at) * rate)
        self.at = now
        return self.level


class Flood:
    """The buckets of one bot."""

    def __init__(self, limits: FloodLimits) -> None:
        self._limits = limits
        self._overall: _Bucket | None = None
        self._chats: dict[int, _Bucket] = {}

    def wait_s(self, chat_id: int, now: float) -> int | None:
        """Take one message's worth, or give the whole seconds to wait."""
        limits = self._limits
        rate, burst = (limits.per_chat, limits.per_chat_burst)
        if chat_id < 0:
            rate, burst = limits.per_group_minute / 60.0, int(limits.per_group_minute)
        if self._overall is None:
            self._overall = _Bucket(limits.overall_burst, now)
        chat = self._chats.setdefault(chat_id, _Bucket(burst, now))
        lacks = (
            (1.0 - self._overall.fill(now, limits.overall, limits.overall_burst)) / limits.overall,
            (1.0 - chat.fill(now, rate, burst)) / rate,
        )
        if max(lacks) > 0:
            return math.ceil(max(lacks))
        self._overall.level -= 1.0
        chat.level -= 1.0
        return None
