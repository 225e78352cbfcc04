"""Odnoklassniki's server side: what it refuses, how it delivers, when it lets go."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from sandbox.ok import PLATFORM
from sandbox.server import Settings, run
from tests.sandbox.conftest import until

TOKEN = "tknInvented:CQINVENTED"
Json = dict[str, object]


@dataclass
class Group:
    """A business's end of Odnoklassniki."""

    session: aiohttp.ClientSession
    url: str
    person: int = 0
    chat: str = ""
    hook: str = ""
    status: int = 200
    came: list[Json] = field(default_factory=list)

    async def call(
        self, method: str, path: str, body: object = None, *, token: str = TOKEN, **query: str
    ) -> Json:
        params = {"access_token": token, **query}
        address = f"{self.url}/ok{path}"
        async with self.session.request(method, address, json=body, params=params) as answer:
            assert answer.status == 200
            told: Json = await answer.json(content_type=None)
            return told

    async def send(self, message: object, **recipient: object) -> Json:
        body = {"recipient": recipient or {"chat_id": self.chat}, "message": message}
        return await self.call("POST", f"/graph/me/messages/{self.chat}", body)

    async def order(self, path: str, body: object = None, method: str = "POST") -> Json:
        address = f"{self.url}/control/ok/accounts{path}"
        async with self.session.request(method, address, json=body or {}) as answer:
            read: Json = await answer.json()
            assert answer.ok, read
            return read

    async def act(self, name: str, **fields: object) -> None:
        await self.order(f"/101/people/{self.person}/{name}", fields)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(await request.json())
        return web.Response(status=self.status)


@pytest.fixture
async def group() -> AsyncIterator[Group]:
    settings = Settings(retry_scale=0.0001, webhook_timeout_s=1.0)
    async with run(settings, (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        group = Group(session, running.url)
        await group.order("", {"id": "101", "token": TOKEN})
        people = f"{running.url}/control/people"
        async with session.post(people, json={"first_name": "Ира"}) as said:
            group.person = (await said.json())["id"]
        app = web.Application()
        app.router.add_post("/hook", group.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        group.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await group.act("text", text="Здравствуйте")
        chats = (await group.call("GET", "/graph/me/chats"))["chats"]
        assert isinstance(chats, list)
        group.chat = chats[0]["chat_id"]
        yield group
        await runner.cleanup()


def keys(*rows: list[Json]) -> list[Json]:
    return [{"type": "INLINE_KEYBOARD", "payload": {"keyboard": {"buttons": list(rows)}}}]


CALL: Json = {"type": "CALLBACK", "text": "Да", "payload": "yes", "intent": "DEFAULT"}
LINK: Json = {"type": "LINK", "text": "Сайт", "url": "https://example.org"}


@pytest.mark.parametrize("token", ["", "somebody-elses"])
async def test_a_key_that_nobody_has_is_expired(group: Group, token: str) -> None:
    assert (await group.call("GET", "/graph/me/info", token=token))["error_code"] == 102


@pytest.mark.parametrize("message", [
    {},
    {"text": " "},
    {"text": 5},
    {"text": "я" * 4001},
    {"text": "Да", "attachment": LINK},
    {"text": "Да", "attachments": keys([CALL]) * 6},
    {"text": "Да", "attachment": keys([CALL])[0], "attachments": keys([CALL])},
    {"attachments": [{"type": "IMAGE", "payload": {"token": "nobody's"}}]},
    {"attachments": [{"type": "HOLOGRAM", "payload": {}}]},
    {"text": "Да", "attachments": keys()},
    {"text": "Да", "attachments": keys([])},
    {"text": "Да", "attachments": keys([CALL] * 8)},
    {"text": "Да", "attachments": keys([CALL | {"text": ""}])},
    {"text": "Да", "attachments": keys([CALL | {"payload": "a" * 1025}])},
    {"text": "Да", "attachments": keys([CALL | {"intent": "LOUD"}])},
    {"text": "Да", "attachments": [{"type": "INLINE_KEYBOARD", "payload": {"buttons": [[CALL]]}}]},
])  # fmt: skip
async def test_a_message_that_is_not_as_it_should_be_is_refused(
    group: Group, message: Json
) -> None:
    assert (await group.send(message))["error_code"] == 100


async def test_a_message_needs_its_chat_and_its_content_type(group: Group) -> None:
    assert (await group.send({"text": "Да"}))["success"] is True
    assert (await group.send({"text": "Да"}, chat_id="chat:C0"))["error_code"] == 100
    both = {"chat_id": group.chat, "user_id": "user:1"}
    assert (await group.send({"text": "Да"}, **both))["error_code"] == 100
    url = f"{group.url}/ok/graph/me/messages/{group.chat}?access_token={TOKEN}"
    async with group.session.post(url, data=b'{"recipient":{}}') as answer:
        assert (await answer.json())["error_code"] == 4
    assert (await group.call("POST", "/graph/me/dance", {}))["error_code"] == 3


async def test_people_are_written_to_as_far_as_they_allow(group: Group) -> None:
    people = [f"user:{group.person}", "user:404"]
    body = {"recipient": {"user_ids": people}, "message": {"text": "Да"}}
    told = await group.call("POST", "/graph/me/messages", body)
    assert told == {"success": [True, False], "chat_ids": [group.chat, None]}
    await group.act("block")
    assert (await group.send({"text": "Да"}))["error_code"] == 10


async def test_only_200_counts_and_an_address_that_fails_is_let_go(group: Group) -> None:
    group.status = 500
    await group.call("POST", "/graph/me/subscribe", {"url": group.hook})
    await group.act("text", text="Есть улун?")
    await until(lambda: len(group.came) >= 2)
    assert group.came[0] == group.came[1]
    assert group.came[0]["webhookType"] == "MESSAGE_CREATED"
    left: object = "?"
    while left:
        left = (await group.call("GET", "/graph/me/subscriptions"))["subscriptions"]


async def test_numbers_of_messages_are_over_what_javascript_keeps(group: Group) -> None:
    history = (await group.call("GET", f"/graph/me/messages/{group.chat}", count="1"))["messages"]
    assert isinstance(history, list)
    assert history[0]["message"]["seq"] > 2**53
    assert history[0]["sender"]["name"] == "Ира"
    assert (await group.call("GET", "/graph/me/messages/chat:C0"))["error_code"] == 300
    assert (await group.call("GET", f"/graph/{group.chat}/messages", count="0"))[
        "error_code"
    ] == 100
    assert "url" in await group.call("GET", f"/graph/{group.chat}/url")
    assert (await group.call("GET", f"/graph/me/chat/{group.chat}"))["type"] == "GROUP_CHAT"


async def test_polls_and_webhooks_are_asked_for_as_they_should_be(group: Group) -> None:
    assert (await group.call("GET", "/graph/me/updates"))["error_code"] == 4
    wrong = {"types": ["SOMETHING"], "longPolling": True}
    assert (await group.call("POST", "/graph/me/subscribe", wrong))["error_code"] == 100
    assert (await group.call("POST", "/graph/me/subscribe", {"url": "ftp://x"}))[
        "error_code"
    ] == 100
    told = await group.call("POST", "/graph/me/unsubscribe", {"url": "https://example.org"})
    assert told == {"success": False}


async def test_five_messages_a_second_are_the_most(group: Group) -> None:
    await group.order("/101/limits", {"on": True})
    told = [await group.send({"text": "Да"}) for _ in range(8)]
    assert told[-1]["error_code"] == 8
