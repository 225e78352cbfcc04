"""Viber all the way: a person's phone, the sandbox, the whole product, an operator."""

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
    line = Line("viber", street.url, shop.session)
    await line.begin()
    return line


async def test_a_person_writes_an_operator_answers_and_a_button_is_pressed(
    shop: House, line: Line
) -> None:
    inbox = await connected(shop, line)
    assert inbox["title"] == "Чайный мост"
    row = await talk(shop, line)
    await shop.api.say(row["id"], "Беру?", buttons=[[{"label": "Да", "payload": "yes"}]])
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Беру?"
    await line.act("tap", text="Да")

    async def presses() -> list[str]:
        said = await shop.api.timeline(row["id"])
        return [one["text"] for one in said if one["kind"] == "press"]

    assert await until(presses) == ["Да"]

    async def states() -> list[str]:
        said = await shop.api.timeline(row["id"])
        return [one["state"] for one in said if one["author_kind"] == "operator"]

    await until(states, lambda seen: seen == ["delivered"])
    await line.act("read")
    await until(states, lambda seen: seen == ["read"])


async def test_a_picture_comes_and_is_fetched_from_us(shop: House, line: Line) -> None:
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
    picture, words = await until(lambda: heard(line), lambda seen: len(seen) >= 2)
    assert (picture["kind"], words["text"]) == ("picture", "Этот?")


async def test_who_stops_the_bot_is_not_written_to(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("block")

    async def lines() -> list[str]:
        return [one["content"].get("system", "") for one in await shop.api.timeline(row["id"])]

    await until(lines, lambda seen: "blocked" in seen)
    await line.act("unblock")
    await until(lines, lambda seen: "unblocked" in seen)


async def test_a_revoked_token_needs_attention(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    await line.control(f"/{line.account}/revoked", {"on": True})
    state = await until(
        lambda: inbox_state(shop, inbox), lambda found: found[0] == "needs_attention"
    )
    assert state[1] == "bad_token"


async def test_a_webhook_somebody_took_away_is_set_again(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    address = f"{line.config.settings['api_base']}/pa/set_webhook"
    headers = {"x-viber-auth-token": line.config.secrets["token"]}
    async with shop.session.post(address, json={"url": ""}, headers=headers) as answer:
        assert (await answer.json(content_type=None))["status"] == 0
    await until(lambda: hooks(line))
    await talk(shop, line, "Снова здесь")
    assert (await inbox_state(shop, inbox))[0] == "active"


async def test_who_opens_the_chat_is_greeted_before_they_write(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    await shop.api.patch(f"/inboxes/{inbox['id']}", {"settings": {"welcome": "Здравствуйте!"}})
    await line.act("start", payload="spring")
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Здравствуйте!"
