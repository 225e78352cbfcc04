"""VK's server side talked to by an independent library, vk_api."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import aiohttp
import pytest
import requests
from jconfig import MemoryConfig
from vk_api import ApiError, VkApi, VkUpload
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll
from vk_api.keyboard import VkKeyboard, VkKeyboardColor

from sandbox import samples
from sandbox.server import Running, Settings, run
from sandbox.vk import PLATFORM
from tests.sandbox.test_vk import Told

TOKEN = "vk1.a.an-invented-key"
GROUP = 220_000_778
T = TypeVar("T")


class Detour(requests.Session):
    """A session for which the sandbox is VK."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(self, method: str, url: str, *args: object, **more: object) -> requests.Response:  # type: ignore[override]
        url = url.replace("https://api.vk.ru", f"{self._url}/vk")
        return super().request(method, url, *args, **more)  # type: ignore[arg-type]


class Peer:
    """The library's end and the person's end of one chat."""

    def __init__(self, session: aiohttp.ClientSession, url: str, person: int) -> None:
        self._session, self._url, self.person = session, url, person
        self.library = Detour(url)
        self.vk = VkApi(token=TOKEN, api_version="5.199", session=self.library, config=MemoryConfig)

    async def ask(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def act(self, act: str, **fields: object) -> None:
        address = f"{self._url}/control/vk/accounts/{GROUP}/people/{self.person}/{act}"
        async with self._session.post(address, json=fields) as answer:
            assert answer.ok, await answer.text()

    async def phone(self) -> list[Told]:
        address = f"{self._url}/control/vk/accounts/{GROUP}/people/{self.person}/chat"
        async with self._session.get(address) as answer:
            messages: list[Told] = (await answer.json())["messages"]
            return messages


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with run(Settings(), (PLATFORM,)) as sandbox:
        yield sandbox


@pytest.fixture
async def peer(running: Running) -> AsyncIterator[Peer]:
    async with aiohttp.ClientSession() as session:
        account = {"id": str(GROUP), "token": TOKEN}
        async with session.post(f"{running.url}/control/vk/accounts", json=account) as made:
            assert made.status == 201
        async with session.post(f"{running.url}/control/people", json={"first_name": "Ира"}) as p:
            person = (await p.json())["id"]
        peer = Peer(session, running.url, person)
        await peer.act("text", text="Здравствуйте")
        yield peer
        peer.library.close()


async def listening(peer: Peer) -> VkBotLongPoll:
    """Switch the long poll on and let the library stand in it."""
    wish = {"group_id": GROUP, "enabled": 1, "message_new": 1, "message_event": 1}
    await peer.ask(lambda: peer.vk.method("groups.setLongPollSettings", wish))
    line = await peer.ask(lambda: VkBotLongPoll(peer.vk, GROUP, wait=1))
    line.session.close()
    line.session = peer.library
    return line


async def test_the_library_hears_people_by_its_long_poll(peer: Peer) -> None:
    line = await listening(peer)
    await peer.act("picture", text="Есть такой?")
    (event,) = await peer.ask(line.check)
    assert event.type is VkBotEventType.MESSAGE_NEW
    assert event.from_user
    assert (event.message["text"], event.message["peer_id"]) == ("Есть такой?", peer.person)
    sizes = event.message["attachments"][0]["photo"]["sizes"]
    picture = await peer.ask(lambda: peer.library.get(sizes[-1]["url"]).content)
    assert picture == samples.content("tea-cup.jpg")


async def test_the_library_sends_keyboards_and_hears_their_presses(peer: Peer) -> None:
    board = VkKeyboard(inline=True)
    board.add_callback_button("Беру", VkKeyboardColor.POSITIVE, payload={"buy": 7})
    board.add_openlink_button("Сайт", "https://tea.example")
    board.add_line()
    board.add_location_button()
    params = {"peer_id": peer.person, "random_id": 1, "message": "Берёте?",
              "keyboard": board.get_keyboard()}  # fmt: skip
    await peer.ask(lambda: peer.vk.method("messages.send", params))
    shown = (await peer.phone())[-1]
    assert "Беру" in str(shown["buttons"])
    line = await listening(peer)
    await peer.act("press", message_id=shown["id"], button="Беру")
    (event,) = await peer.ask(line.check)
    assert event.type is VkBotEventType.MESSAGE_EVENT
    assert event.object["payload"] == {"buy": 7}
    answer = {"event_id": event.object["event_id"], "user_id": peer.person, "peer_id": peer.person}
    assert await peer.ask(lambda: peer.vk.method("messages.sendMessageEventAnswer", answer)) == 1


@pytest.mark.parametrize(("kind", "name"), [("photo", "tea-cup.jpg"), ("doc", "price.pdf"),
                                            ("audio_message", "voice.ogg")])  # fmt: skip
async def test_the_library_uploads_what_it_sends(peer: Peer, kind: str, name: str) -> None:
    upload = VkUpload(peer.vk)
    content = io.BytesIO(samples.content(name))
    content.name = name

    def bring() -> Told:
        if kind == "photo":
            photo: Told = upload.photo_messages(content, peer_id=peer.person)[0]
            return photo
        document: Told = upload.document(content, name, message_peer_id=peer.person, doc_type=kind)
        stored = document[kind]
        assert isinstance(stored, dict)
        return stored

    stored = await peer.ask(bring)
    upload.http.close()
    attachment = f"{kind}{stored['owner_id']}_{stored['id']}_{stored['access_key']}"
    params = {"peer_id": peer.person, "random_id": 2, "attachment": attachment}
    assert await peer.ask(lambda: peer.vk.method("messages.send", params))
    shown = (await peer.phone())[-1]
    assert shown["kind"] == {"photo": "picture", "doc": "file", "audio_message": "voice"}[kind]


async def test_the_library_understands_a_refusal(peer: Peer) -> None:
    await peer.act("block")
    params = {"peer_id": peer.person, "random_id": 3, "message": "Ау"}
    with pytest.raises(ApiError) as refused:
        await peer.ask(lambda: peer.vk.method("messages.send", params))
    assert refused.value.code == 901
