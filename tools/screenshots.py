"""The pictures in the README, taken from a fresh demo: `python -m tools.screenshots [FOLDER]`."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from playwright.sync_api import APIRequestContext, Browser, StorageState, sync_playwright

from tools.bootstrap import system
from tools.bootstrap.paths import ROOT, VENV_BIN, shown

_PICTURES = ROOT / "docs" / "pictures"
_HEIGHTS = {390: 844, 768: 1024, 1024: 768, 1280: 800}
_WIDEST = max(_HEIGHTS)
_STARTS_WITHIN_S = 90.0
_PEOPLE_WRITE_S = 40.0  # by then the queue looks like a morning in a shop
_SETTLES_MS = 2_000
_LINK = re.compile(r"https?://\S+#\S+")  # the one-time sign-in link; its secret is in the fragment


@dataclass(frozen=True)
class Shot:
    """One page, and what has to be done on it before it is worth looking at."""

    name: str
    path: str
    press: str = ""  # what to click, as a selector
    script: str = ""


_ANSWERS = {
    "Артём Лосев": "Здравствуйте, Артём! Очень жаль, что так вышло. "
    "Новый чайник отправим сегодня же, к субботе успеет. Возвращать разбитый не нужно.",
    "Марина Ветрова": "Здравствуйте! Да, есть, и 50 граммов на месяц хватит. Отложить?",
}
_ASKED = "Добрый день! Что посоветуете в подарок тому, кто пьёт только улуны?"
_ADVISED = (
    "Добрый день! Возьмите «Да Хун Пао»: тёмный прогрев, долгое послевкусие. "
    "Упакуем и положим записку от вас."
)

_SHOTS = (
    Shot(
        "desk",
        "/conversations?view=all",
        press="a[href^='/conversations/']:has-text('Артём Лосев')",
    ),
    Shot("widget", "/demo/shop", script="window.otklik('open')"),
    Shot("phones", "/sandbox/"),
)


@contextmanager
def demo() -> Iterator[str]:
    """Run a demo on a free port with data of its own; gives the one-time sign-in link."""
    with tempfile.TemporaryDirectory(prefix="otklik-pictures-") as folder:
        said = Path(folder, "said")
        env = os.environ | {"OTKLIK_PORT": "0", "OTKLIK_DATA_DIR": f"{folder}/kept"}
        with (
            said.open("wb") as out,
            subprocess.Popen(
                [VENV_BIN / "otklik", "demo"],
                cwd=ROOT,
                env=env | {"PYTHONUNBUFFERED": "1"},
                stdout=out,
                stderr=subprocess.STDOUT,
            ) as program,
        ):
            try:
                yield _sign_in_link(program, said)
            finally:
                program.terminate()


def _sign_in_link(program: subprocess.Popen[bytes], said: Path) -> str:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline and program.poll() is None:
        link = _LINK.search(said.read_text())
        if link:
            return link[0]
        time.sleep(0.2)
    sys.exit(f"the demo gave no sign-in link:\n{said.read_text()}")


def _write_to_shop(browser: Browser, address: str) -> StorageState:
    """Ask something in the chat on the site; gives the storage of that visitor's browser."""
    context = browser.new_context(locale="ru-RU")
    page = context.new_page()
    page.goto(urljoin(address, "/demo/shop"))
    page.evaluate("window.otklik('open')")
    page.wait_for_timeout(_SETTLES_MS)
    panel = page.frame(url=lambda url: "/widget/frame/" in url)  # behind a closed shadow root
    if panel is None:
        sys.exit("the chat of the shop did not open")
    box = panel.get_by_role("textbox").first
    box.fill(_ASKED)
    box.press("Enter")
    page.wait_for_timeout(_SETTLES_MS)
    state = context.storage_state()
    context.close()
    return state


def _answer(browser: Browser, state: StorageState, address: str) -> None:
    """Answer a few people as the operator, so that the pictures show conversations."""
    context = browser.new_context(base_url=address, storage_state=state, locale="ru-RU")
    api = context.request
    token = api.get("/api/v1/me").json()["csrf_token"]
    queue = api.get("/api/v1/conversations?sort=waiting").json()["items"]
    for row in queue:
        text = _ADVISED if row["channel"] == "widget" else _ANSWERS.get(row["contact_name"], "")
        if text:
            _send(api, token, row["id"], text)
    context.close()


def _send(api: APIRequestContext, token: str, conversation: str, text: str) -> None:
    answer = api.post(
        f"/api/v1/conversations/{conversation}/messages",
        headers={"X-CSRF-Token": token},
        data={"client_id": f"picture-{conversation}", "text": text},
    )
    if not answer.ok:
        sys.exit(f"the demo refused an answer: {answer.text()}")


def _sign_in(browser: Browser, link: str) -> StorageState:
    context = browser.new_context(locale="ru-RU")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button").first.click()
    page.wait_for_url(lambda url: "#" not in url, timeout=15_000)
    page.wait_for_timeout(_SETTLES_MS)
    state = context.storage_state()
    context.close()
    return state


def _take(
    browser: Browser, state: StorageState, address: str, shot: Shot, size: tuple[int, str], to: Path
) -> None:
    width, scheme = size
    look: Literal["light", "dark"] = "dark" if scheme == "dark" else "light"
    context = browser.new_context(
        viewport={"width": width, "height": _HEIGHTS[width]},
        color_scheme=look,
        locale="ru-RU",
        reduced_motion="reduce",
        storage_state=state,
    )
    page = context.new_page()
    page.goto(urljoin(address, shot.path))
    page.wait_for_timeout(_SETTLES_MS)
    if shot.press:
        page.locator(shot.press).first.click()
        page.wait_for_timeout(_SETTLES_MS)
    if shot.script:
        page.evaluate(shot.script)
        page.wait_for_timeout(_SETTLES_MS)
    page.screenshot(path=to)
    context.close()


def main(words: list[str]) -> int:
    """Take every page at every width, and the widest in the dark as well."""
    folder = Path(words[0]) if words else _PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    program = system.chromium()
    if program is None:
        print(f"No Chromium here. Run: {system.by_hand('chromium')}", file=sys.stderr)
        return 1
    sizes = [(width, "light") for width in _HEIGHTS] + [(_WIDEST, "dark")]
    with demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        state = _sign_in(browser, link)
        time.sleep(_PEOPLE_WRITE_S)
        visitor = _write_to_shop(browser, link)
        _answer(browser, state, link)
        for shot in _SHOTS:
            for size in sizes:
                name = f"{shot.name}-{size[0]}{'-dark' if size[1] == 'dark' else ''}.png"
                kept = visitor if shot.name == "widget" else state
                _take(browser, kept, link, shot, size, folder / name)
                print(shown(folder / name))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
