"""Every channel is connected the same way, and the reply box knows what each one takes."""

import re

import msgspec
import pytest
from playwright.async_api import expect
from sqlalchemy import update

from otklik.contacts.tables import identities
from tests.channels.kit.line import Line
from tests.fixtures.house import House, Json, until
from tests.journeys.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def line_of(office: Office, channel: str) -> Line:
    """A business's account at a platform of the sandbox, with a person who wrote to nobody yet."""
    line = Line(channel, office.street.url, office.house.session)
    await line.begin()
    return line


async def connected(house: House, line: Line) -> Json:
    """Connect the account over the API."""
    card = await line.control(f"/{line.account}", method="GET")
    known = msgspec.convert(card["settings"], dict[str, str])
    secrets = msgspec.convert(card.get("secrets", {}), dict[str, str])
    wish: Json = {
        "channel": line.channel.manifest.id,
        "settings": {"api_base": line.config.settings["api_base"]},
        "secrets": {"token": line.config.secrets["token"]},
    }
    if "waba_id" in known:
        wish["settings"]["waba_id"] = known["waba_id"]
        wish["secrets"]["app_secret"] = secrets["app_secret"]
    inbox: Json = await house.api.post("/inboxes", wish)
    return inbox


async def talk(house: House, line: Line, inbox: Json, text: str) -> Json:
    """Let the person write, and give the conversation."""
    await line.act("text", text=text)

    async def rows() -> list[Json]:
        return [row for row in await house.api.queue() if row["inbox_id"] == inbox["id"]]

    return (await until(rows))[0]


async def test_a_community_of_vk_is_connected_step_by_step_and_its_first_message_is_seen(
    office: Office,
) -> None:
    line = await line_of(office, "vk")
    async with office.desk() as desk:
        page = desk.page
        await desk.go("/settings/inboxes/new")
        own = page.get_by_role("main").get_by_role("listitem")
        await expect(own.nth(1)).to_contain_text(re.compile("ВКонтакте|MAX|Одноклассники"))
        await page.get_by_role("link", name="ВКонтакте").click()
        await expect(page.get_by_text("«Работа с API»").first).to_be_visible()
        await page.get_by_role("button", name="Другие настройки…").click()
        await page.get_by_label("Адрес API").fill(line.config.settings["api_base"])
        key = page.get_by_role("textbox", name="Ключ доступа сообщества")
        assert await key.get_attribute("type") == "password"
        await key.fill("vk1.a.not-a-key")
        await page.get_by_role("button", name="Проверить и подключить").click()
        refused = page.locator(".mantine-InputWrapper-root").filter(
            has=page.locator(".mantine-InputWrapper-error")
        )
        await expect(refused).to_contain_text("Ключ доступа сообщества")
        await key.fill(line.config.secrets["token"])
        await page.get_by_role("button", name="Проверить и подключить").click()
        status = page.get_by_role("status").filter(has_text="Подключено.")
        await expect(status).to_be_visible()
        await expect(page.get_by_role("img", name="QR-код ссылки")).to_be_visible()
        await page.get_by_label("Метка").fill("flyer_1")
        link = page.get_by_role("textbox", name="Ссылка", exact=True)
        await expect(link).to_have_value(re.compile(r"^https://vk\.me/.+\?ref=flyer_1$"))
        await page.get_by_label("Метка").fill("две метки")
        await expect(page.get_by_text("передаёт в ссылке только такое")).to_be_visible()
        await line.act("text", text="Здравствуйте")
        arrived = page.get_by_role("status").filter(has_text="Первое сообщение пришло.")
        await expect(arrived).to_be_visible()


async def test_a_long_text_is_shown_in_its_parts_and_goes_in_them(office: Office) -> None:
    line = await line_of(office, "vk")
    inbox = await connected(office.house, line)
    row = await talk(office.house, line, inbox, "Расскажите о чае")
    story = " ".join(["Улун собирают весной."] * 250)
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{row['id']}")
        await desk.field.fill("Улун")
        told = page.get_by_role("region", name="Как это придёт: ВКонтакте")
        await expect(told).to_have_count(0)
        await desk.field.fill(story)
        await expect(told).to_contain_text("Текст длинный: уйдёт несколькими сообщениями.")
        await expect(told).to_contain_text("Уйдёт 2 сообщениями")
        await page.get_by_role("button", name="Отправить").click()
        await expect(desk.field).to_have_value("")

    async def heard() -> list[str]:
        return [str(one["text"]) for one in await line.phone() if not one["own"]]

    first, second = await until(heard, lambda texts: len(texts) == 2)
    assert first + second == story


async def test_after_the_window_the_reply_box_says_so_and_offers_a_template(
    office: Office,
) -> None:
    line = await line_of(office, "whatsapp")
    inbox = await connected(office.house, line)
    row = await talk(office.house, line, inbox, "Здравствуйте")
    async with office.desk() as desk:
        await desk.go(f"/conversations/{row['id']}")
        await expect(desk.page.get_by_text("Окно закроется через 23 ч")).to_be_visible()
    await line.act("age", seconds=2 * 86_400)
    past = update(identities).where(identities.c.inbox_id == inbox["id"]).values(window_until=1)
    await office.house.parts.database.write(lambda connection: connection.execute(past))
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{row['id']}")
        await expect(page.get_by_text("Время на ответ, которое даёт WhatsApp")).to_be_visible()
        await expect(desk.field).to_have_count(0)
        await page.get_by_role("combobox", name="Выберите шаблон…").click()
        await page.get_by_role("option", name=re.compile("^order_ready · ru")).click()
        for number, words in enumerate(("Вера", "№ 5", "5"), start=1):
            await page.get_by_label(f"Переменная {number}").fill(words)
        await expect(page.get_by_text("Здравствуйте, Вера! Ваш заказ № 5")).to_be_visible()
        await page.get_by_role("button", name="Отправить шаблон").click()
        await expect(desk.bubble("Ваш заказ № 5")).to_be_visible()

    async def heard() -> list[str]:
        return [str(one["text"]) for one in await line.phone() if not one["own"]]

    (text,) = await until(heard)
    assert "Вера! Ваш заказ № 5" in text
