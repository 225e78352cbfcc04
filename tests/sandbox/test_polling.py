"""Long polling as bots do it."""

import asyncio
import time

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from tests.sandbox.conftest import Control, Hook


async def test_a_poll_waits_and_confirms_by_offset(bot: Bot, control: Control) -> None:
    person = await control.person()
    first = await bot.get_updates()
    assert [u.message.text for u in first if u.message] == ["/start"]
    assert await bot.get_updates() == first
    waiting = asyncio.ensure_future(bot.get_updates(offset=first[-1].update_id + 1, timeout=5))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await control.act(person, "text", text="чай есть?")
    second = await waiting
    assert time.monotonic() - began < 2
    assert [u.message.text for u in second if u.message] == ["чай есть?"]
    assert second[0].update_id == first[-1].update_id + 1


async def test_a_second_poller_ends_the_first(bot: Bot, control: Control) -> None:
    assert await control.call("getUpdates") == (200, {"ok": True, "result": []})
    first = asyncio.ensure_future(control.call("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    assert await bot.get_updates() == []
    status, answer = await first
    assert status == 409
    assert "terminated by other getUpdates request" in str(answer["description"])


async def test_a_webhook_excludes_polling(bot: Bot, hook: Hook) -> None:
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook"):
        await bot.get_updates()
    seen = await bot.get_webhook_info()
    assert seen.url == hook.url
    await bot.delete_webhook()
    assert await bot.get_updates() == []


async def test_only_what_was_asked_for_comes(bot: Bot, control: Control) -> None:
    person = await control.person()
    await control.act(person, "reaction", message_id=1, emoji="👍")
    assert [u.event_type for u in await bot.get_updates(offset=-1)] == ["message"]
    await bot.get_updates(allowed_updates=["message_reaction"])
    await control.act(person, "reaction", message_id=1, emoji=None)
    await control.act(person, "text", text="не для вас")
    updates = await bot.get_updates(offset=-1)
    assert [u.event_type for u in updates] == ["message_reaction"]
    assert updates[0].message_reaction is not None
    assert updates[0].message_reaction.new_reaction == []


async def test_the_limit_cuts_a_batch(bot: Bot, control: Control) -> None:
    person = await control.person()
    for number in range(5):
        await control.act(person, "text", text=str(number))
    batch = await bot.get_updates(limit=2)
    assert [u.message.text for u in batch if u.message] == ["/start", "0"]
    await bot.get_updates(offset=batch[-1].update_id + 1)
    chat = await control.look(f"@/people/{person}/chat")
    assert chat["delivered"] == [1, 2]
