"""Messenger all the way: a person's phone, the sandbox, the whole product, an operator."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest

from otklik.kernel.ids import new_id
from sandbox import samples
from sandbox.meta_messaging import listed
from sandbox.server import Running
from tests.channels.kit.line import Fields
from tests.channels.messenger.street import APP_SECRET, MetaLine
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    """A house that looks after its subscriptions in a hurry."""
    hurried = patch("otklik.families.meta.conversations._PAUSE_S", 0.1)
    patient = patch("otklik.ingress.connections._FAULT_S", 0.1)
    with patch("otklik.ingress.connections._VERIFY_S", 0.1), hurried, patient:
        async with opened(sqlite_place, street) as made:
            yield made


@pytest.fixture
async def line(shop: House, street: Running) -> MetaLine:
    line = MetaLine("messenger", street.url, shop.session)
    await line.begin(secrets={"app_secret": APP_SECRET})
    return line


async def connected(shop: House, line: MetaLine) -> Json:
    wish = {
        "channel": "messenger",
        "settings": {"api_base": line.config.settings["api_base"]},
        "secrets": {"token": line.config.secrets["token"], "app_secret": APP_SECRET},
    }
    inbox: Json = await shop.api.post("/inboxes", wish)
    return inbox


async def talk(shop: House, line: MetaLine, text: str = "Здравствуйте") -> Json:
    await line.act("text", text=text)
    return (await until(shop.api.queue))[0]


async def heard(line: MetaLine) -> list[Fields]:
    return [message for message in await line.phone() if not message["own"]]


async def inbox_state(shop: House, inbox: Json) -> tuple[str, str]:
    (found,) = [one for one in await shop.api.get("/inboxes") if one["id"] == inbox["id"]]
    return found["state"], found["state_reason"]


async def unsubscribe(line: MetaLine) -> None:
    step = line.connect.unsubscribe
    assert step is not None
    await line.walk(lambda answers: step(line.config, "", answers))


async def test_a_person_writes_and_an_operator_answers(shop: House, line: MetaLine) -> None:
    inbox = await connected(shop, line)
    assert inbox["title"] == "Чайный мост"
    row = await talk(shop, line)
    buttons = [[{"label": "Беру", "payload": "b"}]]
    said = await shop.api.say(row["id"], "Добрый день", buttons=buttons)
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Добрый день"
    await line.act("tap", payload="b")

    async def messages() -> list[Json]:
        return await shop.api.timeline(row["id"])

    seen = await until(messages, lambda all_: "press" in [one["kind"] for one in all_])
    assert [one["text"] for one in seen if one["kind"] == "text"] == ["Здравствуйте", "Добрый день"]
    await line.act("read")

    def is_read(all_: list[Json]) -> bool:
        state: str = next(one for one in all_ if one["id"] == said["id"])["state"]
        return state == "read"

    await until(messages, is_read)


async def test_a_first_visit_by_a_link_is_a_touchpoint_and_the_person_has_a_name(
    shop: House, line: MetaLine
) -> None:
    await connected(shop, line)
    await line.act("start", payload="shelf-7")
    row = await talk(shop, line)

    async def contact() -> Json:
        found: Json = await shop.api.get(f"/contacts/{row['contact_id']}")
        return found

    known = await until(contact, lambda one: one["name"] == "Вера Улыбина")
    assert "shelf-7" in str(known)


async def test_a_picture_comes_and_goes(shop: House, line: MetaLine) -> None:
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
    picture, text = await until(lambda: heard(line), lambda seen: len(seen) == 2)
    assert (picture["kind"], text["text"]) == ("picture", "Этот?")


async def test_an_answer_from_the_page_inbox_is_seen_in_the_desk(
    shop: House, line: MetaLine
) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("echo", text="Отвечаю из Business Suite")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    await until(texts, lambda seen: "Отвечаю из Business Suite" in seen)


async def test_who_blocks_the_page_is_marked_when_written_to(shop: House, line: MetaLine) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    await line.act("block")
    said = await shop.api.say(row["id"], "Вы ещё здесь?")

    async def fate() -> Json:
        return next(one for one in await shop.api.timeline(row["id"]) if one["id"] == said["id"])

    failed = await until(fate, lambda one: one["state"] == "failed")
    assert failed["failure"] == "blocked"


async def test_a_revoked_token_needs_attention(shop: House, line: MetaLine) -> None:
    inbox = await connected(shop, line)
    await line.control(f"/{line.account}/revoked", {"on": True})
    state = await until(
        lambda: inbox_state(shop, inbox), lambda found: found[0] == "needs_attention"
    )
    assert state[1] == "bad_token"


async def test_a_dropped_subscription_is_made_again(shop: House, line: MetaLine) -> None:
    inbox = await connected(shop, line)
    await unsubscribe(line)

    async def verified() -> object:
        step = line.connect.verify
        assert step is not None
        return type(await line.walk(lambda answers: step(line.config, "", answers))).__name__

    await until(verified, lambda name: name == "Subscribed")
    await talk(shop, line, "Снова здесь")
    assert (await inbox_state(shop, inbox))[0] == "active"


async def test_what_was_said_while_nothing_was_delivered_is_fetched(
    shop: House, line: MetaLine, street: Running
) -> None:
    inbox = await connected(shop, line)
    row = await talk(shop, line)

    async def cursor() -> str:  # the first look tells from when on something can be missed
        await shop.parts.registry.reload()
        kept = shop.parts.registry.by_id(inbox["id"])
        return kept.cursor if kept else ""

    await until(cursor)
    calls = [{"method": name, "kind": "server_error"}
             for name in ("subscribed_apps", "who_is_subscribed")]  # fmt: skip
    await line.control(f"/{line.account}/faults", {"calls": calls})
    _, world = street.sandbox.messengers["messenger"]
    listed(world.accounts[line.account]).subscribed.clear()
    await line.act("text", text="Вы где?")
    await line.control(f"/{line.account}/faults", method="DELETE")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    assert await until(texts, lambda seen: "Вы где?" in seen) == ["Здравствуйте", "Вы где?"]


async def test_two_pages_of_one_app_have_an_inbox_each(
    shop: House, line: MetaLine, street: Running
) -> None:
    other = MetaLine("messenger", street.url, shop.session)
    await other.begin(secrets={"app_secret": APP_SECRET}, settings={"app_id": app_of(street, line)})
    first, second = await connected(shop, line), await connected(shop, other)
    await line.act("text", text="Первой")  # the app now delivers to the second one's address
    await other.act("text", text="Второй")
    rows = await until(shop.api.queue, lambda seen: len(seen) == 2)
    assert {row["inbox_id"] for row in rows} == {first["id"], second["id"]}
    for row in rows:
        own = "Первой" if row["inbox_id"] == first["id"] else "Второй"
        assert [one["text"] for one in await shop.api.timeline(row["id"])] == [own]


def app_of(street: Running, line: MetaLine) -> str:
    _, world = street.sandbox.messengers["messenger"]
    return listed(world.accounts[line.account]).app_id


async def test_an_inbox_with_a_wrong_app_secret_is_not_kept(shop: House, line: MetaLine) -> None:
    wish = {
        "channel": "messenger",
        "settings": {"api_base": line.config.settings["api_base"]},
        "secrets": {"token": line.config.secrets["token"], "app_secret": "guessed"},
    }
    told = await shop.api.post("/inboxes", wish, status=422)
    assert "секрет приложения" in told["detail"]
    assert [one for one in await shop.api.get("/inboxes") if one["channel"] == "messenger"] == []
