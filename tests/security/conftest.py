"""One world per test, on each kind of database."""

from collections.abc import AsyncIterator

import pytest

from otklik.platform.settings import Settings
from tests.fixtures.store import Place
from tests.security.world import World, populated


@pytest.fixture
async def world(place: Place) -> AsyncIterator[World]:
    settings = Settings(data_dir=str(place.folder), database_url=place.database_url)
    async with populated(settings) as made:
        yield made
