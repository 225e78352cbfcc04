"""Messages of a bot: sent, edited, deleted, listed; answers to presses."""

import time

from msgspec.structs import replace

from sandbox.asgi import Reply, as_json
from sandbox.max import bodies, wire
from sandbox.max.account import Bot
from sandbox.max.api import DONE, number, read
from sandbox.max.chats import chat_named
from sandbox.max.errors import (
    BLOCKED,
    NO_DIALOG,
    NO_MESSAGE,
    NOT_OURS,
    TOO_MANY,
    payload,
    refusal,
)
from sandbox.max.reading import said_something, written
from sandbox.message import Message
from sandbox.platform import Call
from sandbox.world import Account, Chat


async def send(call: Call, account: Account) -> Reply:
    chat = _addressed(call, account)
    new = read(call, wire.NewMessage)
    may_write(chat)
    pace(chat)
    if not said_something(new):
        raise payload("Either text or attachments must be given")
    blank = Message(id=call.platform.message_id(chat), own=False, at=time.time())
    message = written(_bot(account), blank, new)
    if new.link is not None:
        _mine(chat, new.link.mid)
        message = replace(message, reply_to=new.link.mid if new.link.type == "reply" else "")
    chat.leave(message)
    call.note(chat, message.id, message.text)
    return as_json({"message": bodies.message(chat, message)})


async def edit(call: Call, account: Account) -> Reply:
    chat, message = _named(call, account)
    new = read(call, wire.NewMessage)
    may_write(chat)
    pace(chat)
    if message.own:
        raise refusal(*NOT_OURS)
    changed = written(_bot(account), message, new)
    chat.change(replace(changed, edited_at=time.time()))
    call.note(chat, message.id, changed.text)
    return DONE


async def delete(call: Call, account: Account) -> Reply:
    chat, message = _named(call, account)
    if message.own:
        raise refusal(*NOT_OURS)
    chat.remove(message.id)
    call.note(chat, message.id)
    return DONE


async def one(call: Call, account: Account) -> Reply:
    chat, message = _find(account, call.names["mid"])
    return as_json(bodies.message(chat, message))


async def listed(call: Call, account: Account) -> Reply:
    if "message_ids" in call.fields:
        mids = str(call.fields["message_ids"]).split(",")
        pairs = [_find(account, mid) for mid in mids]
    else:
        chat = chat_named(account, str(call.fields.get("chat_id", "")))
        pairs = [(chat, message) for message in reversed(chat.messages.values())]
    count = number(call, "count", 50, 1, 100)
    return as_json({"messages": [bodies.message(*pair) for pair in pairs[:count]]})


async def answer(call: Call, account: Account) -> Reply:
    press = str(call.fields.get("callback_id", ""))
    if not press.strip():
        raise payload("callback_id: must not be blank")
    told = read(call, wire.Answered)
    chat = next((chat for chat in account.chats.values() if press in chat.presses), None)
    if chat is None:
        raise refusal(404, "not.found", "Callback not found")
    pace(chat)
    button = chat.presses[press]
    if told.message is not None:
        under = next(said for said in chat.messages.values() if _holds(said, button))
        changed = written(_bot(account), under, told.message)
        chat.change(replace(changed, edited_at=time.time()))
    chat.notice(press, told.notification or "")
    call.note(chat, press, told.notification or "")
    return DONE


def may_write(chat: Chat) -> None:
    """Refuse where the person never opened the bot, or stopped it."""
    if not chat.started:
        raise refusal(*NO_DIALOG)
    if chat.blocked:
        raise refusal(*BLOCKED)


def pace(chat: Chat) -> None:
    """Two messages a second into one chat, thirty calls a second in all."""
    throttle = chat.account.throttle
    if throttle and throttle.wait_s(("chat", chat.address), ("overall", "")):
        raise refusal(*TOO_MANY)


def _addressed(call: Call, account: Account) -> Chat:
    user, chat = call.fields.get("user_id"), call.fields.get("chat_id")
    if (user is None) is (chat is None):
        raise payload("Exactly one of user_id and chat_id must be given")
    if chat is not None:
        return chat_named(account, str(chat))
    person = number(call, "user_id", 0, 0, 2**63)
    found = next((one for one in account.chats.values() if one.person.id == person), None)
    if found is None:
        raise refusal(*NO_DIALOG)
    return found


def _named(call: Call, account: Account) -> tuple[Chat, Message]:
    return _find(account, str(call.fields.get("message_id", "")))


def _find(account: Account, mid: str) -> tuple[Chat, Message]:
    for chat in account.chats.values():
        if mid in chat.messages:
            return chat, chat.messages[mid]
    raise refusal(*NO_MESSAGE)


def _mine(chat: Chat, mid: str) -> None:
    if mid not in chat.messages:
        raise refusal(*NO_MESSAGE)


def _holds(said: Message, button: object) -> bool:
    return any(key is button for row in said.buttons for key in row)


def _bot(account: Account) -> Bot:
    assert isinstance(account, Bot)
    return account
