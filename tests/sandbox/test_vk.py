"""What VK's server side refuses, promises and repeats."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from msgspec.structs import replace

from sandbox import samples
from sandbox.server import Running, Settings, run
from sandbox.vk import PLATFORM
from sandbox.vk.community import Community
from tests.sandbox.conftest import until

TOKEN = "vk1.a.an-invented-key"
SECRET = "an-invented-secret"
Told = dict[str, object]


@dataclass
class Shop:
    """A community's end: its webhook and its calls, and the orders a test gives."""

    session: aiohttp.ClientSession
    url: str
    hook: str
    community: Community
    person: int
    came: list[Told] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["type"] == "confirmation":
            assert body["secret"] == SECRET
            return web.Response(text=self.community.code)
        self.came.append(body)
        self.counters.append(request.headers.get("X-Retry-Counter", ""))
        return self.answers.pop(0) if self.answers else web.Response(text="ok")

    async def call(self, method: str, **params: object) -> Told:
        address = f"{self.url}/vk/method/{method}"
        told = {"access_token": TOKEN, "v": "5.199"} | params
        form = {name: value for name, value in told.items() if value is not None}
        async with self.session.post(address, data=form) as answer:
            assert answer.status == 200
            read: Told = await answer.json()
            return read

    async def good(self, method: str, **params: object) -> object:
        read = await self.call(method, **params)
        assert "response" in read, read
        return read["response"]

    async def bad(self, method: str, **params: object) -> int:
        read = await self.call(method, **params)
        assert "error" in read, read
        error = read["error"]
        assert isinstance(error, dict)
        assert error["error_msg"]
        return int(error["error_code"])

    async def send(self, **params: object) -> Told:
        wish = {"peer_ids": self.person, "random_id": 0, "message": "да"} | params
        receipts = await self.good("messages.send", **wish)
        assert isinstance(receipts, list)
        receipt: Told = receipts[0]
        return receipt

    async def refused(self, **params: object) -> int:
        wish = {"peer_id": self.person, "random_id": 0, "message": "да"} | params
        return await self.bad("messages.send", **wish)

    async def act(self, act: str, **fields: object) -> Told:
        return await self.control(f"/people/{self.person}/{act}", fields)

    async def control(self, path: str, body: object = None) -> Told:
        address = f"{self.url}/control/vk/accounts/{self.community.id}{path}"
        async with self.session.post(address, json=body or {}) as answer:
            read: Told = await answer.json()
            assert answer.ok, read
            return read

    async def subscribe(self, **events: int) -> None:
        ours = {"group_id": self.community.group}
        server = await self.good("groups.addCallbackServer", **ours, url=self.hook, title="Лавка",
                                 secret_key=SECRET)  # fmt: skip
        assert isinstance(server, dict)
        await self.good("groups.setCallbackSettings", **ours, **server, **events)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with run(Settings(retry_scale=0.0001, webhook_timeout_s=1.0), (PLATFORM,)) as sandbox:
        yield sandbox


@pytest.fixture
async def shop(running: Running) -> AsyncIterator[Shop]:
    async with aiohttp.ClientSession() as session:
        account = {"id": "220000777", "token": TOKEN, "username": "tea"}
        async with session.post(f"{running.url}/control/vk/accounts", json=account) as made:
            assert made.status == 201
        async with session.post(f"{running.url}/control/people", json={"first_name": "Ира"}) as p:
            person = (await p.json())["id"]
        community = running.sandbox.messengers["vk"][1].accounts["220000777"]
        assert isinstance(community, Community)
        shop = Shop(session, running.url, "", community, person)
        app = web.Application()
        app.router.add_post("/hook", shop.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        shop.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await shop.act("text", text="Здравствуйте")
        yield shop
        await runner.cleanup()


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"access_token": "nobody"}, 5),
        ({"access_token": None}, 5),
        ({"v": None}, 8),
        ({"random_id": None}, 100),
        ({"random_id": "soon"}, 100),
        ({"random_id": 2**31}, 100),
        ({"peer_id": None}, 100),
        ({"peer_id": "Ира"}, 100),
        ({"user_id": 1}, 100),
        ({"peer_id": 5}, 936),
        ({"message": " "}, 100),
        ({"message": "я" * 4097}, 914),
        ({"mesage": "да"}, 100),
        ({"attachment": "photo1_2"}, 100),
        ({"attachment": ",".join(["photo1_2"] * 11)}, 100),
        ({"lat": 91, "long": 0}, 100),
        ({"lat": 1}, 100),
        ({"payload": "not json"}, 100),
        ({"payload": json.dumps({"p": "a" * 1000})}, 100),
        ({"forward": '{"peer_id":1}'}, 100),
        ({"format_data": '{"version":1,"items":[{"type":"bold","offset":1,"length":5}]}'}, 100),
        ({"format_data": '{"version":1,"items":[{"type":"glow","offset":0,"length":1}]}'}, 100),
        ({"format_data": "bold"}, 100),
    ],
)
async def test_messages_vk_would_refuse_are_refused(shop: Shop, params: Told, code: int) -> None:
    assert await shop.refused(**params) == code


def key(kind: str = "callback", **action: object) -> Told:
    plain: Told = {"label": "Да", "payload": "{}"} if kind in {"text", "callback"} else {}
    return {"action": {"type": kind} | plain | action}


@pytest.mark.parametrize(
    "board",
    [
        "buttons",
        [],
        {},
        {"buttons": []},
        {"buttons": [[]]},
        {"buttons": [[key()]], "one_time": True},
        {"buttons": [[key()]], "strange": 1},
        {"buttons": [[key()] * 5]},
        {"buttons": [[key()] * 4] * 3},
        {"buttons": [[key()]] * 7},
        {"buttons": [[key("open_link", label="x", link="https://a.example")] * 3]},
        {"buttons": [[key("open_link", label="x", link="tel:1")]]},
        {"buttons": [[key("location", label="Где?")]]},
        {"buttons": [[key("poke")]]},
        {"buttons": [[key(label="")]]},
        {"buttons": [[key(label="я" * 41)]]},
        {"buttons": [[key(payload="not json")]]},
        {"buttons": [[key(payload=json.dumps("a" * 254))]]},
        {"buttons": [[key(payload="")]]},
        {"buttons": [[key() | {"color": "pink"}]]},
        {"buttons": [[key("location") | {"color": "primary"}]]},
    ],
)
async def test_keyboards_vk_would_refuse_are_refused(shop: Shop, board: object) -> None:
    told = {"inline": True, **board} if isinstance(board, dict) else board
    assert await shop.refused(keyboard=json.dumps(told)) == 911


def card(**parts: object) -> Told:
    return {"title": "Пуэр", "description": "2019", "buttons": [key()]} | parts


@pytest.mark.parametrize(
    "elements",
    [
        [],
        [card()] * 11,
        [card(buttons=[])],
        [card(buttons=[key()] * 4)],
        [card(title="я" * 81)],
        [card(description="я" * 81)],
        [card(photo_id="-1_2")],
        [card(), card(buttons=[key(), key()])],
        [card(price=5)],
    ],
)
async def test_carousels_vk_would_refuse_are_refused(shop: Shop, elements: object) -> None:
    template = json.dumps({"type": "carousel", "elements": elements})
    assert await shop.refused(template=template) == 100


async def test_a_carousel_needs_words_beside_it(shop: Shop) -> None:
    template = json.dumps({"type": "carousel", "elements": [card(), card()]})
    assert await shop.refused(template=template, message=None) == 100
    await shop.send(template=template)


async def test_methods_and_rights_are_known(shop: Shop) -> None:
    assert await shop.bad("messages.invent") == 3
    assert await shop.bad("groups.getCallbackServers", group_id=1) == 15
    shop.community.rights.discard("manage")
    assert await shop.bad("groups.getCallbackServers", group_id=shop.community.id) == 15
    await shop.control("/revoked", {"on": True})
    assert await shop.bad("users.get", user_ids=shop.person) == 5


async def test_a_random_id_makes_a_message_one(shop: Shop) -> None:
    first = await shop.send(random_id=7)
    assert await shop.send(random_id=7) == first
    assert await shop.send(random_id=8) != first
    assert await shop.send(random_id=0) != await shop.send(random_id=0)


async def test_several_receivers_have_their_own_errors(shop: Shop) -> None:
    receipts = await shop.good("messages.send", peer_ids=f"{shop.person},5", random_id=1,
                               message="да")  # fmt: skip
    assert isinstance(receipts, list)
    assert receipts[0]["conversation_message_id"] == 2
    assert receipts[1]["error"]["code"] == 936
    told = {"peer_ids": shop.person, "peer_id": None, "message": "я" * 4097}
    assert await shop.refused(**told) == 914  # of the message, so of the whole call


async def test_old_messages_can_be_neither_edited_nor_deleted(shop: Shop) -> None:
    number = (await shop.send())["conversation_message_id"]
    peer = {"peer_id": shop.person}
    await shop.good("messages.edit", **peer, cmid=number, message="нет")
    chat = shop.community.chats[str(shop.person)]
    message = chat.messages[str(number)]
    chat.change(replace(message, at=message.at - 86_401))
    assert await shop.bad("messages.edit", **peer, cmid=number, message="да") == 909
    deleted = await shop.good("messages.delete", **peer, cmids=number, delete_for_all=1)
    assert isinstance(deleted, list)
    assert deleted[0]["error"]["code"] == 924
    assert await shop.bad("messages.edit", **peer, cmid=1, message="чужое") == 100


async def test_a_press_is_answered_once_and_in_time(shop: Shop) -> None:
    board = json.dumps({"inline": True, "buttons": [[key(payload='{"a":1}')]]})
    number = (await shop.send(keyboard=board))["conversation_message_id"]
    pressed = await shop.act("press", message_id=str(number), button="Да")
    result = pressed["result"]
    assert isinstance(result, dict)
    answer = {"event_id": result["press_id"], "user_id": shop.person, "peer_id": shop.person}
    shown = json.dumps({"type": "show_snackbar", "text": "я" * 91})
    assert await shop.bad("messages.sendMessageEventAnswer", **answer, event_data=shown) == 100
    chat = shop.community.chats[str(shop.person)]
    chat.facts[f"pressed {result['press_id']}"] = "0"
    assert await shop.bad("messages.sendMessageEventAnswer", **answer) == 100


async def test_an_address_that_does_not_know_the_code_gets_nothing(shop: Shop) -> None:
    shop.community.code, known = "another", shop.community.code
    ours = {"group_id": shop.community.group, "url": shop.hook, "title": "Лавка"}
    await shop.good("groups.addCallbackServer", **ours, secret_key=SECRET)
    assert shop.community.code != known
    broken = {**ours, "url": "http://127.0.0.1:9/hook"}
    await shop.good("groups.addCallbackServer", **broken, secret_key=SECRET)
    good, lost = shop.community.servers.values()
    assert (good.status, lost.status) == ("ok", "failed")
    long = {**ours, "title": "Пятнадцать букв"}
    assert await shop.bad("groups.addCallbackServer", **long, secret_key=SECRET) == 100


async def test_only_ticked_events_come_each_with_the_secret(shop: Shop) -> None:
    await shop.subscribe(message_new=1)
    await shop.act("typing")
    await shop.act("text", text="Чай?")
    await until(lambda: len(shop.came) >= 1)
    (event,) = shop.came
    assert (event["type"], event["secret"], event["v"]) == ("message_new", SECRET, "5.199")


async def test_only_ok_counts_and_repeats_are_numbered(shop: Shop) -> None:
    await shop.subscribe(message_new=1)
    shop.answers = [web.Response(text="OK"), web.Response(status=503), web.Response(text="ok\n")]
    await shop.act("text", text="Чай?")
    await until(lambda: len(shop.came) >= 4)
    assert shop.counters == ["", "1", "2", "3"]
    assert len({str(event["event_id"]) for event in shop.came}) == 1


async def test_a_server_that_goes_on_failing_is_given_up(shop: Shop) -> None:
    await shop.subscribe(message_new=1)
    (server,) = shop.community.servers.values()
    shop.answers = [web.Response(status=410)]
    await shop.act("text", text="Чай?")
    await until(lambda: server.status == "failed")
    await shop.act("text", text="Есть кто?")
    ours = {"group_id": shop.community.group, "server_id": server.id}
    await shop.good("groups.editCallbackServer", **ours, url=shop.hook, title="Лавка",
                    secret_key=SECRET)  # fmt: skip
    await shop.act("text", text="Снова я")
    await until(lambda: len(shop.came) >= 2)
    assert "Снова я" in str(shop.came[1])  # what came between is lost, as with VK


async def test_the_long_poll_tells_what_to_renew(shop: Shop) -> None:
    ours = {"group_id": shop.community.group}
    assert await shop.bad("groups.getLongPollServer", **ours) == 100
    await shop.good("groups.setLongPollSettings", **ours, enabled=1, message_new=1)
    line = await shop.good("groups.getLongPollServer", **ours)
    assert isinstance(line, dict)

    async def ask(**more: object) -> Told:
        query = {"act": "a_check", "key": line["key"], "ts": line["ts"], "wait": 5} | more
        address = line["server"]
        async with shop.session.get(address, params=query) as answer:
            read: Told = await answer.json(content_type=None)
            return read

    waiting = asyncio.create_task(ask())
    await shop.act("text", text="Чай?")
    told = await waiting
    assert "Чай?" in str(told["updates"])
    assert "secret" not in str(told["updates"])
    assert await ask(key="old") == {"failed": 2}
    assert await ask(ts="999") == {"failed": 1, "ts": told["ts"]}
    assert await ask(ts="soon") == {"failed": 3}


async def test_uploads_are_looked_at(shop: Shop) -> None:
    async def bring(method: str, name: str, content: bytes, **params: object) -> Told:
        server = await shop.good(method, peer_id=shop.person, **params)
        assert isinstance(server, dict)
        form = aiohttp.FormData()
        form.add_field("photo" if "photos" in method else "file", content, filename=name)
        async with shop.session.post(server["upload_url"], data=form) as answer:
            read: Told = await answer.json()
            return read

    photos, docs = "photos.getMessagesUploadServer", "docs.getMessagesUploadServer"
    assert (await bring(photos, "a.jpg", samples.content("price.pdf")))["photo"] == "[]"
    assert (await bring(photos, "a.webp", samples.content("cup.webp")))["photo"] == "[]"
    assert "error" in await bring(docs, "a.mp3", b"ID3 sound")
    assert "error" in await bring(docs, "a.bin", b"MZ program")
    assert "error" in await bring(docs, "a.ogg", b"no sound", type="audio_message")
    taken = await bring(photos, "a.jpg", samples.content("tea-cup.jpg"))
    assert await shop.bad("photos.saveMessagesPhoto", **taken | {"hash": "0"}) == 121
    assert await shop.bad("photos.saveMessagesPhoto", **taken | {"server": "1"}) == 118
    await shop.good("photos.saveMessagesPhoto", **taken)
    assert await shop.bad("docs.save", file="somebody|elses|file") == 105


async def test_limits_hold_when_they_are_asked_for(shop: Shop) -> None:
    rates = {"overall": {"per_second": 0.01, "burst": 1}}
    await shop.control("/limits", {"on": True, "rates": rates})
    await shop.send()
    assert await shop.refused() == 6
