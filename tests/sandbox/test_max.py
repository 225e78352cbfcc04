"""MAX's server side: what it refuses, how it delivers, when it lets go."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from sandbox.max import PLATFORM
from sandbox.server import Settings, run
from tests.sandbox.conftest import until

TOKEN = "an-invented-token-of-max"
SECRET = "invented-secret"
Json = dict[str, object]


@dataclass
class Bot:
    """A business's end of MAX."""

    session: aiohttp.ClientSession
    url: str
    person: int = 0
    chat: int = 0
    hook: str = ""
    status: int = 200
    came: list[tuple[str, Json]] = field(default_factory=list)

    async def call(
        self, method: str, path: str, body: object = None, **query: object
    ) -> tuple[int, Json]:
        token = str(query.pop("token", TOKEN))
        headers = {"authorization": token} if token else {}
        params = {name: str(value) for name, value in query.items()}
        address = f"{self.url}/max{path}"
        async with self.session.request(
            method, address, json=body, params=params, headers=headers
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def send(self, **body: object) -> tuple[int, object]:
        """Send a message; give the status and the code or the mid."""
        status, told = await self.call("POST", "/messages", body, chat_id=self.chat)
        if status != 200:
            return status, told["code"]
        message = told["message"]
        assert isinstance(message, dict)
        return status, message["body"]["mid"]

    async def order(self, path: str, body: object = None, method: str = "POST") -> Json:
        address = f"{self.url}/control/max/accounts{path}"
        async with self.session.request(method, address, json=body or {}) as answer:
            read: Json = await answer.json()
            assert answer.ok, read
            return read

    async def act(self, name: str, **fields: object) -> None:
        await self.order(f"/101/people/{self.person}/{name}", fields)

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Max-Bot-Api-Secret", "")
        self.came.append((secret, await request.json()))
        return web.Response(status=self.status)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    settings = Settings(retry_scale=0.0001, webhook_timeout_s=1.0)
    async with run(settings, (PLATFORM,)) as running, aiohttp.ClientSession() as session:
        bot = Bot(session, running.url)
        await bot.order("", {"id": "101", "token": TOKEN})
        people = f"{running.url}/control/people"
        async with session.post(people, json={"first_name": "Ира"}) as said:
            bot.person = (await said.json())["id"]
        app = web.Application()
        app.router.add_post("/hook", bot.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bot.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await bot.act("start")
        _, listed = await bot.call("GET", "/chats")
        chats = listed["chats"]
        assert isinstance(chats, list)
        bot.chat = chats[0]["chat_id"]
        yield bot
        await runner.cleanup()


def keys(*rows: list[Json]) -> list[Json]:
    return [{"type": "inline_keyboard", "payload": {"buttons": list(rows)}}]


CALL: Json = {"type": "callback", "text": "Да", "payload": "yes"}
LINK: Json = {"type": "link", "text": "Сайт", "url": "https://example.org"}
PLACE: Json = {"type": "location", "latitude": 56.0, "longitude": 92.9}
CARD: Json = {"type": "contact", "payload": {"name": "Лавка", "vcf_phone": "+70000000000"}}


@pytest.mark.parametrize("token", ["", "somebody-elses", f"Bearer {TOKEN}"])
async def test_the_token_stands_in_its_header_as_it_is(bot: Bot, token: str) -> None:
    status, told = await bot.call("GET", "/me", token=token)
    assert (status, told["code"]) == (401, "verify.token")
    status, _ = await bot.call("GET", "/me", token="", access_token=TOKEN)
    assert status == 401


@pytest.mark.parametrize("body", [
    {},
    {"text": "  "},
    {"text": 5},
    {"text": "я" * 4001},
    {"text": "🫖" * 2001},
    {"text": "Да", "format": "bbcode"},
    {"text": "Да", "notify": "no"},
    {"text": "Да", "attachments": "all"},
    {"attachments": [{"type": "hologram"}]},
    {"attachments": [{"type": "location", "latitude": 91, "longitude": 0}]},
    {"attachments": [{"type": "file", "payload": {"token": "nobody's"}}]},
    {"attachments": [{"type": "image", "payload": {}}]},
    {"attachments": [{"type": "image", "payload": {"url": "https://example.org/a.jpg"}}]},
    {"attachments": [{"type": "image", "payload": {"token": "a", "url": "b"}}]},
    {"attachments": [{"type": "sticker", "payload": {"code": "nobody's"}}]},
    {"attachments": [CARD, PLACE]},
    {"text": "Да", "attachments": keys()},
    {"text": "Да", "attachments": keys([CALL] * 8)},
    {"text": "Да", "attachments": keys([LINK] * 4)},
    {"text": "Да", "attachments": keys([CALL] * 3 + [LINK])},
    {"text": "Да", "attachments": keys(*[[CALL]] * 31)},
    {"text": "Да", "attachments": keys([CALL | {"text": ""}])},
    {"text": "Да", "attachments": keys([CALL | {"text": "я" * 129}])},
    {"text": "Да", "attachments": keys([CALL | {"payload": "a" * 1025}])},
    {"text": "Да", "attachments": keys([LINK | {"url": "https://" + "a" * 2048}])},
    {"text": "Да", "attachments": keys([{"type": "callback", "text": "Без груза"}])},
    {"text": "Да", "link": {"type": "quote", "mid": "m"}},
])  # fmt: skip
async def test_a_message_that_max_does_not_take_is_refused(bot: Bot, body: Json) -> None:
    assert await bot.send(**body) == (400, "proto.payload")


@pytest.mark.parametrize("body", [
    {"text": "я" * 4000},
    {"text": "🫖" * 2000, "attachments": None},
    {"attachments": [CARD], "link": None},
    {"text": "Здесь", "attachments": [PLACE, *keys([CALL] * 7, [LINK] * 3)]},
    {"text": "Да", "attachments": keys(*[[CALL] * 7] * 30)},
    {"text": "<b>Да</b>", "format": "html", "notify": False},
])  # fmt: skip
async def test_a_message_at_the_limit_is_taken(bot: Bot, body: Json) -> None:
    status, _ = await bot.send(**body)
    assert status == 200


async def test_one_receiver_must_be_named_and_known(bot: Bot) -> None:
    body = {"text": "Да"}
    assert (await bot.call("POST", "/messages", body))[0] == 400
    assert (await bot.call("POST", "/messages", body, chat_id=1, user_id=1))[0] == 400
    status, told = await bot.call("POST", "/messages", body, user_id=404)
    assert (status, told["code"]) == (404, "dialog.not.found")
    status, told = await bot.call("POST", "/messages", body, chat_id=404)
    assert (status, told["code"]) == (404, "chat.not.found")
    assert (await bot.call("POST", "/messages", body, user_id=bot.person))[0] == 200


async def test_what_does_not_exist_is_not_allowed(bot: Bot) -> None:
    assert (await bot.call("GET", "/stickers"))[1]["code"] == "method.not.allowed"
    assert (await bot.call("POST", "/uploads", type="hologram"))[0] == 400
    assert (await bot.call("POST", f"/chats/{bot.chat}/actions", {"action": "dancing"}))[0] == 400
    assert (await bot.call("GET", "/updates", limit=1001))[0] == 400
    assert (await bot.call("GET", "/updates", timeout=91))[0] == 400
    assert (await bot.call("POST", "/answers", {}, callback_id=" "))[0] == 400


async def test_html_and_markdown_become_marks(bot: Bot) -> None:
    body = {"text": "🫖 <b>Да</b> &lt;3 <a href='https://example.org'>сайт</a>", "format": "html"}
    await bot.send(**body)
    await bot.send(text="**Да** и _нет_ [сайт](https://example.org)", format="markdown")
    chat = await bot.order(f"/101/people/{bot.person}/chat", method="GET")
    shown = chat["messages"]
    assert isinstance(shown, list)
    html, markdown = shown
    assert html["text"] == "🫖 Да <3 сайт"
    assert html["marks"][0] == {"type": "bold", "offset": 3, "length": 2}
    assert markdown["text"] == "Да и нет сайт"
    assert [mark["type"] for mark in markdown["marks"]] == ["bold", "italic", "link"]


@pytest.mark.parametrize("wrong", [
    {"url": "http://desk.example.org/hook"},
    {"url": "https://desk.example.org/hook", "secret": "four"},
    {"url": "https://desk.example.org/hook", "secret": "with space"},
    {"url": 5},
    {},
])  # fmt: skip
async def test_a_webhook_is_https_with_a_plain_secret(bot: Bot, wrong: Json) -> None:
    assert (await bot.call("POST", "/subscriptions", wrong))[0] == 400


async def test_only_200_counts_and_the_secret_comes_with_every_try(bot: Bot) -> None:
    bot.status = 204
    await bot.call("POST", "/subscriptions", {"url": bot.hook, "secret": SECRET})
    await bot.act("text", text="Есть улун?")
    await until(lambda: len(bot.came) >= 2)
    bot.status = 200
    assert {secret for secret, _ in bot.came} == {SECRET}
    assert bot.came[0] == bot.came[1]
    assert bot.came[0][1]["update_type"] == "message_created"


async def test_a_webhook_that_fails_for_eight_hours_is_let_go(bot: Bot) -> None:
    bot.status = 500
    await bot.call("POST", "/subscriptions", {"url": bot.hook})
    await bot.act("text", text="Есть улун?")
    left: object = "?"
    while left:
        left = (await bot.call("GET", "/subscriptions"))[1]["subscriptions"]
    assert bot.came[0][0] == ""


async def test_a_webhook_gets_only_the_kinds_it_asked_for(bot: Bot) -> None:
    wanted = {"url": bot.hook, "update_types": ["message_callback", "bot_stopped"]}
    await bot.call("POST", "/subscriptions", wanted)
    await bot.act("text", text="Ау")
    await bot.act("block")
    await until(lambda: bool(bot.came))
    assert [update["update_type"] for _, update in bot.came] == ["bot_stopped"]


async def test_two_messages_a_second_go_into_one_chat(bot: Bot) -> None:
    await bot.order("/101/limits", {"on": True})
    told = [await bot.send(text="Да") for _ in range(4)]
    assert (429, "too.many.requests") in told
    assert [status for status, _ in told[:2]] == [200, 200]


async def test_a_stopped_bot_and_a_stranger_are_told_apart(bot: Bot) -> None:
    await bot.act("block")
    assert await bot.send(text="Да") == (403, "chat.denied")
    status, chat = await bot.call("GET", f"/chats/{bot.chat}")
    assert (status, chat["status"]) == (200, "suspended")


async def test_somebody_elses_message_is_neither_edited_nor_deleted(bot: Bot) -> None:
    await bot.act("text", text="Моё")
    _, page = await bot.call("GET", "/messages", chat_id=bot.chat)
    listed = page["messages"]
    assert isinstance(listed, list)
    mid = listed[0]["body"]["mid"]
    assert listed[0]["body"]["seq"] > 2**53
    assert (await bot.call("PUT", "/messages", {"text": "Наше"}, message_id=mid))[0] == 403
    assert (await bot.call("DELETE", "/messages", message_id=mid))[0] == 403
    assert (await bot.call("DELETE", "/messages", message_id="mid.none"))[0] == 404


async def test_an_edit_keeps_the_buttons_unless_told(bot: Bot) -> None:
    _, mid = await bot.send(text="Да", attachments=keys([CALL]))
    await bot.call("PUT", "/messages", {"text": "Нет"}, message_id=mid)
    _, kept = await bot.call("GET", f"/messages/{mid}")
    assert "inline_keyboard" in str(kept)
    await bot.call("PUT", "/messages", {"text": "Нет", "attachments": []}, message_id=mid)
    _, bare = await bot.call("GET", f"/messages/{mid}")
    assert "inline_keyboard" not in str(bare)
