"""Settings: channels are connected, secrets shown once, what was not understood is seen."""

import re

import pytest
from playwright.async_api import expect

from tests.fixtures.house import bot_of, until
from tests.journeys.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_wrong_token_is_named_at_its_field_and_a_right_one_connects(
    office: Office,
) -> None:
    house = office.house
    bot = await bot_of(house.session, office.street)
    async with office.desk() as desk:
        page = desk.page
        await desk.go("/settings/inboxes")
        await page.get_by_role("button", name="Подключить").click()
        await page.get_by_role("link", name="Telegram").click()
        await page.get_by_role("button", name="Другие настройки…").click()
        await page.get_by_label("Сервер Bot API").fill(bot.api_base)
        await page.get_by_label("Название").fill("Второй бот")
        token = page.get_by_role("textbox", name=re.compile("^Токен"))
        await token.fill("12345:not-a-token-of-anybody")
        await page.get_by_role("button", name="Проверить и подключить").click()
        error = page.locator(".mantine-InputWrapper-error")
        await expect(error).to_be_visible()
        field = page.locator(".mantine-InputWrapper-root").filter(has=error)
        await expect(field).to_contain_text("Токен")
        await token.fill(bot.token)
        await page.get_by_role("button", name="Проверить и подключить").click()
        await expect(page.get_by_role("heading", name="Второй бот")).to_be_visible()
        await expect(page.get_by_text("Подключено.")).to_be_visible()
        assert bot.token not in await page.content()

    async def hooked() -> bool:
        return bool((await bot.order("GET", ""))["webhook"])

    await until(hooked)


async def test_the_line_for_a_site_wears_its_colour_and_names_its_secret(office: Office) -> None:
    async with office.desk() as desk:
        page = desk.page
        await desk.go("/settings/inboxes")
        await page.get_by_role("button", name="Подключить").click()
        await page.get_by_role("link", name="Чат на сайте").click()
        await page.get_by_label("Название").fill("tea.example")
        await page.get_by_role("textbox", name=re.compile("^Цвет")).fill("#b4235a")
        await page.get_by_role("button", name="Проверить и подключить").click()
        await expect(page.get_by_text("Подключено.")).to_be_visible()
        line = page.get_by_role("textbox", name=re.compile("^Вставьте эту строку"))
        made = next(
            one for one in await office.house.api.get("/inboxes") if one["channel"] == "widget"
        )
        await expect(line).to_have_value(
            f'<script src="{office.house.url}/widget.js" data-inbox="{made["public_key"]}" '
            'data-color="#b4235a" async></script>'
        )
        secret = made["secrets"]["identity_secret"]
        await expect(page.get_by_text(secret)).to_be_visible()
        assert len(secret.strip("…*•. ")) == 4


async def test_a_key_is_shown_once(office: Office) -> None:
    async with office.desk() as desk:
        page = desk.page
        await desk.go("/settings/keys")
        await page.get_by_role("button", name="Новый ключ").click()
        await page.get_by_label("Для чего он").fill("Отчёты")
        await page.get_by_role("button", name="Создать").click()
        key = await page.get_by_role("textbox", name="Ключ готов").input_value()
        status, queue = await office.house.api.ask(
            "GET", "/conversations", headers={"authorization": f"Bearer {key}"}
        )
        assert (status, "items" in queue) == (200, True)
        await page.get_by_role("button", name="Готово").click()
        await expect(page.get_by_text("Отчёты", exact=True)).to_be_visible()
        assert key not in await page.content()
        await page.reload()
        await expect(page.get_by_text("Отчёты", exact=True)).to_be_visible()
        assert key not in await page.content()


async def test_what_was_not_understood_is_seen_and_tried_again(office: Office) -> None:
    poison = '{"update_id": 990001, "message": "five"}'
    status, _ = await office.house.deliver(office.inbox, poison)
    assert status == 200
    await until(lambda: office.house.api.get("/log/dead"))
    async with office.desk() as desk:
        page = desk.page
        await desk.go("/settings/log")
        await expect(page.get_by_text(poison)).to_be_visible()
        await page.get_by_role("button", name="Повторить").click()
        await expect(page.get_by_text("Снова не получилось")).to_be_visible()
        await expect(page.get_by_text("2 попытки")).to_be_visible()
        await expect(page.get_by_text(poison)).to_be_visible()
