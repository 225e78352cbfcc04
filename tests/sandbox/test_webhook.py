"""Delivery to a webhook by Telegram's rules."""

import asyncio
import itertools

import pytest
from aiogram import Bot
from aiogram.types import Update
from aiohttp import web

from sandbox.telegram.updates import LIFE_S
from tests.sandbox.conftest import SECRET, Control, Hook, eventually, until


async def test_updates_come_in_order_with_the_secret(control: Control, hook: Hook) -> None:
    person = await control.person()
    for number in range(20):
        await control.act(person, "text", text=str(number))
    await hook.wait(21)
    assert hook.texts() == ["/start", *map(str, range(20))]
    assert set(hook.secrets) == {SECRET}
    numbers = [update["update_id"] for update in hook.came]
    assert numbers == sorted(set(map(int, map(str, numbers))))
    for update in hook.came:
        Update.model_validate(update)
    card = await eventually(lambda: control.look("@"), lambda card: card["pending"] == 0)
    assert card["delivered"] == 21


@pytest.mark.parametrize("status", [500, 404, 302, 429])
async def test_anything_but_2xx_is_tried_again(control: Control, hook: Hook, status: int) -> None:
    answers = itertools.chain([status, status], itertools.repeat(204))
    hook.answer = lambda _: web.Response(status=next(answers))
    await control.person()
    await hook.wait(3)
    assert len({update["update_id"] for update in hook.came}) == 1
    first, second = (b - a for a, b in itertools.pairwise(hook.times[:3]))
    assert first >= 0.02  # one second and then two, scaled
    assert second >= 0.04
    tries = await eventually(lambda: control.get("@/deliveries"), lambda tries: len(tries) > 2)
    assert [(t["attempt"], t["status"]) for t in tries] == [(1, status), (2, status), (3, 204)]


async def test_retry_after_is_honoured(control: Control, hook: Hook) -> None:
    answers = iter([web.Response(status=503, headers={"Retry-After": "15"})])
    hook.answer = lambda _: next(answers, web.Response())
    await control.person()
    await hook.wait(2)
    assert hook.times[1] - hook.times[0] >= 0.29  # 15 seconds scaled by 0.02


async def test_a_stuck_chat_does_not_hold_the_others(control: Control, hook: Hook) -> None:
    def answer(update: dict[str, object]) -> web.Response:
        message = update.get("message")
        stuck = isinstance(message, dict) and message["from"]["first_name"] == "Застрял"
        return web.Response(status=500 if stuck else 200)

    hook.answer = answer
    stuck, free = await control.person("Застрял"), await control.person("Свободен")
    await control.act(stuck, "text", text="жду за первым")
    for number in range(5):
        await control.act(free, "text", text=str(number))
    await until(lambda: [t for t in hook.texts() if t != "/start"] == list("01234"))
    await control.act(stuck, "block")  # another family of the same chat has a queue of its own
    await until(lambda: any("my_chat_member" in update for update in hook.came))
    assert "жду за первым" not in hook.texts()


async def test_a_pressed_button_is_answered_once(bot: Bot, control: Control, hook: Hook) -> None:
    person = await control.person()
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    _, answer = await control.call("sendMessage", chat_id=person, text="да?", reply_markup=markup)
    sent = answer["result"]
    assert isinstance(sent, dict)
    await control.act(person, "press", message_id=sent["message_id"], button="Да")
    await until(lambda: any("callback_query" in update for update in hook.came))
    query = Update.model_validate(hook.came[-1]).callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("yes", person)
    await bot.answer_callback_query(query.id, text="Принято", show_alert=True)
    chat = await control.look(f"@/people/{person}/chat")
    assert chat["answers"] == [{"query_id": query.id, "text": "Принято", "alert": True}]


async def test_a_call_in_the_answer_is_made(control: Control, hook: Hook) -> None:
    person = await control.person()
    await hook.wait(1)
    hook.answer = lambda _: web.json_response(
        {"method": "sendMessage", "chat_id": person, "text": "в ответе"}
    )
    await control.act(person, "text", text="?")
    await hook.wait(2)
    journal = await eventually(lambda: control.get("@/journal"), lambda journal: len(journal) > 1)
    assert [(e["method"], e["text"], e["status"]) for e in journal if e["text"]] == [
        ("sendMessage", "в ответе", 200)
    ]


async def test_an_album_comes_as_updates_of_one_group(control: Control, hook: Hook) -> None:
    person = await control.person()
    items = [{"kind": "photo", "sample": f"picture-{n}.png"} for n in range(10)]
    await control.act(person, "album", items=items, caption="полка")
    await hook.wait(11)
    messages = [Update.model_validate(update).message for update in hook.came[1:]]
    assert len({m.media_group_id for m in messages if m}) == 1
    assert [m.caption for m in messages if m] == ["полка"] + [None] * 9


async def test_a_raw_update_goes_out_byte_for_byte(control: Control, hook: Hook) -> None:
    strange = {"update_id": 9000, "something_new": {"from": {"id": 5}, "x": [1, None]}}
    await control.post("@/updates", strange)
    await control.post("@/updates", {"message": {"chat": {"id": 5}}})
    await hook.wait(2)
    assert strange in hook.came
    assert {"update_id": 9001, "message": {"chat": {"id": 5}}} in hook.came


async def test_what_waited_is_dropped_on_request(control: Control, hook: Hook) -> None:
    await control.call("deleteWebhook")
    person = await control.person()
    await control.call("setWebhook", url=hook.url, drop_pending_updates=True)
    await control.act(person, "text", text="после")
    await hook.wait(1)
    assert hook.texts() == ["после"]


async def test_a_dead_webhook_is_reported(control: Control) -> None:
    await control.call("setWebhook", url="http://127.0.0.1:9/hook")
    await control.person()
    await eventually(lambda: control.get("@/deliveries"), bool)
    _, answer = await control.call("getWebhookInfo")
    seen = answer["result"]
    assert isinstance(seen, dict)
    assert seen["pending_update_count"] == 1
    assert "Connect" in seen["last_error_message"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"url": "ftp://example.com"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "http://x/", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(
    control: Control, fields: dict[str, object], text: str
) -> None:
    status, answer = await control.call("setWebhook", **fields)
    assert (status, answer["description"]) == (400, f"Bad Request: {text}")


async def test_a_webhook_that_is_gone_for_long_is_closed(
    control: Control, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.telegram.webhook.GONE_S", 0.0)
    hook.answer = lambda _: web.Response(status=410)
    await control.person()
    await hook.wait(2)
    await asyncio.sleep(0.3)  # the third try would have come after 0.04
    assert len(hook.came) == 2
    _, answer = await control.call("getWebhookInfo")
    seen = answer["result"]
    assert isinstance(seen, dict)
    assert seen["last_error_message"] == "Wrong response from the webhook: 410"
    assert seen["pending_update_count"] == 1


async def test_a_press_that_nobody_takes_is_gone_after_its_life(
    control: Control, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIFE_S, "callback_query", 0.1)
    hook.answer = lambda update: web.Response(status=500 if "callback_query" in update else 200)
    person = await control.person()
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}
    await control.call("sendMessage", chat_id=person, text="да?", reply_markup=markup)
    await control.act(person, "press", message_id=2, data="yes")
    card = await eventually(lambda: control.look("@"), lambda card: bool(card["expired"]))
    assert (card["expired"], card["pending"], card["delivered"]) == (1, 0, 1)
