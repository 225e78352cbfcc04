from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fixtures.store import Place
from tests.visitors.shop import Shop


@pytest.fixture
async def shop(place: Place) -> AsyncIterator[Shop]:
    async with Shop.opened(place.folder, place.database_url) as made:
        yield made


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
