"""Which accounts have customers writing by themselves, started and ended by order."""

import asyncio
from collections.abc import Callable

from sandbox.orders import LivelyOrder
from sandbox.people import Lively, Seat
from sandbox.tea_shop import CUSTOMERS, Customer


class Shows:
    """The running shows, by any name."""

    def __init__(self) -> None:
        self._running: dict[str, Lively] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def order(self, name: str, ask: LivelyOrder, seat_of: Callable[[Customer], Seat]) -> None:
        """Start a show anew with the customers asked for, or end it."""
        running = self._running.pop(name, None)
        if running is not None:
            running.stop()
        if not ask.on:
            return
        invited = [c for c in CUSTOMERS if not ask.customers or c.username in ask.customers]
        show = self._running[name] = Lively(invited, seat_of, pace=ask.pace, seed=name)
        task = asyncio.ensure_future(show.run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """End them all."""
        for show in self._running.values():
            show.stop()
        for task in self._tasks:
            task.cancel()
        self._running.clear()
