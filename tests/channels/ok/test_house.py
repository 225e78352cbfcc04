"""Odnoklassniki all the way: a person's phone, the sandbox, the whole product, an operator."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

from sandbox.server import Running
from tests.channels.kit.doors import connected, heard, hooks, inbox_state, talk
from tests.channels.kit.line import Line
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    """A house that looks after its subscriptions in a hurry."""
    with (
        patch("otklik.ingress.connections._VERIFY_S", 0.1),
        patch("otklik.channels.ok.connect._PAUSE_S", 0.0),
    ):
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.fixture
async def line(shop: House, street: Running) -> Line:
    line = Line("ok", street.url, shop.session)
    await line.begin()
    return line


async def test_a_person_writes_and_an_operator_answers(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    assert inbox["title"] == "Чайный мост"
    row = await talk(shop, line)
    buttons = [[{"label": "Беру", "payload": "b"}]]
    await shop.api.say(row["id"], "Добрый день", buttons=buttons)
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Добрый день"
    await line.act("press", message_id=shown["id"], payload="b")

    async def kinds() -> list[str]:
        return [one["kind"] for one in await shop.api.timeline(row["id"])]

    await until(kinds, lambda seen: "press" in seen)


async def test_a_person_gets_their_name_from_the_history(shop: House, line: Line) -> None:
    await connected(shop, line)
    await talk(shop, line)

    async def names() -> list[Json]:
        rows = await shop.api.queue()
        return [row for row in rows if row["contact_name"] == "Вера Улыбина"]

    await until(names)


async def test_who_leaves_is_not_written_to(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("block")
    said = await shop.api.say(row["id"], "Ау")

    async def fate() -> str:
        state: str = next(
            one["state"] for one in await shop.api.timeline(row["id"]) if one["id"] == said["id"]
        )
        return state

    await until(fate, lambda seen: seen == "failed")


async def test_a_revoked_key_needs_attention(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    await line.control(f"/{line.account}/revoked", {"on": True})
    state = await until(
        lambda: inbox_state(shop, inbox), lambda found: found[0] == "needs_attention"
    )
    assert state[1] == "bad_token"


async def test_a_dropped_webhook_is_registered_again_and_nothing_is_missed(
    shop: House, line: Line
) -> None:
    inbox = await connected(shop, line)
    row = await talk(shop, line, "Раз")

    async def place() -> str:
        known = shop.parts.registry.by_id(inbox["id"])
        assert known is not None
        return known.cursor

    await until(place)
    address = f"{line.config.settings['api_base']}/graph/me/unsubscribe"
    params = {"access_token": line.config.secrets["token"]}
    hook = {"url": f"{shop.url}/hooks/{inbox['public_key']}"}
    async with shop.session.post(address, params=params, json=hook) as answer:
        assert (await answer.json())["success"]
    await line.act("text", text="Два")  # nobody listens
    await until(lambda: hooks(line))
    await line.act("text", text="Три")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    await until(texts, lambda seen: sorted(seen) == ["Два", "Раз", "Три"])
    assert (await inbox_state(shop, inbox))[0] == "active"
