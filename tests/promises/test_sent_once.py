"""Promise B: an answer goes out once, in order, and whoever cannot have it is told why."""

import asyncio
from functools import partial

import pytest

from otklik.accounts.types import Scope
from otklik.kernel.ids import new_id
from sandbox.server import Running
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place


async def state_of(house: House, conversation: str, message: str) -> Json:
    found = await house.api.timeline(conversation)
    return next(m for m in found if m["id"] == message)


async def settled(house: House, conversation: str, message: str, state: str) -> Json:
    return await until(
        lambda: state_of(house, conversation, message), lambda seen: seen["state"] == state
    )


async def sent_texts(house: House, **wanted: object) -> list[str]:
    journal = await house.phones.journal()
    return [e["text"] for e in journal if all(e[k] == v for k, v in wanted.items())]


async def test_answers_to_many_keep_their_order(shop: House) -> None:
    await shop.connect()
    people = [await shop.phones.person(f"Гость {n}") for n in range(4)]
    talks = {person: await shop.met(person) for person in people}
    for number in range(3):
        for row in talks.values():
            await shop.api.say(row["id"], f"Ответ {number}")
    for person in people:
        wanted = [f"Ответ {number}" for number in range(3)]
        await until(partial(shop.phones.heard, person), lambda seen: len(seen) == 3)
        assert await shop.phones.heard(person) == wanted


async def test_a_ban_is_kept_and_the_order_after_it(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    await shop.phones.fault(
        {"kind": "too_many", "method": "sendMessage", "times": 1, "retry_after": 2}
    )
    first = await shop.api.say(row["id"], "Первое")
    second = await shop.api.say(row["id"], "Второе")
    await settled(shop, row["id"], second["id"], "sent")
    assert (await state_of(shop, row["id"], first["id"]))["state"] == "sent"
    assert await shop.phones.heard(person) == ["Первое", "Второе"]
    refused, *after = await shop.phones.journal()
    assert refused["status"] == 429
    assert min(entry["at"] for entry in after) - refused["at"] >= 2.0


async def test_a_fault_of_the_platform_is_retried(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    await shop.phones.fault(
        {"kind": "server_error", "method": "sendMessage", "times": 1, "status": 502},
        {"kind": "server_error", "method": "sendMessage", "times": 1, "status": 500},
    )
    said = await shop.api.say(row["id"], "Дойдёт")
    await settled(shop, row["id"], said["id"], "sent")
    assert await shop.phones.heard(person) == ["Дойдёт"]
    moments = [entry["at"] for entry in await shop.phones.journal()]
    assert len(moments) == 3
    assert moments[1] - moments[0] >= 0.5
    assert moments[2] - moments[1] >= 1.0


async def test_a_lost_answer_is_never_repeated_by_itself(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    await shop.phones.fault({"kind": "reset_after", "method": "sendMessage", "times": 1})
    said = await shop.api.say(row["id"], "Может быть")
    await settled(shop, row["id"], said["id"], "uncertain")
    assert await shop.phones.heard(person) == ["Может быть"]
    shop.clock.ahead_ms += 3_600_000
    later = await shop.api.say(row["id"], "Следующее")
    await settled(shop, row["id"], later["id"], "sent")
    assert await shop.phones.heard(person) == ["Может быть", "Следующее"]
    done = await shop.api.post(f"/messages/{said['id']}/settle", status=200)
    assert done["state"] == "sent"
    await shop.api.post(f"/messages/{said['id']}/settle", status=409)
    await shop.api.post(f"/messages/{said['id']}/retry", status=409)
    assert await shop.phones.heard(person) == ["Может быть", "Следующее"]


async def test_a_person_may_repeat_what_is_uncertain(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    await shop.phones.fault({"kind": "reset_before", "method": "sendMessage", "times": 1})
    said = await shop.api.say(row["id"], "Ещё раз")
    await settled(shop, row["id"], said["id"], "uncertain")
    again = await shop.api.post(f"/messages/{said['id']}/retry", status=200)
    assert again["state"] == "queued"
    await settled(shop, row["id"], said["id"], "sent")
    assert await shop.phones.heard(person) == ["Ещё раз"]


async def test_a_lost_answer_to_an_edit_is_asked_again(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    said = await shop.api.say(row["id"], "С опечяткой")
    await settled(shop, row["id"], said["id"], "sent")
    await shop.phones.fault({"kind": "reset_before", "method": "editMessageText", "times": 1})
    await shop.api.patch(f"/messages/{said['id']}", {"text": "С опечаткой"})
    await until(lambda: shop.phones.heard(person), lambda seen: seen == ["С опечаткой"])


async def test_who_blocked_us_is_not_written_to(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    await shop.phones.act(person, "block")
    contact = f"/contacts/{row['contact_id']}"

    async def reachable() -> bool:
        card = await shop.api.get(contact)
        return bool(card["identities"][0]["reachable"])

    await until(reachable, lambda seen: not seen)
    draft = {"client_id": "blocked-now", "text": "Ау"}
    refused = await shop.api.post(f"/conversations/{row['id']}/messages", draft, status=409)
    assert refused["field"] == "identity_id"
    await shop.phones.act(person, "unblock")
    await until(reachable)
    said = await shop.api.say(row["id"], "С возвращением")
    await settled(shop, row["id"], said["id"], "sent")
    lines = [
        m["content"]["system"] for m in await shop.api.timeline(row["id"]) if m["kind"] == "system"
    ]
    assert lines == ["blocked", "unblocked"]


async def test_a_refusal_tells_that_we_are_blocked(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    await shop.phones.act(person, "deactivate")
    said = await shop.api.say(row["id"], "Никому")
    failed = await settled(shop, row["id"], said["id"], "failed")
    assert failed["failure"] in {"blocked", "gone"}
    assert await shop.phones.heard(person) == []


async def test_a_key_that_is_refused_stops_the_inbox_and_mends(
    place: Place, street: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.ingress.connections._RECHECK_S", 0.2)
    async with opened(place, street) as house:
        inbox = await house.connect()
        person = await house.phones.person()
        row = await house.met(person)
        bot = street.sandbox.world.bots.pop(house.phones.token)
        said = await house.api.say(row["id"], "Ждёт ключа")

        async def shown() -> Json:
            (one,) = await house.api.get("/inboxes")
            return dict(one)

        seen = await until(shown, lambda one: one["state"] == "needs_attention", within_s=30)
        assert seen["state_reason"] == "bad_token"
        assert inbox["id"] == seen["id"]
        street.sandbox.world.bots[house.phones.token] = bot
        await until(shown, lambda one: one["state"] == "active")
        house.clock.ahead_ms += 61_000
        await settled(house, row["id"], said["id"], "sent")
        assert await house.phones.heard(person) == ["Ждёт ключа"]


async def test_an_answer_is_stored_once_per_client_id(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    draft = {"client_id": new_id(), "text": "Один раз"}
    path = f"/conversations/{row['id']}/messages"
    made = await asyncio.gather(*(shop.api.post(path, draft) for _ in range(8)))
    assert len({m["id"] for m in made}) == 1
    await settled(shop, row["id"], made[0]["id"], "sent")
    assert await sent_texts(shop) == ["Один раз"]


async def test_two_answer_at_once_and_both_are_heard_in_order(shop: House) -> None:
    await shop.connect()
    person = await shop.phones.person()
    row = await shop.met(person)
    colleague = await shop.key(Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE)
    await asyncio.gather(shop.api.say(row["id"], "Анна"), colleague.say(row["id"], "Пётр"))
    heard = await until(lambda: shop.phones.heard(person), lambda seen: len(seen) == 2)
    ours = [m["text"] for m in await shop.api.timeline(row["id"]) if m["author_kind"] == "operator"]
    assert heard == ours
    assert sorted(heard) == ["Анна", "Пётр"]
