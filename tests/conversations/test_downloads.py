"""Files of received messages: one that is slow or broken stays one."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from otklik.conversations import files
from otklik.conversations.tables import attachments
from otklik.delivery.api import Sender
from otklik.ports.channel import Answers, Errand, FoundFile, Request
from otklik.ports.steps import Ask, converse
from tests.fixtures.house import House, Json, until


async def states(shop: House) -> list[str]:
    rows = await shop.parts.database.read(lambda c: c.execute(attachments.select()).all())
    return sorted(row.state for row in rows)


async def send_picture(shop: House) -> None:
    await shop.phones.act(await shop.phones.person(), "file", name="picture-1.png")


async def test_a_slow_file_holds_up_no_other(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    free = asyncio.Event()
    asked: list[str] = []
    ask = Sender.ask

    async def slow_first(sender: Sender, request: Request) -> object:
        if request.label == "getFile":
            asked.append(request.label)
            if len(asked) == 1:
                await free.wait()
        return await ask(sender, request)

    monkeypatch.setattr(Sender, "ask", slow_first)
    await shop.connect()
    await send_picture(shop)
    await until(lambda: _copy(asked))
    await send_picture(shop)
    await until(lambda: states(shop), lambda seen: seen == ["pending", "stored"])
    free.set()
    await until(lambda: states(shop), lambda seen: seen == ["stored", "stored"])
    assert len(asked) == 2


async def _copy(asked: list[str]) -> list[str]:
    return list(asked)


async def test_whatever_breaks_is_tried_again_and_then_given_up(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    def broken(*_: object) -> object:
        nonlocal tried
        tried += 1
        raise RuntimeError("a file nobody foresaw")

    monkeypatch.setattr(files, "sniff", broken)
    monkeypatch.setattr(files, "_FIRST_DELAY_MS", 0)
    monkeypatch.setattr(files, "_IDLE_S", 0.02)
    await shop.connect()
    await send_picture(shop)
    await until(lambda: states(shop), lambda seen: seen == ["failed"])
    assert tried == files._TRIES
    monkeypatch.undo()
    await send_picture(shop)
    await until(lambda: states(shop), lambda seen: seen == ["failed", "stored"])


async def test_other_bytes_than_the_platform_promised_are_not_kept(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = ["0" * 64]

    async def promising(ask: Ask, step: Callable[[Answers], Errand | FoundFile]) -> object:
        found = await converse(ask, step)
        torn = isinstance(found, FoundFile) and promised
        return replace(found, sha256=promised.pop()) if torn else found

    monkeypatch.setattr(files, "converse", promising)
    monkeypatch.setattr(files, "_FIRST_DELAY_MS", 0)
    monkeypatch.setattr(files, "_IDLE_S", 0.02)
    await shop.connect()
    await send_picture(shop)
    await until(lambda: states(shop), lambda seen: seen == ["stored"])
    assert not promised
    rows = await shop.parts.database.read(lambda c: c.execute(attachments.select()).all())
    assert [row.tries for row in rows] == [2]


async def test_a_file_that_ends_the_process_each_time_is_given_up(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_IDLE_S", 0.02)
    monkeypatch.setattr(files, "_LEASE_MS", 3_600_000)

    async def never(*_: object) -> object:
        return await asyncio.Event().wait()

    monkeypatch.setattr(files.Downloads, "_outcome", never)
    monkeypatch.setattr(files.Downloads, "_due", lambda *_: [])
    await shop.connect()
    await send_picture(shop)
    await until(lambda: states(shop), lambda seen: seen == ["pending"])
    tried: Json = {"tries": files._TRIES, "due_at": 1}
    await shop.parts.database.write(lambda c: c.execute(update(attachments).values(tried)))
    monkeypatch.undo()
    shop.parts.downloads.wake()
    await until(lambda: states(shop), lambda seen: seen == ["failed"])
