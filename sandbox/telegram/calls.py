"""What every method needs: the call, the registry, the chat, the message it leaves."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import msgspec

from sandbox.asgi import Upload
from sandbox.telegram.errors import (
    BLOCKED,
    CHAT_NOT_FOUND,
    DEACTIVATED,
    NOT_STARTED,
    REPLY_NOT_FOUND,
    bad,
    migrated,
    too_many,
)
from sandbox.telegram.markup import (
    ForceReply,
    InlineKeyboard,
    Markup,
    RemoveKeyboard,
    ReplyKeyboard,
    read_markup,
)
from sandbox.telegram.params import Params, Sending, read
from sandbox.telegram.wire import Message
from sandbox.telegram.world import Bot, Thread, World, now


class Call(msgspec.Struct, frozen=True):
    """One call of a bot."""

    world: World
    bot: Bot
    fields: dict[str, object]
    uploads: dict[str, Upload]
    session: aiohttp.ClientSession


P = TypeVar("P", bound=Params)
Method = Callable[[Call], Awaitable[object]]
METHODS: dict[str, Method] = {}


def method(
    *names: str, params: type[P]
) -> Callable[[Callable[[Call, P], Awaitable[object]]], Method]:
    """Register a method of the Bot API under its names, which are matched without case."""

    def register(body: Callable[[Call, P], Awaitable[object]]) -> Method:
        async def run(call: Call) -> object:
            return await body(call, read(call.fields, params))

        for name in names:
            METHODS[name.lower()] = run
        return run

    return register


def find_thread(call: Call, chat_id: int | str | None) -> Thread:
    """The chat a call names, whether it may be written to or not."""
    if chat_id is None or chat_id == "":
        raise bad("chat_id is empty")
    number = chat_id if isinstance(chat_id, int) else _number(chat_id)
    thread = call.bot.threads.get(number)
    if thread is None:
        raise NOT_STARTED if number in call.world.people else CHAT_NOT_FOUND
    if thread.migrated_to is not None:
        raise migrated(thread.migrated_to)
    return thread


def writable_thread(call: Call, chat_id: int | str | None) -> Thread:
    """The chat a call names, if the bot may write there now."""
    thread = find_thread(call, chat_id)
    if thread.person is not None and thread.person.deactivated:
        raise DEACTIVATED
    if thread.blocked:
        raise BLOCKED
    if not thread.started:
        raise NOT_STARTED
    if call.bot.flood is not None:
        wait_s = call.bot.flood.wait_s(thread.chat.id, time.monotonic())
        if wait_s is not None:
            raise too_many(wait_s)
    return thread


def _number(chat_id: str) -> int:
    try:
        return int(chat_id)
    except ValueError:
        raise CHAT_NOT_FOUND from None


class Head(msgspec.Struct, frozen=True):
    """What a new message takes from its call besides the content."""

    thread: Thread
    markup: Markup | None
    reply: Message | None
    protected: bool


def head(call: Call, params: Sending) -> Head:
    """Check everything of a sending call but its content."""
    thread = writable_thread(call, params.chat_id)
    markup = read_markup(params.reply_markup, private=thread.chat.type == "private")
    return Head(thread, markup, _reply(thread, params), params.protect_content)


def _reply(thread: Thread, params: Sending) -> Message | None:
    wanted = params.reply_parameters
    number = wanted.message_id if wanted else params.reply_to_message_id
    if number is None:
        return None
    found = thread.messages.get(number)
    if found is None:
        if wanted and wanted.allow_sending_without_reply:
            return None
        raise REPLY_NOT_FOUND
    return msgspec.structs.replace(found, reply_to_message=None)


def leave(call: Call, at: Head, content: Message, *, media_group_id: str | None = None) -> Message:
    """Put a message of the bot into the chat; only inline keyboards stay with it."""
    thread = at.thread
    message = msgspec.structs.replace(
        content,
        message_id=thread.next_id(),
        from_=call.bot.user,
        chat=thread.chat,
        date=now(),
        reply_to_message=at.reply,
        media_group_id=media_group_id,
        has_protected_content=True if at.protected else None,
        reply_markup=at.markup if isinstance(at.markup, InlineKeyboard) else None,
    )
    thread.messages[message.message_id] = message
    _change_keyboard(call, thread, at.markup)
    thread.action = None
    call.world.show(call.bot, thread, message)
    return message


def _change_keyboard(call: Call, thread: Thread, markup: Markup | None) -> None:
    if isinstance(markup, ReplyKeyboard | ForceReply):
        thread.keyboard = markup
    elif isinstance(markup, RemoveKeyboard):
        thread.keyboard = None
    else:
        return
    call.world.feed.publish(
        "keyboard", bot_id=call.bot.user.id, chat_id=thread.chat.id, keyboard=thread.keyboard
    )


def blank(thread: Thread) -> Message:
    """An empty message to fill with content."""
    return Message(message_id=0, chat=thread.chat, date=0)
