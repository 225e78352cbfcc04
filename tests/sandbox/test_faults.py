"""Faults on demand, each as a client really meets it."""

import asyncio
import random
import time

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter

from sandbox.faults import CallRule, Plan
from tests.sandbox.conftest import Control, Hook


async def _order(control: Control, **rule: object) -> None:
    await control.post("@/faults", {"calls": [{"method": "sendMessage", "times": 1, **rule}]})


async def _texts(control: Control, person: int) -> list[object]:
    chat = await control.look(f"@/people/{person}/chat")
    messages = chat["messages"]
    assert isinstance(messages, list)
    return [message["text"] for message in messages]


async def test_too_many_requests_name_the_wait(bot: Bot, control: Control) -> None:
    person = await control.person()
    await _order(control, kind="too_many", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(person, "раз")
    assert caught.value.retry_after == 7
    await bot.send_message(person, "два")
    assert await _texts(control, person) == ["/start", "два"]


@pytest.mark.parametrize(("kind", "status"), [("server_error", 500), ("html", 502)])
async def test_a_broken_server_accepts_nothing(control: Control, kind: str, status: int) -> None:
    person = await control.person()
    await _order(control, kind=kind, status=status)
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{control.url}/telegram/bot4242:AAF-invented-token-of-a-bot/sendMessage",
            json={"chat_id": person, "text": "раз"},
        ) as answer,
    ):
        assert answer.status == status
        assert answer.content_type == ("text/html" if kind == "html" else "application/json")
    assert await _texts(control, person) == ["/start"]
    journal = await control.get("@/journal")
    assert [(entry["fault"], entry["status"]) for entry in journal] == [(kind, status)]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "hang_before", "hang_after"])
async def test_a_lost_answer_tells_before_from_after(control: Control, kind: str) -> None:
    person = await control.person()
    await _order(control, kind=kind, delay_s=0.2)
    with pytest.raises(aiohttp.ClientError):
        await control.call("sendMessage", chat_id=person, text="раз")
    accepted = kind.endswith("after")
    assert await _texts(control, person) == (["/start", "раз"] if accepted else ["/start"])


async def test_slow_is_only_slow(control: Control) -> None:
    person = await control.person()
    await _order(control, kind="slow", delay_s=0.2)
    began = time.monotonic()
    status, _ = await control.call("sendMessage", chat_id=person, text="раз")
    assert status == 200
    assert time.monotonic() - began >= 0.2


async def test_faults_can_be_taken_back(control: Control) -> None:
    person = await control.person()
    await _order(control, kind="too_many", times=None)
    await control.delete("@/faults")
    status, _ = await control.call("sendMessage", chat_id=person, text="раз")
    assert status == 200


def test_a_seed_repeats_the_faults() -> None:
    def struck(seed: int) -> list[bool]:
        plan = Plan(seed)
        plan.calls.append(CallRule(kind="slow", probability=0.4))
        return [plan.draw("sendMessage") is not None for _ in range(200)]

    assert struck(5) == struck(5) != struck(6)
    assert 50 < sum(struck(5)) < 110


async def test_copies_come_in_parallel(control: Control, hook: Hook) -> None:
    await control.post("@/faults", {"delivery": {"copies": 20}})
    await control.person()
    await hook.wait(20)
    assert len({update["update_id"] for update in hook.came}) == 1
    assert len(hook.came) == 20


async def test_shuffling_breaks_the_order_and_loses_nothing(control: Control, hook: Hook) -> None:
    person = await control.person()
    await hook.wait(1)
    await control.post("@/faults", {"delivery": {"shuffle": 10}, "seed": 3})
    sent = [str(number) for number in range(30)]
    await asyncio.gather(*(control.act(person, "text", text=text) for text in sent))
    await hook.wait(31)
    came = hook.texts()[1:]
    assert sorted(map(str, came)) == sorted(sent)
    numbers = [update["update_id"] for update in hook.came[1:]]
    assert numbers != sorted(map(int, map(str, numbers)))


async def test_a_lost_webhook_answer_means_a_second_delivery(control: Control, hook: Hook) -> None:
    await control.post("@/faults", {"delivery": {"lost_answers": 1}})
    await control.person()
    await hook.wait(2)
    assert hook.came[0] == hook.came[1]


async def test_deliveries_can_be_late(control: Control, hook: Hook) -> None:
    order = {"delivery": {"delay_min_s": 0.15, "delay_max_s": 0.2}, "seed": random.randrange(99)}
    await control.post("@/faults", order)
    began = time.monotonic()
    await control.person()
    await hook.wait(1)
    assert hook.times[0] - began >= 0.15
