"""Promise A and C: what was accepted is kept once, and every contact's words keep their order."""

import asyncio

import msgspec
import pytest

from otklik.inbound.api import head
from sandbox.server import Running
from tests.fixtures.house import House, Json, Phones, bot_of, opened, until
from tests.fixtures.store import Place


def update(number: int, chat: int, text: str, **message: object) -> bytes:
    """One update as Telegram words it."""
    person = {"id": chat, "is_bot": False, "first_name": "Вера"}
    return msgspec.json.encode(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 1_790_000_000,
                "chat": {"id": chat, "type": "private", "first_name": "Вера"},
                "from": person,
                "text": text,
                **message,
            },
        }
    )


async def texts_of(house: House, conversation: str) -> list[str]:
    return [
        m["text"] for m in await house.api.timeline(conversation) if m["author_kind"] == "contact"
    ]


async def test_twenty_deliveries_of_one_update_make_one_message(shop: House) -> None:
    inbox = await shop.connect()
    body = update(77, 501, "Где мой заказ?")
    answers = await asyncio.gather(*(shop.deliver(inbox, body) for _ in range(20)))
    assert {status for status, _ in answers} == {200}
    (row,) = await until(shop.api.queue)
    assert await texts_of(shop, row["id"]) == ["Где мой заказ?"]
    assert row["unread"] == 1


async def test_an_album_of_a_newcomer_is_one_contact_and_ten_pictures(shop: House) -> None:
    inbox = await shop.connect()
    photo = [{"file_id": "", "file_unique_id": "u", "width": 90, "height": 60, "file_size": 5}]

    def part(number: int) -> bytes:
        one = [photo[0] | {"file_id": f"file-{number}"}]
        return update(number, 502, "", photo=one, media_group_id="album-1")

    await asyncio.gather(*(shop.deliver(inbox, part(number)) for number in range(1, 11)))

    async def shown() -> list[Json]:
        rows = await shop.api.queue()
        return await shop.api.timeline(rows[0]["id"]) if rows else []

    messages = await until(shown, lambda seen: len(seen) >= 10)
    assert len(await shop.api.queue()) == 1
    assert {m["contact_id"] for m in messages} == {messages[0]["contact_id"]}
    assert [m["kind"] for m in messages] == ["picture"] * 10
    assert {m["group_key"] for m in messages} == {"album-1"}
    assert sorted(m["attachments"][0]["kind"] for m in messages) == ["picture"] * 10
    contact = await shop.api.get(f"/contacts/{messages[0]['contact_id']}")
    assert len(contact["identities"]) == 1


@pytest.mark.parametrize("polling", [False, True], ids=["webhook", "polling"])
async def test_many_people_keep_their_order(place: Place, street: Running, polling: bool) -> None:
    async with opened(place, street, polling=polling) as house:
        await house.connect()
        if not polling:
            await house.phones.fault(delivery={"copies": 2, "lost_answers": 20})
        await house.phones.order("POST", "/bulk", {"people": 12, "messages": 15, "text": "{n}"})
        rows = await until(
            lambda: house.api.queue("?limit=200"),
            lambda seen: len(seen) == 12 and sum(row["unread"] for row in seen) >= 180,
        )
        for row in rows:
            assert await texts_of(house, row["id"]) == [str(n) for n in range(1, 16)]


async def test_shuffled_and_doubled_deliveries_lose_and_double_nothing(shop: House) -> None:
    await shop.connect()
    await shop.phones.fault(
        delivery={"copies": 3, "shuffle": 7, "lost_answers": 30, "delay_max_s": 0.02}
    )
    await shop.phones.order("POST", "/bulk", {"people": 8, "messages": 12, "text": "{n}"})
    rows = await until(
        lambda: shop.api.queue("?limit=200"),
        lambda seen: sum(row["unread"] for row in seen) >= 96,
    )
    for row in rows:
        assert sorted(map(int, await texts_of(shop, row["id"]))) == list(range(1, 13))


async def test_a_poisonous_body_is_set_apart_and_replayed(shop: House) -> None:
    inbox = await shop.connect()
    poison = b'{"update_id": 5, "message": "five"}'
    bodies = [update(n, 503, f"до {n}") for n in (1, 2)]
    bodies += [poison, *(update(n, 503, f"после {n}") for n in (6, 7))]
    for body in bodies:
        assert (await shop.deliver(inbox, body))[0] == 200
    (row,) = await until(shop.api.queue)
    await until(lambda: texts_of(shop, row["id"]), lambda seen: len(seen) == 4)
    assert await texts_of(shop, row["id"]) == ["до 1", "до 2", "после 6", "после 7"]
    (letter,) = await until(lambda: shop.api.get("/log/dead"))
    assert letter["inbox_id"] == inbox["id"]
    assert letter["body_preview"] == poison.decode()
    assert letter["error"]
    refused = await shop.api.post(f"/log/dead/{letter['position']}/replay", status=409)
    assert refused["detail"]
    assert len(await shop.api.get("/log/dead")) == 1


async def test_a_dead_letter_that_can_be_read_by_now_leaves_the_list(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = await shop.connect()

    def broken(*_: object) -> None:
        raise RuntimeError("a defect of ours")

    with monkeypatch.context() as patch:
        patch.setattr("otklik.ingress.dispatch.conversations.record", broken)
        assert (await shop.deliver(inbox, update(1, 504, "Раз")))[0] == 200
        (letter,) = await until(lambda: shop.api.get("/log/dead"))
    assert "a defect of ours" in letter["error"]
    await shop.api.post(f"/log/dead/{letter['position']}/replay", status=204)
    (row,) = await until(shop.api.queue)
    assert await texts_of(shop, row["id"]) == ["Раз"]
    assert await shop.api.get("/log/dead") == []
    await shop.deliver(inbox, update(1, 504, "Раз"))
    await shop.deliver(inbox, update(2, 504, "Два"))
    await until(lambda: texts_of(shop, row["id"]), lambda seen: seen == ["Раз", "Два"])


async def test_what_is_not_dead_is_not_replayed(shop: House) -> None:
    inbox = await shop.connect()
    await shop.deliver(inbox, update(1, 505, "Один раз"))
    (row,) = await until(shop.api.queue)
    position = await shop.parts.database.read(head)
    await shop.api.post(f"/log/dead/{position}/replay", status=404)
    assert await texts_of(shop, row["id"]) == ["Один раз"]
    (again,) = await shop.api.queue()
    assert again["unread"] == 1


async def test_unknown_kinds_are_kept_under_their_name(shop: House) -> None:
    inbox = await shop.connect()
    assert (await shop.deliver(inbox, '{"update_id": 9, "brand_new_thing": {"a": 1}}'))[0] == 200
    assert (await shop.deliver(inbox, update(10, 506, "Дальше")))[0] == 200
    await until(shop.api.queue)
    assert await shop.api.get("/log/dead") == []


async def test_two_inboxes_keep_the_same_numbers_apart(shop: House, street: Running) -> None:
    first = await shop.connect()
    other: Phones = await bot_of(shop.session, street)
    second = await shop.connect(other)
    for inbox in (first, second):
        assert (await shop.deliver(inbox, update(1, 507, inbox["id"])))[0] == 200
    rows = await until(shop.api.queue, lambda seen: len(seen) == 2)
    assert {row["preview"] for row in rows} == {first["id"], second["id"]}


async def test_whoever_is_not_the_messenger_is_refused(shop: House) -> None:
    inbox = await shop.connect()
    good = update(1, 508, "Я не оттуда")
    secret = "x-telegram-bot-api-secret-token"
    for headers in ({secret: "wrong"}, {secret: ""}, {secret: "верный".encode().decode("latin-1")}):
        status, problem = await shop.deliver(inbox, good, **headers)
        assert (status, problem["code"]) == (401, "not_signed_in")
    address = f"{shop.url}/hooks/{inbox['public_key']}"
    assert (await shop.api.ask("POST", address, data=good))[0] == 401
    right = {secret: shop.secret_of(inbox)}
    for path in ("/hooks/nobody-lives-here", "/hooks/", f"/hooks/{inbox['public_key']}/x"):
        status, problem = await shop.api.ask("POST", shop.url + path, data=good, headers=right)
        assert (status, problem["code"]) == (404, "not_found")
    assert (await shop.api.ask("GET", address, headers=right))[0] == 404
    status, problem = await shop.deliver(inbox, update(1, 508, "я" * 600_000))
    assert (status, problem["code"], problem["field"]) == (413, "too_large", "body")
    for junk in ("", "not json", "[]", "{}", '{"update_id": "x"}', "[" * 200_000):
        status, problem = await shop.deliver(inbox, junk)
        assert (status, problem["code"], problem["field"]) == (422, "invalid", "body"), junk[:20]
    assert await shop.parts.database.read(head) == 0


async def test_a_removed_inbox_takes_nothing_and_a_paused_one_still_listens(shop: House) -> None:
    inbox = await shop.connect()
    await shop.api.patch(f"/inboxes/{inbox['id']}", {"state": "paused"})
    assert (await shop.deliver(inbox, update(1, 509, "Раз")))[0] == 200
    (row,) = await until(shop.api.queue)
    secret = shop.secret_of(inbox)
    await shop.api.delete(f"/inboxes/{inbox['id']}")
    address = f"{shop.url}/hooks/{inbox['public_key']}"
    headers = {"x-telegram-bot-api-secret-token": secret}
    status, _ = await shop.api.ask("POST", address, data=update(2, 509, "Два"), headers=headers)
    assert status == 404
    assert await texts_of(shop, row["id"]) == ["Раз"]
    draft = {"client_id": "to-nowhere", "text": "Ау"}
    refused = await shop.api.post(f"/conversations/{row['id']}/messages", draft, status=409)
    assert refused["field"] == "identity_id"
