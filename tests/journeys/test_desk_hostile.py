"""Text nobody should have sent, drawn by the desk and by the chat: shown as text, never run."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import expect

from otklik.app import WIDGET
from tests.fixtures.house import until
from tests.journeys.chat import Chat
from tests.journeys.office import Json, Office
from tests.journeys.site import opened_site
from tests.promises.test_hostile_text import ALL

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWN = (
    '<a href="javascript:alert(1)">жми</a>',
    "https://tea.example/?q=<script>alert(2)</script>",
    "javascript:alert(3)//https://tea.example",
    '"><iframe srcdoc="<script>alert(4)</script>">',
    "**<b onmouseover=alert(5)>жирно</b>**",
    "</textarea><script>alert(6)</script>",
)
TEXTS = [*OWN, *ALL]
NAMES = [text for text in TEXTS if "<" in text][::12]
RAN = """() => ({
    scripts: [...document.scripts].filter((one) => !one.src).map((one) => one.outerHTML),
    strangers: [...document.querySelectorAll("iframe, object, embed, base, form[action], "
        + "[onerror], [onload], [onmouseover], [onclick], a[href^='javascript' i], "
        + "a[href^='data' i]")]
        .map((one) => one.outerHTML.slice(0, 200)),
})"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(office: Office) -> AsyncIterator[Json]:
    """A conversation that holds every text, with hostile entities among them."""
    house = office.house
    bodies = []
    for number, text in enumerate(TEXTS, 1):
        sender = {"id": 9, "is_bot": False, "first_name": "Вандал"}
        message: Json = {"message_id": number, "date": 1_790_000_000 + number, "from": sender}
        message |= {"chat": {"id": 9, "type": "private"}, "text": text}
        link = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(7)"}
        message["entities"] = [link]
        bodies.append(msgspec.json.encode({"update_id": number, "message": message}))
    for start in range(0, len(bodies), 50):
        answers = (house.deliver(office.inbox, body) for body in bodies[start : start + 50])
        assert {status for status, _ in await asyncio.gather(*answers)} == {200}
    (row,) = await until(
        house.api.queue, lambda seen: [one["unread"] for one in seen] == [len(TEXTS)]
    )
    yield row


async def test_messages_of_a_vandal_are_only_text_at_the_desk(office: Office, talk: Json) -> None:
    async with office.desk() as desk:
        page = desk.page
        await desk.go(f"/conversations/{talk['id']}")
        await expect(desk.thread.locator("[data-message]")).not_to_have_count(0)
        beginning = desk.thread.get_by_text("Здесь всё началось")

        async def up() -> int:
            await desk.thread.evaluate("one => one.scrollTo(0, -one.scrollHeight)")
            return await beginning.count()

        await until(up, within_s=60)
        await expect(desk.thread.locator("[data-message]")).to_have_count(len(TEXTS))
        assert await page.evaluate(RAN) == {"scripts": [], "strangers": []}
        shown = await desk.thread.locator("[data-message]").all_inner_texts()
        for text in OWN[:2]:
            assert any(text in one for one in shown), text


async def test_names_labels_notes_and_searches_of_a_vandal_are_only_text(
    office: Office, talk: Json
) -> None:
    house = office.house
    for number, name in enumerate(NAMES):
        person = {"id": 100 + number, "is_bot": False, "first_name": name, "last_name": name}
        person |= {"username": name[:32]}
        message = {"message_id": 1, "date": 1_790_000_000, "from": person, "text": name}
        message |= {"chat": {"id": 100 + number, "type": "private"}}
        body = msgspec.json.encode({"update_id": 90_000 + number, "message": message})
        assert (await house.deliver(office.inbox, body))[0] == 200
    path = f"/conversations/{talk['id']}"
    made = []
    for number, text in enumerate(NAMES):
        note = {"client_id": f"vandal-{number:04}", "text": text}
        await house.api.post(f"{path}/notes", note)
        title = text[:30].strip()
        status, label = await house.api.ask("POST", "/labels", {"title": title, "color": "red"})
        made += [label["id"]] if status == 201 else []
    assert made
    await house.api.put(f"{path}/labels", {"label_ids": made[:5]})
    card = {"name": OWN[3], "remark": OWN[5]}
    await house.api.patch(f"/contacts/{talk['contact_id']}", card)
    async with office.desk() as desk:
        page = desk.page
        for place in (path, "/settings/labels", "/search?q=script", "/conversations?sort=recent"):
            await desk.go(place)
            await expect(page.get_by_role("main")).to_contain_text("script")
            assert await page.evaluate(RAN) == {"scripts": [], "strangers": []}
        await page.keyboard.press("Control+k")
        await page.keyboard.type("<script>alert")
        await expect(page.get_by_role("option").first).to_be_visible()
        await page.wait_for_timeout(300)
        assert await page.evaluate(RAN) == {"scripts": [], "strangers": []}


async def test_answers_of_a_vandal_are_only_text_in_the_chat_of_a_site(office: Office) -> None:
    if not (WIDGET / "widget.js").is_file():
        pytest.skip("the widget is not built; run: npm run build -w apps/widget (in web/)")
    house = office.house
    wish = {"channel": "widget", "title": OWN[0], "settings": {"greeting": OWN[3]}, "secrets": {}}
    inbox = await house.api.post("/inboxes", wish)
    async with opened_site(house.url, inbox["public_key"]) as site:
        site.attributes = 'data-locale="ru"'
        context = await office.context()
        chat = Chat(await context.new_page())
        chat.page.on("console", lambda line: _note(chat, line.type, line.text))
        asked: list[str] = []
        chat.page.on("request", lambda request: asked.append(request.url))
        await chat.go(site.url)
        frame = await chat.open()
        await expect(frame.locator(".greeting")).to_contain_text("<iframe")
        await chat.sends(OWN[1])
        rows = await house.api.queue("?channel=widget&limit=1")
        texts = [text for text in TEXTS if "<" in text or "script" in text.lower()][::4]
        for start in range(0, len(texts), 20):
            for text in texts[start : start + 20]:
                await house.api.say(rows[0]["id"], text[:4000])
        last = "Последнее слово"
        await house.api.say(rows[0]["id"], last)
        await expect(frame.locator(".words").last).to_have_text(last, timeout=20_000)
        ran = await frame.evaluate(RAN)
        assert [one for one in ran["strangers"] if "<form" not in one] == []
        assert ran["scripts"] == []
        assert chat.troubles == []
        known = (site.url, house.url, "data:", "blob:")
        assert [url for url in asked if not url.startswith(known)] == []
        await context.close()


def _note(chat: Chat, kind: str, text: str) -> None:
    if kind == "error":
        chat.troubles.append(f"console: {text}")
