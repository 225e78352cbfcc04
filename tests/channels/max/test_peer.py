"""The official library of MAX against our emulator: what we play is what its own clients read."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from sandbox import samples
from sandbox.max import PLATFORM
from sandbox.server import Settings, run
from tests.channels.kit.line import Fields, Line
from tools.bootstrap import node

PEER = Path(__file__).with_name("peer.cjs")
MODULES = Path(__file__).parents[3] / "web" / "node_modules"
PLACES = [MODULES, *map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)))]
pytestmark = pytest.mark.skipif(
    not any((place / "@maxhub" / "max-bot-api").exists() for place in PLACES),
    reason="needs the development packages of web/",
)


def _node() -> str:
    folder = node.folder()
    assert folder is not None
    return str(folder / "node")


class Peer:
    """A bot written with the library, and the person it talks to."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.marker = 0

    async def do(self, what: str, **args: object) -> object:
        base_url = self.line.config.settings["api_base"]
        token = self.line.config.secrets["token"]
        process = await asyncio.create_subprocess_exec(
            _node(), str(PEER), base_url, token, what, msgspec.json.encode(args).decode(),
            env={**os.environ, "NODE_PATH": os.pathsep.join(map(str, PLACES))},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        told, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()
        return msgspec.json.decode(told)

    async def hear(self) -> list[Fields]:
        known = {"marker": self.marker} if self.marker else {}
        page = msgspec.convert(await self.do("hear", **known), Fields)
        self.marker = msgspec.convert(page["marker"], int)
        return msgspec.convert(page["heard"], list[Fields])


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with run(Settings(), (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        line = Line("max", running.url, session)
        await line.begin(username="tea_bridge_bot", settings={"processing_s": "0"})
        yield Peer(line)


async def test_the_bot_is_recognised_and_subscribed(peer: Peer) -> None:
    assert await peer.do("check") == {
        "me": "tea_bridge_bot", "listed": ["https://desk.example.org/hooks/peer"], "left": [],
    }  # fmt: skip


async def test_everything_a_person_does_is_understood(peer: Peer) -> None:
    line = peer.line
    await line.act("start", payload="spring")
    await line.act("text", text="Есть улун?")
    for act in ("picture", "video", "voice", "file", "sticker", "location", "contact"):
        await line.act(act)
    heard = await peer.hear()
    assert [one["type"] for one in heard] == ["bot_started"] * 2 + ["message_created"] * 8
    assert heard[1]["payload"] == "spring"
    assert heard[2]["text"] == "Есть улун?"
    kinds = [one["attached"] for one in heard[3:]]
    names = ["image", "video", "audio", "file", "sticker", "location", "contact"]
    assert kinds == [[name] for name in names]
    assert heard[7]["sticker"] is True
    assert heard[8]["place"] == {"latitude": 59.9386, "longitude": 30.3141}
    assert heard[9]["contact"] == {"tel": "70000000001", "fullName": "Вера Улыбина"}
    assert {one["user"] for one in heard} == {"Вера"}


async def test_what_the_library_sends_arrives_and_its_press_comes_back(peer: Peer) -> None:
    line = peer.line
    await line.act("text", text="Ау")
    chat = (await peer.hear())[-1]["chat"]
    picture = base64.b64encode(samples.content("tea-cup.jpg")).decode()
    spoken = await peer.do("speak", chat=chat, user=int(line.person), picture=picture)
    told = msgspec.convert(spoken, Fields)
    assert told["kinds"] == [["image"], ["file"], ["video"]]
    assert (told["person"], told["again"], told["kept"]) == ("Вера", "Уже нет", 4)
    shown = [message for message in await line.phone() if not message["own"]]
    assert [one.get("text", "") for one in shown] == ["Уже нет", "", ""]
    await line.act("press", message_id=told["text"], payload="buy:7")
    (press,) = await peer.hear()
    assert (press["type"], press["payload"]) == ("message_callback", "buy:7")
    assert await peer.do("answer", press=press["press"]) == {"success": True}
    shown = [message for message in await line.phone() if not message["own"]]
    assert shown[0]["text"] == "Готово"
    assert "buttons" not in shown[0]


async def test_what_max_refuses_is_refused_in_its_words(peer: Peer) -> None:
    await peer.line.act("text", text="Ау")
    chat = (await peer.hear())[-1]["chat"]
    assert await peer.do("refused", chat=chat) == [
        "400 proto.payload", "404 chat.not.found", "404 not.found", "400 proto.payload",
    ]  # fmt: skip
