"""What people do, and that a bot library understands every update of it."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.types import Update

from sandbox import blobs
from sandbox.server import Running
from sandbox.tea_shop import CUSTOMERS
from tests.sandbox.conftest import TOKEN, Control, Hook, until

KINDS = {
    "photo": "teapot.jpg",
    "video": "steam.mp4",
    "voice": "voice.ogg",
    "audio": "bell.m4a",
    "document": "price.pdf",
    "animation": "leaf.mp4",
    "video_note": "round.mp4",
    "sticker": "leaf.tgs",
}


@pytest.mark.parametrize(("kind", "sample"), KINDS.items())
async def test_a_file_of_a_person_can_be_downloaded(
    bot: Bot, control: Control, kind: str, sample: str
) -> None:
    person = await control.person()
    await control.act(person, "file", kind=kind, sample=sample)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    media = getattr(message, kind)
    found = await bot.get_file((media[-1] if kind == "photo" else media).file_id)
    assert found.file_path is not None
    read = await bot.download_file(found.file_path)
    assert read is not None
    assert read.read() == blobs.sample(sample).content


async def test_places_and_cards(bot: Bot, control: Control) -> None:
    person = await control.person()
    await control.act(person, "location", latitude=59.5, longitude=30.5)
    await control.act(person, "venue", title="Дом", address="Лесной, 31")
    await control.act(person, "contact")
    await control.act(person, "contact", phone_number="+79990000077", first_name="Сосед")
    place, venue, own, other = [u.message for u in (await bot.get_updates())[1:]]
    assert place is not None
    assert place.location is not None
    assert place.location.latitude == 59.5
    assert venue is not None
    assert venue.venue is not None
    assert own is not None
    assert own.contact is not None
    assert own.contact.user_id == person
    assert other is not None
    assert other.contact is not None
    assert other.contact.user_id is None


async def test_a_deep_link_unblocks_and_starts(bot: Bot, control: Control) -> None:
    person = await control.person()
    await control.act(person, "block")
    await control.act(person, "start", payload="autumn_tg")
    updates = await bot.get_updates()
    assert [u.event_type for u in updates] == [
        "message",
        "my_chat_member",
        "my_chat_member",
        "message",
    ]
    away, back = updates[1].my_chat_member, updates[2].my_chat_member
    assert away is not None
    assert back is not None
    assert (away.new_chat_member.status, back.new_chat_member.status) == ("kicked", "member")
    assert updates[3].message is not None
    assert updates[3].message.text == "/start autumn_tg"


async def test_an_edit_brings_the_whole_message(bot: Bot, control: Control) -> None:
    person = await control.person()
    said = await control.act(person, "text", text="чай", reply_to=1)
    await control.act(person, "edit", message_id=said["message_id"], text="чай @tea_bridge")
    edited = (await bot.get_updates())[-1].edited_message
    assert edited is not None
    assert (edited.text, edited.message_id) == ("чай @tea_bridge", said["message_id"])
    assert edited.edit_date
    assert edited.entities is not None
    assert edited.entities[0].type == "mention"


async def test_a_person_may_write_in_a_group(bot: Bot, control: Control) -> None:
    person = await control.person()
    group = await control.post("@/groups", {"title": "Клуб"})
    await control.act(person, "text", text="всем привет", chat_id=group["id"])
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.from_user is not None
    assert (message.chat.id, message.from_user.id) == (group["id"], person)


@pytest.mark.parametrize(
    ("act", "fields", "status", "detail"),
    [
        ("text", {"text": ""}, 409, "must not be empty"),
        ("text", {"text": 5}, 400, "Expected `str`"),
        ("press", {"message_id": 1}, 409, "has no buttons"),
        ("tap", {"text": "Да"}, 409, "no key 'Да'"),
        ("edit", {"message_id": 77, "text": "x"}, 409, "not one of the person's own"),
        ("album", {"items": []}, 409, "from 2 to 10"),
        ("file", {"sample": "no.jpg"}, 409, "no sample 'no.jpg'"),
        ("dance", {}, 404, "no act 'dance'"),
    ],
)
async def test_impossible_acts_are_explained(
    control: Control, act: str, fields: dict[str, object], status: int, detail: str
) -> None:
    person = await control.person()
    problem = await control.post(f"@/people/{person}/{act}", fields, status=status)
    assert detail in str(problem["detail"])


async def test_a_blocked_bot_hears_nothing(control: Control) -> None:
    person = await control.person()
    await control.act(person, "block")
    problem = await control.post(f"@/people/{person}/text", {"text": "эй"}, status=409)
    assert "unblock" in str(problem["detail"])


async def test_load_is_written_whole_and_in_order(control: Control, hook: Hook) -> None:
    job = await control.post("@/bulk", {"people": 20, "messages": 10, "text": "{n}"}, status=202)
    await hook.wait(200)
    by_person: dict[object, list[object]] = {}
    for update in hook.came:
        message = Update.model_validate(update).message
        assert message is not None
        assert message.from_user is not None
        by_person.setdefault(message.from_user.id, []).append(message.text)
    first = job["first_person"]
    assert isinstance(first, int)
    assert sorted(map(str, by_person)) == [str(first + n) for n in range(20)]
    assert all(texts == [str(n) for n in range(1, 11)] for texts in by_person.values())


async def test_load_keeps_its_rate(control: Control) -> None:
    await control.post("@/bulk", {"people": 5, "messages": 10, "rate": 200})
    job: dict[str, object] = {"ended": None}
    while job["ended"] is None:
        await asyncio.sleep(0.02)
        job = await control.look("@/bulk")
    took_s = float(str(job["ended"])) - float(str(job["began"]))
    assert 0.24 < took_s < 3


async def test_the_shop_comes_alive_and_reacts(running: Running, control: Control) -> None:
    await control.post("@/lively", {"on": True, "pace": 300})
    bot = running.sandbox.world.bots[TOKEN]
    texts: list[str] = []

    def arrived() -> bool:
        texts[:] = [
            m.text for t in bot.threads.values() for m in t.messages.values() if m.text and m.from_
        ]
        return len(bot.threads) == len(CUSTOMERS)

    await until(arrived)
    marina = next(p for p in running.sandbox.world.people.values() if p.user.first_name == "Марина")
    thread = bot.threads[marina.user.id]
    await until(lambda: len(thread.messages) >= 3)
    before = len(thread.messages)
    await control.call("sendMessage", chat_id=marina.user.id, text="Есть, и хватит на месяц!")
    await until(lambda: len(thread.messages) >= before + 2)
    assert "доставка на Петроградку" in str(list(thread.messages.values())[-1].text)
    await control.post("@/lively", {"on": False})
    quiet = {chat: len(t.messages) for chat, t in bot.threads.items()}
    await asyncio.sleep(0.1)
    assert quiet == {chat: len(t.messages) for chat, t in bot.threads.items()}


def test_every_line_of_the_shop_can_be_played() -> None:
    for customer in CUSTOMERS:
        for line in customer.lines:
            for sample in line.samples:
                assert blobs.sample(sample).content
            assert line.text or line.samples or line.kind in ("start", "contact", "location")
    assert len({customer.username for customer in CUSTOMERS}) == len(CUSTOMERS) == 12


async def test_every_customer_can_be_served_to_the_end(running: Running, control: Control) -> None:
    await control.post("@/lively", {"on": True, "pace": 2000})
    bot = running.sandbox.world.bots[TOKEN]
    offset = 0
    farewells = {text for customer in CUSTOMERS for text in customer.farewells}

    def said() -> set[str]:
        return {m.text for t in bot.threads.values() for m in t.messages.values() if m.text}

    async with asyncio.timeout(30):
        while not farewells <= said():
            _, answer = await control.call("getUpdates", offset=offset, timeout=1)
            updates = answer["result"]
            assert isinstance(updates, list)
            for update in updates:
                offset = update["update_id"] + 1
            for chat in list(bot.threads):
                await control.call("sendMessage", chat_id=chat, text="Конечно!")
    kinds = {kind for t in bot.threads.values() for m in t.messages.values() for kind in KINDS
             if getattr(m, kind) is not None}  # fmt: skip
    assert kinds >= {"photo", "video", "voice", "document", "video_note", "sticker"}
    assert any(m.edit_date for t in bot.threads.values() for m in t.messages.values())
