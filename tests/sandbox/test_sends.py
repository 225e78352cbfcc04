"""What a bot sends, seen by an independent library and by the person."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
    URLInputFile,
)

from sandbox import samples
from tests.sandbox.conftest import Control


def _file(name: str) -> BufferedInputFile:
    return BufferedInputFile(samples.content(name), name)


async def test_a_text_comes_back_with_its_entities_in_utf16(bot: Bot, control: Control) -> None:
    person = await control.person()
    sent = await bot.send_message(person, "🍵 <b>чай</b> и <i>тишина</i>", parse_mode="HTML")
    assert sent.text == "🍵 чай и тишина"
    assert sent.entities is not None
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 3, 3),
        ("italic", 9, 6),
    ]
    chat = await control.look(f"@/people/{person}/chat")
    messages = chat["messages"]
    assert isinstance(messages, list)
    assert messages[-1]["text"] == sent.text
    assert messages[-1]["message_id"] == sent.message_id == messages[-2]["message_id"] + 1


async def test_files_of_every_kind_can_be_sent_and_downloaded(bot: Bot, control: Control) -> None:
    person = await control.person()
    photo = await bot.send_photo(person, _file("tea-cup.jpg"), caption="чашка")
    video = await bot.send_video(person, _file("steam.mp4"), width=320, height=240, duration=2)
    voice = await bot.send_voice(person, _file("voice.ogg"), duration=3)
    audio = await bot.send_audio(person, _file("bell.m4a"), title="Звон", performer="Дверь")
    paper = await bot.send_document(person, _file("price.pdf"))
    loop = await bot.send_animation(person, _file("leaf.mp4"))
    ring = await bot.send_video_note(person, _file("round.mp4"), length=240)
    assert photo.photo is not None
    assert (photo.photo[-1].width, photo.photo[-1].height, photo.caption) == (480, 360, "чашка")
    assert video.video is not None
    assert video.video.duration == 2
    assert voice.voice is not None
    assert audio.audio is not None
    assert audio.audio.performer == "Дверь"
    assert paper.document is not None
    assert paper.document.file_name == "price.pdf"
    assert loop.animation is not None
    assert ring.video_note is not None
    assert ring.video_note.length == 240
    for file_id, name in (
        (photo.photo[-1].file_id, "tea-cup.jpg"),
        (voice.voice.file_id, "voice.ogg"),
        (paper.document.file_id, "price.pdf"),
        (ring.video_note.file_id, "round.mp4"),
    ):
        found = await bot.get_file(file_id)
        assert found.file_path is not None
        read = await bot.download_file(found.file_path)
        assert read is not None
        assert read.read() == samples.content(name)


@pytest.mark.parametrize(
    ("name", "animated", "video"),
    [("cup.webp", False, False), ("leaf.tgs", True, False), ("steam.webm", False, True)],
)
async def test_stickers_say_how_they_move(
    bot: Bot, control: Control, name: str, animated: bool, video: bool
) -> None:
    person = await control.person()
    sent = await bot.send_sticker(person, _file(name))
    assert sent.sticker is not None
    assert (sent.sticker.is_animated, sent.sticker.is_video) == (animated, video)
    again = await bot.send_sticker(person, sent.sticker.file_id)
    assert again.sticker is not None
    assert again.sticker.file_unique_id == sent.sticker.file_unique_id


async def test_a_file_is_fetched_by_address(bot: Bot, control: Control) -> None:
    person = await control.person()
    address = f"{control.url}/control/samples/teapot.jpg"
    status, answer = await control.call("sendPhoto", chat_id=person, photo=address)
    assert status == 200, answer
    status, answer = await control.call("sendPhoto", chat_id=person, photo=f"{control.url}/nothing")
    assert (status, answer["description"]) == (400, "Bad Request: failed to get HTTP URL content")
    assert (await bot.send_photo(person, URLInputFile(address))).photo


async def test_an_album_shares_a_group_and_captions(bot: Bot, control: Control) -> None:
    person = await control.person()
    sent = await bot.send_media_group(
        person,
        [
            InputMediaPhoto(media=_file(f"picture-{n}.png"), caption="все" if n == 0 else None)
            for n in range(10)
        ],
    )
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["все"] + [None] * 9
    assert len({m.photo[-1].file_unique_id for m in sent if m.photo}) == 10


async def test_places_cards_and_polls(bot: Bot, control: Control) -> None:
    person = await control.person()
    venue = await bot.send_venue(person, 59.9, 30.3, "Чайный мост", "Набережная, 12")
    assert venue.venue is not None
    assert venue.location is not None
    card = await bot.send_contact(person, "+79990000000", "Лавка")
    assert card.contact is not None
    assert card.contact.user_id is None
    poll = await bot.send_poll(person, "Чёрный или зелёный?", ["Чёрный", "Зелёный"])
    assert poll.poll is not None
    assert [option.text for option in poll.poll.options] == ["Чёрный", "Зелёный"]
    place = await bot.send_location(person, 59.9, 30.3)
    assert place.location is not None
    assert place.location.longitude == 30.3
    assert await bot.send_chat_action(person, "typing")
    assert (await control.look(f"@/people/{person}/chat"))["action"] == "typing"


async def test_edits_deletions_and_reactions_reach_the_person(bot: Bot, control: Control) -> None:
    person = await control.person()
    sent = await bot.send_message(person, "раз")
    await bot.edit_message_text("два", chat_id=person, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("два", chat_id=person, message_id=sent.message_id)
    await bot.set_message_reaction(person, 1, reaction=[ReactionTypeEmoji(emoji="👍")])
    chat = await control.look(f"@/people/{person}/chat")
    assert [m["text"] for m in chat["messages"]] == ["/start", "два"]  # type: ignore[attr-defined]
    assert chat["reactions"] == {"1": {"4242": ["👍"]}}
    await bot.delete_message(person, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(person, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("три", chat_id=person, message_id=sent.message_id)


async def test_keyboards_stay_with_the_person(bot: Bot, control: Control) -> None:
    person = await control.person()
    keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Номер", request_contact=True)]])
    sent = await bot.send_message(person, "номер?", reply_markup=keys)
    assert sent.reply_markup is None
    shared = await control.act(person, "tap", text="Номер")
    card = shared["contact"]
    assert isinstance(card, dict)
    assert card["user_id"] == person
    inline = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="y")]]
    )
    asked = await bot.send_message(person, "да?", reply_markup=inline)
    assert asked.reply_markup is not None
    assert asked.reply_markup.inline_keyboard[0][0].callback_data == "y"


async def test_a_reply_carries_what_it_answers(bot: Bot, control: Control) -> None:
    person = await control.person()
    sent = await bot.send_message(person, "да", reply_parameters=ReplyParameters(message_id=1))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/start"
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(person, "да", reply_parameters=ReplyParameters(message_id=99))


_LONG = "я" * 4097
_BAD_BUTTON = {"inline_keyboard": [[{"text": "x", "callback_data": "ю" * 33}]]}


@pytest.mark.parametrize(
    ("method", "fields", "text"),
    [
        ("sendMessage", {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": " \n "}, "message text is empty"),
        ("sendMessage", {"text": _LONG}, "message is too long"),
        (
            "sendMessage",
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag",
        ),
        (
            "sendMessage",
            {"text": "a.b", "parse_mode": "MarkdownV2"},
            "can't parse entities: Character '.'",
        ),
        ("sendMessage", {"text": "x", "reply_markup": _BAD_BUTTON}, "BUTTON_DATA_INVALID"),
        ("sendPhoto", {"photo": "AgACnothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendMediaGroup", {"media": []}, "group send must contain from 2 to 10 items"),
        ("sendMessage", {"text": "x", "chat_id": 5}, "chat not found"),
        ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ("getFile", {"file_id": "nope"}, "invalid file_id"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired",
        ),
        (
            "sendMessage",
            {"text": "🍵", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
            "entity begins in a middle of a UTF-16 symbol",
        ),
        (
            "sendMessage",
            {"text": "чай", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
            "entity beginning at UTF-16 offset 0 ends after the end of the text",
        ),
    ],
)
async def test_refusals_are_telegrams_own(
    control: Control, method: str, fields: dict[str, object], text: str
) -> None:
    person = await control.person()
    status, answer = await control.call(method, **{"chat_id": person, **fields})
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert str(answer["description"]).startswith(f"Bad Request: {text}")


async def test_a_caption_has_its_own_limit(bot: Bot, control: Control) -> None:
    person = await control.person()
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(person, _file("tea-cup.jpg"), caption="я" * 1025)


async def test_who_cannot_be_written_to(bot: Bot, control: Control) -> None:
    stranger = await control.person(started=False)
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger, "привет")
    blocker = await control.person()
    await control.act(blocker, "block")
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(blocker, "привет")
    await control.act(blocker, "unblock")
    again = await bot.send_message(blocker, "снова привет")
    assert again.text == "снова привет"
    await control.act(blocker, "deactivate")
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(blocker, "прощайте")


async def test_a_group_that_moved_names_its_new_id(control: Control) -> None:
    group = await control.post("@/groups", {"title": "Клуб"})
    moved = await control.post(f"@/groups/{group['id']}/migrate")
    status, answer = await control.call("sendMessage", chat_id=group["id"], text="кто тут")
    assert status == 400
    assert answer["parameters"] == {"migrate_to_chat_id": moved["id"]}
    status, _ = await control.call("sendMessage", chat_id=moved["id"], text="кто тут")
    assert status == 200


async def test_tokens_and_methods_that_do_not_exist(control: Control) -> None:
    status, answer = await control.call("sendNothing")
    assert (status, answer) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    control.bot_url = ""
    async with control._session.get(f"{control.url}/telegram/bot1:AAAAAAAAAAAA/getMe") as answered:
        assert await answered.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }


async def test_entities_given_by_the_library_survive(bot: Bot, control: Control) -> None:
    person = await control.person()
    link = MessageEntity(type="text_link", offset=3, length=3, url="https://example.com/")
    sent = await bot.send_message(person, "🍵 чай  ", entities=[link])
    assert sent.text == "🍵 чай"
    assert sent.entities is not None
    assert [(e.type, e.offset, e.url) for e in sent.entities] == [("text_link", 3, link.url)]
