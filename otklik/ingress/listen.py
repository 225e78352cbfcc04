"""Hears on PostgreSQL what other processes announced."""

import asyncio

import asyncpg

from otklik.events.api import CHANNEL, Bell

_CHECK_S = 10.0


class Listener:
    """Rings this process's bell for the news of the others."""

    def __init__(self, database_url: str, bell: Bell) -> None:
        self._url = database_url
        self._bell = bell

    async def run(self) -> None:
        """Listen until the connection breaks; the caller starts it again."""
        connection = await asyncpg.connect(self._url)
        try:
            await connection.add_listener(CHANNEL, self._hear)
            while True:
                await asyncio.sleep(_CHECK_S)
                await connection.execute("SELECT 1")
        finally:
            await connection.close(timeout=1)

    def _hear(self, _connection: object, _pid: int, _channel: str, account_id: object) -> None:
        self._bell.ring([str(account_id)])
