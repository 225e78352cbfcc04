from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from otklik.kernel.ids import new_id
from tests.fixtures.postgres import PostgresServer
from tests.visitors.shop import Shop


@pytest.fixture(params=["sqlite", "postgresql"])
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shop]:
    if request.param == "sqlite":
        async with Shop.opened(tmp_path) as made:
            yield made
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"shop_{new_id()}"
    try:
        async with Shop.opened(tmp_path, server.create(name)) as made:
            yield made
    finally:
        server.drop(name)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
