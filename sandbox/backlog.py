"""Events kept for those who poll: numbered, waited for, forgotten when old."""

import asyncio
from collections import deque

import msgspec


class Event(msgspec.Struct, frozen=True):
    """One event and its number, from `first + 1` on."""

    number: int
    kind: str
    body: bytes


class Backlog:
    """The events of one account in order; a reader remembers the last number it saw."""

    def __init__(self, first: int = 0, most: int = 10_000) -> None:
        self.last = first
        self._events: deque[Event] = deque(maxlen=most)
        self._more = asyncio.Event()

    @property
    def oldest(self) -> int:
        """The number of the oldest event that is still kept, or of the next one."""
        return self._events[0].number if self._events else self.last + 1

    def add(self, kind: str, body: bytes) -> int:
        """Keep an event; its number."""
        self.last += 1
        self._events.append(Event(self.last, kind, body))
        self.wake()
        return self.last

    def after(self, number: int, most: int = 100) -> list[Event]:
        """What came after this number, at most so many."""
        return [event for event in self._events if event.number > number][:most]

    async def wait(self, number: int, most: int, seconds: float) -> list[Event]:
        """What came after this number, waiting so long for the first of it."""
        found = self.after(number, most)
        if found or seconds <= 0:
            return found
        more = self._more
        try:
            await asyncio.wait_for(more.wait(), seconds)
        except TimeoutError:
            return []
        return self.after(number, most)

    def wake(self) -> None:
        """Let everyone who waits look again."""
        self._more.set()
        self._more = asyncio.Event()
