"""The program itself, its page, its feed, its own files."""

import asyncio
import gzip
import socket
import sys
from pathlib import Path

import aiohttp
import msgspec

from sandbox import samples
from sandbox.blobs import picture_size
from sandbox.server import Running
from tests.sandbox.conftest import TOKEN, Control

ROOT = Path(__file__).parents[2]


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *arguments,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_the_program_says_where_it_listens_and_stops_when_asked() -> None:
    program = await _start("--port", "0", "--open")
    assert program.stdout is not None
    line = (await asyncio.wait_for(program.stdout.readline(), 10)).decode()
    name, _, url = line.strip().partition(" ")
    assert name == "sandbox"
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/telegram/bot77:AAAAAAAAAAAA/getMe") as answer,
    ):
        assert (await answer.json())["result"]["id"] == 77
    program.terminate()
    _, complaints = await asyncio.wait_for(program.communicate(), 10)
    assert complaints == b""


async def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = await _start("--port", str(port))
        _, complaints = await asyncio.wait_for(program.communicate(), 10)
    assert program.returncode == 1
    assert complaints.decode() == f"Port {port} is in use; choose another with --port.\n"


async def test_the_page_is_served_or_explained(running: Running) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(running.url) as answer:
            page = await answer.text()
            assert answer.content_type == "text/html"
        async with session.get(f"{running.url}/%2e%2e/package.json") as answer:
            assert answer.status == 404
    assert "<div id=" in page or "npm run build" in page


async def test_the_feed_tells_what_happens(running: Running, control: Control) -> None:
    person = await control.person()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{running.url}/control/feed") as feed,
    ):
        assert await feed.content.readline() == b": open\n"
        await control.call("sendMessage", chat_id=person, text="чай готов")
        events: list[dict[str, object]] = []
        while not events or events[-1]["kind"] != "message":
            line = await asyncio.wait_for(feed.content.readline(), 5)
            if line.startswith(b"data: "):
                events.append(msgspec.json.decode(line[6:]))
    message = events[-1]["message"]
    assert isinstance(message, dict)
    assert (events[-1]["chat_id"], message["text"]) == (person, "чай готов")


async def test_a_reset_forgets_everything(control: Control) -> None:
    await control.person()
    await control.post("/reset")
    assert await control.get("/bots") == []
    assert await control.get("/people") == []
    status, _ = await control.call("getMe")
    assert status == 401


async def test_unknown_bots_and_bodies_are_explained(control: Control) -> None:
    problem = await control.post("/bots/5/bulk", {"people": 1, "messages": 1}, status=404)
    assert "There is no bot 5" in str(problem["detail"])
    problem = await control.post("@/bulk", {"people": "many", "messages": 1}, status=400)
    assert "$.people" in str(problem["detail"])
    problem = await control.post("/bots", {"token": "short"}, status=400)
    assert str(problem["detail"]).startswith("token:")
    async with control._session.post(
        f"{control.url}/telegram/bot{TOKEN}/getMe", data=b"{"
    ) as answer:
        assert answer.status == 400


def test_the_samples_are_what_they_say() -> None:
    starts = {"jpg": b"\xff\xd8\xff", "webp": b"RIFF", "tgs": b"\x1f\x8b", "webm": b"\x1aE\xdf\xa3",
              "ogg": b"OggS", "pdf": b"%PDF-"}  # fmt: skip
    for sample in samples.catalogue().values():
        content = samples.content(sample.name)
        assert len(content) < 20_000
        suffix = sample.name.rsplit(".", 1)[-1]
        assert content.startswith(starts[suffix]) if suffix in starts else content[4:8] == b"ftyp"
        if sample.kind == "photo":
            assert picture_size(content) == (sample.width, sample.height)
    assert msgspec.json.decode(gzip.decompress(samples.content("leaf.tgs")))["tgs"] == 1
    assert picture_size(samples.content("picture-7.png")) == (320, 240)
    assert samples.content("picture-7.png") != samples.content("picture-8.png")
