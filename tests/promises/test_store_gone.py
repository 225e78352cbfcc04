"""The store fails: the messenger is told to come again, and everything comes."""

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event

from otklik.accounts.types import Scope
from otklik.platform.database import SqliteDatabase
from sandbox.server import Running
from tests.fixtures import postgres_keeper as keeper
from tests.fixtures.house import Client, House, Phones, bot_of, opened, session_of, until
from tests.fixtures.store import Place
from tests.promises.process import Program, connect
from tests.promises.test_accepted_is_kept import update
from tools.bootstrap import system


@dataclass
class Cluster:
    """A PostgreSQL server of the test's own, to be stopped and started."""

    folder: Path
    programs: Path
    port: int
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://otklik:secret@127.0.0.1:{self.port}/postgres"

    async def start(self) -> None:
        user, group = keeper._server_user()  # the tests' own server is made the same way
        command = [str(self.programs / "postgres"), "-D", f"{self.folder}/cluster"]
        # Its processes die here without a word: what they acknowledged must be with the system.
        chosen = keeper._SETTINGS | {"synchronous_commit": "on"}
        settings = [f"--{name}={value}" for name, value in chosen.items()]
        self.server = subprocess.Popen(  # noqa: ASYNC220 - forking takes no time worth a thread
            [*command, "-p", str(self.port), *settings],
            cwd=self.folder, user=user, group=group,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

        async def answers() -> bool:
            return await asyncio.to_thread(keeper._answers, self.programs, self.port)

        await until(answers)

    def stop(self) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(20)
            self.server = None

    def signal(self, number: signal.Signals) -> None:
        """Signal the server and all it forked, each in a group of its own."""
        assert self.server is not None
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        for process in (self.server.pid, *map(int, children.split())):
            os.kill(process, number)


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    programs = system.postgres_bin()
    if programs is None:
        pytest.skip(f"no PostgreSQL server here; run: {system.by_hand('postgresql')}")
    folder = Path(tempfile.mkdtemp(prefix="otklik-cluster-"))  # pytest's own are for root alone
    user, group = keeper._server_user()
    if user is not None and group is not None:
        os.chown(folder, user, group)
    await asyncio.to_thread(keeper._make_cluster, folder, programs, "secret")
    made = Cluster(folder, programs, keeper._free_port())
    await made.start()
    try:
        yield made
    finally:
        if made.server is not None:
            made.signal(signal.SIGCONT)
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _came(house: House, count: int) -> None:
    await until(
        lambda: house.api.queue("?limit=200"),
        lambda seen: sum(row["unread"] for row in seen) == count,
        within_s=40,
    )


async def test_the_database_is_stopped_and_comes_back(
    cluster: Cluster, tmp_path: Path, street: Running
) -> None:
    async with opened(Place(tmp_path, cluster.url), street) as house:
        inbox = await house.connect()
        await house.phones.order("POST", "/bulk", {"people": 5, "messages": 20, "rate": 50})
        await asyncio.sleep(0.5)
        await asyncio.to_thread(cluster.stop)
        status, problem = await house.deliver(inbox, update(9_999, 800, "Никого"))
        assert (status, problem["code"]) == (503, "unavailable")
        status, problem = await house.api.ask("GET", "/conversations")
        assert (status, problem["code"]) == (503, "unavailable")
        status, readiness = await house.api.ask("GET", f"{house.url}/readyz")
        assert (status, readiness["checks"]["database"]) == (503, False)
        assert (await house.api.ask("GET", f"{house.url}/healthz"))[0] == 200
        await cluster.start()
        await until(house.phones.pending, lambda left: left == 0, within_s=40)
        await _came(house, 100)


async def test_a_frozen_database_is_not_waited_for_without_end(
    cluster: Cluster, tmp_path: Path, street: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.ingress.append.ANSWER_WITHIN_S", 1.0)
    async with opened(Place(tmp_path, cluster.url), street) as house:
        inbox = await house.connect()
        assert (await house.deliver(inbox, update(1, 801, "Раз")))[0] == 200
        cluster.signal(signal.SIGSTOP)
        began = time.monotonic()
        status, problem = await house.deliver(inbox, update(2, 801, "Два"))
        assert (status, problem["code"]) == (503, "unavailable")
        assert time.monotonic() - began < 10
        cluster.signal(signal.SIGCONT)

        async def taken() -> int:
            return (await house.deliver(inbox, update(2, 801, "Два")))[0]

        await until(taken, lambda found: found == 200)
        await _came(house, 2)


async def test_a_full_disk_refuses_new_things_and_shows_the_old_ones(
    sqlite_place: Place, street: Running
) -> None:
    program = Program(sqlite_place)
    _, key = await program.prepared()
    async with session_of() as session:
        api = Client(session, program.url, {"authorization": f"Bearer {key}"})
        phones = await bot_of(session, street)
        try:
            await program.start(session)
            inbox = await connect(api, phones)
            person = await phones.person()
            await phones.text(person, "До")
            (row,) = await until(api.queue)
            _fill(program, 0)
            await phones.text(person, "Во время")
            refused = await api.post("/labels", {"title": "метка"}, status=503)
            assert refused["detail"]
            assert [m["text"] for m in await api.timeline(row["id"])] == ["До"]
            await until(lambda: _refusals(phones), bool)
            _fill(program, resource.RLIM_INFINITY)
            await until(phones.pending, lambda left: left == 0)
            texts = [m["text"] for m in await api.timeline(row["id"])]
            assert texts == ["До", "Во время"]
            assert inbox["state"] == "active"
        finally:
            await program.end()


async def _refusals(phones: Phones) -> list[object]:
    attempts = await phones.order("GET", "/deliveries")
    return [one for one in attempts if one["status"] in {503, 507}]


def _fill(program: Program, limit: int) -> None:
    """Let the process write files up to a size only: for it the disk is full, or free again."""
    assert program.running is not None
    resource.prlimit(program.running.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


async def test_a_key_that_was_never_used_reads_on_a_full_disk(
    sqlite_place: Place, street: Running
) -> None:
    async with opened(sqlite_place, street) as house:
        fresh = await house.key(Scope.CONVERSATIONS_READ)
        with _no_writes(house):
            assert await fresh.queue() == []


@contextmanager
def _no_writes(house: House) -> Iterator[None]:
    """Let the store refuse every write, as a full disk does."""
    assert isinstance(house.parts.database, SqliteDatabase)
    engine = house.parts.database.engine

    def refuse(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA query_only = 1")

    event.listen(engine, "checkout", refuse)
    try:
        yield
    finally:
        event.remove(engine, "checkout", refuse)
