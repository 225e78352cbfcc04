"""The demo, whole: an account and an inbox at every messenger, and customers who get through."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from otklik.channels import CHANNELS
from otklik.commands.demo_messengers import guests, set_up, vouched_for
from sandbox.platform import discover
from sandbox.server import Settings, run
from sandbox.tea_shop import CUSTOMERS
from tests.sandbox.conftest import eventually

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(?=/sandbox/)")
_STARTS_S = 60.0  # a whole process, on a machine that does other things as well
BOTH = {platform.id for platform in discover()} & set(CHANNELS)


def test_every_customer_writes_somewhere_and_once() -> None:
    for there in (["telegram"], ["telegram", "vk", "email"], ["telegram", *sorted(BOTH)]):
        seated = guests(there)
        assert set(seated) <= set(there)
        names = [name for customers in seated.values() for name in customers]
        assert sorted(names) == sorted(customer.username for customer in CUSTOMERS)


async def test_a_later_run_has_the_same_accounts(tmp_path: Path) -> None:
    facts = []
    for _ in range(2):
        async with run(Settings()) as running:
            stalls = set_up(running.sandbox, tmp_path, "Чайный мост")
            assert {stall.platform.id for stall in stalls} == BOTH
            facts.append([(s.account.id, s.account.token, s.account.secrets) for s in stalls])
            for stall in stalls:
                unknown = {*stall.settings, *stall.secrets} - {
                    *CHANNELS[stall.platform.id].manifest.settings,
                    *CHANNELS[stall.platform.id].manifest.secrets,
                }
                assert not unknown
            assert all(host.startswith("127.0.0.1:") for host in vouched_for(stalls))
    assert facts[0] == facts[1]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a running demo of its own."""
    said = tmp_path / "said"
    env = os.environ | {"OTKLIK_PORT": "0", "OTKLIK_DATA_DIR": str(tmp_path / "kept")}
    with said.open("wb") as out:
        program = subprocess.Popen(  # noqa: ASYNC220 - it lives as long as the test
            [Path(sys.executable).with_name("otklik"), "demo", "--pace", "8"],
            env=env | {"PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:

        async def look() -> re.Match[str] | None:
            assert program.poll() is None, said.read_text()
            return _ADDRESS.search(said.read_text())

        found = await eventually(look, lambda address: address is not None, _STARTS_S)
        assert found is not None
        yield found[0]
    finally:
        program.terminate()
        program.wait(timeout=20)


async def test_customers_of_every_messenger_get_through(shop: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def look() -> dict[str, int]:
            async with session.get(f"{shop}/sandbox/control/platforms") as answer:
                cards = await answer.json()
            return {
                card["id"]: sum(account["delivered"] for account in card["accounts"])
                for card in cards
                if any(account["webhooks"] and account["lively"] for account in card["accounts"])
            }

        seen = await eventually(look, lambda told: bool(told) and all(told.values()), _STARTS_S)
    hooked = {name for name in BOTH if CHANNELS[name].connect is not None} - {"email", "webpush"}
    assert set(seen) >= {"telegram", *hooked}
