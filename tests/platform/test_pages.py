"""Built pages: what a stranger may name, and what comes of it."""

from pathlib import Path

import pytest

from otklik.inboxes.api import InboxRegistry
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.errors import NotFoundError
from otklik.platform.database import Database
from otklik.platform.pages import Pages, file_in
from otklik.platform.secret_box import open_secret_box

ODD = ["\x00", "a\x00b", "x" * 300, "x/" * 3_000, "../secret", "..", "", "assets", "nothing.js"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("secret")
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("entry")
    (dist / "assets" / "a.js").write_text("part")
    return dist.resolve()


async def asked(pages: Pages, path: str) -> tuple[int, bytes]:
    sent: list[dict[str, object]] = []

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    async def receive() -> dict[str, object]:
        raise AssertionError

    await pages({"path": path, "method": "GET"}, receive, send)
    status, body = sent[0]["status"], sent[1]["body"]
    assert isinstance(status, int)
    assert isinstance(body, bytes)
    return status, body


async def test_what_is_there_is_given(folder: Path) -> None:
    pages = Pages(folder)
    assert await asked(pages, "/assets/a.js") == (200, b"part")
    assert await asked(pages, "/") == (200, b"entry")


@pytest.mark.parametrize("name", ODD)
async def test_any_other_name_is_the_entry_page_or_nothing(folder: Path, name: str) -> None:
    pages = Pages(folder)
    assert await asked(pages, f"/{name}") == (200, b"entry")
    assert (await asked(pages, f"/assets/{name}/"))[0] == 404


@pytest.mark.parametrize("name", ODD)
async def test_no_odd_name_is_a_part_of_the_chat(store: Database, folder: Path, name: str) -> None:
    registry = InboxRegistry(store, open_secret_box("", folder, may_make=True))
    with pytest.raises(NotFoundError):
        WidgetPages(folder, registry).built(f"assets/{name}")


@pytest.mark.parametrize("name", ODD)
def test_no_odd_name_is_a_file(folder: Path, name: str) -> None:
    assert file_in(folder, name) is None
