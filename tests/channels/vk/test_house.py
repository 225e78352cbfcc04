"""VK all the way: a person's phone, the sandbox, the whole product, an operator."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import aiohttp
import pytest

from otklik.inbound.tables import inbound_log
from otklik.kernel.ids import new_id
from sandbox import samples
from sandbox.server import Running
from sandbox.vk.community import Community
from tests.channels.kit.line import Fields, Line
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
    line = Line("vk", street.url, shop.session)
    await line.begin(username="tea_bridge")
    return line


@pytest.fixture
def community(line: Line, street: Running) -> Community:
    account = street.sandbox.messengers["vk"][1].accounts[line.account]
    assert isinstance(account, Community)
    return account


def wish(line: Line) -> Json:
    return {
        "channel": "vk",
        "settings": {"api_base": line.config.settings["api_base"]},
        "secrets": {"token": line.config.secrets["token"]},
    }


async def connected(shop: House, line: Line, community: Community) -> Json:
    inbox: Json = await shop.api.post("/inboxes", wish(line))
    await until(lambda: ticked(community))
    return inbox


async def ticked(community: Community) -> bool:
    servers = community.servers.values()
    ready = [one for one in servers if one.status == "ok" and one.events.get("message_new")]
    return len(ready) == len(servers) == 1


async def talk(shop: House, line: Line, text: str = "Здравствуйте") -> Json:
    await line.act("text", text=text)
    return (await until(shop.api.queue))[0]


async def heard(line: Line) -> list[Fields]:
    return [message for message in await line.phone() if not message["own"]]


async def inbox_state(shop: House, inbox: Json) -> tuple[str, str]:
    (found,) = [one for one in await shop.api.get("/inboxes") if one["id"] == inbox["id"]]
    return found["state"], found["state_reason"]


async def test_a_person_writes_and_an_operator_answers(
    shop: House, line: Line, community: Community
) -> None:
    inbox = await connected(shop, line, community)
    assert (inbox["title"], inbox["settings"]["group_id"]) == ("Чайный мост", line.account)
    row = await talk(shop, line)
    buttons = [[{"label": "Беру", "payload": "b"}]]
    said = await shop.api.say(row["id"], "Добрый день", buttons=buttons)
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Добрый день"
    await line.act("press", message_id=shown["id"], button="Беру")

    async def kinds() -> list[str]:
        return [one["kind"] for one in await shop.api.timeline(row["id"])]

    await until(kinds, lambda seen: "press" in seen)
    await shop.api.patch(f"/messages/{said['id']}", {"text": "Добрый вечер"})
    await until(lambda: heard(line), lambda seen: seen[0]["text"] == "Добрый вечер")
    texts = [one["text"] for one in await shop.api.timeline(row["id"])]
    assert texts.count("Добрый вечер") == 1  # our own echo is not a second message


async def test_a_person_has_a_name_and_a_link_leaves_a_trace(
    shop: House, line: Line, community: Community
) -> None:
    await connected(shop, line, community)
    await line.act("start", payload="leaf")
    row = (await until(shop.api.queue))[0]

    async def card() -> Json:
        found: Json = await shop.api.get(f"/contacts/{row['contact_id']}")
        return found

    known = await until(card, lambda seen: seen["name"] == "Вера Улыбина")
    assert [touch["source"] for touch in known["touchpoints"]] == ["leaf"]


async def test_a_picture_comes_and_goes(shop: House, line: Line, community: Community) -> None:
    await connected(shop, line, community)
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


async def test_an_answer_given_in_vk_is_in_the_timeline(
    shop: House, line: Line, community: Community
) -> None:
    await connected(shop, line, community)
    row = await talk(shop, line)
    await line.act("echo", text="Ответила из ВКонтакте")

    async def texts() -> list[str]:
        return [one["text"] for one in await shop.api.timeline(row["id"])]

    await until(texts, lambda seen: "Ответила из ВКонтакте" in seen)


async def test_who_forbids_messages_is_not_written_to(
    shop: House, line: Line, community: Community
) -> None:
    await connected(shop, line, community)
    row = await talk(shop, line)
    await line.act("block")

    async def lines() -> list[str]:
        return [one["content"].get("system", "") for one in await shop.api.timeline(row["id"])]

    await until(lines, lambda seen: "blocked" in seen)
    await line.act("unblock")
    await until(lines, lambda seen: "unblocked" in seen)


async def test_no_secret_is_kept_in_the_log(shop: House, line: Line, community: Community) -> None:
    inbox = await connected(shop, line, community)
    await talk(shop, line)
    found = shop.parts.registry.by_id(inbox["id"])
    assert found is not None
    rows = await shop.parts.database.read(lambda c: c.execute(inbound_log.select()).all())
    stored = next(row.body for row in rows if b"message_new" in row.body)
    assert found.config.secrets["webhook_secret"].encode() not in stored
    assert line.person.encode() in stored


async def test_somebody_else_at_the_address_is_turned_away(
    shop: House, line: Line, community: Community
) -> None:
    inbox = await connected(shop, line, community)
    address = f"{shop.url}/hooks/{inbox['public_key']}"
    strange = {"type": "message_new", "group_id": int(line.account), "secret": "guess",
               "object": {}, "event_id": "e"}  # fmt: skip
    async with aiohttp.ClientSession() as session:
        async with session.post(address, json=strange) as answer:
            assert answer.status == 401
        async with session.post(address, json={"type": "confirmation", "group_id": 1}) as answer:
            assert answer.status == 403


async def test_a_revoked_key_needs_attention(shop: House, line: Line, community: Community) -> None:
    inbox = await connected(shop, line, community)
    await line.control(f"/{line.account}/revoked", {"on": True})
    state = await until(
        lambda: inbox_state(shop, inbox), lambda found: found[0] == "needs_attention"
    )
    assert state[1] == "bad_token"


@pytest.mark.parametrize("loss", ["deleted", "given up", "unticked"])
async def test_a_lost_subscription_is_made_again(
    shop: House, line: Line, community: Community, loss: str
) -> None:
    inbox = await connected(shop, line, community)
    (server,) = community.servers.values()
    if loss == "deleted":
        community.drop_courier(str(server.id))
        community.servers.clear()
    elif loss == "given up":
        server.status = "failed"
        community.drop_courier(str(server.id))
    else:
        server.events["message_new"] = 0
    await until(lambda: ticked(community))
    await talk(shop, line, "Снова здесь")
    assert (await inbox_state(shop, inbox))[0] == "active"


async def test_without_a_public_address_the_community_is_polled(
    sqlite_place: Place, street: Running
) -> None:
    async with opened(sqlite_place, street, polling=True) as shop:
        line = Line("vk", street.url, shop.session)
        await line.begin(username="tea_bridge")
        await shop.api.post("/inboxes", wish(line))
        community = street.sandbox.messengers["vk"][1].accounts[line.account]
        assert isinstance(community, Community)

        async def polled() -> bool:
            return community.poll_on

        await until(polled)
        await line.act("text", text="Здравствуйте")
        row = (await until(shop.api.queue))[0]
        await shop.api.say(row["id"], "Добрый день")
        (shown,) = await until(lambda: heard(line))
        assert shown["text"] == "Добрый день"
