"""The desk as an operator uses it: rows by their names, bubbles by their words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, StorageState, expect

from otklik.accounts.api import add_operator, set_up_operator
from otklik.accounts.types import NewOperator, Operator, Role
from sandbox.server import Running
from tests.fixtures.house import House

Json = dict[str, Any]

PASSWORD = "a long phrase for a tea shop"
COLLEAGUE = "petr@shop.example"
# A network that was cut on purpose and a refused sign-in are told in the console by the browser.
_EXPECTED = ("Failed to load resource", "WebSocket connection to")
_HURRY = """(keys) => {
    for (const [mod, code, key] of keys) {
        const press = {code, key, ctrlKey: mod === "Control", bubbles: true, cancelable: true};
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", press));
    }
}"""
_WATCH = """
addEventListener("securitypolicyviolation", (event) =>
    console.error("policy: " + event.violatedDirective + " " + event.blockedURI));
"""


class Desk:
    """One tab of the desk."""

    def __init__(self, page: Page, house: House) -> None:
        self.page = page
        self.house = house
        self.troubles: list[str] = []

    async def listen(self) -> None:
        """Note every script error, dialog, policy violation, error line and stranger's address."""
        page = self.page
        await page.add_init_script(_WATCH)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))
        page.on("console", lambda line: self._note(line.type, line.text))
        page.on("request", lambda request: self._watch(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(_EXPECTED):
            self.troubles.append(f"console: {text}")

    def _watch(self, url: str) -> None:
        ours = (self.house.url, self.house.url.replace("http", "ws", 1), "data:", "blob:")
        if not url.startswith(ours):
            self.troubles.append(f"request: {url}")

    async def go(self, path: str = "/conversations") -> None:
        await self.page.goto(self.house.url + path)

    async def sign_in(self, email: str, password: str = PASSWORD) -> None:
        await self.page.get_by_label("Почта").fill(email)
        await self.page.get_by_role("textbox", name="Пароль").fill(password)
        await self.page.get_by_role("button", name="Войти").click()

    def row(self, name: str) -> Locator:
        """The conversation of somebody in the queue."""
        return (
            self.page.get_by_role("list", name="Обращения")
            .get_by_role("link")
            .filter(has_text=name)
        )

    async def open(self, name: str) -> None:
        """Open somebody's conversation and wait for its reply box."""
        await self.row(name).click()
        await expect(self.field).to_be_visible()

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Напишите ответ…")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("region", name="Сообщения")

    def bubble(self, text: str) -> Locator:
        return self.thread.locator("[data-message]").filter(has_text=text)

    async def texts(self) -> list[str]:
        """The words of every bubble from top to bottom."""
        return await self.thread.locator("[data-message]").all_inner_texts()

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def do(self, text: str, deed: str) -> None:
        """Choose something from the menu of a message."""
        await self.bubble(text).hover()
        await self.bubble(text).get_by_role("button", name="Ещё").click()
        await self.page.get_by_role("menuitem", name=deed).click()

    async def press(self, code: str, russian: str) -> None:
        """Press a key of the Russian layout: the code is the place, the letter is Cyrillic."""
        session = await self.page.context.new_cdp_session(self.page)
        for kind in ("keyDown", "keyUp"):
            press = {"type": kind, "code": code, "key": russian}
            await session.send("Input.dispatchKeyEvent", press)
        await session.detach()

    async def hurry(self, *keys: tuple[str, str]) -> None:
        """Press keys faster than anything can be drawn: code and letter, Ctrl written before."""
        await self.page.evaluate(_HURRY, [[*code.rpartition("+")[::2], key] for code, key in keys])


class Office:
    """The house, its browser, and the people who work there."""

    def __init__(self, house: House, street: Running, browser: Browser) -> None:
        self.house = house
        self.street = street
        self.browser = browser
        self.inbox: Json = {}
        self.colleague: Operator
        self._kept: dict[str, StorageState] = {}

    async def open(self) -> None:
        """Connect the messenger and give both operators passwords."""
        house = self.house
        self.inbox = await house.connect()
        accounts = house.parts.accounts
        email = house.owner.email or ""
        await set_up_operator(accounts, house.owner, name="Ольга", email=email, password=PASSWORD)
        wish = NewOperator("Пётр", COLLEAGUE, Role.OPERATOR)
        blank = await add_operator(accounts, house.account_id, wish)
        self.colleague = await set_up_operator(
            accounts, blank, name="Пётр", email=COLLEAGUE, password=PASSWORD
        )

    async def row(self, conversation_id: str) -> Json:
        """A conversation as the server has it: what the desk shows may be ahead of it."""
        row: Json = (await self.house.api.get(f"/conversations/{conversation_id}"))["row"]
        return row

    async def context(self, email: str = "") -> BrowserContext:
        """A browser of somebody signed in; of a stranger without an e-mail."""
        if email and email not in self._kept:
            self._kept[email] = await self._signed_in(email)
        return await self.browser.new_context(
            locale="ru-RU",
            viewport={"width": 1440, "height": 900},
            storage_state=self._kept.get(email),
            reduced_motion="reduce",
        )

    async def _signed_in(self, email: str) -> StorageState:
        context = await self.context()
        wish = {"email": email, "password": PASSWORD}
        answer = await context.request.post(f"{self.house.url}/api/v1/sign-in", data=wish)
        assert answer.ok, await answer.text()
        state = await context.storage_state()
        await context.close()
        return state

    @asynccontextmanager
    async def desk(self, email: str = "olga@shop.example") -> AsyncIterator[Desk]:
        """A tab; nothing may have gone wrong in it by the end."""
        context = await self.context(email)
        desk = Desk(await context.new_page(), self.house)
        await desk.listen()
        try:
            yield desk
        finally:
            await context.close()
        assert desk.troubles == []
