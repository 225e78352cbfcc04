"""One world per test, on each kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from otklik.platform.settings import Settings
from tests.fixtures.postgres import PostgresServer
from tests.security.world import World, populated


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    settings = Settings(data_dir=str(tmp_path / "var"))
    if request.param == "sqlite":
        async with populated(settings) as made:
            yield made
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"world_{tmp_path.name.lower().replace('-', '_')}"
    url = server.create(name)
    try:
        async with populated(Settings(data_dir=settings.data_dir, database_url=url)) as made:
            yield made
    finally:
        server.drop(name)
