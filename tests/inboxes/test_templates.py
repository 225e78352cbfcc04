"""Templates and news of an inbox, over the API and against WhatsApp's sandbox."""

import aiohttp
import msgspec
import pytest

from otklik.kernel.ids import new_id
from sandbox import samples
from sandbox.server import Running
from tests.channels.kit.line import Fields, Line
from tests.fixtures.house import House, Json, until

DAY_MS = 86_400_000


@pytest.fixture
async def line(shop: House, street: Running) -> Line:
    line = Line("whatsapp", street.url, shop.session)
    await line.begin()
    return line


async def connected(shop: House, line: Line) -> Json:
    card = await line.control(f"/{line.account}", method="GET")
    settings = msgspec.convert(card["settings"], dict[str, str])
    secrets = msgspec.convert(card["secrets"], dict[str, str])
    inbox: Json = await shop.api.post("/inboxes", {
        "channel": "whatsapp",
        "settings": {"api_base": line.config.settings["api_base"],
                     "waba_id": settings["waba_id"]},
        "secrets": {"token": line.config.secrets["token"],
                    "app_secret": secrets["app_secret"]},
    })  # fmt: skip
    return inbox


async def talk(shop: House, line: Line) -> Json:
    await line.act("text", text="Здравствуйте")
    return (await until(shop.api.queue))[0]


async def heard(line: Line) -> list[Fields]:
    return [message for message in await line.phone() if not message["own"]]


async def tell(line: Line, field: str, **value: object) -> None:
    """Let WhatsApp tell something about the account."""
    change = {"field": field, "value": value}
    entry = {"id": "1", "time": 1_790_000_000, "changes": [change]}
    body = {"object": "whatsapp_business_account", "entry": [entry]}
    await line.control(f"/{line.account}/inject?kind={field}", body)


async def test_templates_are_there_from_the_beginning_and_can_be_listed_anew(
    shop: House, line: Line
) -> None:
    inbox = await connected(shop, line)
    known = await shop.api.get(f"/inboxes/{inbox['id']}/templates")
    by_name = {one["name"]: one for one in known}
    assert by_name["order_ready"]["sendable"]
    assert not by_name["come_back"]["sendable"]
    assert [gap["slot"] for gap in by_name["order_ready"]["variables"]] == [
        "body.1", "body.2", "button.1.url",
    ]  # fmt: skip
    address = f"{line.config.settings['api_base']}/v26.0"
    card = await line.control(f"/{line.account}", method="GET")
    settings = msgspec.convert(card["settings"], dict[str, str])
    fresh = {"name": "fresh", "language": "ru", "category": "UTILITY",
             "components": [{"type": "BODY", "text": "Привезли."}]}  # fmt: skip
    headers = {"authorization": f"Bearer {line.config.secrets['token']}"}
    url = f"{address}/{settings['waba_id']}/message_templates"
    async with shop.session.post(url, json=fresh, headers=headers) as answer:
        assert answer.status == 200
    synced = await shop.api.post(f"/inboxes/{inbox['id']}/templates/sync", status=200)
    assert "fresh" in [one["name"] for one in synced]
    assert len(synced) == len(known) + 1


async def test_a_template_goes_out_after_the_window_and_reads_as_it_will_be_read(
    shop: House, line: Line
) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    shop.clock.ahead_ms = 2 * DAY_MS
    await line.act("age", seconds=2 * 86_400)
    template = {"name": "order_ready", "language": "ru", "parameters": ["Вера", "№ 5", "5"]}
    said = await shop.api.say(row["id"], "", template=template)
    assert said["text"].startswith("Здравствуйте, Вера! Ваш заказ № 5 собран")
    (shown,) = await until(lambda: heard(line))
    assert "Вера! Ваш заказ № 5" in str(shown["text"])
    assert "https://tea.example/o/5" in str(shown["buttons"])


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ({"name": "no_such", "language": "ru"}, "template"),
        ({"name": "order_ready", "language": "en"}, "template"),
        ({"name": "come_back", "language": "ru"}, "template"),
        ({"name": "new_harvest", "language": "ru", "parameters": ["Вера"]}, "file_ids"),
        ({"name": "order_ready", "language": "ru", "parameters": ["Вера"]},
         "template.parameters"),
        ({"name": "order_ready", "language": "ru", "parameters": ["Вера", " ", "5"]},
         "template.parameters"),
    ],
)  # fmt: skip
async def test_a_template_that_cannot_go_is_refused_before_anything_is_sent(
    shop: House, line: Line, template: Json, field: str
) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    draft = {"client_id": new_id(), "template": template}
    refusal = await shop.api.post(f"/conversations/{row['id']}/messages", draft, status=422)
    assert refusal["field"] == field
    assert await heard(line) == []


async def test_a_template_with_a_picture_takes_one(shop: House, line: Line) -> None:
    await connected(shop, line)
    row = await talk(shop, line)
    form = aiohttp.FormData()
    form.add_field("file", samples.content("tea-cup.jpg"), filename="cup.jpg",
                   content_type="image/jpeg")  # fmt: skip
    status, file = await shop.api.ask("POST", "/files", data=form)
    assert status == 201
    template = {"name": "new_harvest", "language": "ru", "parameters": ["Вера"]}
    said = await shop.api.say(row["id"], "", template=template, file_ids=[file["file_id"]])
    assert said["text"] == "Привет, Вера! Новый урожай улуна уже в лавке."
    (shown,) = await until(lambda: heard(line))
    assert shown["files"]


async def test_what_becomes_of_a_template_is_told_and_counts(shop: House, line: Line) -> None:
    inbox = await connected(shop, line)
    await tell(
        line,
        "message_template_status_update",
        event="PAUSED",
        message_template_name="order_ready",
        message_template_language="ru",
        reason="LOW_QUALITY",
    )

    async def status() -> str:
        known = await shop.api.get(f"/inboxes/{inbox['id']}/templates")
        return next(str(one["status"]) for one in known if one["name"] == "order_ready")

    await until(status, lambda seen: seen == "PAUSED")
    (news,) = await shop.api.get(f"/inboxes/{inbox['id']}/news")
    assert news["what"] == "template.paused"
    assert news["detail"] == "order_ready (ru): LOW_QUALITY"


async def test_what_the_platform_tells_about_an_inbox_is_kept_newest_first(
    shop: House, line: Line
) -> None:
    inbox = await connected(shop, line)
    why = [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}]
    await tell(line, "account_update", event="ACCOUNT_RESTRICTION", restriction_info=why)

    async def news() -> list[Json]:
        found: list[Json] = await shop.api.get(f"/inboxes/{inbox['id']}/news")
        return found

    (first,) = await until(news)
    assert first["is_trouble"]
    assert first["detail"] == "RESTRICTED_BIZ_INITIATED_MESSAGING"
    assert first["at"] == 1_790_000_000_000
    stranger = await shop.key()
    assert (await stranger.ask("GET", f"/inboxes/{inbox['id']}/news"))[0] == 403


async def test_a_channel_without_templates_says_so(shop: House) -> None:
    inbox = await shop.connect()
    await shop.api.post(f"/inboxes/{inbox['id']}/templates/sync", status=409)
    assert await shop.api.get(f"/inboxes/{inbox['id']}/templates") == []
