"""A database of each kind, and a house on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from otklik.platform.database import Database
from tests.accounts.house import House, empty_database, opened


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    async with empty_database(request.param, tmp_path, url) as made:
        yield made


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with opened(database) as made:
        yield made
