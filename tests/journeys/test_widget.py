"""The chat on a site, in a real browser against a real server."""

import asyncio
import re
from collections.abc import AsyncIterator

import jwt
import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    FilePayload,
    async_playwright,
    expect,
)

from otklik.app import WIDGET
from tests.fixtures.house import until
from tests.fixtures.store import Place
from tests.journeys.chat import Chat
from tests.journeys.site import VANDAL, Site, opened_site
from tests.visitors.shop import SECRET, Json, Shop
from tests.visitors.test_files import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if not (WIDGET / "widget.js").is_file():
        pytest.skip("the widget is not built; run: npm run build -w apps/widget (in web/)")


@pytest_asyncio.fixture(loop_scope="module")
async def shop(sqlite_place: Place) -> AsyncIterator[Shop]:
    async with Shop.opened(sqlite_place.folder) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox"]
        )
        yield made
        await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 800})
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def site(shop: Shop) -> AsyncIterator[Site]:
    async with opened_site(shop.url, shop.inbox["public_key"]) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def chat(context: BrowserContext) -> AsyncIterator[Chat]:
    made = Chat(await context.new_page())
    yield made
    assert made.troubles == []


async def test_nothing_but_the_loader_before_the_visitor_shows_intent(
    shop: Shop, site: Site, chat: Chat
) -> None:
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    await chat.go(site.url)
    await chat.page.mouse.move(10, 10)
    await chat.page.wait_for_timeout(900)
    assert [url for url in asked if url.startswith(shop.url)] == [f"{shop.url}/widget.js"]
    assert await chat.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert await chat.page.context.cookies() == []
    await chat.page.mouse.move(1280 - 48, 800 - 48)
    frame = await chat.panel()
    assert sum("/widget/frame/" in url for url in asked) == 1
    assert await frame.evaluate("localStorage.length") == 0
    assert not any(url.endswith("/session") for url in asked)
    assert await chat.page.context.cookies() == []


async def test_a_conversation_with_ticks_typing_and_buttons(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    await expect(frame.locator(".greeting")).to_contain_text("Подскажем с выбором чая")
    await chat.sends("Есть молочный улун?")
    await expect(frame.locator(".tick")).to_have_attribute("aria-label", "Доставлено")
    (row,) = await shop.conversations()

    async def types() -> int:
        shop.parts.presence.operator_types(shop.owner, row["id"], row["contact_id"])
        return await frame.locator(".typing").count()

    await until(types)  # the socket learns a moment later that the visitor is a contact now
    await expect(frame.locator(".typing")).to_have_text("Анна печатает…")
    await shop.answer(
        "Есть. Отложить?",
        buttons=[
            [
                {"label": "Да", "payload": "yes"},
                {"label": "Где это?", "url": "https://tea.example/"},
            ]
        ],
    )
    await expect(frame.locator(".typing")).to_have_count(0)
    await expect(frame.locator(".tick")).to_have_attribute("aria-label", "Прочитано")
    await frame.get_by_role("button", name="Да", exact=True).click()
    await chat.shows("Есть молочный улун?", "Есть. Отложить?", "Да")
    link = frame.get_by_role("link", name="Где это?")
    assert await link.get_attribute("href") == "https://tea.example/"
    assert "noopener" in (await link.get_attribute("rel") or "")

    async def stored() -> Json:
        page = await shop.api("GET", f"/conversations/{row['id']}/messages")
        last: Json = page["items"][-1]
        return last

    pressed = await until(stored, lambda last: last["kind"] == "press")
    assert pressed["content"]["payload"] == "yes"


async def test_an_answer_is_announced_on_the_closed_button(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    await chat.open()
    await chat.sends("Вопрос")
    await chat.tap()
    await until(chat.button_name, lambda name: name == "Открыть чат")
    await shop.answer("Ответ")
    await until(chat.button_name, lambda name: name == "Открыть чат. Непрочитанных сообщений: 1")
    assert any("Ответ" in name for role, name in await chat.names() if role == "button")
    await chat.page.reload()  # a returning visitor sees it without opening anything
    await until(chat.button_name, lambda name: name == "Открыть чат. Непрочитанных сообщений: 1")
    await chat.tap()
    await chat.shows("Вопрос", "Ответ")
    await until(chat.button_name, lambda name: name == "Закрыть чат")


async def test_what_was_written_without_a_server_is_sent_later_in_order_and_once(
    shop: Shop, context: BrowserContext, chat: Chat
) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    await chat.sends("До обрыва")
    await shop.stop()
    await expect(frame.locator(".head p")).to_contain_text("Нет связи")
    for text in ("без связи 1", "без связи 2", "без связи 3"):
        await chat.say(text)
    await expect(frame.get_by_label("Ждёт отправки")).to_have_count(1)
    await chat.shows("До обрыва", "без связи 1", "без связи 2", "без связи 3")
    await chat.page.close()  # the tab is closed before the network is back
    await shop.restart()
    tabs = [Chat(await context.new_page()), Chat(await context.new_page())]
    shop.pages.shop_inbox = shop.inbox["public_key"]
    for tab in tabs:
        await tab.go(f"{shop.url}/demo/shop")
    for tab in tabs:
        await tab.shows("До обрыва", "без связи 1", "без связи 2", "без связи 3")
        waiting = (await tab.panel()).get_by_label("Ждёт отправки")
        await expect(waiting).to_have_count(0, timeout=15_000)
    (row,) = await shop.conversations()
    page = await shop.api("GET", f"/conversations/{row['id']}/messages")
    texts = [one["text"] for one in page["items"] if one["kind"] == "text"]
    assert texts == ["До обрыва", "без связи 1", "без связи 2", "без связи 3"]


async def test_two_tabs_are_one_conversation(
    shop: Shop, context: BrowserContext, chat: Chat
) -> None:
    other = Chat(await context.new_page())
    for tab in (chat, other):
        await tab.go(f"{shop.url}/demo/shop")
    await asyncio.gather(chat.open(), other.open())
    await chat.say("из первой")
    await other.shows("из первой")
    await other.say("из второй")
    await chat.shows("из первой", "из второй")
    assert len(await shop.conversations()) == 1


async def test_files_go_by_picking_and_pasting_and_are_shown(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    picture: FilePayload = {"name": "чайник.png", "mimeType": "image/png", "buffer": png(40, 30)}
    note: FilePayload = {"name": "список.txt", "mimeType": "text/plain", "buffer": "чай".encode()}
    await frame.locator("input[type=file]").set_input_files([picture, note])
    await chat.say("Вот")
    await expect(frame.locator(".album img")).to_have_count(1)
    await expect(frame.locator("a.file")).to_contain_text("список.txt")
    await frame.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["из буфера"], "буфер.txt", {type: "text/plain"}));
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
            document.querySelector("textarea").dispatchEvent(paste);
        }"""
    )
    await expect(frame.locator(".pending")).to_contain_text("буфер.txt")
    await frame.get_by_role("button", name="Отправить").click()
    await expect(frame.locator("a.file")).to_have_count(2)
    loaded = "image => image.complete && image.naturalWidth === 40"
    await expect(frame.locator(".album img").first).to_be_visible()
    await until(lambda: frame.locator(".album img").first.evaluate(loaded))


async def test_stickers_are_sent_and_shown_without_a_bubble(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    await frame.get_by_role("button", name="Эмодзи и стикеры").click()
    await frame.get_by_role("button", name="🍵").click()
    await expect(frame.get_by_role("textbox")).to_have_value("🍵")
    await frame.get_by_role("button", name="Стикеры", exact=True).click()
    await frame.get_by_role("button", name="Стикер 🥳").click()
    await expect(frame.locator("img.sticker")).to_have_count(1)
    await expect(frame.locator(".tick")).to_have_attribute("aria-label", "Доставлено")
    (row,) = await shop.conversations()
    assert row["preview_kind"] == "sticker"


async def test_it_works_on_a_hostile_page_under_a_strict_policy(
    shop: Shop, site: Site, chat: Chat
) -> None:
    site.vandal = VANDAL
    await chat.go(site.url)
    await until(chat.button_name, lambda name: name == "Открыть чат")
    frame = await chat.open()
    await chat.sends("Слышно?")
    await shop.answer("Слышно")
    await chat.shows("Слышно?", "Слышно")
    assert await chat.page.evaluate("window.violations") == 0
    await expect(frame.get_by_role("dialog", name="Чайный мост")).to_be_visible()


async def test_text_is_never_run(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    attacks = [
        "<img src=x onerror=alert(1)>",
        "<script>alert(2)</script>",
        "javascript:alert(3)",
        '"><svg/onload=alert(4)>',
        'https://tea.example/"onmouseover="alert(5)',
    ]
    for text in attacks:
        await chat.say(text)
    await chat.shows(*attacks)
    await expect(frame.get_by_label("Ждёт отправки")).to_have_count(0)
    link = {"kind": "link", "offset": 0, "length": 4, "url": "javascript:alert(6)"}
    await shop.answer(
        "сюда", entities=[link], buttons=[[{"label": "Жми", "url": "javascript:alert(7)"}]]
    )
    await expect(frame.locator(".buttons span")).to_have_text("Жми")
    assert await frame.locator('a[href^="javascript" i]').count() == 0
    assert await frame.locator(".words img, .words script, .words svg").count() == 0


async def test_the_keyboard_alone_is_enough(site: Site, chat: Chat) -> None:
    await chat.go(site.url)
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Enter")
    frame = await chat.panel()
    await expect(frame.get_by_role("textbox")).to_be_focused()
    await chat.page.keyboard.type("С клавиатуры")
    await chat.page.keyboard.press("Shift+Enter")
    await chat.page.keyboard.type("в две строки")
    await chat.page.keyboard.press("Enter")
    await chat.shows("С клавиатуры\nв две строки")
    await chat.page.keyboard.press("Escape")
    await until(chat.button_name, lambda name: name == "Открыть чат")
    await chat.page.keyboard.press("Enter")  # the focus went back to the button
    await until(chat.button_name, lambda name: name == "Закрыть чат")


async def test_everything_has_a_name_and_news_are_announced(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    await chat.sends("Здравствуйте")
    await shop.answer("Добрый день")
    await expect(frame.locator("[aria-live=polite]")).to_contain_text("Анна: Добрый день")
    await frame.get_by_role("button", name="Эмодзи и стикеры").click()
    await frame.get_by_role("button", name="🍵").wait_for()
    unnamed = await frame.evaluate(
        """() => [...document.querySelectorAll("button,a,textarea,img,[role=img]")]
            .filter(one => !(one.getAttribute("aria-label") || one.getAttribute("alt") ||
                one.innerText?.trim())).map(one => one.outerHTML)"""
    )
    assert unnamed == []
    small = await frame.evaluate(
        """() => [...document.querySelectorAll("button")].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width && (box.width < 43.5 || box.height < 43.5);
        }).map(one => one.outerHTML)"""
    )
    assert small == []
    snapshot = await frame.locator("body").aria_snapshot()
    for role in ("dialog", "heading", "textbox", "status", "region"):
        assert role in snapshot, snapshot
    assert await frame.evaluate("document.documentElement.lang") == "ru"


async def test_on_a_phone_the_chat_is_the_whole_screen_and_keeps_the_focus(
    shop: Shop, browser: Browser
) -> None:
    context = await browser.new_context(
        locale="ru-RU", viewport={"width": 390, "height": 780}, has_touch=True
    )
    chat = Chat(await context.new_page())
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    await expect(frame.get_by_role("textbox")).to_be_focused()
    size = await frame.evaluate("[innerWidth, innerHeight]")
    assert size == [390, 780]
    assert await chat.page.evaluate("document.body.inert") is True
    stops = []
    for _ in range(12):
        await chat.page.keyboard.press("Tab")
        stops.append(await frame.evaluate("document.hasFocus() && document.activeElement.tagName"))
    assert all(stops)
    await chat.page.set_viewport_size({"width": 390, "height": 420})  # the keyboard is up

    async def lowest() -> float:
        box = await frame.get_by_role("textbox").bounding_box()
        assert box is not None
        return box["y"] + box["height"]

    await until(lowest, lambda seen: seen <= 420)
    await frame.get_by_role("button", name="Закрыть чат").click()
    await chat.becomes("document.body.inert === false")
    assert chat.troubles == []
    await context.close()


async def test_a_signed_in_person_is_recognised_and_forgotten_on_sign_out(
    shop: Shop, site: Site, chat: Chat
) -> None:
    now = shop.parts.clock.now_ms() // 1000
    claims = {"sub": "501", "name": "Вера", "iat": now, "exp": now + 600}
    proof = jwt.encode(claims, SECRET, algorithm="HS256")
    await chat.go(site.url)
    await chat.page.evaluate("proof => otklik('identify', proof)", proof)
    frame = await chat.open()
    await chat.sends("Где мой заказ?")
    (row,) = await shop.conversations()
    assert row["contact_name"] == "Вера"
    await chat.page.evaluate("otklik('reset')")
    await expect(frame.locator(".group:not(.greeting)")).to_have_count(0)
    await chat.page.reload()
    await chat.open()
    await chat.page.wait_for_timeout(500)
    assert await chat.bubbles() == []


async def test_the_first_message_tells_where_the_visitor_came_from(shop: Shop, chat: Chat) -> None:
    await chat.go(f"{shop.url}/demo/shop?utm_source=list&utm_campaign=осень")
    await chat.open()
    await chat.page.evaluate("history.pushState({}, '', '/demo/shop?cart=1')")
    await chat.page.wait_for_timeout(2200)
    await chat.sends("Хочу улун")
    (row,) = await shop.conversations()
    contact = await shop.api("GET", f"/contacts/{row['contact_id']}")
    (touch,) = contact["touchpoints"]
    assert touch["source"].endswith("/demo/shop?cart=1")
    assert touch["details"]["utm_source"] == "list"
    assert touch["details"]["utm_campaign"] == "осень"
    assert touch["details"]["device"].startswith("desktop · ")


@pytest.mark.parametrize("color", ["#ffd500", "#001133", "#ff0066"])
async def test_the_owners_colour_is_worn_and_can_be_read(
    shop: Shop, chat: Chat, color: str
) -> None:
    await shop.set_up(color=color)
    await chat.go(f"{shop.url}/demo/shop")
    frame = await chat.open()
    await chat.say("Цвет")
    await chat.shows("Цвет")
    worn = await frame.locator(".mine .bubble").evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
    )
    assert _contrast(*worn) >= 4.5


def _contrast(one: str, other: str) -> float:
    def light(color: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
