"""What an operator's socket shows: every event once, in order, through any number of breaks."""

import asyncio
import random

import pytest

from otklik.accounts.api import issue_link
from otklik.accounts.types import Scope
from tests.fixtures.house import Client, House, Json, until
from tests.promises.desk import Socket, socket_of


def numbers(events: list[Json]) -> list[int]:
    return [event["seq"] for event in events]


async def stored(house: House, kinds: set[str], contact: str | None = None) -> list[int]:
    """The numbers that views should have shown, as the store has them."""
    from otklik.events.api import since  # noqa: PLC0415 - the truth the socket is compared with

    events = await house.parts.database.read(lambda c: since(c, house.account_id, 0, 100_000))
    return [
        event.seq
        for event in events
        if event.kind.value in kinds or (contact is not None and event.contact_id == contact)
    ]


QUEUE = {"conversation.changed", "inbox.changed", "label.changed"}


async def test_nothing_is_missed_or_doubled_through_breaks(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    dice = random.Random(7)
    views = ("queue", f"conversation:{row['id']}")
    page = await shop.api.get("/conversations")
    start = seq = page["seq"]
    events: list[Json] = []

    async def chatter() -> None:
        await shop.phones.order("POST", "/bulk", {"people": 5, "messages": 12, "rate": 120})
        for number in range(15):
            await shop.phones.text(person, f"Слово {number}")
            await shop.api.say(row["id"], f"Ответ {number}")

    async def watch(socket: Socket, since: int) -> int:
        await socket.follow(*views, since=since)
        for _ in range(dice.randrange(1, 4)):
            await socket.frame()
        events.extend(socket.events)
        return socket.seq

    talking = asyncio.create_task(chatter())
    while not talking.done():
        async with socket_of(shop.api) as socket:
            seq = await watch(socket, seq)
    await talking
    rows = await until(
        lambda: shop.api.queue("?limit=200"),
        lambda seen: sum(one["unread"] for one in seen) >= 60,
    )
    assert len(rows) == 6
    contact = row["contact_id"]
    async with socket_of(shop.api) as socket:
        await socket.follow(*views, since=seq)
        while True:
            wanted = [n for n in await stored(shop, QUEUE, contact) if n > start]
            if numbers(events + socket.events)[-1:] == wanted[-1:]:
                break
            await socket.frame()
        events.extend(socket.events)
    assert numbers(events) == wanted


async def test_a_view_shows_only_its_own(shop: House) -> None:
    await shop.connect()
    first, second = [await shop.phones.person(n) for n in ("Анна", "Вера")]
    talk, other = await shop.met(first), await shop.met(second)
    async with socket_of(shop.api) as socket:
        await socket.follow(f"conversation:{talk['id']}")
        await shop.phones.text(second, "Не сюда")
        await shop.phones.text(first, "Сюда")
        while not any(e["kind"] == "message.created" for e in socket.events):
            await socket.frame()
        assert {e["contact_id"] for e in socket.events} == {talk["contact_id"]}
        await socket.follow(f"conversation:{other['id']}", "conversation:nobody", since=socket.seq)
        socket.events.clear()
        await shop.phones.text(second, "Теперь сюда")
        while not any(e["kind"] == "message.created" for e in socket.events):
            await socket.frame()
        assert {e["contact_id"] for e in socket.events} == {other["contact_id"]}


async def test_a_list_read_a_moment_ago_is_not_told_again(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    async with socket_of(shop.api) as colleague:
        await colleague.follow("queue")
        for number in range(6):
            async with socket_of(shop.api) as socket:
                await shop.api.say(row["id"], f"Сразу {number}")
                page = await shop.api.get(f"/conversations/{row['id']}/messages")
                frame = await socket.follow(f"conversation:{row['id']}", since=page["seq"])
                assert frame["seq"] >= page["seq"]
                last = await shop.api.say(row["id"], f"Потом {number}")
                while numbers(socket.events)[-1:] < [last["seq"]]:
                    await socket.frame()
                assert min(numbers(socket.events)) > page["seq"]


async def test_views_that_change_while_news_wait_tell_each_once(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    async with socket_of(shop.api) as socket:
        await socket.follow("queue", f"conversation:{row['id']}")
        start = socket.seq
        for number in range(12):
            await shop.api.say(row["id"], f"Сразу {number}")
            await socket.say(
                kind="follow", views=["queue", f"conversation:{row['id']}"], since=socket.seq
            )
            await socket.frame()
        await socket.say(kind="ping")
        await socket.until("pong")
        wanted = [n for n in await stored(shop, QUEUE, row["contact_id"]) if n > start]
        while numbers(socket.events)[-1:] != wanted[-1:]:
            await socket.frame()
            wanted = [n for n in await stored(shop, QUEUE, row["contact_id"]) if n > start]
        assert sorted(set(numbers(socket.events))) == wanted


async def test_who_is_far_behind_reloads(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.ingress.live.BACKLOG_LIMIT", 20)
    await shop.connect()
    await shop.phones.order("POST", "/bulk", {"people": 3, "messages": 10})
    await until(shop.api.queue, lambda seen: sum(r["unread"] for r in seen) == 30)
    page = await shop.api.get("/conversations")
    async with socket_of(shop.api) as socket:
        frame = await socket.follow("queue", since=1)
        assert frame == {"kind": "resync", "seq": page["seq"]}
        frame = await socket.follow("queue", since=page["seq"] - 2)
        assert frame["kind"] == "events"


async def test_who_reads_too_slowly_is_let_go(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.ingress.live.PENDING_LIMIT_BYTES", 2_000)
    await shop.connect()
    async with socket_of(shop.api) as socket:
        await socket.follow("queue")
        await shop.phones.order("POST", "/bulk", {"people": 20, "messages": 5})
        while await socket.frame() is not None:
            continue
        assert socket.line.close_code == 1013
        seen = socket.seq
    monkeypatch.undo()
    await until(shop.api.queue, lambda rows: sum(r["unread"] for r in rows) == 100)
    wanted = [n for n in await stored(shop, QUEUE) if n > seen]
    async with socket_of(shop.api) as socket:
        await socket.follow("queue", since=seen)
        while numbers(socket.events)[-1:] != wanted[-1:]:
            await socket.frame()
        assert numbers(socket.events) == wanted


async def test_a_sign_out_closes_the_socket(shop: House) -> None:
    link = await issue_link(shop.parts.accounts, shop.account_id, shop.owner.id)
    token = link.rpartition("#")[2]
    async with shop.session.post(
        f"{shop.url}/api/v1/sign-in/link", json={"token": token}
    ) as answer:
        me = await answer.json()
        cookie = "; ".join(f"{c.key}={c.value}" for c in answer.cookies.values())
    browser = Client(shop.session, shop.url, {"cookie": cookie, "x-csrf-token": me["csrf_token"]})
    async with socket_of(browser) as socket, asyncio.timeout(5):
        await socket.follow("queue")
        await browser.post("/sign-out", status=204)
        assert await socket.frame() is None
        assert socket.line.close_code == 4401


@pytest.mark.parametrize("ticket", ["", "x", "a.b", "é", "." * 2000])
async def test_a_bad_ticket_opens_nothing(shop: House, ticket: str) -> None:
    params = {"ticket": ticket}
    async with shop.session.ws_connect(f"{shop.url}/api/v1/live", params=params) as line:
        read = await line.receive(timeout=5)
        assert read.data == 4401


async def test_a_ticket_opens_once(shop: House) -> None:
    ticket = (await shop.api.post("/live/ticket"))["ticket"]
    address = f"{shop.url}/api/v1/live?ticket={ticket}"
    async with shop.session.ws_connect(address) as first:
        assert (await first.receive_json(timeout=5))["kind"] == "hello"
        async with shop.session.ws_connect(address) as second:
            assert (await second.receive(timeout=5)).data == 4401


async def test_what_is_no_frame_of_ours_is_refused_and_the_line_stays(shop: House) -> None:
    async with socket_of(shop.api) as socket:
        for junk in ("", "x", "[]", '{"kind":"nothing"}', '{"kind":"follow","views":5}',
                     '{"kind":"typing"}', '{"kind":"follow","views":[],"since":"1"}',
                     "[" * 20_000):  # fmt: skip
            await socket.line.send_str(junk)
            assert (await socket.until("refused"))["code"] == "malformed"
        await socket.say(kind="follow", views=["queue", "conversation:", "x:y"], since=-5)
        assert (await socket.until("events"))["events"] == []
        await socket.say(kind="follow", views=["queue"], since=2**62)
        await socket.until("resync")
        await socket.say(kind="ping")
        await socket.until("pong")


async def test_colleagues_see_who_types(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    reader = await shop.key(Scope.CONVERSATIONS_READ)
    async with socket_of(reader) as colleague, socket_of(shop.api) as me:
        await colleague.follow(f"conversation:{row['id']}")
        await me.say(kind="typing", conversation_id=row["id"])
        await me.say(kind="typing", conversation_id="nobody")

        async def action() -> object:
            chat = await shop.phones.order("GET", f"/people/{person}/chat")
            return chat["action"]

        assert await until(action) == "typing"
