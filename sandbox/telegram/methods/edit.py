"""Changing what was sent: edits, deletions, reactions, answers to buttons."""

import time

import msgspec

from sandbox.telegram import params
from sandbox.telegram.calls import Call, find_thread, method, writable_thread
from sandbox.telegram.entities import format_text, units
from sandbox.telegram.errors import (
    DELETE_NOT_FOUND,
    EDIT_NOT_FOUND,
    NOT_MODIFIED,
    QUERY_OLD,
    TEXT_EMPTY,
    bad,
)
from sandbox.telegram.files import Shape, put, resolve
from sandbox.telegram.markup import InlineKeyboard, read_markup
from sandbox.telegram.methods.media import caption
from sandbox.telegram.methods.send import MAX_TEXT
from sandbox.telegram.wire import Message
from sandbox.telegram.world import Answered, Thread, now

QUERY_LIFE_S = 60.0
DELETE_WITHIN_S = 48 * 3600
_MEDIA = ("photo", "video", "animation", "audio", "document", "voice")
_REACTIONS = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


def _editable(call: Call, ask: params.Edit) -> tuple[Thread, Message]:
    thread = writable_thread(call, ask.chat_id)
    message = thread.messages.get(ask.message_id or 0)
    if message is None:
        raise EDIT_NOT_FOUND
    if message.from_ is None or message.from_.id != call.bot.user.id:
        raise bad("message can't be edited")
    return thread, message


def _markup(ask: params.Edit) -> InlineKeyboard | None:
    markup = read_markup(ask.reply_markup, private=True)
    if markup is not None and not isinstance(markup, InlineKeyboard):
        raise bad("inline keyboard expected")
    return markup


def _store(call: Call, thread: Thread, old: Message, new: Message) -> Message:
    if new == old:
        raise NOT_MODIFIED
    # Telegram dates an edit of the keyboard alone too, though its apps do not show it.
    dated = msgspec.structs.replace(new, edit_date=now())
    thread.messages[old.message_id] = dated
    call.world.show(call.bot, thread, dated, "edit")
    return dated


@method("editMessageText", params=params.Edit)
async def edit_text(call: Call, ask: params.Edit) -> Message:
    thread, old = _editable(call, ask)
    if old.text is None:
        raise bad("there is no text in the message to edit")
    text, entities = format_text(ask.text, ask.entities, ask.parse_mode)
    if not text:
        raise TEXT_EMPTY
    if units(text) > MAX_TEXT:
        raise bad("MESSAGE_TOO_LONG")
    new = msgspec.structs.replace(
        old, text=text, entities=entities or None, reply_markup=_markup(ask)
    )
    return _store(call, thread, old, new)


@method("editMessageCaption", params=params.Edit)
async def edit_caption(call: Call, ask: params.Edit) -> Message:
    thread, old = _editable(call, ask)
    if all(getattr(old, kind) is None for kind in _MEDIA):
        raise bad("there is no caption in the message to edit")
    text, entities = caption(ask.caption, ask.caption_entities, ask.parse_mode)
    new = msgspec.structs.replace(
        old, caption=text, caption_entities=entities, reply_markup=_markup(ask)
    )
    return _store(call, thread, old, new)


@method("editMessageReplyMarkup", params=params.Edit)
async def edit_markup(call: Call, ask: params.Edit) -> Message:
    thread, old = _editable(call, ask)
    return _store(call, thread, old, msgspec.structs.replace(old, reply_markup=_markup(ask)))


@method("editMessageMedia", params=params.Edit)
async def edit_media(call: Call, ask: params.Edit) -> Message:
    thread, old = _editable(call, ask)
    if ask.media is None:
        raise bad("media is empty")
    stored = await resolve(call, ask.media.type, ask.media.media, Shape())
    text, entities = caption(ask.media.caption, ask.media.caption_entities, ask.media.parse_mode)
    new = msgspec.structs.replace(
        old,
        text=None,
        entities=None,
        photo=None,
        video=None,
        animation=None,
        audio=None,
        document=None,
        caption=text,
        caption_entities=entities,
        reply_markup=_markup(ask),
    )
    return _store(call, thread, old, put(new, stored, kind=ask.media.type))


@method("deleteMessage", params=params.Delete)
async def delete_message(call: Call, ask: params.Delete) -> bool:
    thread = find_thread(call, ask.chat_id)
    message = thread.messages.get(ask.message_id or 0)
    if message is None:
        raise DELETE_NOT_FOUND
    if now() - message.date > DELETE_WITHIN_S:
        raise bad("message can't be deleted for everyone")
    _remove(call, thread, message.message_id)
    return True


@method("deleteMessages", params=params.Delete)
async def delete_messages(call: Call, ask: params.Delete) -> bool:
    thread = find_thread(call, ask.chat_id)
    if not 1 <= len(ask.message_ids or []) <= 100:
        raise bad("from 1 to 100 message identifiers must be specified")
    for number in ask.message_ids or []:
        if number in thread.messages:
            _remove(call, thread, number)
    return True


def _remove(call: Call, thread: Thread, number: int) -> None:
    del thread.messages[number]
    call.world.feed.publish(
        "delete", bot_id=call.bot.user.id, chat_id=thread.chat.id, message_id=number
    )


@method("answerCallbackQuery", params=params.QueryAnswer)
async def answer_query(call: Call, ask: params.QueryAnswer) -> bool:
    query = call.bot.queries.get(ask.callback_query_id)
    if query is None or time.monotonic() - query.at > QUERY_LIFE_S:
        raise QUERY_OLD
    if len(ask.text or "") > 200:
        raise bad("MESSAGE_TOO_LONG")
    if not query.answered:
        query.answered = True
        answer = Answered(query_id=query.id, text=ask.text, alert=ask.show_alert)
        call.bot.threads[query.chat_id].answers.append(answer)
        call.world.feed.publish(
            "answer", bot_id=call.bot.user.id, chat_id=query.chat_id, answer=answer
        )
    return True


@method("setMessageReaction", params=params.React)
async def set_reaction(call: Call, ask: params.React) -> bool:
    thread = writable_thread(call, ask.chat_id)
    if ask.message_id not in thread.messages:
        raise bad("message to react not found")
    if len(ask.reaction) > 1:
        raise bad("REACTIONS_TOO_MANY")
    emoji = [one.emoji or "" for one in ask.reaction]
    if any(one.replace("\ufe0f", "") not in _REACTIONS for one in emoji):
        raise bad("REACTION_INVALID")
    thread.reactions.setdefault(ask.message_id, {})[call.bot.user.id] = emoji
    call.world.feed.publish(
        "reaction",
        bot_id=call.bot.user.id,
        chat_id=thread.chat.id,
        message_id=ask.message_id,
        reactions=thread.reactions[ask.message_id],
    )
    return True
