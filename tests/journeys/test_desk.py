"""A working day at the desk, in a real browser against a real server and a sandbox of Telegram."""

import re

import pytest
from playwright.async_api import expect

from otklik.accounts.api import create_account, issue_link
from tests.fixtures.house import until
from tests.journeys.office import COLLEAGUE, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

LAST = 70
OWNER = "olga@shop.example"


async def test_the_first_owner_comes_by_a_link_that_works_once(office: Office) -> None:
    accounts = office.house.parts.accounts
    blank = await create_account(accounts, "Новая лавка")
    link = await issue_link(accounts, blank.account_id, blank.id)
    path = link.removeprefix(office.house.url)
    async with office.desk("") as desk:
        page = desk.page
        await desk.go(path)
        await page.get_by_role("button", name="Войти").click()
        await page.get_by_label("Как вас зовут").fill("Ирина")
        await page.get_by_label("Почта").fill("irina@new.example")
        await page.get_by_role("textbox", name="Пароль").fill("short")
        await page.get_by_role("button", name="Начать работу").click()
        await expect(page.get_by_text("В пароле нужно хотя бы 8 знаков")).to_be_visible()
        await page.get_by_role("textbox", name="Пароль").fill(PASSWORD)
        await page.get_by_role("button", name="Начать работу").click()
        await expect(page.get_by_text("Пока никто не написал")).to_be_visible()
        assert page.url.endswith("/conversations")
    async with office.desk("") as desk:
        await desk.go(path)
        await desk.page.get_by_role("button", name="Войти").click()
        await expect(desk.page.get_by_role("alert")).to_contain_text("Попросите новую")
        await desk.page.get_by_role("button", name="Войти с паролем").click()
        await desk.sign_in("irina@new.example")
        await expect(desk.page.get_by_text("Пока никто не написал")).to_be_visible()


async def test_a_wrong_password_is_told_and_a_right_one_leads_where_one_wanted(
    office: Office,
) -> None:
    async with office.desk("") as desk:
        page = desk.page
        await desk.go("/settings/labels")
        await desk.sign_in(OWNER, "not the right one")
        await expect(page.get_by_role("alert")).to_be_visible()
        assert "/sign-in" in page.url
        await desk.sign_in(OWNER)
        await expect(page.get_by_role("heading", name="Метки")).to_be_visible()
        assert page.url.endswith("/settings/labels")
        await page.get_by_role("button", name=re.compile("Ольга|Мой профиль")).click()
        await page.get_by_role("menuitem", name="Выйти").click()
        await expect(page.get_by_role("button", name="Войти")).to_be_visible()
        assert "expired" not in page.url
        await desk.go("/conversations")
        await expect(page.get_by_role("button", name="Войти")).to_be_visible()


async def test_a_customer_appears_live_and_is_answered(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Лада")
    async with office.desk() as desk:
        page = desk.page
        await desk.go()
        tab = page.get_by_role("link", name=re.compile("^Ничьи"))
        await expect(tab).to_contain_text(re.compile(r"\d"))
        before = int(re.sub(r"\D", "", await tab.inner_text()))
        await phones.text(person, "Здравствуйте!")
        await phones.text(person, "Есть улун?")
        row = desk.row("Лада")
        await expect(row).to_contain_text("Есть улун?")
        await expect(row).to_contain_text("2 непрочитанных сообщения")
        await expect(tab).to_contain_text(str(before + 1))
        await desk.open("Лада")
        await expect(row).not_to_contain_text("непрочитанн")
        await expect(desk.bubble("Есть улун?")).to_be_visible()
        await desk.say("Есть. Два вида.")
        await expect(desk.bubble("Есть. Два вида.")).to_be_visible()
        await expect(desk.thread.get_by_label("Отправлено")).to_be_visible()
        assert await phones.heard(person) == ["Есть. Два вида."]
        await expect(desk.field).to_have_value("")
        await phones.text(person, "Беру оба")
        await expect(desk.bubble("Беру оба")).to_be_visible()
        await expect(page.locator("[aria-live=polite]").first).to_contain_text("Беру оба")


async def test_notes_stay_inside_and_words_are_mended_and_taken_back(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Мирон")
    await office.house.met(person, "Где заказ?")
    async with office.desk() as desk:
        page = desk.page
        await desk.go()
        await desk.open("Мирон")
        await page.get_by_role("tab", name="Заметка").click()
        await page.get_by_role("textbox", name="Заметка для коллег…").fill("Звонил вчера")
        await page.keyboard.press("Enter")
        await expect(desk.thread.get_by_text("Заметка · Ольга")).to_be_visible()
        await page.get_by_role("tab", name="Ответ").click()
        await desk.say("Заказ в пути")
        await expect(desk.thread.get_by_label("Отправлено")).to_be_visible()
        await desk.field.press("ArrowUp")
        await expect(desk.field).to_have_value("Заказ в пути")
        await desk.say("Заказ уже **у курьера**")
        await expect(desk.thread.get_by_text("изменено")).to_be_visible()
        await expect(desk.bubble("Заказ уже у курьера").locator("strong, b")).to_have_text(
            "у курьера"
        )

        async def heard() -> list[str]:
            return await phones.heard(person)

        await until(heard, lambda seen: seen == ["Заказ уже у курьера"])
        await desk.do("Заказ уже у курьера", "Удалить у всех")
        await expect(desk.thread.get_by_text("Сообщение удалено")).to_be_visible()
        await until(heard, lambda seen: seen == [])
        await desk.do("Звонил вчера", "Удалить заметку")
        await expect(desk.thread.get_by_text("Звонил вчера")).to_have_count(0)


async def test_a_message_is_quoted_and_reacted_to(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Нина")
    await office.house.met(person, "Спасибо за чай!")
    async with office.desk() as desk:
        await desk.go()
        await desk.open("Нина")
        asked = desk.bubble("Спасибо за чай!")
        await asked.hover()
        await asked.get_by_role("button", name="Поставить реакцию").click()
        await desk.page.get_by_role("button", name="❤").click()
        await expect(asked.get_by_text("❤")).to_be_visible()
        await asked.hover()
        await asked.get_by_role("button", name="Ответить на это").first.click()
        await desk.say("Вам спасибо")
        answer = desk.bubble("Вам спасибо")
        await expect(answer).to_contain_text("Спасибо за чай!")
        await expect(desk.thread.get_by_label("Отправлено")).to_be_visible()
    chat = await phones.order("GET", f"/people/{person}/chat")
    mine, ours = chat["messages"][-2:]
    assert ours["reply_to_message"]["message_id"] == mine["message_id"]
    await until(lambda: phones.journal("setMessageReaction"))


async def test_albums_and_stickers_of_every_make_are_shown(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Олег")
    await phones.act(person, "start")
    items = [{"kind": "photo", "sample": f"picture-{n}.png"} for n in (1, 2, 3)]
    await phones.act(person, "album", items=items, caption="Три полки")
    for sample in ("cup.webp", "steam.webm", "leaf.tgs"):
        await phones.act(person, "file", kind="sticker", sample=sample)
    async with office.desk() as desk:
        await desk.go()
        await desk.open("Олег")
        album = desk.bubble("Три полки")
        pictures = album.get_by_role("button", name="Увеличить").locator("img")
        await expect(pictures).to_have_count(3)
        loaded = "all => all.every(one => one.complete && one.naturalWidth > 0)"
        await until(lambda: pictures.evaluate_all(loaded))
        still = desk.thread.get_by_role("img", name="Стикер ☕")
        await until(lambda: still.evaluate("one => one.naturalWidth > 0"))
        film = desk.thread.get_by_label("Стикер ♨️")
        await until(lambda: film.evaluate("one => one.videoWidth > 0"))
        await expect(desk.thread.get_by_label("Стикер 🍃").locator("svg")).to_be_visible()
        await album.get_by_role("button", name="Увеличить").first.click()
        await expect(desk.page.get_by_role("dialog")).to_be_visible()
        await desk.page.keyboard.press("Escape")
        await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def test_the_keys_work_in_a_russian_layout(office: Office) -> None:
    person = await office.house.phones.person("Павел")
    met = await office.house.met(person, "Вопрос")
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{met['id']}")
        await expect(desk.bubble("Вопрос")).to_be_visible()
        await desk.press("KeyI", "ш")  # take
        await expect(page.get_by_role("button", name="Отвечает Ольга")).to_be_visible()
        await desk.press("KeyA", "ф")  # pass on
        await page.get_by_role("menuitem", name="Пётр").click()
        await expect(page.get_by_role("button", name="Отвечает Пётр")).to_be_visible()
        await desk.press("KeyE", "у")  # resolve
        await expect(page.get_by_role("button", name="Вернуть в работу")).to_be_visible()
        await page.get_by_role("button", name="Вернуть", exact=True).click()
        await expect(page.get_by_role("button", name="Завершить")).to_be_visible()
        await desk.press("KeyE", "у")
        await expect(desk.row("Павел")).to_have_count(0)
        await desk.press("Digit4", "4")
        await expect(desk.row("Павел")).to_be_visible()
        await desk.open("Павел")
        await page.get_by_role("heading", name="Обращения").or_(desk.thread).first.click()
        await desk.press("KeyE", "у")  # and back again
        await expect(page.get_by_role("button", name="Завершить")).to_be_visible()
        await desk.press("KeyT", "е")
        await page.keyboard.type("Опт")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Escape")
        await expect(page.locator("header").get_by_text("Опт")).to_be_visible()
        await desk.press("KeyR", "к")  # reply: the letter must not get into the field
        await expect(desk.field).to_be_focused()
        await expect(desk.field).to_have_value("")
        await until(
            lambda: office.row(met["id"]),
            lambda row: (row["state"], len(row["label_ids"])) == ("open", 1),
        )


async def test_what_is_typed_before_a_picker_is_drawn_goes_into_it(office: Office) -> None:
    person = await office.house.phones.person("Платон")
    met = await office.house.met(person, "Поскорее")
    resolving = ("KeyE", "у")  # these letters are shortcuts elsewhere, and here they must not be
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{met['id']}")
        await expect(desk.bubble("Поскорее")).to_be_visible()
        await desk.hurry(("KeyT", "е"), resolving, ("KeyI", "ш"), ("Enter", "Enter"))
        await expect(page.locator("header").get_by_text("уш", exact=True)).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        name = (("KeyG", "П"), ("Backquote", "ё"), ("KeyN", "т"))
        await desk.hurry(("KeyA", "ф"), *name, ("Enter", "Enter"))
        await expect(page.get_by_role("button", name="Отвечает Пётр")).to_be_visible()
        await desk.hurry(("Control+KeyK", "л"), resolving, ("KeyI", "ш"))
        await expect(page.get_by_role("combobox")).to_have_value("уш")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await desk.hurry(("Slash", "."), resolving, ("KeyI", "ш"))
        await expect(page.get_by_role("textbox", name=re.compile("^Имя, телефон"))).to_have_value(
            "уш"
        )
        wanted = ("open", office.colleague.id)
        await until(
            lambda: office.row(met["id"]), lambda row: (row["state"], row["operator_id"]) == wanted
        )


async def test_what_is_found_is_jumped_to(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Рада")
    met = await office.house.met(person, "Здравствуйте, ищу гайвань")
    for number in range(2, LAST + 1):
        await phones.text(person, f"Строка {number}")

    async def came() -> int:
        return len(await office.house.api.timeline(met["id"]))

    await until(came, lambda seen: seen >= LAST)
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{met['id']}")
        await expect(desk.bubble(f"Строка {LAST}")).to_be_visible()
        await expect(desk.bubble("гайвань")).to_have_count(0)
        await page.keyboard.press("Slash")
        await page.get_by_role("textbox", name=re.compile("^Имя, телефон")).fill("гайвань")
        await page.get_by_role("link").filter(has_text="гайвань").click()
        await expect(desk.bubble("гайвань")).to_be_in_viewport()
        assert "at=" in page.url


async def test_what_a_colleague_does_is_seen_at_once(office: Office) -> None:
    person = await office.house.phones.person("Софья")
    met = await office.house.met(person, "Кто-нибудь?")
    async with office.desk() as mine, office.desk(COLLEAGUE) as his:
        await mine.go(f"/conversations/{met['id']}")
        await his.go(f"/conversations/{met['id']}")
        for desk in (mine, his):
            await expect(desk.page.get_by_role("button", name="Назначить")).to_be_visible()
        await his.press("KeyI", "ш")
        await expect(mine.page.get_by_role("button", name="Отвечает Пётр")).to_be_visible()
        await expect(mine.thread.get_by_text("Пётр: обращение в работе")).to_be_visible()
        await his.field.press_sequentially("Пишу ответ")
        await expect(mine.thread.get_by_text("Пётр пишет ответ…")).to_be_visible()
        await his.field.press("Enter")
        await expect(mine.bubble("Пишу ответ")).to_be_visible()
        await expect(mine.thread.get_by_text("пишет ответ…")).to_have_count(0)


async def test_the_contacts_card_is_filled_in(office: Office) -> None:
    person = await office.house.phones.person("Тимур")
    met = await office.house.met(person, "Мой номер изменился")
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{met['id']}")
        for label, text in (
            ("Телефон", "+79990000123"),
            ("Почта", "timur@shop.example"),
            ("Имя", "Тимур Вяземский"),
        ):
            await page.get_by_role("button", name=re.compile(f"^{label}: ")).click()
            await page.get_by_role("textbox", name=label, exact=True).fill(text)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("button", name=f"{label}: {text}")).to_be_visible()
        await expect(desk.row("Тимур Вяземский")).to_be_visible()
        await until(
            lambda: office.house.api.get(f"/contacts/{met['contact_id']}"),
            lambda card: (card["phone"], card["email"]) == ("+79990000123", "timur@shop.example"),
        )
