"""Web push all the way: a visitor's browser, the push service, the whole product, an operator."""

from collections.abc import AsyncIterator

import pytest

from sandbox.server import Running
from tests.channels.kit.doors import connected, heard
from tests.channels.kit.line import Line
from tests.fixtures.house import House, Json, opened, until
from tests.fixtures.store import Place

PHONE = "79160384152"
SECRETS = {
    "vapid_key": "3lTWCYFCbnZFkMMA8bUcT0Vw2xVjmsRVW4cJ7mk2rqw",
    "identity_secret": "invented-identity-secret-of-32-bytes",
}


@pytest.fixture
async def shop(sqlite_place: Place, street: Running) -> AsyncIterator[House]:
    async with opened(sqlite_place, street) as made:
        yield made


@pytest.fixture
async def inbox(shop: House, street: Running) -> Json:
    wish = {
        "channel": "webpush",
        "settings": {
            "api_base": f"{street.url}/webpush",
            "site": "https://tea.example/",
            "subject": "push@tea.example",
        },
        "secrets": SECRETS,
    }
    made: Json = await shop.api.post("/inboxes", wish)
    return made


@pytest.fixture
async def line(shop: House, street: Running, inbox: Json) -> Line:
    """A customer who has written from MAX, and said yes on the shop's site signed in."""
    max_bot = Line("max", street.url, shop.session)
    await max_bot.begin()
    vera = {"first_name": "Вера", "phone": PHONE}
    async with shop.session.post(f"{street.url}/control/people", json=vera) as made:
        max_bot.person = str((await made.json())["id"])
    await max_bot.act("start")
    await connected(shop, max_bot)
    await max_bot.act("contact")
    line = Line("webpush", street.url, shop.session)
    line.person = max_bot.person
    await line.control("", {"id": line.account, "title": "Чайный мост", "secrets": SECRETS})
    await line.control(f"/{line.account}/webhook", {"url": inbox["address"], "verify_token": ""})
    await line.act("start")
    (row,) = await until(shop.api.queue)
    contact = f"/contacts/{row['contact_id']}"
    # MAX proves nothing of a number typed by hand: the operator says that it is one person.
    (other,) = await until(lambda: shop.api.get(f"{contact}/proposals"))
    await shop.api.post(f"{contact}/proposals/{other['contact_id']}/accept", {}, status=200)
    return line


async def subscriber(shop: House, **wanted: object) -> tuple[str, Json]:
    """Give the conversation of the only contact and the browser they can be reached in."""
    row = (await until(shop.api.queue))[0]

    async def browsers() -> list[Json]:
        (now,) = await shop.api.queue()  # the site's proof may have made two contacts one
        contact = await shop.api.get(f"/contacts/{now['contact_id']}")
        return [
            one for one in contact["identities"]
            if one["channel"] == "webpush" and wanted.items() <= one.items()
        ]  # fmt: skip

    return row["id"], (await until(browsers))[0]


async def test_a_customer_is_pushed_to_and_what_they_press_comes_back(
    shop: House, line: Line
) -> None:
    conversation, browser = await subscriber(shop)
    keys = [[{"label": "Беру", "payload": "yes"}, {"label": "Сайт", "url": "https://tea.example/"}]]
    await shop.api.say(conversation, "Пуэр пришёл", identity_id=browser["id"], buttons=keys)
    (shown,) = await until(lambda: heard(line))
    assert (shown["title"], shown["text"], shown["link"]) == (
        "tea.example", "Пуэр пришёл", "https://tea.example/",
    )  # fmt: skip

    async def said() -> list[Json]:
        found = await shop.api.timeline(conversation)
        return [one for one in found if one["channel"] == "webpush"]

    await until(said, lambda seen: [one["state"] for one in seen] == ["delivered"])
    await line.act("press", message_id=shown["id"], payload="yes")
    _, pressed = await until(said, lambda seen: len(seen) == 2)
    assert (pressed["kind"], pressed["text"]) == ("press", "Беру")
    assert pressed["content"]["payload"] == "yes"
    await until(said, lambda seen: seen[0]["state"] == "read")


async def test_an_edit_takes_the_place_of_the_notification(shop: House, line: Line) -> None:
    conversation, browser = await subscriber(shop)
    said = await shop.api.say(conversation, "Пуэр пришёл", identity_id=browser["id"])
    await until(lambda: heard(line))
    await shop.api.patch(f"/messages/{said['id']}", {"text": "Пуэр пришёл, последний"})
    (shown,) = await until(
        lambda: heard(line), lambda seen: seen[0]["text"] == "Пуэр пришёл, последний"
    )
    assert shown["id"] == said["id"]


async def test_a_subscription_that_is_gone_fails_with_its_reason(shop: House, line: Line) -> None:
    conversation, browser = await subscriber(shop)
    await line.act("block")
    sent = await shop.api.say(conversation, "Пуэр пришёл", identity_id=browser["id"])

    async def failure() -> str:
        found = await shop.api.timeline(conversation)
        return str(next(one["failure"] for one in found if one["id"] == sent["id"]))

    assert await until(failure) == "gone"
    await subscriber(shop, reachable=False)


async def test_a_browser_with_a_new_subscription_stays_the_same_address(
    shop: House, line: Line
) -> None:
    conversation, browser = await subscriber(shop)
    await line.act("renew")
    await until(
        lambda: subscriber(shop),
        lambda seen: seen[1]["external_id"] != browser["external_id"],
    )
    _, renewed = await subscriber(shop)
    assert renewed["id"] == browser["id"]
    await shop.api.say(conversation, "Пуэр пришёл", identity_id=renewed["id"])
    (shown,) = await until(lambda: heard(line))
    assert shown["text"] == "Пуэр пришёл"


async def test_who_signs_out_on_the_site_is_not_pushed_to(shop: House, line: Line) -> None:
    await subscriber(shop, reachable=True)
    await line.act("leave")
    await subscriber(shop, reachable=False)


async def test_the_sites_script_is_there_for_other_sites(shop: House, inbox: Json) -> None:
    async with shop.session.get(inbox["address"], params={"part": "worker"}) as answer:
        assert answer.status == 200
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.content_type == "text/javascript"
    nowhere = {"endpoint": "https://169.254.169.254/", "p256dh": "x", "auth": "y", "key": "z"}
    evil = {"event": "subscribed", "at": 1, "subscription": nowhere}
    async with shop.session.post(inbox["address"], json=evil) as answer:
        assert answer.status == 401
