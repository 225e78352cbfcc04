"""Changing what was sent."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto, Message

from sandbox import samples
from tests.sandbox.conftest import Control

_KEYS = {"keyboard": [["a"]]}


def _file(name: str) -> BufferedInputFile:
    return BufferedInputFile(samples.content(name), name)


async def test_captions_pictures_and_buttons_change(bot: Bot, control: Control) -> None:
    person = await control.person()
    sent = await bot.send_photo(person, _file("tea-cup.jpg"), caption="раз")
    chat_id, message_id = person, sent.message_id
    edited = await bot.edit_message_caption(
        chat_id=chat_id, message_id=message_id, caption="<i>два</i>", parse_mode="HTML"
    )
    assert isinstance(edited, Message)
    assert edited.caption == "два"
    assert edited.edit_date is not None
    swapped = await bot.edit_message_media(
        InputMediaPhoto(media=_file("leaves.jpg")), chat_id=chat_id, message_id=message_id
    )
    assert isinstance(swapped, Message)
    assert swapped.photo is not None
    assert (swapped.photo[-1].width, swapped.caption) == (360, None)
    paper = InputMediaDocument(media=_file("price.pdf"), caption="три")
    swapped = await bot.edit_message_media(paper, chat_id=chat_id, message_id=message_id)
    assert isinstance(swapped, Message)
    assert swapped.photo is None
    assert swapped.document is not None
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
    change = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup}
    status, _ = await control.call("editMessageReplyMarkup", **change)
    assert status == 200
    status, answer = await control.call("editMessageReplyMarkup", **change)
    assert (status, str(answer["description"])[:40]) == (
        400,
        "Bad Request: message is not modified: sp",
    )


@pytest.mark.parametrize(
    ("method", "fields", "text"),
    [
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageText", {"message_id": 2, "text": " "}, "message text is empty"),
        ("editMessageText", {"message_id": 2, "text": "я" * 4097}, "MESSAGE_TOO_LONG"),
        ("editMessageText", {"message_id": 3, "text": "x"}, "there is no text in the message"),
        ("editMessageCaption", {"message_id": 2, "caption": "x"}, "there is no caption in the"),
        ("editMessageMedia", {"message_id": 3}, "media is empty"),
        ("editMessageReplyMarkup", {"message_id": 2, "reply_markup": _KEYS}, "inline"),
        ("deleteMessages", {"message_ids": []}, "from 1 to 100 message identifiers"),
        ("setMessageReaction", {"message_id": 9, "reaction": []}, "message to react not found"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "🍵"}]},
         "REACTION_INVALID"),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
    ],
)  # fmt: skip
async def test_changes_that_telegram_refuses(
    bot: Bot, control: Control, method: str, fields: dict[str, object], text: str
) -> None:
    person = await control.person()
    await bot.send_message(person, "раз")
    await bot.send_photo(person, _file("tea-cup.jpg"))
    status, answer = await control.call(method, chat_id=person, **fields)
    assert status == 400
    assert str(answer["description"]).startswith(f"Bad Request: {text}")


async def test_many_are_deleted_at_once_and_gaps_do_not_matter(bot: Bot, control: Control) -> None:
    person = await control.person()
    sent = [(await bot.send_message(person, str(n))).message_id for n in range(3)]
    assert await bot.delete_messages(person, [*sent[:2], 999]) is True
    chat = await control.look(f"@/people/{person}/chat")
    messages = chat["messages"]
    assert isinstance(messages, list)
    assert [message["message_id"] for message in messages] == [1, sent[2]]


async def test_a_late_answer_to_a_button_is_refused(bot: Bot, control: Control) -> None:
    person = await control.person()
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
    await control.call("sendMessage", chat_id=person, text="да?", reply_markup=markup)
    pressed = await control.act(person, "press", message_id=2, data="y")
    query = str(pressed["query_id"])
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query, text="я" * 201)
    assert await bot.answer_callback_query(query) is True


async def test_who_the_bot_is_and_what_it_knows(bot: Bot, control: Control) -> None:
    person = await control.person("Вера")
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.first_name) == (4242, True, "Чайный мост")
    chat = await bot.get_chat(person)
    assert (chat.type, chat.first_name) == ("private", "Вера")
    assert (await bot.get_user_profile_photos(person)).total_count == 0
    await control.call("setMyCommands", commands=[{"command": "start", "description": "начать"}])
    assert [command.command for command in await bot.get_my_commands()] == ["start"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []
