"""Every kind of app on the page's telephones, in a real browser, with invented messengers."""

import time
from collections.abc import AsyncIterator

import msgspec
import pytest
from playwright.async_api import Page, expect

from sandbox.message import Button, Card, Keyboard, Menu, Message
from sandbox.orders import NewAccount
from sandbox.platform import chat_of, plain_account
from sandbox.server import Running, Settings, run
from sandbox.world import Chat
from tests.sandbox.starling import STARLING
from tests.sandbox.test_page import browsing

ACTS = (*STARLING.acts, "order", "delete", "sticker", "consent", "echo")
CHATTY = msgspec.structs.replace(STARLING, acts=ACTS)
MAIL = msgspec.structs.replace(STARLING, id="email", title="Почта", acts=("text", "read"))
PUSH = msgspec.structs.replace(
    STARLING, id="webpush", title="Уведомления", acts=("start", "press", "block", "unblock")
)


class Town:
    """One person with an account of the shop at every messenger."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.person = running.sandbox.shared.people.add(first_name="Ира", last_name="Сойкина")
        for platform, world in running.sandbox.messengers.values():
            world.add(plain_account(world, NewAccount(id=platform.id)))

    def chat(self, name: str = "starling") -> Chat:
        platform, world = self.running.sandbox.messengers[name]
        return chat_of(platform, world.accounts[name], self.person)

    def answer(self, name: str = "starling", **facts: object) -> Message:
        chat = self.chat(name)
        told = {"id": f"a{chat.account.number('answer')}", "own": False, "at": time.time()}
        return chat.leave(msgspec.convert({**told, **facts}, Message))


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with run(Settings(), (CHATTY, MAIL, PUSH)) as running:
        yield Town(running)


@pytest.fixture
async def page(chromium_path: str, town: Town) -> AsyncIterator[Page]:
    async with browsing(chromium_path, town.running.url) as page:
        yield page


async def test_a_person_writes_presses_reacts_and_takes_back(page: Page, town: Town) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Starling").click()
    await page.get_by_role("button", name="Начать").click()
    town.answer(text="Здравствуйте!", buttons=[[{"text": "Каталог", "payload": "all"}]])
    await page.get_by_role("button", name="Каталог").click()
    await page.locator(".bubble:not(.own)").click(button="right")
    await page.get_by_role("button", name="👍").click()
    await expect(page.locator(".reactions")).to_have_text("👍")
    field = page.get_by_role("textbox", name="Сообщение")
    await field.fill("Ой, не туда")
    await field.press("Enter")
    await page.locator(".bubble.own").click(button="right")
    await page.get_by_role("button", name="Удалить").click()
    await expect(page.locator(".bubble.own")).to_have_count(0)
    chat = town.chat()
    assert [button.payload for button in chat.presses.values()] == ["all"]
    assert chat.read_up_to == "a1"  # a telephone in use shows what it received


async def test_lists_cards_and_keyboards_are_drawn_and_work(page: Page, town: Town) -> None:
    chat = town.chat()
    chat.started = True
    rows = (Button(text="Курьером", payload="c", note="сегодня"), Button(text="Сам", payload="s"))
    town.answer(text="Как доставить?", menu=Menu(label="Варианты", sections=(("Город", rows),)))
    card = Card(title="Да Хун Пао", text="50 г", buttons=(Button(text="Беру", payload="tea"),))
    town.answer(kind="cards", cards=[card])
    chat.set_keyboard(Keyboard(rows=((Button(text="Оператор", kind="say"),),), one_time=True))
    await page.goto("/")
    await page.get_by_role("button", name="Варианты").click()
    await page.get_by_role("button", name="Курьером").click()
    await page.get_by_role("button", name="Беру").click()
    await page.get_by_role("button", name="Оператор").click()
    await expect(page.locator(".bubble.own .text")).to_have_text("Оператор")
    await expect(page.locator(".reply-keys")).to_have_count(0)
    assert [button.payload for button in chat.presses.values()] == ["c", "tea"]


async def test_what_cannot_be_done_is_said_on_the_telephone(page: Page, town: Town) -> None:
    town.answer(text="Здравствуйте!")
    await page.goto("/")
    field = page.get_by_role("textbox", name="Сообщение")
    await field.fill("я" * 4097)
    await field.press("Enter")
    await expect(page.locator(".notice")).to_contain_text("at most 4096")
    await expect(field).to_have_value("я" * 4097)


async def test_news_of_another_app_is_a_dot_on_it(page: Page, town: Town) -> None:
    town.answer(text="Первый")
    await page.goto("/")
    mail = page.get_by_role("button", name="Почта")
    await expect(page.locator(".bubble .text")).to_have_text("Первый")
    town.answer("email", title="Заказ собран", text="Везём")
    await expect(mail.locator(".dot")).to_be_visible()
    await mail.click()
    await expect(page.locator(".letter-row strong")).to_have_text("Заказ собран")
    await page.locator(".mail").hover()
    await expect(mail.locator(".dot")).to_have_count(0)


async def test_letters_are_read_in_a_closed_frame_and_answered(page: Page, town: Town) -> None:
    town.answer("email", title="Ваш заказ", text="Везём", html="<h1>Везём</h1>")
    await page.goto("/")
    await page.get_by_role("button", name="Почта").click()
    await page.locator(".letter-row").click()
    await expect(page.frame_locator(".letter iframe").locator("h1")).to_have_text("Везём")
    assert await page.locator(".letter iframe").get_attribute("sandbox") == ""
    await page.get_by_role("button", name="Ответить").click()
    await expect(page.get_by_role("textbox", name="Тема")).to_have_value("Re: Ваш заказ")
    await page.get_by_role("textbox", name="Текст письма").fill("Спасибо!")
    await page.get_by_role("button", name="Отправить").click()
    await expect(page.locator(".letter-row")).to_have_count(1)
    answer = town.chat("email").last(own=True)
    assert answer is not None
    assert (answer.text, answer.reply_to, answer.title) == ("Спасибо!", "a1", "Re: Ваш заказ")


async def test_a_notification_lies_on_the_lock_screen(page: Page, town: Town) -> None:
    open_it = Button(text="Открыть", payload="open")
    town.answer("webpush", title="Заказ в пути", text="С 14 до 16", buttons=[[open_it]])
    await page.goto("/")
    await page.get_by_role("button", name="Уведомления").click()
    await expect(page.locator(".push b")).to_have_text("Заказ в пути")
    await page.get_by_role("button", name="Открыть").click()
    await page.get_by_role("button", name="Запретить сообщения").click()
    await expect(page.get_by_role("button", name="Разблокировать")).to_be_visible()
    chat = town.chat("webpush")
    assert [button.payload for button in chat.presses.values()] == ["open"]
    assert chat.blocked


async def test_a_link_carries_its_payload(page: Page, town: Town) -> None:
    town.answer(text="Здравствуйте!")
    await page.goto("/")
    await page.get_by_role("button", name="Действия", exact=True).click()
    await page.get_by_role("button", name="Открыть по ссылке").click()
    await page.get_by_role("textbox", name="Метка ссылки").fill("flyer_7")
    await page.get_by_role("button", name="Открыть", exact=True).click()
    await expect(page.locator(".menu")).to_have_count(0)
    assert town.chat().facts["payload"] == "flyer_7"
