"""The chat's own files, as a site or a browser asks for them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from otklik.app import WIDGET
from tests.visitors.shop import Shop

BUILT = (WIDGET / "widget.js").is_file() and (WIDGET / "frame" / "index.html").is_file()


@pytest.fixture(autouse=True)
def _built() -> None:
    if not BUILT:
        pytest.skip("the widget is not built; run: npm run build -w apps/widget (in web/)")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Shop]:
    async with Shop.opened(tmp_path) as made:
        yield made


async def test_the_loader_may_be_loaded_by_any_site_and_is_asked_for_once_an_hour(
    site: Shop, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{site.url}/widget.js") as answer:
        assert answer.content_type.endswith("javascript")
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        etag = answer.headers["ETag"]
    same = {"If-None-Match": etag}
    async with http.get(f"{site.url}/widget.js", headers=same) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_the_panel_has_a_strict_policy_and_its_parts_are_kept_for_ever(
    site: Shop, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{site.url}/widget/frame/{site.inbox['public_key']}") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors *")
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|style=", page)
    parts = re.findall(r'(?:src|href)="\.\./(assets/[^"]+)"', page)
    assert len(parts) >= 2
    for part in parts:
        async with http.get(f"{site.url}/widget/{part}") as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]


async def test_nothing_outside_the_built_files_is_given(
    site: Shop, http: aiohttp.ClientSession
) -> None:
    for path in (
        "/widget/frame/nobody",
        "/widget/assets/none.js",
        "/widget/assets/..%2f..%2fpackage.json",
        "/widget/assets/%2e%2e/%2e%2e/package.json",
        "/widget/assets/..%5c..%5cpackage.json",
    ):
        async with http.get(URL(site.url + path, encoded=True)) as answer:  # not put in order first
            assert answer.status == 404, path


async def test_the_shop_is_there_only_where_it_is_wanted(
    site: Shop, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{site.url}/demo/shop") as answer:
        page = await answer.text()
    assert f'data-inbox="{site.inbox["public_key"]}"' in page
    assert "PUBLIC_KEY" not in page
    for style in re.findall(r'href="([^"]+\.css)"', page):
        async with http.get(f"{site.url}/demo/{style}") as answer:
            assert answer.status == 200, style
    site.pages.shop_inbox = ""
    async with http.get(f"{site.url}/demo/shop") as answer:
        assert answer.status == 404
