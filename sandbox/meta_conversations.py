"""The Conversations API of Meta: chats with their last messages, page by page."""

import base64
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from sandbox.message import File, Message
from sandbox.meta_messaging import Listed
from sandbox.world import Chat

_MESSAGES = 25

Facts = dict[str, object]


def page_of(account: Listed, fields: AbstractSet[str], limit: int, after: str) -> Facts:
    """One page of the conversations, those with the newest words first."""
    chats = sorted(
        (chat for chat in account.chats.values() if chat.messages), key=_newest, reverse=True
    )
    start = int(base64.b64decode(after)) if after else 0
    end = start + limit
    told: Facts = {"data": [_conversation(account, chat, fields) for chat in chats[start:end]]}
    if end < len(chats):
        cursor = base64.b64encode(str(end).encode()).decode()
        told["paging"] = {"cursors": {"after": cursor}, "next": "https://graph.example/next"}
    return told


def _newest(chat: Chat) -> float:
    return max(message.at for message in chat.messages.values())


def _conversation(account: Listed, chat: Chat, fields: AbstractSet[str]) -> Facts:
    told: Facts = {"id": f"t_{chat.address}", "updated_time": _time(_newest(chat))}
    if "messages" in fields:
        last = sorted(chat.messages.values(), key=lambda message: message.at)[-_MESSAGES:]
        told["messages"] = {"data": [_message(account, chat, one) for one in reversed(last)]}
    return told


def _message(account: Listed, chat: Chat, message: Message) -> Facts:
    person: Facts = {"id": chat.address, "name": chat.person.name}
    own: Facts = {"id": account.id, "name": account.title}
    author, other = (person, own) if message.own else (own, person)
    told: Facts = {
        "id": message.id,
        "created_time": _time(message.at),
        "from": author,
        "to": {"data": [other]},
        "message": message.text,
    }
    if message.files:
        told["attachments"] = {"data": [_file(account, file) for file in message.files]}
    return told


def _file(account: Listed, file: File) -> Facts:
    address, kind = account.address_of(file), file.mime.partition("/")[0]
    told: Facts = {"id": file.id, "mime_type": file.mime, "name": file.name}
    if kind in {"image", "video"}:
        return told | {f"{kind}_data": {"url": address}}
    return told | {"file_url": address}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
