"""The sandbox's phones hold the app's conversation with a whole installation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from sandbox import samples
from sandbox.app import PLATFORM
from sandbox.orders import NewAccount
from sandbox.server import Settings, run
from tests.fixtures.house import until
from tests.visitors.device import Json
from tests.visitors.shop import Shop


@dataclass
class Street:
    """The shop with its inbox, and a person with the shop's app."""

    shop: Shop
    http: aiohttp.ClientSession
    control: str
    account: str
    person: int = 0

    async def order(self, path: str, **body: object) -> Json:
        async with self.http.post(f"{self.control}{path}", json=body) as answer:
            assert answer.status in {200, 201, 204}, (path, await answer.text())
            return await answer.json() if answer.status != 204 else {}

    async def act(self, name: str, **body: object) -> Json:
        return await self.order(f"/app/accounts/{self.account}/people/{self.person}/{name}", **body)

    async def shown(self) -> list[Json]:
        url = f"{self.control}/app/accounts/{self.account}/people/{self.person}/chat"
        async with self.http.get(url) as answer:
            messages: list[Json] = (await answer.json())["messages"]
        return messages

    async def texts(self) -> list[str]:
        return [one.get("text", "") for one in await self.shown()]

    async def timeline(self) -> list[Json]:
        rows = await self.shop.conversations()
        if not rows:
            return []
        found = await self.shop.api("GET", f"/conversations/{rows[0]['id']}/messages")
        items: list[Json] = found["items"]
        return [one for one in items if one["kind"] != "system"]


@pytest.fixture
async def street(shop: Shop, http: aiohttp.ClientSession) -> AsyncIterator[Street]:
    async with run(Settings(), (PLATFORM,)) as running:
        control = f"{running.sandbox.origin}/control"
        account = running.sandbox.messengers["app"][1].add(
            PLATFORM.new_account(running.sandbox.messengers["app"][1], _ask())
        )
        there = Street(shop, http, control, account.id)
        wish = {"channel": "app", "title": "Чайный мост", "secrets": dict(account.secrets)}
        inbox = await shop.api("POST", "/inboxes", wish)
        url = f"{shop.url}/app/v1/{inbox['public_key']}"
        await there.order(f"/app/accounts/{account.id}/webhook", url=url, verify_token="")
        vera = await there.order("/people", first_name="Вера", last_name="Орлова")
        there.person = vera["id"]
        yield there


def _ask() -> NewAccount:
    return NewAccount(title="Чайный мост")


async def test_a_person_writes_and_reads_the_answer_with_its_edits(street: Street) -> None:
    await street.act("text", text="Где мой заказ?")
    (asked,) = await until(street.timeline)
    assert asked["text"] == "Где мой заказ?"
    (row,) = await street.shop.conversations()
    assert (row["channel"], row["contact_name"]) == ("app", "Вера Орлова")
    answer = await street.shop.answer("Завтра")
    await until(street.texts, lambda seen: seen == ["Где мой заказ?", "Завтра"])
    await street.shop.api("PATCH", f"/messages/{answer['id']}", {"text": "Послезавтра"})
    await until(street.texts, lambda seen: seen[-1] == "Послезавтра")


async def test_a_picture_goes_both_ways_and_a_button_is_pressed(street: Street) -> None:
    await street.act("picture", text="Такой есть?")
    (came,) = await until(street.timeline)
    assert (came["kind"], came["text"]) == ("picture", "Такой есть?")
    (file,) = came["attachments"]
    await street.shop.answer(
        "Этот?",
        file_ids=[file["file_id"]],
        buttons=[[{"label": "Да", "payload": "yes"}]],
    )
    *_, shown = await until(street.shown, lambda seen: len(seen) >= 2)
    assert [one["kind"] for one in shown["files"]] == ["picture"]
    address = f"{street.control}/app/accounts/{street.account}/files/{shown['files'][0]['id']}"
    async with street.http.get(address) as answer:
        assert await answer.read() == samples.content("tea-cup.jpg")
    await street.act("press", message_id=shown["id"], payload="yes")
    *_, press = await until(street.timeline, lambda seen: len(seen) == 3)
    assert (press["kind"], press["text"]) == ("press", "Да")


async def test_a_person_answers_a_message_and_their_reading_is_seen(street: Street) -> None:
    await street.act("text", text="Добрый день")
    await until(street.timeline)
    await street.shop.answer("Слушаю вас")
    *_, shown = await until(street.shown, lambda seen: len(seen) == 2)
    await street.act("read")

    async def read_up_to() -> int:
        return int((await street.shop.conversations())[0]["contact_read_seq"])

    await until(read_up_to)
    await street.act("text", text="Вот это", reply_to=shown["id"])
    *_, reply = await until(street.timeline, lambda seen: len(seen) == 3)
    assert (reply["text"], reply["reply_to_id"]) == ("Вот это", shown["id"])


async def test_what_is_written_while_the_server_is_away_comes_once(street: Street) -> None:
    await street.act("text", text="раз")
    await until(street.timeline)
    await street.shop.stop()
    await street.act("text", text="два")
    await street.act("text", text="три")
    await street.shop.restart()
    found = await until(street.timeline, lambda seen: len(seen) >= 3)
    assert [one["text"] for one in found] == ["раз", "два", "три"]
    assert await street.texts() == ["раз", "два", "три"]


async def test_an_app_wants_the_address_of_its_inbox(street: Street) -> None:
    wrong = {"url": f"{street.shop.url}/hooks/key", "verify_token": ""}
    path = f"{street.control}/app/accounts/{street.account}/webhook"
    async with street.http.post(path, json=wrong) as answer:
        assert answer.status == 409
        assert "/app/v1/KEY" in await answer.text()
