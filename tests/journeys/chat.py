"""The chat as a visitor uses it: the button by its place, the panel by its names."""

from pathlib import Path
from typing import Any

from playwright.async_api import Frame, Page, expect

from tests.fixtures.house import until

MARGIN = 48


class Chat:
    """One page with the chat on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.troubles.append(f"dialog: {dialog.message}"))

    async def go(self, url: str) -> None:
        await self.page.goto(url)
        await self.becomes("typeof window.otklik === 'function'")

    async def becomes(self, truth: str) -> None:
        """Wait until an expression is true; unlike Playwright's own way it needs no eval."""
        await until(lambda: self.page.evaluate(truth), within_s=10)

    async def tap(self) -> None:
        """Press the button; it lives in a closed shadow root, so by its place."""
        size = self.page.viewport_size
        assert size is not None
        await self.page.mouse.click(size["width"] - MARGIN, size["height"] - MARGIN)

    async def open(self) -> Frame:
        await self.tap()
        return await self.panel()

    async def panel(self) -> Frame:
        for _ in range(100):
            for frame in self.page.frames:
                if "/widget/frame/" in frame.url:
                    await frame.locator(".composer textarea").wait_for(state="attached")
                    return frame
            await self.page.wait_for_timeout(50)
        raise AssertionError("the panel did not come")

    async def say(self, text: str) -> None:
        frame = await self.panel()
        box = frame.get_by_role("textbox")
        await box.fill(text)
        await frame.get_by_role("button", name="Отправить").click()

    async def sends(self, text: str) -> None:
        """Say something and wait until the server has it."""
        await self.say(text)
        frame = await self.panel()
        await expect(frame.locator(".mine .words").last).to_have_text(text)
        await expect(frame.get_by_label("Ждёт отправки")).to_have_count(0)

    async def bubbles(self) -> list[str]:
        """Give the words of every bubble, in order."""
        frame = await self.panel()
        return await frame.locator(".group:not(.greeting) .words").all_inner_texts()

    async def shows(self, *texts: str) -> None:
        """Wait until the bubbles say exactly this."""
        frame = await self.panel()
        await expect(frame.locator(".group:not(.greeting) .words")).to_have_text(
            list(texts), timeout=15_000
        )

    async def ticks(self) -> list[str]:
        frame = await self.panel()
        found = await frame.locator(".tick").all()
        return [await one.get_attribute("aria-label") or "" for one in found]

    async def names(self) -> list[tuple[str, str]]:
        """Give role and name of everything assistive technology finds on the site's own page,
        closed shadow roots included."""
        session = await self.page.context.new_cdp_session(self.page)
        tree = await session.send("Accessibility.getFullAXTree")
        await session.detach()
        return [
            (_value(node, "role"), _value(node, "name"))
            for node in tree["nodes"]
            if not node.get("ignored")
        ]

    async def button_name(self) -> str:
        """Give the name of the chat's button; "" while it is not there."""
        found = [name for role, name in await self.names() if role == "button" and "чат" in name]
        assert len(found) <= 1, found
        return found[0] if found else ""


def _value(node: dict[str, Any], field: str) -> str:
    return str(node.get(field, {}).get("value", ""))


def photo(folder: Path, name: str) -> str:
    """Give where a picture for people goes."""
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / f"{name}.png")
