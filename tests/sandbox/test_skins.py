"""Every messenger's look can be read and used by everyone, in the light and in the dark."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from playwright.async_api import Page

from sandbox import acts
from sandbox.message import Button, Card, Item, Keyboard, Message
from sandbox.orders import Ask, NewAccount
from sandbox.platform import chat_of, plain_account
from sandbox.server import Running, Settings, run
from tests.sandbox.starling import STARLING
from tests.sandbox.test_page import browsing

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SKINS = ("vk", "max", "whatsapp", "viber", "ok", "messenger", "instagram", "email", "webpush",
         "app", "heron")  # fmt: skip
ACTS = (*STARLING.acts, "order", "delete", "contact", "location", "file")
LOOKS = tuple(msgspec.structs.replace(STARLING, id=name, title=name, acts=ACTS) for name in SKINS)
_BUTTONS = ((Button(text="Отложить", payload="keep"), Button(text="Отказ", color="negative")),)


def _talk(running: Running, name: str) -> int:
    """Fill a chat of one person with everything that is drawn; gives the person."""
    platform, world = running.sandbox.messengers[name]
    account = world.add(plain_account(world, NewAccount(id=name)))
    person = running.sandbox.shared.people.add(first_name=name)
    chat = chat_of(platform, account, person)

    def answer(**facts: object) -> str:
        told = {"id": f"a{account.number('answer')}", "own": False, "at": time.time(), **facts}
        return chat.leave(msgspec.convert(told, Message)).id

    for act in ("voice", "picture", "contact", "location", "file", "order"):
        acts.perform(platform, chat, act, Ask(text="Вот"))
    asked = answer(text="Отложить?", title="Заказ", footer="До завтра", buttons=_BUTTONS)
    answer(kind="cards", cards=(Card(title="Гайвань", text="120 мл", buttons=_BUTTONS[0]),))
    answer(kind="order", items=(Item(id="1", title="Пуэр", price="10.00"),))
    acts.perform(platform, chat, "text", Ask(text="Да", reply_to=asked))
    acts.perform(platform, chat, "react", Ask(message_id=asked, emoji="👍"))
    chat.mark_up_to("read", own=True)
    acts.perform(platform, chat, "text", Ask(text="Спасибо"))
    chat.mark(answer(text="Не дошло"), "failed")
    chat.set_keyboard(Keyboard(rows=((Button(text="Позже", kind="say"),),)))
    chat.act("typing", 60)
    return person.id


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with run(Settings(), LOOKS) as running:
        yield running


async def _faults(page: Page, phone: str) -> list[str]:
    found = await page.evaluate(
        """async (phone) => {
            const told = await axe.run(phone, { runOnly: ["wcag2a", "wcag2aa"] });
            return told.violations.flatMap((rule) => rule.nodes.map((node) =>
                `${rule.id}: ${node.target} ${node.any[0]?.message ?? ""}`));
        }""",
        phone,
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_look_is_readable(
    chromium_path: str, running: Running, scheme: Literal["light", "dark"]
) -> None:
    people = {name: _talk(running, name) for name in SKINS}
    async with browsing(chromium_path, running.url) as page:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.goto("/")
        await page.add_script_tag(path=AXE)
        faults: list[str] = []
        for name, person in people.items():
            phone = f"#phone-{person}"
            await page.locator(f"{phone} .app").wait_for()
            faults += [f"{name}: {fault}" for fault in await _faults(page, phone)]
        assert not faults, "\n".join(faults)
