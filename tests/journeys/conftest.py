"""One server, one sandbox and one browser for a whole module of the desk's journeys."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from otklik.app import DESK
from otklik.platform.backup import DATABASE_FILE
from sandbox.server import Settings, run
from tests.fixtures.house import opened
from tests.fixtures.store import Place
from tests.journeys.office import Office

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def office_place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A migrated store for the module."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(sqlite_template, folder / DATABASE_FILE)
    return Place(folder, "")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(office_place: Place, chromium_path: str) -> AsyncIterator[Office]:
    """A house with a Telegram bot connected, its owner's password, and a browser."""
    if not (DESK / "index.html").is_file():
        pytest.skip("the desk is not built; run: npm run build -w apps/desk (in web/)")
    quick = Settings(retry_scale=0.05, webhook_timeout_s=10)
    async with (
        run(quick) as street,
        opened(office_place, street) as house,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox"]
        )
        made = Office(house, street, browser)
        await made.open()
        yield made
        await browser.close()
