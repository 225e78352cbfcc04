"""Typing is passed on at once, waits for nobody, and troubles the platform seldom."""

import asyncio

import msgspec
import pytest

from otklik.accounts.api import scopes_of
from otklik.accounts.types import Caller, Role
from otklik.ingress.live import WHISPERS_LIMIT, Follower
from otklik.ingress.presence import Presence
from otklik.kernel.errors import UnavailableError
from otklik.kernel.ids import AccountId, OperatorId
from tests.fixtures.house import House, Json, until
from tests.promises.desk import socket_of


def operator(name: str) -> Caller:
    return Caller(
        account_id=AccountId("account"),
        kind="operator",
        operator_id=OperatorId(name),
        api_key_id=None,
        name=name,
        scopes=scopes_of(Role.OPERATOR),
    )


class Line:
    """An operator's socket that nobody reads."""

    account_id = "account"

    def __init__(self, name: str) -> None:
        self.caller = operator(name)
        self.heard: list[Json] = []

    def follows(self, _contact_id: str) -> bool:
        return True

    def end(self) -> None:
        raise AssertionError

    def whisper(self, _who: str, frame: bytes) -> None:
        self.heard.append(msgspec.json.decode(frame))


async def test_colleagues_hear_and_the_one_who_types_does_not() -> None:
    presence = Presence()
    mine, other = Line("Анна"), Line("Вера")
    presence.join(mine)
    presence.join(other)
    presence.operator_types(mine.caller, "talk", "contact")
    assert [one["name"] for one in other.heard] == ["Анна"]
    assert mine.heard == []
    presence.contact_types("account", "talk", "contact", "Ира", "Добр")
    assert mine.heard == other.heard[1:]
    assert mine.heard[0]["text"] == "Добр"


async def test_the_platform_is_told_in_the_background_and_seldom() -> None:
    presence = Presence()
    told: list[str] = []
    never = asyncio.Event()

    async def tell(_account_id: str, contact_id: str) -> None:
        told.append(contact_id)
        await never.wait()

    presence.on_operator_types = tell
    for _ in range(5):
        presence.operator_types(operator("Анна"), "talk", "contact")
    presence.operator_types(operator("Анна"), "other", "another")
    await asyncio.sleep(0)
    assert told == ["contact", "another"]


async def test_a_platform_that_cannot_be_told_is_no_loss(
    caplog: pytest.LogCaptureFixture,
) -> None:
    presence = Presence()
    tried = asyncio.Event()

    async def tell(_account_id: str, _contact_id: str) -> None:
        tried.set()
        raise UnavailableError

    presence.on_operator_types = tell
    presence.operator_types(operator("Анна"), "talk", "contact")
    await tried.wait()
    await asyncio.sleep(0)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_what_is_only_true_for_a_moment_is_bounded_and_the_newest_of_each() -> None:
    follower = Follower("account", lambda _: b"")
    for number in range(WHISPERS_LIMIT * 3):
        follower.whisper(f"somebody {number}", b"old")
    for word in (b"D", b"Do", b"Dobr"):
        follower.whisper("anna", word)
    assert follower.news.is_set()
    heard = follower.overheard()
    assert (len(heard), heard[-1]) == (WHISPERS_LIMIT, b"Dobr")
    assert heard.count(b"Do") == 0
    assert not follower.news.is_set()


def test_neither_news_nor_whispers_hide_one_another() -> None:
    follower = Follower("account", lambda _: b"")
    follower.whisper("anna", b"typing")
    follower.push(b"event")
    assert follower.drain() == [b"event"]
    assert follower.news.is_set()
    follower.push(b"event")
    assert follower.overheard() == [b"typing"]
    assert follower.news.is_set()


async def test_a_socket_that_types_all_the_time_is_heard_now_and_then(shop: House) -> None:
    await shop.connect()
    row = await shop.met(await shop.phones.person())
    async with socket_of(shop.api) as socket:
        for _ in range(50):
            await socket.say(kind="typing", conversation_id=row["id"])
        await socket.say(kind="ping")
        await socket.until("pong")
    actions = await until(lambda: shop.phones.journal("sendChatAction"))
    assert len(actions) == 1
