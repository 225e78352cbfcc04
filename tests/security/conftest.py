"""One world per test, on each kind of database."""

from collections.abc import AsyncIterator

import pytest

from otklik.platform.database import Database
from tests.accounts.conftest import database
from tests.security.world import World, populated

__all__ = ["database"]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with populated(database) as made:
        yield made
