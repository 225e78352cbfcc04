"""Messages of a group to chats and to people, what it shows it is doing, answers to presses."""

import time

import msgspec
from msgspec.structs import replace

from sandbox.asgi import Reply, as_json
from sandbox.message import Button, File, Message, Rows
from sandbox.ok import wire
from sandbox.ok.account import Group, user_id
from sandbox.ok.errors import FLOOD, NOT_ALLOWED, NOT_FOUND, SERVICE, parameter, refusal
from sandbox.ok.graph import DONE, chat_named, group_of, read
from sandbox.platform import Call
from sandbox.world import Account, Chat

_TEXT = 4000
_FILES = (wire.Image, wire.Video, wire.Audio, wire.AnyFile)
_KINDS = {"IMAGE": "picture", "VIDEO": "video", "AUDIO": "voice", "FILE": "file"}


async def post(call: Call, account: Account) -> Reply:
    """Do what is ordered in the chat of the path, or with the people of the body."""
    order = read(call, wire.Order)
    named = call.names.get("chat", "")
    to = order.recipient
    if sum(one is not None for one in (to.chat_id, to.user_id, to.user_ids)) != 1:
        raise parameter("recipient: exactly one of chat_id, user_id and user_ids")
    if to.chat_id is None:
        people = to.user_ids if to.user_ids is not None else [to.user_id or ""]
        return _to_people(call, account, people, order)
    if named and named != to.chat_id:
        raise parameter("recipient: not the chat of the address")
    chat = chat_named(account, to.chat_id)
    if not may_write(chat):
        raise refusal(*NOT_ALLOWED)
    if (order.message is None) is (order.sender_action is None):
        raise parameter("exactly one of message and sender_action")
    if order.message is None:
        return _act(call, chat, order.sender_action or "")
    message = _say(call, chat, order.message)
    return as_json({"success": True, "message_id": message.id})


async def answer(call: Call, account: Account) -> Reply:
    chat = chat_named(account, call.names["chat"])
    press = str(call.fields.get("callbackId", ""))
    told = read(call, wire.Answered)
    if press not in chat.presses:
        raise refusal(*NOT_FOUND)
    message = _say(call, chat, told.message)
    chat.notice(press, "")
    return as_json({"success": True, "message_id": message.id})


def may_write(chat: Chat) -> bool:
    """Whether the person allows messages of the group."""
    return chat.started and not chat.blocked


def _to_people(call: Call, account: Account, people: list[str], order: wire.Order) -> Reply:
    if order.message is None:
        raise parameter("message")
    known = {user_id(chat.person): chat for chat in account.chats.values()}
    found = [known.get(name if name.startswith("user:") else f"user:{name}") for name in people]
    sent = [chat is not None and may_write(chat) for chat in found]
    for chat, allowed in zip(found, sent, strict=True):
        if chat is not None and allowed:
            _say(call, chat, order.message)
    names = [chat.address if chat and may_write(chat) else None for chat in found]
    return as_json({"success": sent, "chat_ids": names})


def _act(call: Call, chat: Chat, action: str) -> Reply:
    if action == "mark_seen":
        chat.mark_up_to("read", own=True)
    else:
        chat.act("typing" if action == "typing_on" else action)
    call.note(chat, text=action)
    return DONE


def _say(call: Call, chat: Chat, new: wire.NewMessage) -> Message:
    throttle = chat.account.throttle
    if throttle and throttle.wait_s(("overall", "")):
        raise refusal(*FLOOD)
    if new.attachment is not None and new.attachments is not None:
        raise parameter("message: attachment or attachments")
    parts = [new.attachment] if new.attachment is not None else new.attachments or []
    text = new.text or ""
    if len(text.encode("utf-16-le")) // 2 > _TEXT:
        raise parameter("message: text is too long")
    if not text.strip() and not parts:
        raise parameter("message: empty")
    if new.reply_to and new.reply_to not in chat.messages:
        raise refusal(*NOT_FOUND)
    group = group_of(chat.account)
    files = tuple(_file(group, part) for part in parts if isinstance(part, _FILES))
    boards = [part.payload.keyboard.buttons for part in parts if isinstance(part, wire.Keyboard)]
    message = Message(
        id=call.platform.message_id(chat),
        own=False,
        at=time.time(),
        kind=files[0].kind if files else "text",
        text=text,
        files=files,
        buttons=_rows(boards[0]) if boards else (),
        reply_to=new.reply_to or "",
    )
    chat.leave(message)
    call.note(chat, message.id, text)
    return message


def _file(group: Group, part: wire.Image | wire.Video | wire.Audio | wire.AnyFile) -> File:
    kind, payload = str(type(part).__struct_config__.tag), part.payload
    if payload.url is not None:
        raise refusal(*SERVICE)  # the sandbox fetches nothing
    stored = group.stored.get(payload.token or payload.ref or "")
    if stored is None or stored[0] != kind:
        raise parameter(f"attachments: no {kind} has this token")
    if stored[2] > time.time():
        raise parameter("attachments: the file is not processed yet")
    kept = group.keep(group.files[stored[1]], "file", stored[1])
    return replace(kept, kind=_KINDS[kind])


def _rows(rows: list[list[wire.Button]]) -> Rows:
    return tuple(tuple(_button(key) for key in row) for row in rows)


def _button(key: wire.Button) -> Button:
    own = msgspec.to_builtins(key)
    match key:
        case wire.Callback():
            return Button(text=key.text, payload=key.payload, own=own)
        case wire.Link():
            return Button(text=key.text, kind="url", url=key.url, own=own)
        case wire.RequestContact():
            return Button(text=key.text, kind="phone", own=own)
        case wire.RequestPlace():
            return Button(text=key.text, kind="location", own=own)
