"""The real program as a process of its own, that can be killed and started again."""

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from otklik.accounts.types import Operator, Scope
from otklik.parts import assembled
from otklik.platform.settings import Settings
from tests.fixtures.house import Client, Json, Phones, key_of, owner_of, until
from tests.fixtures.store import Place

# A dead process of PostgreSQL's kind is missed after two minutes; a test has three seconds.
_IMPATIENT = """
import sys
from otklik.delivery import jobs
jobs._LOST_AFTER_MS = 3_000
from otklik.cli import main
sys.exit(main(["serve"]))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Program:
    """`otklik serve` on a store; `log` is where its words go."""

    place: Place
    port: int = field(default_factory=free_port)
    running: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.place.folder / "program.log"

    @property
    def environ(self) -> dict[str, str]:
        ours = {
            "OTKLIK_DATA_DIR": str(self.place.folder),
            "OTKLIK_DATABASE_URL": self.place.database_url,
            "OTKLIK_PORT": str(self.port),
            "OTKLIK_PUBLIC_URL": self.url,
            "OTKLIK_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
        }
        return {**os.environ, **ours}

    async def start(self, session: aiohttp.ClientSession) -> None:
        with self.log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _IMPATIENT, env=self.environ, stdout=log, stderr=log
            )

        async def ready() -> bool:
            assert self.running is not None
            assert self.running.returncode is None, self.log.read_text()[-3000:]
            try:
                async with session.get(f"{self.url}/readyz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await until(ready, within_s=60)

    async def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(how)
            await self.running.wait()

    async def prepared(self) -> tuple[Operator, str]:
        """Open the account of the store and give its owner and a key to everything."""
        settings = Settings(data_dir=str(self.place.folder), database_url=self.place.database_url)
        async with assembled(settings) as parts:
            owner = await owner_of(parts)
            scopes = [scope for scope in Scope if scope is not Scope.ACCOUNT]
            return owner, await key_of(parts, owner, scopes)


async def connect(api: Client, phones: Phones) -> Json:
    wish = {
        "channel": "telegram",
        "settings": {"api_base": phones.api_base},
        "secrets": {"token": phones.token},
    }
    inbox: Json = await api.post("/inboxes", wish)
    return inbox
