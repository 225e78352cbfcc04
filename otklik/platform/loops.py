"""Background loops: one that breaks is told of and started again; the others go on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

_PAUSE_S = 1.0

_log = structlog.get_logger("otklik.loops")

Loop = Callable[[], Awaitable[None]]


async def keep_running(name: str, loop: Loop) -> None:
    """Run a loop for ever, through its faults."""
    while True:
        try:
            await loop()
        except Exception:  # noqa: BLE001 - the edge of a process: one loop must not end the others
            _log.exception("loop.broke", loop=name)
        await asyncio.sleep(_PAUSE_S)


async def run_all(loops: Mapping[str, Loop]) -> None:
    """Run every loop until cancelled."""
    async with asyncio.TaskGroup() as group:
        for name, loop in loops.items():
            group.create_task(keep_running(name, loop), name=name)
