"""WhatsApp's server side refuses what WhatsApp refuses, and repeats what it repeats."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from otklik.families.meta import signature
from sandbox import samples
from sandbox.server import Settings, run
from sandbox.whatsapp import PLATFORM

TOKEN = "an-invented-token"
SECRET = "an-invented-app-secret"
NUMBER = "100000000000777"
ACCOUNT = "300000000000777"
VERIFY = "invented"
Json = dict[str, object]


@dataclass
class Business:
    """A business's end: its calls and its webhook."""

    session: aiohttp.ClientSession
    url: str
    person: str = ""
    hook: str = ""
    came: list[Json] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        assert raw.isascii()
        assert request.headers["X-Hub-Signature-256"] == signature(SECRET, raw)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.came.append(await request.json())
            self.news.set()
        return web.Response(status=status)

    async def greet(self, request: web.Request) -> web.Response:
        known = request.query["hub.verify_token"] == VERIFY
        return web.Response(text=request.query["hub.challenge"] if known else "no",
                            status=200 if known else 403)  # fmt: skip

    async def call(
        self, path: str, body: Json | None = None, method: str = "POST", token: str = TOKEN
    ) -> tuple[int, Json]:
        headers = {"authorization": f"Bearer {token}"}
        address = f"{self.url}/whatsapp/v26.0/{path}"
        async with self.session.request(method, address, json=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def send(self, **body: object) -> tuple[int, Json]:
        shell: Json = {"messaging_product": "whatsapp", "recipient": f"RU.{int(self.person):020d}"}
        return await self.call(f"{NUMBER}/messages", shell | body)

    async def order(self, path: str, body: Json | None = None) -> Json:
        address = f"{self.url}/control/whatsapp/accounts{path}"
        async with self.session.post(address, json=body or {}) as answer:
            assert answer.ok, await answer.text()
            told: Json = await answer.json()
            return told

    async def act(self, act: str, **parts: object) -> Json:
        return await self.order(f"/{NUMBER}/people/{self.person}/{act}", parts)

    async def wait(self, count: int) -> list[Json]:
        async with asyncio.timeout(5):
            while len(self.came) < count:
                self.news.clear()
                await self.news.wait()
        taken, self.came = self.came, []
        return taken


@pytest.fixture
async def business() -> AsyncIterator[Business]:
    async with (
        run(Settings(retry_scale=0.001, webhook_timeout_s=1.0), (PLATFORM,)) as running,
        aiohttp.ClientSession() as session,
    ):
        made = Business(session, running.url)
        app = web.Application()
        app.router.add_post("/hook", made.take)
        app.router.add_get("/hook", made.greet)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await made.order("", {"id": NUMBER, "token": TOKEN, "secrets": {"app_secret": SECRET},
                              "settings": {"waba_id": ACCOUNT}})  # fmt: skip
        async with session.post(
            f"{running.url}/control/people", json={"first_name": "Ира"}
        ) as said:
            made.person = str((await said.json())["id"])
        await made.act("text", text="Ау")
        await subscribe(made)
        yield made
        await runner.cleanup()


async def subscribe(business: Business, verify_token: str = VERIFY) -> tuple[int, Json]:
    await business.call(f"{ACCOUNT}/subscribed_apps")
    hook = {"override_callback_uri": business.hook, "verify_token": verify_token}
    return await business.call(NUMBER, {"webhook_configuration": hook})


def code_of(answer: Json) -> object:
    error = answer["error"]
    assert isinstance(error, dict)
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"]
    return error["code"]


BUTTON = {"type": "reply", "reply": {"id": "y", "title": "Да"}}
ROW = {"id": "r", "title": "Чай"}


def choice(kind: str, **action: object) -> Json:
    told = {"type": kind, "body": {"text": "Какой?"}, "action": action}
    return {"type": "interactive", "interactive": told}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "text"}, 131008),
        ({"type": "text", "text": {"body": ""}}, 100),
        ({"type": "text", "text": {"body": "ы" * 4097}}, 100),
        ({"type": "text", "text": {"body": "x", "color": "red"}}, 100),
        ({"type": "poem", "text": {"body": "x"}}, 100),
        ({"type": "text", "text": {"body": "x"}, "mood": "good"}, 100),
        ({"type": "text", "text": {"body": "x"}, "recipient": "nobody"}, 131009),
        ({"type": "text", "text": {"body": "x"}, "recipient": ""}, 131008),
        ({"type": "text", "text": {"body": "x"}, "messaging_product": "sms"}, 100),
        ({"type": "image", "image": {}}, 131008),
        ({"type": "image", "image": {"id": "404"}}, 100),
        ({"type": "image", "image": {"id": "1", "link": "https://a"}}, 131008),
        ({"type": "audio", "audio": {"id": "1", "caption": "нет"}}, 100),
        ({"type": "document", "document": {"id": "1", "caption": "ы" * 1025}}, 100),
        ({"type": "reaction", "reaction": {"message_id": "no", "emoji": "👍"}}, 131009),
        ({"type": "location"}, 131008),
        ({"type": "contacts", "contacts": []}, 131008),
        ({"status": "read", "message_id": "nobody"}, 131009),
        (choice("button", buttons=[]), 131009),
        (choice("button", buttons=[BUTTON] * 4), 131009),
        (choice("button", buttons=[{"type": "reply",
                                    "reply": {"id": "y", "title": "ы" * 21}}]), 131009),
        (choice("list", button="Чаи", sections=[{"rows": [ROW] * 11}]), 131009),
        (choice("list", button="ы" * 21, sections=[{"rows": [ROW]}]), 131009),
        (choice("list", button="Чаи", sections=[{"rows": [ROW]}, {"rows": [ROW]}]), 131009),
        (choice("cta_url", name="cta_url"), 131009),
        (choice("dance"), 100),
        ({"type": "template", "template": {"name": "no", "language": {"code": "ru"}}}, 132001),
        ({"type": "template", "template": {"name": "new_harvest", "language": {"code": "ru"}}},
         132012),
    ],
)  # fmt: skip
async def test_what_whatsapp_refuses_is_refused_in_its_words(
    business: Business, body: Json, code: int
) -> None:
    status, answer = await business.send(**body)
    assert status >= 400
    assert code_of(answer) == code


async def test_a_dead_or_unknown_token_and_a_foreign_number_are_refused(
    business: Business,
) -> None:
    text: Json = {"messaging_product": "whatsapp", "to": "+79990000000",
                  "text": {"body": "x"}}  # fmt: skip
    status, answer = await business.call(f"{NUMBER}/messages", text, token="nobody's")
    assert (status, code_of(answer)) == (401, 190)
    assert code_of((await business.call("77/messages", text))[1]) == 100
    assert code_of((await business.call("77/subscribed_apps", method="GET"))[1]) == 100
    await business.order(f"/{NUMBER}/revoked", {"on": True})
    assert code_of((await business.call("app", method="GET"))[1]) == 190


async def test_a_webhook_must_answer_the_challenge(business: Business) -> None:
    status, answer = await subscribe(business, "guessed")
    assert status == 400
    assert "403" in str(answer)
    assert (await subscribe(business))[1] == {"success": True}


async def test_an_app_that_is_not_subscribed_hears_nothing(business: Business) -> None:
    await business.call(f"{ACCOUNT}/subscribed_apps", method="DELETE")
    await business.act("text", text="Вы слышите?")
    assert (await business.call(f"{ACCOUNT}/subscribed_apps", method="GET"))[1] == {"data": []}
    await subscribe(business)
    await business.act("text", text="А теперь?")
    (heard,) = await business.wait(1)
    assert "А теперь?" in str(heard)


@pytest.mark.parametrize("answer", [204, 301, 400, 404, 500])
async def test_anything_but_200_is_tried_again(business: Business, answer: int) -> None:
    business.answers = [answer, answer]
    await business.act("text", text="Раз")
    (heard,) = await business.wait(1)
    assert "Раз" in str(heard)
    assert not business.answers


async def test_a_file_is_taken_by_its_type_and_size_and_needs_the_token(
    business: Business,
) -> None:
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": "application/pdf"})
    form.add_field("file", samples.content("price.pdf"), filename="price.pdf",
                   content_type="application/pdf")  # fmt: skip
    address = f"{business.url}/whatsapp/v26.0/{NUMBER}/media"
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with business.session.post(address, data=form, headers=headers) as answer:
        media = (await answer.json())["id"]
    status, refusal = await business.send(type="image", image={"id": media})
    assert (status, code_of(refusal)) == (400, 131053)
    status, _ = await business.send(type="document", document={"id": media, "filename": "п.pdf"})
    assert status == 200
    _, found = await business.call(media, method="GET")
    async with business.session.get(str(found["url"])) as answer:
        assert answer.status == 401
    async with business.session.get(str(found["url"]), headers=headers) as answer:
        assert await answer.read() == samples.content("price.pdf")


async def test_a_blocked_number_is_told_as_undeliverable_and_no_more(business: Business) -> None:
    await business.act("block")
    status, _ = await business.send(type="text", text={"body": "Ау"})
    assert status == 200
    (told,) = await business.wait(1)
    assert "131026" in str(told)
    assert "contacts" not in str(told)


async def test_the_app_page_takes_a_webhook_that_answers(business: Business) -> None:
    hook: Json = {"override_callback_uri": ""}
    await business.call(NUMBER, {"webhook_configuration": hook})
    await business.order(f"/{NUMBER}/webhook", {"url": business.hook, "verify_token": VERIFY})
    _, number = await business.call(f"{NUMBER}?fields=webhook_configuration", method="GET")
    assert number["webhook_configuration"] == {"application": business.hook}
    await business.act("text", text="Через приложение")
    await business.wait(1)


async def test_the_rate_of_the_number_is_held(business: Business) -> None:
    rates: Json = {"overall": {"per_second": 0.1, "burst": 1}}
    await business.order(f"/{NUMBER}/limits", {"on": True, "rates": rates})
    assert (await business.send(type="text", text={"body": "Раз"}))[0] == 200
    status, answer = await business.send(type="text", text={"body": "Два"})
    assert (status, code_of(answer)) == (429, 130429)
