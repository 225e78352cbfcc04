"""MAX all the way: a person's phone, the sandbox, the whole product, an operator."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

from otklik.kernel.ids import new_id
from sandbox import samples
from sandbox.server import Running
from tests.channels.kit.doors import connected, heard, hooks, inbox_state, talk
from tests.channels.kit.line import Line
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    """A house that looks after its subscriptions in a hurry."""
    with patch("otklik.ingress.connections._VERIFY_S", 0.1):
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.fixture
async def line(shop: House, street: Running) -> Line:
    line = Line("max", street.url, shop.session)
    await line.begin()
    return line


async def test_a_person_writes_and_an_operator_answers(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    assert inbox["title"] == "Чайный мост"
    row = await talk(shop, line)
    said = await shop.api.say(row["id"], "Добрый день", buttons=[[{"label": "Беру",
                                                                    "payload": "b"}]])  # fmt: skip
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Добрый день"
    await line.act("press", message_id=shown["id"], payload="b")

    async def kinds() -> list[str]:
        return [one["kind"] for one in await shop.api.timeline(row["id"])]

    await until(kinds, lambda seen: "press" in seen)
    await shop.api.patch(f"/messages/{said['id']}", {"text": "Добрый вечер"})
    await until(lambda: heard(line), lambda seen: seen[0]["text"] == "Добрый вечер")


async def test_a_picture_comes_and_goes(shop: House, line: Line) -> None:
    await connected(shop, line)
    await line.act("picture", text="Такой есть?")
    row = (await until(shop.api.queue))[0]

    async def stored() -> list[Json]:
        messages = await shop.api.timeline(row["id"])
        return [file for one in messages for file in one["attachments"] if file["file_id"]]

    (file,) = await until(stored)
    assert await shop.api.get(f"/files/{file['file_id']}") == samples.content("tea-cup.jpg")
    draft = {"client_id": new_id(), "text": "Этот?", "file_ids": [file["file_id"]]}
    await shop.api.post(f"/conversations/{row['id']}/messages", draft)
    (shown,) = await until(lambda: heard(line))
    assert (shown["kind"], shown["text"]) == ("picture", "Этот?")


async def test_who_stops_the_bot_is_not_written_to(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("block")

    async def lines() -> list[str]:
        return [one["content"].get("system", "") for one in await shop.api.timeline(row["id"])]

    await until(lines, lambda seen: "blocked" in seen)
    await line.act("start")
    await until(lines, lambda seen: "unblocked" in seen)


async def test_a_revoked_token_needs_attention(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    await line.control(f"/{line.account}/revoked", {"on": True})
    state = await until(
        lambda: inbox_state(shop, inbox), lambda found: found[0] == "needs_attention"
    )
    assert state[1] == "bad_token"


async def test_a_dropped_webhook_is_registered_again(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    address = f"{line.config.settings['api_base']}/subscriptions"
    headers = {"authorization": line.config.secrets["token"]}
    hook = f"{shop.url}/hooks/{inbox['public_key']}"
    async with shop.session.delete(address, params={"url": hook}, headers=headers) as answer:
        assert (await answer.json())["success"]
    await until(lambda: hooks(line))
    await talk(shop, line, "Снова здесь")
    assert (await inbox_state(shop, inbox))[0] == "active"


async def test_a_press_under_a_deleted_message_is_the_same_persons(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    user = {"user_id": int(line.person), "first_name": "Вера", "is_bot": False}
    press = {"callback_id": "k1", "timestamp": 1_790_000_000_000, "payload": "b", "user": user}
    body = {"update_type": "message_callback", "timestamp": 1, "callback": press, "message": None}
    await line.control(f"/{line.account}/inject", body)

    async def kinds() -> list[str]:
        return [one["kind"] for one in await shop.api.timeline(row["id"])]

    await until(kinds, lambda seen: seen == ["text", "press"])
    assert len(await shop.api.queue()) == 1
