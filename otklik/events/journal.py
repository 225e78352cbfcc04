"""Writes that announce: one transaction, its events, and the bell that wakes the readers."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection, text

from otklik.events.ledger import Ledger
from otklik.platform.database import Database

T = TypeVar("T")

CHANNEL = "otklik_events"
"""The PostgreSQL channel on which processes tell one another of news."""


class Bell:
    """Wakes whoever follows the events of an account.

    Losing a ring loses nothing: readers also look by themselves now and then.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[Iterable[str]], None]] = []

    def listen(self, listener: Callable[[Iterable[str]], None]) -> None:
        """Call a function with account ids whenever they have news."""
        self._listeners.append(listener)

    def ring(self, account_ids: Iterable[str]) -> None:
        """Tell that accounts have news."""
        for listener in self._listeners:
            listener(account_ids)


class Journal:
    """The one way to change what customers and operators see."""

    def __init__(self, database: Database, bell: Bell) -> None:
        self.database = database
        self.bell = bell

    async def write(self, account_ids: Iterable[str], work: Callable[[Connection, Ledger], T]) -> T:
        """Run a function in one transaction with the ledger of these accounts open."""
        ids = list(account_ids)

        def run(connection: Connection) -> tuple[T, frozenset[str]]:
            ledger = Ledger(connection, ids)
            result = work(connection, ledger)
            news = ledger.close()
            if news and connection.dialect.name == "postgresql":
                notify(connection, news)
            return result, news

        result, news = await self.database.write(run)
        if news:
            self.bell.ring(news)
        return result


def notify(connection: Connection, account_ids: Iterable[str]) -> None:
    """Tell other processes at commit; each payload is one account id."""
    for account_id in account_ids:
        connection.execute(
            text("SELECT pg_notify(:channel, :account)"),
            {"channel": CHANNEL, "account": account_id},
        )


async def settle(seconds: float, until: asyncio.Event) -> None:
    """Wait for an event, at most some seconds, and forget that it rang."""
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        return
    finally:
        until.clear()
