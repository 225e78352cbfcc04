"""The suite's own ground: the throw-away server, the browser, and no silent skips."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.fixtures.honesty import skip_is_failure
from tests.fixtures.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]


async def test_a_worker_reaches_its_own_database(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        name, version = await connection.fetchrow(
            "SELECT current_database(), current_setting('server_version_num')::int"
        )
    finally:
        await connection.close()
    assert name == f"otklik_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    assert version >= 150000


async def test_a_database_is_copied_from_a_template(postgres_server: PostgresServer) -> None:
    source = await asyncpg.connect(postgres_server.create(f"first_{os.getpid()}"))
    await source.execute("CREATE TABLE greeting AS SELECT 'Привет' AS text")
    await source.close()
    copy = await asyncpg.connect(
        postgres_server.create(f"second_{os.getpid()}", template=f"first_{os.getpid()}")
    )
    try:
        assert await copy.fetchval("SELECT upper(text) FROM greeting") == "ПРИВЕТ"
    finally:
        await copy.close()
    for name in ("first", "second"):
        postgres_server.drop(f"{name}_{os.getpid()}")


def test_the_server_goes_when_its_test_run_is_killed(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    assert postgres_server.address  # the programs are here
    ground = tmp_path / "killed"
    ground.mkdir()
    (ground / "test_asks.py").write_text(
        "import os, pathlib, time\n"
        "def test_asks(postgres_url: str) -> None:\n"
        "    pathlib.Path(os.environ['ASKED']).write_text(os.environ['OTKLIK_TEST_SHARED'])\n"
        "    time.sleep(60)\n"
    )
    asked = tmp_path / "asked"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.fixtures.postgres"]
    run = subprocess.Popen(
        [*command, "-c", os.devnull, "--rootdir", str(ground), str(ground)],
        cwd=ROOT,
        env=_without_xdist() | {"ASKED": str(asked), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    _wait_until(lambda: asked.exists() and asked.read_text() != "")
    shared = Path(asked.read_text())
    assert (shared / "server").exists()
    run.kill()
    run.wait()
    _wait_until(lambda: not (shared / "server").exists())


def test_a_browser_is_found(chromium_path: str) -> None:
    assert os.access(chromium_path, os.X_OK)


@pytest.mark.parametrize(("in_ci", "outcome"), [(True, "failed"), (False, "skipped")])
def test_a_skip_is_a_failure_in_ci(in_ci: bool, outcome: str) -> None:
    report = _skipped()
    skip_is_failure(report, strict=in_ci)
    assert report.outcome == outcome


def test_an_expected_failure_is_no_skip() -> None:
    report = _skipped()
    report.wasxfail = "known"
    skip_is_failure(report, strict=True)
    assert report.outcome == "skipped"


def _skipped() -> pytest.TestReport:
    place = ("test_x.py", 1, "Skipped: no server")
    return pytest.TestReport("test_x", ("test_x.py", 1, "x"), {}, "skipped", place, "call")


def _without_xdist() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "XDIST" not in name}


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "waited 30 s in vain"
        time.sleep(0.05)
