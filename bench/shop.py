"""One installation and its sandbox, each a process of its own, set up as a newcomer would."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bench.cluster import free_port
from bench.programs import (
    ROOT,
    DidNotStartError,
    first_line,
    last_words,
    python_program,
)

BOT = "7301001:bench_invented_token_of_a_bot"
SECRET = "bench-invented-webhook-secret"  # noqa: S105 - of this run's own bot
_SCOPES = [
    "conversations:read", "conversations:write", "contacts:read", "inboxes:read", "inboxes:write",
    "log:read",
]  # fmt: skip
_READY_WITHIN_S = 60.0

Json = Any  # what an HTTP API answers


@dataclass(frozen=True)
class Wishes:
    """How an installation shall be: its store, settings of its inboxes, and its messengers."""

    database_url: str = ""
    telegram: Mapping[str, str] | None = None
    site: Mapping[str, str] | None = None
    retry_scale: float = 0.05
    """A factor on the pauses after which messengers deliver again."""


@dataclass(frozen=True)
class Shop:
    """A running installation. `key` opens the API, `telegram` and `site` are public keys."""

    url: str
    sandbox_url: str
    folder: Path
    database_url: str
    http: aiohttp.ClientSession
    key: str
    telegram: str
    site: str
    app_id: int
    sandbox_id: int

    @property
    def bot_url(self) -> str:
        """Give where the sandbox takes orders about the bot."""
        return f"{self.sandbox_url}/control/telegram/bots/{BOT.partition(':')[0]}"

    async def get(self, path: str, **query: str | int) -> Json:
        """Ask the API."""
        return await self._ask("GET", f"{self.url}/api/v1{path}", params=query)

    async def post(self, path: str, body: Json = None) -> Json:
        """Order something of the API."""
        return await self._ask("POST", f"{self.url}/api/v1{path}", json=body)

    async def look(self, path: str = "", **query: str | int) -> Json:
        """Ask the sandbox about the bot."""
        return await self._ask("GET", f"{self.bot_url}{path}", params=query)

    async def order(self, path: str, body: Json = None) -> Json:
        """Order something of the sandbox's bot."""
        return await self._ask("POST", f"{self.bot_url}{path}", json=body or {})

    async def _ask(self, method: str, url: str, **words: Json) -> Json:
        headers = {"Authorization": f"Bearer {self.key}"} if url.startswith(self.url) else {}
        async with self.http.request(method, url, headers=headers, **words) as answer:
            if not answer.ok:
                raise RuntimeError(f"{method} {url}: {answer.status} {await answer.text()}")
            return await answer.json(content_type=None) if answer.status != 204 else None


@asynccontextmanager
async def open_shop(folder: Path, wishes: Wishes) -> AsyncIterator[Shop]:
    """Start everything, open an account with both inboxes, and close it all at the end."""
    async with AsyncExitStack() as stack:
        sandbox_log, app_log = folder / "sandbox.log", folder / "otklik.log"
        words = ("sandbox", "--port", "0", "--retry-scale", str(wishes.retry_scale))
        sandbox = stack.enter_context(python_program(sandbox_log, *words))
        line = await asyncio.to_thread(first_line, sandbox, sandbox_log)
        sandbox_url = line.removeprefix("sandbox ")
        env = _environment(folder, wishes)
        link = await asyncio.to_thread(_set_up, env)
        app = stack.enter_context(python_program(app_log, "otklik.cli", "serve", env=env))
        connector = aiohttp.TCPConnector(limit=200)
        jar = aiohttp.CookieJar(unsafe=True)
        http = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, cookie_jar=jar)
        )
        url = env["OTKLIK_PUBLIC_URL"]
        await _until_ready(http, url, app, app_log)
        key, telegram, site = await _furnish(http, url, sandbox_url, link, wishes)
        yield Shop(
            url, sandbox_url, folder, wishes.database_url, http, key, telegram, site, app.pid,
            sandbox.pid,
        )  # fmt: skip


def _environment(folder: Path, wishes: Wishes) -> dict[str, str]:
    port = free_port()
    return {
        "OTKLIK_DATA_DIR": str(folder / "data"),
        "OTKLIK_DATABASE_URL": wishes.database_url,
        "OTKLIK_PORT": str(port),
        "OTKLIK_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "OTKLIK_ALLOW_PRIVATE_HOSTS": "127.0.0.1",  # the sandbox, also its mail servers
        "OTKLIK_TRUSTED_PROXIES": "127.0.0.1",
        "OTKLIK_LOG_LEVEL": "warning",
    }


def _set_up(env: Mapping[str, str]) -> str:
    """Open the account; give the token of the owner's one-time link."""
    told = subprocess.run(
        [sys.executable, "-m", "otklik.cli", "setup", "--title", "Bench"],
        env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise DidNotStartError(told.stderr)
    return told.stdout.strip().rpartition("#")[2]


async def _until_ready(
    http: aiohttp.ClientSession, url: str, app: subprocess.Popen[bytes], log: Path
) -> None:
    async with asyncio.timeout(_READY_WITHIN_S):
        while app.poll() is None:
            try:
                async with http.get(f"{url}/readyz") as answer:
                    if answer.ok:
                        return
            except aiohttp.ClientConnectionError:
                pass  # it is not listening yet
            await asyncio.sleep(0.1)
    raise DidNotStartError(await asyncio.to_thread(last_words, log))


async def _furnish(
    http: aiohttp.ClientSession, url: str, sandbox_url: str, link: str, wishes: Wishes
) -> tuple[str, str, str]:
    async def post(path: str, body: Json, headers: Mapping[str, str] | None = None) -> Json:
        async with http.post(f"{url}/api/v1{path}", json=body, headers=headers) as answer:
            if not answer.ok:
                raise RuntimeError(f"{path}: {answer.status} {await answer.text()}")
            return await answer.json()

    me = await post("/sign-in/link", {"token": link})
    csrf = {"X-CSRF-Token": me["csrf_token"]}
    made = await post("/api-keys", {"title": "bench", "scopes": _SCOPES}, csrf)
    http.cookie_jar.clear()
    bearer = {"Authorization": f"Bearer {made['key']}"}
    async with http.post(f"{sandbox_url}/control/telegram/bots", json={"token": BOT}) as answer:
        answer.raise_for_status()
    telegram = {
        "channel": "telegram",
        "settings": {"api_base": f"{sandbox_url}/telegram", **(wishes.telegram or {})},
        "secrets": {"token": BOT, "webhook_secret": SECRET},
    }
    inbox = await post("/inboxes", telegram, bearer)
    widget = {"channel": "widget", "settings": dict(wishes.site or {})}
    site = await post("/inboxes", widget, bearer)
    card_url = f"{sandbox_url}/control/telegram/bots/{BOT.partition(':')[0]}"
    async with asyncio.timeout(_READY_WITHIN_S):
        while True:
            async with http.get(card_url) as answer:
                if (await answer.json())["webhook"]:
                    return made["key"], inbox["public_key"], site["public_key"]
            await asyncio.sleep(0.1)
