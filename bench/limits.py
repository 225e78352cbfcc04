"""Bare limits of the same run: a webhook that does nothing, a bare commit, a bare sender."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench.cluster import Cluster, free_port
from bench.load import Target, fire
from bench.programs import ROOT, cpu_s, python_program
from bench.shop import BOT, Shop
from bench.store import Rows
from otklik.platform.backup import DATABASE_FILE

GROUP = 100
"""Messages in one bare commit."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "mmap_size=268435456")


@dataclass(frozen=True)
class Commit:
    """Bare group commits: messages per second, and CPU of client and server per message."""

    per_s: float
    cpu_us: float


@dataclass(frozen=True)
class Webhook:
    """Bare requests: per second, and CPU of the server per request."""

    per_s: float
    cpu_us: float


async def bare_webhook(folder: Path, target: Target) -> Webhook:
    """Load a webhook that does nothing with the same requests."""
    port = free_port()
    log = folder / "bare_webhook.log"
    with python_program(log, "bench.bare_webhook", str(port)) as process:
        await _until_listening(port)
        before = cpu_s(process.pid)
        volley = await fire(folder, target.at(port))
        used = cpu_s(process.pid) - before
    shots = volley.shots
    if any(shot.status != 200 for shot in shots):
        raise RuntimeError("the bare webhook refused something")
    took = max(shot.answered for shot in shots) - min(shot.due for shot in shots)
    return Webhook(len(shots) / took, used / len(shots) * 1e6)


async def _until_listening(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


async def bare_send(shop: Shop, first_chat: int, chats: int, messages: int) -> float:
    """Send as many answers without storing anything; give CPU µs per message."""
    url = f"{shop.sandbox_url}/telegram/bot{BOT}/sendMessage"
    words = [url, str(first_chat), str(chats), str(messages)]
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.bare_send", *words, cwd=ROOT, stdout=subprocess.PIPE
    )
    told, _ = await program.communicate()
    if program.returncode:
        raise RuntimeError("the bare sender failed; its words are above")
    return float(told)


async def bare_commit(tables: Sequence[Rows], messages: int, cluster: Cluster | None) -> Commit:
    """Insert the same rows into the same tables of an empty store, in durable groups."""
    groups = max(1, messages // GROUP)
    parts = [[(one, _share(one, number, groups)) for one in tables] for number in range(groups)]
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as name:
        folder = Path(name)
        if cluster is None:
            await _migrate(folder, "")
            took, used = await asyncio.to_thread(_into_sqlite, folder / DATABASE_FILE, parts)
        else:
            url = cluster.create(f"bare_{time.time_ns()}")
            await _migrate(folder, url)
            took, used = await _into_postgres(url, parts, cluster.process_id)
    return Commit(messages / took, used / messages * 1e6)


Parts = list[list[tuple[Rows, Sequence[tuple[object, ...]]]]]


def _share(one: Rows, number: int, groups: int) -> Sequence[tuple[object, ...]]:
    size = len(one.rows)
    return one.rows[size * number // groups : size * (number + 1) // groups]


async def _migrate(folder: Path, url: str) -> None:
    env = {
        **os.environ,
        "OTKLIK_DATA_DIR": str(folder),
        "OTKLIK_DATABASE_URL": url,
        "OTKLIK_LOG_LEVEL": "warning",
    }
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "otklik.cli",
        "migrate",
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
    )
    if await program.wait():
        raise RuntimeError("the empty store could not be made; the words are above")


def _into_sqlite(file: Path, parts: Parts) -> tuple[float, float]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        began, cpu = time.monotonic(), time.thread_time()
        for group in parts:
            connection.execute("BEGIN IMMEDIATE")
            for one, rows in group:
                marks = ",".join("?" * len(one.columns))
                connection.executemany(f"INSERT INTO {one.table} VALUES ({marks})", rows)  # noqa: S608 - our own names
            connection.execute("COMMIT")
        return time.monotonic() - began, time.thread_time() - cpu


async def _into_postgres(url: str, parts: Parts, server: int) -> tuple[float, float]:
    connection = await asyncpg.connect(url)
    try:
        began, cpu, server_cpu = time.monotonic(), time.process_time(), cpu_s(server)
        for group in parts:
            async with connection.transaction():
                for one, rows in group:
                    # COPY is the fastest way in: the limit is meant to be hard to reach.
                    await connection.copy_records_to_table(
                        one.table, records=rows, columns=one.columns
                    )
        took = time.monotonic() - began
        used = time.process_time() - cpu + cpu_s(server) - server_cpu
    finally:
        await connection.close()
    return took, used
