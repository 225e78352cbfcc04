"""What is changed and taken back: where it waits, where it failed, and in the queue."""

import io
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection, Update, update

from otklik.channels import CHANNELS
from otklik.contacts.tables import identities
from otklik.conversations import queries
from otklik.conversations.store import find
from otklik.conversations.tables import messages
from otklik.delivery.tables import deliveries
from otklik.events.tables import counters
from tests.fixtures.house import House, Json, until
from tests.promises.desk import socket_of


@pytest.fixture
async def inbox(shop: House) -> Json:
    return await shop.connect()


@pytest.fixture
async def talk(shop: House, inbox: Json) -> Json:
    assert inbox["state"] == "active"
    return await shop.met(await shop.phones.person("Вера"))


async def person_of(shop: House) -> int:
    (person,) = [one["user"]["id"] for one in await shop.phones.order("GET", "/people")]
    number: int = person
    return number


async def seen(shop: House, talk: Json, message: Json, good: Callable[[Json], bool]) -> Json:
    async def look() -> Json:
        (found,) = [m for m in await shop.api.timeline(talk["id"]) if m["id"] == message["id"]]
        return found

    return await until(look, good)


async def sent(shop: House, talk: Json, text: str, **more: object) -> Json:
    said = await shop.api.say(talk["id"], text, **more)
    return await seen(shop, talk, said, lambda one: one["state"] == "sent")


async def change(shop: House, statement: Update) -> None:
    await shop.parts.database.write(lambda c: c.execute(statement))


async def pause(shop: House, inbox: Json, state: str = "paused") -> None:
    await shop.api.patch(f"/inboxes/{inbox['id']}", {"state": state})


async def test_what_still_waits_is_taken_back_and_never_goes(
    shop: House, inbox: Json, talk: Json
) -> None:
    await pause(shop, inbox)
    said = await shop.api.say(talk["id"], "Ошибся чатом")
    gone = await shop.api.delete(f"/messages/{said['id']}", status=200)
    assert (gone["text"], gone["deleted_at"] is None) == ("", False)
    await pause(shop, inbox, "active")
    await sent(shop, talk, "А это вам")
    assert await shop.phones.heard(await person_of(shop)) == ["А это вам"]


async def test_what_is_being_sent_right_now_is_not_taken_back(
    shop: House, inbox: Json, talk: Json
) -> None:
    await pause(shop, inbox)
    said = await shop.api.say(talk["id"], "Уже в пути")
    now = shop.clock.now_ms()
    await change(shop, update(deliveries).values(state="sending", claimed_at=now))
    refused = await shop.api.delete(f"/messages/{said['id']}", status=409)
    assert "отправляется" in refused["detail"]


async def test_what_failed_is_taken_back_and_stays_so(shop: House, talk: Json) -> None:
    await change(shop, update(identities).values(external_id="nobody"))
    said = await shop.api.say(talk["id"], "Не дойдёт")
    await seen(shop, talk, said, lambda one: one["state"] == "failed")
    gone = await shop.api.delete(f"/messages/{said['id']}", status=200)
    assert gone["deleted_at"] is not None
    await shop.api.post(f"/messages/{said['id']}/retry", status=409)


@pytest.mark.parametrize("deed", ["edit", "delete", "reaction"])
async def test_a_change_that_does_not_arrive_is_told(shop: House, talk: Json, deed: str) -> None:
    said = await sent(shop, talk, "Чай пятьсот рублей")
    if deed == "reaction":
        (said,) = [m for m in await shop.api.timeline(talk["id"]) if m["author_kind"] == "contact"]
    row = messages.c.id == said["id"]
    lost = update(messages).where(row).values(external_id="nowhere")
    await change(shop, lost)
    path = f"/messages/{said['id']}"
    async with socket_of(shop.api) as socket:
        await socket.follow(f"conversation:{talk['id']}")
        match deed:
            case "edit":
                await shop.api.patch(path, {"text": "Чай 450"})
            case "delete":
                await shop.api.delete(path, status=200)
            case _:
                await shop.api.put(f"{path}/reaction", {"emoji": "👍"})
        found = await seen(shop, talk, said, lambda one: one["failure"] != "")
        assert (found["failure"], found["state"]) == ("gone", said["state"])
        while not any(e["kind"] == "message.state" for e in socket.events):
            await socket.frame()
    (told,) = [e["body"] for e in socket.events if e["kind"] == "message.state"]
    assert (told["failure"], told["inbox_id"]) == ("gone", talk["inbox_id"])
    last = await shop.api.get(f"/inboxes/{talk['inbox_id']}/failure")
    assert last["failure"] == "gone"
    assert last["detail"]


async def test_an_edit_that_arrives_ends_the_trouble(shop: House, talk: Json) -> None:
    said = await sent(shop, talk, "Чай пятьсот рублей")
    row = messages.c.id == said["id"]
    await change(shop, update(messages).where(row).values(failure="gone"))
    await shop.api.patch(f"/messages/{said['id']}", {"text": "Чай 450"})
    await seen(shop, talk, said, lambda one: one["failure"] == "")
    person = await person_of(shop)
    await until(lambda: shop.phones.heard(person), lambda heard: heard == ["Чай 450"])


async def test_an_edit_keeps_the_buttons(shop: House, talk: Json) -> None:
    buttons = [[{"label": "Беру", "payload": "take"}]]
    said = await sent(shop, talk, "Отложить?", buttons=buttons)
    await shop.api.patch(f"/messages/{said['id']}", {"text": "Отложить до утра?"})
    (entry,) = await until(lambda: shop.phones.journal("editMessageText"))
    assert entry["text"] == "Отложить до утра?"
    chat = await shop.phones.order("GET", f"/people/{await person_of(shop)}/chat")
    assert "Беру" in str(chat["messages"][-1])


async def with_file(shop: House, talk: Json, text: str) -> Json:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(b"price"), filename="price.txt", content_type="text/plain")
    _, file = await shop.api.ask("POST", "/files", data=form)
    return await sent(shop, talk, text, file_ids=[file["file_id"]])


async def test_a_caption_may_go_and_has_its_own_limit(shop: House, talk: Json) -> None:
    said = await with_file(shop, talk, "Прайс")
    path = f"/messages/{said['id']}"
    refused = await shop.api.patch(path, {"text": "я" * 1025}, status=422)
    assert (refused["field"], "1024" in refused["detail"]) == ("text", True)
    assert (await shop.api.patch(path, {"text": ""}))["text"] == ""


@pytest.mark.parametrize(("what", "text"), [
    ("messages", ""), ("messages", " \n"), ("notes", " "), ("notes", "я" * 10_001),
])  # fmt: skip
async def test_an_edit_says_something_and_not_too_much(
    shop: House, talk: Json, what: str, text: str
) -> None:
    draft = {"client_id": "draft-one", "text": "Было так"}
    made = await shop.api.post(f"/conversations/{talk['id']}/{what}", draft)
    await seen(shop, talk, made, lambda one: one["state"] in {"sent", "received"})
    refused = await shop.api.patch(f"/messages/{made['id']}", {"text": text}, status=422)
    assert refused["field"] == "text"


async def previews(shop: House, wanted: str) -> None:
    async def look() -> list[str]:
        return [row["preview"] for row in await shop.api.queue()]

    await until(look, lambda found: found == [wanted])


async def test_the_queue_shows_the_newest_message_as_it_is_now(shop: House, talk: Json) -> None:
    person = await person_of(shop)
    async with socket_of(shop.api) as socket:
        await socket.follow("queue")
        written = await shop.phones.text(person, "Сколько стоит пуэр")
        await previews(shop, "Сколько стоит пуэр")
        await shop.phones.act(
            person, "edit", message_id=written["message_id"], text="Сколько стоит улун"
        )
        await previews(shop, "Сколько стоит улун")
        said = await sent(shop, talk, "Пятьсот")
        await previews(shop, "Пятьсот")
        await shop.api.patch(f"/messages/{said['id']}", {"text": "Четыреста"})
        await previews(shop, "Четыреста")
        await shop.api.delete(f"/messages/{said['id']}", status=200)
        await previews(shop, "")
        while not (socket.events and socket.events[-1]["body"].get("preview") == ""):
            await socket.frame()
    told = [e["body"]["preview"] for e in socket.events if e["kind"] == "conversation.changed"]
    assert list(dict.fromkeys(told)) == [
        "Сколько стоит пуэр", "Сколько стоит улун", "Пятьсот", "Четыреста", "",
    ]  # fmt: skip
    assert {e["body"]["contact_name"] for e in socket.events} == {"Вера"}


async def test_an_older_message_that_changes_leaves_the_queue_alone(
    shop: House, talk: Json
) -> None:
    first = await sent(shop, talk, "Первое")
    await sent(shop, talk, "Второе")
    await shop.api.patch(f"/messages/{first['id']}", {"text": "Исправленное"})
    await previews(shop, "Второе")


async def test_who_writes_again_can_be_written_to(shop: House, talk: Json) -> None:
    await change(shop, update(identities).values(reachable=0))
    async with socket_of(shop.api) as socket:
        await socket.follow(f"conversation:{talk['id']}")
        await shop.phones.text(await person_of(shop), "Я вернулась")
        while not any(e["kind"] == "contact.changed" for e in socket.events):
            await socket.frame()
    (told,) = [e["body"] for e in socket.events if e["kind"] == "contact.changed"]
    assert [one["reachable"] for one in told["identities"]] == [True]
    await sent(shop, talk, "С возвращением")


class _Busy(dict[str, str]):
    """The titles of inboxes, read while something is announced."""

    def __init__(self, connection: Connection, titles: Json) -> None:
        super().__init__(titles)
        self._connection = connection

    def __contains__(self, key: object) -> bool:
        self._connection.execute(update(counters).values(last_seq=counters.c.last_seq + 1))
        return super().__contains__(key)


async def test_a_conversation_is_never_newer_than_its_number(shop: House, talk: Json) -> None:
    def look(connection: Connection) -> tuple[int, int]:
        row = find(connection, shop.account_id, talk["id"])
        assert row is not None
        before = queries.timeline(connection, shop.account_id, row.id, None, 1).seq
        titles: Any = _Busy(connection, shop.parts.registry.titles(shop.account_id))
        return before, queries.detail(connection, shop.account_id, row.id, CHANNELS, titles).seq

    before, told = await shop.parts.database.write(look)
    assert told == before
