"""The desk when something goes wrong: no network, no delivery, no answer, no session."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.fixtures.house import until
from tests.journeys.office import PASSWORD, Desk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER = "olga@shop.example"


async def test_words_typed_without_a_network_are_sent_once_and_news_come_once(
    office: Office,
) -> None:
    phones = office.house.phones
    person = await phones.person("Анфиса")
    met = await office.house.met(person, "До обрыва")
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{met['id']}")
        await expect(desk.bubble("До обрыва")).to_be_visible()
        await page.context.set_offline(True)
        await expect(page.get_by_text("Нет связи. Пишите дальше")).to_be_visible()
        await desk.say("Без связи 1")
        await desk.say("Без связи 2")
        await expect(desk.thread.get_by_text("Без связи 2")).to_be_visible()
        for number in (1, 2, 3):
            await phones.text(person, f"Пропущенное {number}")

        async def missed() -> int:
            return len(await office.house.api.timeline(met["id"]))

        await until(missed, lambda seen: seen >= 4)
        assert await phones.heard(person) == []
        await page.context.set_offline(False)
        await expect(desk.bubble("Пропущенное 3")).to_be_visible(timeout=15_000)
        await expect(desk.bubble("Без связи 2")).to_be_visible(timeout=15_000)
        await expect(page.get_by_text("Нет связи. Пишите дальше")).to_have_count(0)

        async def heard() -> list[str]:
            return await phones.heard(person)

        await until(heard, lambda seen: seen == ["Без связи 1", "Без связи 2"])
        for text in ("До обрыва", *(f"Пропущенное {n}" for n in (1, 2, 3))):
            await expect(desk.bubble(text)).to_have_count(1)
        for text in ("Без связи 1", "Без связи 2"):
            await expect(desk.thread.get_by_text(text, exact=True)).to_have_count(1)
        await page.reload()
        await expect(desk.bubble("Без связи 2")).to_have_count(1)
    await asyncio.sleep(0.3)
    assert await heard() == ["Без связи 1", "Без связи 2"]


async def test_what_a_blocked_bot_cannot_deliver_says_why(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Борис")
    met = await office.house.met(person, "Отстаньте")
    async with office.desk() as desk:
        await desk.go(f"/conversations/{met['id']}")
        await expect(desk.field).to_be_visible()
        # The messenger tells of the block late: the answer still goes out.
        await phones.fault(delivery={"delay_min_s": 2.0, "delay_max_s": 2.0})
        await phones.act(person, "block")
        await desk.say("Хорошего дня")
        await expect(desk.thread.get_by_text("Человек заблокировал бота")).to_be_visible()
        await expect(desk.thread.get_by_label("Не доставлено")).to_be_visible()
        await phones.well_again()
        silent = desk.page.get_by_text("Сейчас этому контакту никак не написать")
        await expect(silent).to_be_visible()
        await desk.field.fill("Ещё слово")
        await expect(desk.page.get_by_role("button", name="Отправить", exact=True)).to_be_disabled()
        await phones.act(person, "unblock")
        await phones.text(person, "Ладно, пишите")
        await expect(silent).to_have_count(0)
        await desk.thread.get_by_role("button", name="Отправить ещё раз").click()
        await expect(desk.thread.get_by_label("Отправлено")).to_be_visible()
    assert await phones.heard(person) == ["Хорошего дня"]


async def _doubtful(office: Office, desk: Desk, name: str, kind: str, text: str) -> int:
    phones = office.house.phones
    person = await phones.person(name)
    met = await office.house.met(person, "Где заказ?")
    await desk.go(f"/conversations/{met['id']}")
    await expect(desk.field).to_be_visible()
    await phones.fault({"kind": kind, "method": "sendMessage", "times": 1, "delay_s": 0.2})
    await desk.say(text)
    await expect(desk.thread.get_by_text("сообщение могло дойти")).to_be_visible(timeout=15_000)
    return person


async def test_a_lost_answer_is_settled_by_a_person(office: Office) -> None:
    async with office.desk() as desk:
        person = await _doubtful(office, desk, "Влада", "reset_after", "Уже едет")
        assert await office.house.phones.heard(person) == ["Уже едет"]
        await desk.thread.get_by_role("button", name="Дошло").click()
        await expect(desk.thread.get_by_text("сообщение могло дойти")).to_have_count(0)
        await expect(desk.thread.get_by_label("Отправлено")).to_be_visible()
        assert await office.house.phones.heard(person) == ["Уже едет"]


async def test_a_lost_answer_is_sent_again_only_when_a_person_says_so(office: Office) -> None:
    async with office.desk() as desk:
        person = await _doubtful(office, desk, "Герман", "hang_after", "Завтра")
        await asyncio.sleep(0.5)
        assert await office.house.phones.heard(person) == ["Завтра"]
        await desk.thread.get_by_role("button", name="Отправить ещё раз").click()
        await expect(desk.thread.get_by_label("Отправлено")).to_be_visible()
        await expect(desk.thread.get_by_text("сообщение могло дойти")).to_have_count(0)
        assert await office.house.phones.heard(person) == ["Завтра", "Завтра"]


async def test_a_session_ended_elsewhere_leads_back_to_the_same_place(office: Office) -> None:
    phones = office.house.phones
    person = await phones.person("Дарья")
    met = await office.house.met(person, "Продолжим?")
    async with office.desk("") as desk:
        page = desk.page
        await desk.go(f"/conversations/{met['id']}?view=unassigned")
        await desk.sign_in(OWNER)
        await expect(desk.bubble("Продолжим?")).to_be_visible()
        await desk.field.fill("Начатый ответ")
        request = page.context.request
        me = await (await request.get(f"{desk.house.url}/api/v1/me")).json()
        ended = await request.post(
            f"{desk.house.url}/api/v1/sign-out", headers={"X-CSRF-Token": me["csrf_token"]}
        )
        assert ended.ok
        await expect(page.get_by_text("вход закрылся")).to_be_visible()
        await desk.sign_in(OWNER, PASSWORD)
        await expect(desk.bubble("Продолжим?")).to_be_visible()
        assert re.search(rf"/conversations/{met['id']}\?view=unassigned", page.url)
        await expect(desk.field).to_have_value("Начатый ответ")
