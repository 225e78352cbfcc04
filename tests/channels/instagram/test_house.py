"""Instagram all the way: a person's phone, the sandbox, the whole product, an operator."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

from sandbox.server import Running
from tests.channels.kit.line import Fields
from tests.channels.messenger.street import APP_SECRET, VERIFY, MetaLine
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    """A house that looks after its subscriptions in a hurry."""
    with patch("otklik.ingress.connections._VERIFY_S", 0.1):
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.fixture(params=["IGAA", "EAA"], ids=["own-login", "by-page"])
async def line(shop: House, street: Running, request: pytest.FixtureRequest) -> MetaLine:
    line = MetaLine("instagram", street.url, shop.session, login=request.param)
    await line.begin(secrets={"app_secret": APP_SECRET})
    return line


async def connected(shop: House, line: MetaLine) -> Json:
    secrets = {**line.config.secrets, "app_secret": APP_SECRET, "verify_token": VERIFY}
    settings = {"api_base": line.config.settings["api_base"]}
    wish = {"channel": "instagram", "settings": settings, "secrets": secrets}
    inbox: Json = await shop.api.post("/inboxes", wish)
    if secrets["token"].startswith("IG"):  # what the guide asks to paste at the platform
        page = {"url": inbox["address"], "verify_token": VERIFY}
        await line.control(f"/{line.account}/webhook", page)
    return inbox


async def heard(line: MetaLine) -> list[Fields]:
    return [message for message in await line.phone() if not message["own"]]


async def test_a_person_writes_and_an_operator_answers(shop: House, line: MetaLine) -> None:
    inbox = await connected(shop, line)
    assert inbox["title"].startswith("@tea.bridge")
    await line.act("text", text="Здравствуйте")
    row = (await until(shop.api.queue))[0]
    long = "Чай приехал. " * 60
    await shop.api.say(row["id"], long)

    def is_whole(seen: list[Fields]) -> bool:
        return "".join(str(one["text"]) for one in seen) == long

    parts = await until(lambda: heard(line), is_whole)
    assert all(len(str(one["text"]).encode()) <= 1000 for one in parts)
    assert len(parts) > 1


async def test_our_own_echo_is_no_second_message_and_a_colleagues_is_one(
    shop: House, line: MetaLine
) -> None:
    await connected(shop, line)
    await line.act("text", text="Здравствуйте")
    row = (await until(shop.api.queue))[0]
    await shop.api.say(row["id"], "Добрый день")
    await until(lambda: heard(line))
    await line.act("echo", text="Отвечаю из приложения")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    seen = await until(texts, lambda all_: "Отвечаю из приложения" in all_)
    assert seen == ["Здравствуйте", "Добрый день", "Отвечаю из приложения"]


async def test_what_the_person_takes_back_loses_its_words(shop: House, line: MetaLine) -> None:
    await connected(shop, line)
    told = await line.act("text", text="Секрет")
    row = (await until(shop.api.queue))[0]
    await line.act("delete", message_id=told["id"])

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    await until(texts, lambda seen: "Секрет" not in seen)


async def test_a_token_that_is_due_is_renewed_and_kept(shop: House, street: Running) -> None:
    line = MetaLine("instagram", street.url, shop.session, login="IGAA")
    await line.begin(secrets={"app_secret": APP_SECRET})
    inbox = await connected(shop, line)
    due = {"settings": {"token_renewal_after": "2020-01-01T00:00:00Z"}}
    await shop.api.patch(f"/inboxes/{inbox['id']}", due)

    async def token() -> str:
        found = shop.parts.registry.by_id(inbox["id"])
        assert found is not None
        return found.config.secrets["token"]

    await until(token, lambda now: now != line.config.secrets["token"])
    await line.act("text", text="Ау")
    row = (await until(shop.api.queue))[0]
    await shop.api.say(row["id"], "Слышу")
    await until(lambda: heard(line))
