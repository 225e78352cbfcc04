"""What accounts do by themselves: throwing away what ended."""

import asyncio

from otklik.accounts.rules import SIGN_IN_PER_EMAIL
from otklik.accounts.service.context import Accounts
from otklik.accounts.store import record

_EVERY_S = 3_600
_LONGEST_WINDOW_MS = 2 * SIGN_IN_PER_EMAIL.window_ms


async def sweep(accounts: Accounts) -> None:
    """Throw away ended sign-ins, old links and emptied counters once."""
    now, idle_ms = accounts.clock.now_ms(), accounts.terms.idle_ms
    await accounts.database.write(lambda c: record.sweep(c, now, idle_ms, _LONGEST_WINDOW_MS))


async def keep_sweeping(accounts: Accounts) -> None:
    """Do it every hour until cancelled."""
    while True:
        await sweep(accounts)
        await asyncio.sleep(_EVERY_S)
