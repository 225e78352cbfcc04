"""The page of phones in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from playwright.async_api import ConsoleMessage, Page, async_playwright, expect

from sandbox.server import PAGE, Running
from tests.sandbox.conftest import TOKEN, Control

SIZES = [(390, 844, 1), (768, 1024, 2), (1280, 800, 3)]


@asynccontextmanager
async def browsing(chromium_path: str, url: str) -> AsyncIterator[Page]:
    """The page in a browser that must not complain."""
    if not (PAGE / "index.html").exists():
        pytest.skip("the phones are not built; run: npm --prefix web run build -w @otklik/phones")
    async with async_playwright() as browsers:
        browser = await browsers.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox"]
        )
        page = await browser.new_page(base_url=url, locale="ru-RU")
        complaints: list[str] = []

        def hear(said: ConsoleMessage) -> None:
            refused = "409 (Conflict)" in said.text  # an act that is impossible; the page says why
            if said.type == "error" and not refused:
                complaints.append(said.text)

        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        yield page
        await browser.close()
        assert complaints == []


@pytest.fixture
async def page(chromium_path: str, control: Control) -> AsyncIterator[Page]:
    async with browsing(chromium_path, control.url) as page:
        yield page


async def test_a_person_talks_with_the_bot(
    page: Page, running: Running, control: Control, bot: Bot
) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Новый покупатель").first.click()
    await page.get_by_role("button", name="Начать", exact=True).click()
    field = page.get_by_role("textbox", name="Сообщение")
    await field.fill("Есть ли да хун пао?")
    await field.press("Enter")
    await expect(page.locator(".bubble.own .text")).to_have_text(["/start", "Есть ли да хун пао?"])
    person = next(iter(running.sandbox.world.bots[TOKEN].threads))
    await bot.send_chat_action(person, "typing")
    await expect(page.locator(".doing")).to_contain_text("печатает")
    markup = {"inline_keyboard": [[{"text": "Отложить", "callback_data": "keep"}]]}
    await control.call(
        "sendMessage", chat_id=person, text="<b>Есть</b>", parse_mode="HTML", reply_markup=markup
    )
    await expect(page.locator(".bubble:not(.own) .text b")).to_have_text("Есть")
    await page.get_by_role("button", name="Отложить").click()
    query = None
    while query is None:
        query = (await bot.get_updates(offset=-1, timeout=1))[-1].callback_query
    assert query.data == "keep"
    await bot.answer_callback_query(query.id, text="Отложили")
    await expect(page.locator(".notice")).to_have_text("Отложили")


async def test_stickers_contact_edits_and_blocking(
    page: Page, running: Running, control: Control, bot: Bot
) -> None:
    person = await control.person("Ника")
    await page.goto("/")
    await page.get_by_role("button", name="Стикеры").click()
    await page.locator(".stickers button").nth(2).click()
    await expect(page.locator(".bubble.bare .sticker svg")).to_be_visible()
    await page.get_by_role("button", name="Прикрепить").click()
    await page.get_by_role("button", name="Мой контакт").click()
    await expect(page.locator(".bubble .file")).to_contain_text("Ника")
    await page.get_by_role("button", name="Прикрепить").click()
    await page.get_by_role("button", name="Альбом").click()
    await expect(page.locator(".album .picture")).to_have_count(3)
    await page.locator(".bubble.own").first.hover()
    await page.get_by_role("button", name="Действия с сообщением").first.click()
    await page.get_by_role("button", name="Изменить").click()
    field = page.get_by_role("textbox", name="Сообщение")
    await field.fill("передумала")
    await field.press("Enter")
    await expect(page.locator(".bubble.own .text").first).to_have_text("передумала")
    await page.get_by_role("button", name="Действия", exact=True).click()
    await page.get_by_role("button", name="Заблокировать").click()
    await expect(page.get_by_role("button", name="Разблокировать")).to_be_visible()
    kinds = [update.event_type for update in await bot.get_updates()]
    assert kinds == [*["message"] * 6, "edited_message", "my_chat_member"]
    assert running.sandbox.world.bots[TOKEN].threads[person].blocked


async def test_as_many_phones_as_fit(page: Page, control: Control) -> None:
    await asyncio.gather(*(control.person(f"Гость {n}") for n in range(4)))
    await page.goto("/")
    await expect(page.locator(".phone")).to_have_count(4)
    await expect(page.locator(".phone .chip").first).to_have_text("песочница")
    for width, height, phones in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        boxes = [await phone.bounding_box() for phone in await page.locator(".phone").all()]
        right_edges = [box["x"] + box["width"] for box in boxes if box and box["x"] >= 0]
        assert sum(edge <= width + 1 for edge in right_edges) == phones
        wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0


async def test_the_shop_can_be_let_in_and_sent_home(page: Page, control: Control) -> None:
    await control.person()
    await page.goto("/")
    await page.get_by_role("button", name="Пусть пишут сами").click()
    await expect(page.get_by_role("button", name="Остановить")).to_be_visible()
    await expect(page.locator(".strip")).to_contain_text("Марина")
    await page.get_by_role("button", name="Остановить").click()
    await expect(page.get_by_role("button", name="Пусть пишут сами")).to_be_visible()
    assert (await control.look("@"))["lively"] is False
