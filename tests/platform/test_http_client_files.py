import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from msgspec.structs import replace

from otklik.kernel.errors import NotFoundError, TooLargeError
from otklik.platform.addresses import AddressPolicy, parse_vouched
from otklik.platform.files import FolderStore, StoredBytes
from otklik.platform.http_client import GuardedClient
from otklik.platform.http_outcomes import (
    AnswerLost,
    Downloaded,
    TooLarge,
    Unexpected,
)
from otklik.ports.channel import Answer, FilePart, Request
from tests.platform.web_servers import (
    saying,
    serving,
    talking,
)

LOCAL = AddressPolicy(parse_vouched("127.0.0.0/8"))
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    async with GuardedClient(LOCAL) as made:
        yield made


def get(url: str, headers: dict[str, str] | None = None) -> Request:
    return Request("GET", url, "test", headers=headers or {}, timeout_s=5)


async def test_files_go_out_as_a_form_of_known_length(
    client: GuardedClient, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path)
    content = bytes(range(256)) * 4_000
    stored = await store.save(chunks(content), 2_000_000)
    names = ["договор № 5.pdf", 'a"b\r\nX-Evil: 1.pdf', "", "x" * 300]

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Content-Length"]
        form = await request.post()
        uploads = [part for part in form.values() if isinstance(part, web.FileField)]
        told = {name: value for name, value in form.items() if isinstance(value, str)}
        intact = all(part.file.read() == content for part in uploads)
        types = [part.content_type for part in uploads]
        return web.json_response(
            {"told": told, "intact": intact, "names": [u.filename for u in uploads], "types": types}
        )

    request = Request(
        "POST", "", "test",
        fields={"chat_id": "1", "текст": "привет\r\n--x 🙂"},
        files=tuple(FilePart(f"f{i}", stored.file_id, name, "application/pdf")
                    for i, name in enumerate(names) if name),
    )  # fmt: skip
    async with serving(answer) as url:
        outcome = await client.send(replace(request, url=url), store.open)
    assert isinstance(outcome, Answer)
    told = json.loads(outcome.body)
    assert told["told"] == {"chat_id": "1", "текст": "привет\r\n--x 🙂"}
    assert told["intact"]
    assert told["types"] == ["application/pdf"] * 3
    assert told["names"][0] == names[0]
    assert "X-Evil" in told["names"][1]


async def test_a_missing_file_is_told_before_anything_is_sent(
    client: GuardedClient, tmp_path: Path
) -> None:
    part = FilePart("document", "0" * 26, "a.pdf", "application/pdf")
    request = Request("POST", "http://127.0.0.1:9/", "test", files=(part,))
    with pytest.raises(NotFoundError):
        await client.send(request, FolderStore(tmp_path).open)


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


async def test_a_download_goes_into_the_store(client: GuardedClient, tmp_path: Path) -> None:
    content = b"\x89PNG" + bytes(500_000)

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/gone":
            return web.Response(status=404, text="no")
        return web.Response(body=content, content_type="image/png")

    store = FolderStore(tmp_path)
    async with serving(answer) as url:
        async with store.create(1_000_000) as new:
            outcome = await client.download(get(url), new.write, 1_000_000)
            stored = await new.keep()
        async with store.create(1_000) as new:
            assert await client.download(get(f"{url}/gone"), new.write, 1_000) == Unexpected(404)
            assert await client.download(get(url), new.write, 1_000) == TooLarge(200, 1_000)
    assert outcome == Downloaded("image/png", len(content))
    assert (
        tmp_path / stored.file_id[-2:] / stored.file_id[-4:-2] / stored.file_id
    ).read_bytes() == content


async def test_a_download_without_a_length_is_still_bounded(client: GuardedClient) -> None:
    got = 0

    async def sink(chunk: bytes) -> None:
        nonlocal got
        got += len(chunk)

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for _ in range(1_000):
                await response.write(b"x" * 10_000)
        return response

    async with serving(answer) as url:
        assert await client.download(get(url), sink, 50_000) == TooLarge(200, 50_000)
    assert got <= 50_000


async def test_a_cut_download_is_no_file(client: GuardedClient) -> None:
    async def sink(_: bytes) -> None:
        return

    async with talking(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) as url:
        assert isinstance(await client.download(get(url), sink, 100), AnswerLost)


async def test_an_error_of_the_sink_passes_through(client: GuardedClient, tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 100)

    async with serving(answer) as url, FolderStore(tmp_path).create(10) as new:
        with pytest.raises(TooLargeError):
            await client.download(get(url), new.write, 1_000)


async def test_a_file_that_vanishes_while_it_is_sent_is_uncertain(
    client: GuardedClient, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path)
    stored = await store.save(chunks(bytes(1_000_000)), 1_000_000)

    async def open_and_lose(file_id: str) -> StoredBytes:
        opened = await store.open(file_id)
        await store.delete(file_id)
        return opened

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    part = FilePart("document", stored.file_id, "a.bin", "")
    async with serving(answer) as url:
        outcome = await client.send(Request("POST", url, "test", files=(part,)), open_and_lose)
    assert isinstance(outcome, AnswerLost)


async def test_files_without_a_place_to_open_them_are_a_mistake(client: GuardedClient) -> None:
    part = FilePart("document", "0" * 26, "a.pdf", "")
    with pytest.raises(LookupError, match="open_file"):
        await client.send(Request("POST", "http://127.0.0.1:9/", "test", files=(part,)))
