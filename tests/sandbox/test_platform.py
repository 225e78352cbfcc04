"""The shared half of every messenger, tried with an invented one over real HTTP."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from sandbox.server import Running, Settings, run
from sandbox.tea_shop import CUSTOMERS
from tests.sandbox.conftest import until
from tests.sandbox.starling import SECRET, STARLING

TOKEN = "an-invented-token-of-starling"


@dataclass
class Shop:
    """A business's end: its webhook and its calls, and the orders a test gives."""

    session: aiohttp.ClientSession
    url: str
    hook: str = ""
    came: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    person: int = 0

    async def take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = await request.json()
        if body == {"event": "hello"}:
            return web.Response(text="tweet")
        signed = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        assert request.headers["X-Starling-Signature"] == signed
        self.came.append(body)
        self.headers.append(dict(request.headers))
        return self.answers.pop(0) if self.answers else web.Response(text="tweet")

    async def call(self, method: str, /, **fields: object) -> tuple[int, object]:
        address = f"{self.url}/starling/{method}"
        headers = {"X-Starling-Token": str(fields.pop("token", TOKEN))}
        async with self.session.post(address, json=fields, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def send(self, text: str = "да", **fields: object) -> tuple[int, object]:
        return await self.call("v1/send", to=f"nest-{self.person}", text=text, **fields)

    async def order(
        self, path: str, body: object = None, *, method: str = "POST", status: int | None = None
    ) -> dict[str, object]:
        address = f"{self.url}/control/starling/accounts{path}"
        async with self.session.request(method, address, json=body or {}) as answer:
            read: dict[str, object] = await answer.json()
            assert answer.status == status if status else answer.ok, read
            return read

    async def look(self, path: str) -> list[dict[str, object]]:
        async with self.session.get(f"{self.url}/control/{path}") as answer:
            read: list[dict[str, object]] = await answer.json()
            assert answer.ok, read
            return read

    async def act(
        self, name: str, *, status: int | None = None, **fields: object
    ) -> dict[str, object]:
        path = f"/nest/people/{self.person}/{name}"
        answer = await self.order(path, fields, status=status)
        result = answer.get("result", answer)
        return result if isinstance(result, dict) else {"result": result}

    async def chat(self) -> dict[str, object]:
        return await self.order(f"/nest/people/{self.person}/chat", method="GET")

    async def wait(self, count: int) -> None:
        await until(lambda: len(self.came) >= count)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    settings = Settings(retry_scale=0.001, webhook_timeout_s=1.0)
    async with run(settings, (STARLING,)) as sandbox:
        yield sandbox


@pytest.fixture
async def shop(running: Running) -> AsyncIterator[Shop]:
    async with aiohttp.ClientSession() as session:
        shop = Shop(session, running.url)
        app = web.Application()
        app.router.add_post("/hook", shop.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        shop.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await shop.order("", {"id": "nest", "token": TOKEN})
        async with session.post(
            f"{running.url}/control/people", json={"first_name": "Ира"}
        ) as said:
            shop.person = (await said.json())["id"]
        status, _ = await shop.call("subscribe", url=shop.hook)
        assert status == 200
        yield shop
        await runner.cleanup()


async def test_a_message_comes_signed_and_gets_its_second_tick(shop: Shop) -> None:
    said = await shop.act("text", text="Есть ли улун?")
    await shop.wait(1)
    assert shop.came[0] == {
        "event": "said",
        "from": f"nest-{shop.person}",
        "id": said["id"],
        "text": "Есть ли улун?",
        "files": [],
    }
    chat: dict[str, object] = {}
    while not str(chat).count("delivered"):
        chat = await shop.chat()
    messages = chat["messages"]
    assert isinstance(messages, list)
    assert messages[0]["status"] == "delivered"


async def test_what_the_webhook_does_not_take_is_tried_again_and_then_given_up(shop: Shop) -> None:
    shop.answers = [web.Response(status=503), web.Response(text="ok"), web.Response(text="tweet")]
    await shop.act("text", text="раз")
    await shop.wait(3)
    assert [h["X-Starling-Attempt"] for h in shop.headers] == ["1", "2", "3"]
    shop.answers = [web.Response(status=500) for _ in range(3)]
    await shop.act("text", text="два")
    await shop.wait(6)
    card: dict[str, object] = {"webhooks": "?"}
    while card["webhooks"]:
        card = await shop.order("/nest", method="GET")
    log = await shop.look("starling/accounts/nest/deliveries")
    assert log == []  # the platform dropped the webhook, as its rules say


async def test_one_persons_messages_keep_their_order(shop: Shop) -> None:
    shop.answers = [web.Response(status=503)]
    for text in ("раз", "два", "три"):
        await shop.act("text", text=text)
    await shop.wait(4)
    assert [body["text"] for body in shop.came] == ["раз", "раз", "два", "три"]


async def test_the_business_answers_and_the_person_presses_and_taps(shop: Shop) -> None:
    await shop.act("start", payload="autumn")
    await shop.wait(1)
    assert shop.came[0] == {
        "event": "started",
        "from": f"nest-{shop.person}",
        "payload": "autumn",
    }
    await shop.act("text", text="привет")
    status, answer = await shop.send("выбирайте", buttons=["Да", "Нет"], keys=["Позже"])
    assert status == 200
    assert isinstance(answer, dict)
    pressed = await shop.act("press", message_id=answer["id"], button="Да")
    await shop.act("tap", text="Позже")
    await shop.act("react", message_id=answer["id"], emoji="👍")
    await shop.act("read")
    await shop.act("read")
    await shop.wait(6)
    told = [(body["event"], body.get("data", body.get("text"))) for body in shop.came[2:]]
    assert told == [("pressed", "да"), ("said", "Позже"), ("reacted", None), ("read", None)]
    assert shop.came[2]["press"] == pressed["press_id"]
    chat = await shop.chat()
    assert chat["keyboard"] is None  # it was for one time
    assert str(chat["messages"]).count("👍") == 1


async def test_files_of_a_person_are_true_bytes(shop: Shop) -> None:
    sent = await shop.act("picture", sample="teapot.jpg", text="вот")
    files = sent["files"]
    assert isinstance(files, list)
    address = f"{shop.url}/control/starling/accounts/nest/files/{files[0]['id']}"
    async with shop.session.get(address) as answer:
        content = await answer.read()
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert len(content) == files[0]["size"]
    album = await shop.act("album", items=[{"sample": "picture-1.png"}, {"sample": "cup.webp"}])
    assert isinstance(album["files"], list)
    assert [one["name"] for one in album["files"]] == ["picture-1.png", "cup.webp"]


@pytest.mark.parametrize(
    ("act", "fields", "status", "detail"),
    [
        ("text", {"text": " "}, 409, "must not be empty"),
        ("text", {"text": "я" * 4097}, 409, "at most 4096"),
        ("text", {"text": 5}, 400, "Expected `str`"),
        ("press", {"message_id": "no"}, 409, "no message 'no'"),
        ("tap", {"text": "Да"}, 409, "no such button"),
        ("react", {"message_id": "1"}, 409, "no message '1'"),
        ("edit", {"message_id": "1", "text": "x"}, 409, "not one of the person's own"),
        ("picture", {"sample": "no.jpg"}, 409, "no sample 'no.jpg'"),
        ("picture", {"content": "AAAA"}, 409, "must be a PNG"),
        ("album", {"items": [{}]}, 409, "from 2 to 10"),
        ("order", {}, 404, "no act 'order'; known: text,"),
    ],
)
async def test_impossible_acts_are_explained(
    shop: Shop, act: str, fields: dict[str, object], status: int, detail: str
) -> None:
    problem = await shop.act(act, status=status, **fields)
    assert detail in str(problem["detail"])


async def test_the_world_refuses_what_the_messenger_would(shop: Shop) -> None:
    assert (await shop.call("v1/send", token="other", to="x", text="y"))[0] == 401
    assert await shop.send() == (403, {"error": "not_started"})
    await shop.act("text", text="привет")
    assert (await shop.send())[0] == 200
    await shop.act("age", seconds=86_500)
    assert await shop.send() == (403, {"error": "window"})
    await shop.act("text", text="я тут")
    await shop.act("block")
    assert await shop.send() == (403, {"error": "blocked"})
    assert "unblock" in str((await shop.act("text", text="эй", status=409))["detail"])
    await shop.act("unblock")
    await shop.order("/nest/revoked", {"on": True})
    assert await shop.send() == (401, {"error": "token"})
    journal = await shop.look("starling/accounts/nest/journal?method=send")
    assert [line.get("code") for line in journal] == [
        "not_started",
        "",
        "window",
        "blocked",
        "token",
    ]
    assert [line["person"] for line in journal] == [0, shop.person, 0, 0, 0]


async def test_limits_hold_when_they_are_asked_for(shop: Shop) -> None:
    await shop.act("text", text="привет")
    await shop.order("/nest/limits", {"on": True})
    assert [(await shop.send())[0] for _ in range(3)] == [200, 200, 429]
    await shop.order("/nest/limits", {"on": False})
    assert (await shop.send())[0] == 200


async def test_faults_strike_calls_in_the_messengers_own_words(shop: Shop) -> None:
    await shop.act("text", text="привет")
    rules = [
        {"kind": "too_many", "times": 1, "method": "send"},
        {"kind": "html", "times": 1},
        {"kind": "server_error", "times": 1, "status": 500},
        {"kind": "reset_after", "times": 1},
    ]
    await shop.order("/nest/faults", {"calls": rules})
    assert await shop.send() == (429, {"error": "too_many"})
    address = f"{shop.url}/starling/v1/send"
    async with shop.session.post(address, headers={"X-Starling-Token": TOKEN}) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    assert await shop.send() == (500, {"error": "server_error"})
    with pytest.raises(aiohttp.ClientError):
        await shop.send("потерялся ответ")
    chat = await shop.chat()
    assert "потерялся ответ" in str(chat["messages"])
    faults = [line["fault"] for line in await shop.look("starling/accounts/nest/journal")]
    assert faults[-4:] == ["too_many", "html", "server_error", "reset_after"]


async def test_faults_strike_deliveries(shop: Shop) -> None:
    await shop.order("/nest/faults", {"delivery": {"copies": 3}})
    await shop.act("text", text="трижды")
    await shop.wait(3)
    await shop.order("/nest/faults", {"delivery": {"lost_answers": 1}, "seed": 5})
    await shop.act("text", text="дважды")
    await shop.wait(5)
    await shop.order("/nest/faults", {"delivery": {"shuffle": 6}, "seed": 5})
    sent = [str(number) for number in range(6)]
    for text in sent:
        await shop.act("text", text=text)
    await shop.wait(11)
    came = [body["text"] for body in shop.came]
    assert came[:5] == ["трижды"] * 3 + ["дважды"] * 2
    assert sorted(map(str, came[5:])) == sent
    await shop.order("/nest/faults", method="DELETE")


async def test_many_people_write_at_once_and_in_order(shop: Shop) -> None:
    order = {"people": 10, "messages": 5, "text": "{n}"}
    job = await shop.order("/nest/bulk", order, status=202)
    await shop.wait(50)
    by_person: dict[object, list[object]] = {}
    for body in shop.came:
        by_person.setdefault(body["from"], []).append(body["text"])
    assert len(by_person) == 10
    assert all(texts == ["1", "2", "3", "4", "5"] for texts in by_person.values())
    first = job["first_person"]
    assert f"nest-{first}" in by_person


async def test_a_raw_body_goes_out_byte_for_byte(shop: Shop) -> None:
    address = f"{shop.url}/control/starling/accounts/nest/inject?kind=strange"
    async with shop.session.post(address, data=b'{"event" : "strange"}') as answer:
        assert answer.status == 201
    await shop.wait(1)
    assert shop.came == [{"event": "strange"}]


async def test_the_page_learns_which_messengers_there_are(shop: Shop) -> None:
    telegram, starling = await shop.look("platforms")
    assert (telegram["id"], starling["id"], starling["title"]) == (
        "telegram",
        "starling",
        "Starling",
    )
    accounts = starling["accounts"]
    assert isinstance(accounts, list)
    assert accounts[0]["webhooks"] == {"": shop.hook}
    assert {"text", "press", "age"} <= set(map(str, starling["acts"] or []))  # type: ignore[call-overload]


async def test_an_address_may_be_pasted_into_the_messengers_own_page(shop: Shop) -> None:
    await shop.order("", {"id": "den", "secrets": {"verify_token": "known"}})
    wrong = {"url": shop.hook, "verify_token": "guessed"}
    problem = await shop.order("/den/webhook", wrong, status=409)
    assert "not the one" in str(problem["detail"])
    card = await shop.order("/den/webhook", {"url": shop.hook, "verify_token": "known"})
    assert card["webhooks"] == {"pasted": shop.hook}


async def test_customers_write_answer_and_part(shop: Shop, running: Running) -> None:
    names = ["sandbox_gleb", "sandbox_sonya"]
    await shop.order("/nest/lively", {"on": True, "pace": 2000, "customers": names})
    account = running.sandbox.messengers["starling"][1].accounts["nest"]
    wanted = {
        text for customer in CUSTOMERS if customer.username in names for text in customer.farewells
    }

    def said() -> set[str]:
        return {m.text for chat in account.chats.values() for m in chat.messages.values() if m.own}

    async with asyncio.timeout(20):
        while not wanted <= said():
            await asyncio.sleep(0.01)
            for chat in list(account.chats.values()):
                if chat.started:
                    await shop.call("v1/send", to=chat.address, text="Конечно!", buttons=["Да"])
    gleb, sonya = (
        next(c for c in account.chats.values() if c.person.username == name) for name in names
    )
    assert {m.title for m in gleb.messages.values() if m.own} >= {"Чай в офис на 40 человек"}
    assert any(m.edited_at for m in sonya.messages.values())
    assert gleb.presses
    assert gleb.read_up_to
    await shop.order("/nest/lively", {"on": False})
    problem = await shop.order("/nest/lively", {"pace": 0}, status=400)
    assert "above zero" in str(problem["detail"])


async def test_everything_is_forgotten_on_request(shop: Shop) -> None:
    address = f"{shop.url}/control/starling/reset"
    async with shop.session.post(address) as answer:
        assert answer.status == 200
    assert await shop.look("starling/accounts") == []
    problem = await shop.order("/nest", method="GET", status=404)
    assert "POST /control/starling/accounts makes one" in str(problem["detail"])


async def test_one_person_has_every_messenger(shop: Shop) -> None:
    root = f"{shop.url}/control/telegram/bots"
    async with shop.session.post(root, json={"token": "77:AAF-invented-token"}) as made:
        assert made.status == 201
    address = f"{root}/77/people/{shop.person}/start"
    async with shop.session.post(address, json={}) as answer:
        assert (await answer.json())["result"]["from"]["first_name"] == "Ира"
    async with shop.session.post(
        f"{shop.url}/control/telegram/people", json={"first_name": "Оля"}
    ) as made:
        number = (await made.json())["user"]["id"]
    assert number in [person["id"] for person in await shop.look("people")]
