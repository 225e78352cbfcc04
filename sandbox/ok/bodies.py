"""Chats, messages and events as Odnoklassniki writes them."""

import time
from collections.abc import Iterator

import msgspec

from sandbox.courier import Parcel
from sandbox.happenings import Happening, Pressed, Said, Started
from sandbox.message import File, Message
from sandbox.ok.account import Group, seq_of, user_id
from sandbox.world import Account, Chat

_KINDS = {"picture": "IMAGE", "video": "VIDEO", "voice": "AUDIO", "file": "FILE",
          "sticker": "STICKER"}  # fmt: skip


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    """The event of one happening; of edits, deletions, reading and typing groups learn nothing."""
    sides = {"sender": {"user_id": user_id(chat.person)}, "recipient": {"chat_id": chat.address}}
    facts: dict[str, object]
    match happening:
        case Said(said):
            kind, facts = "MESSAGE_CREATED", {"message": _message(chat, said)}
        case Pressed(button, press_id, under):
            kind = "MESSAGE_CALLBACK"
            facts = {"callbackId": press_id, "payload": button.payload}
            facts |= {"message": _message(chat, under)} if under is not None else {}
        case Started(payload) if payload:
            kind, facts = "CHAT_SYSTEM", {"payload": payload}
        case _:
            return
    now = time.time_ns() // 1_000_000
    whole = {"webhookType": kind, **sides, **facts, "timestamp": now}
    yield Parcel(body=msgspec.json.encode(whole), kind=kind)


def in_history(chat: Chat, said: Message) -> dict[str, object]:
    """A message as the history lists it: with the name of who wrote it."""
    group = chat.account
    assert isinstance(group, Group)
    name = chat.person.name if said.own else group.title
    writer = user_id(chat.person) if said.own else group.group_id
    return {
        "sender": {"name": name, "user_id": writer},
        "recipient": {"chat_id": chat.address},
        "message": _message(chat, said),
        "timestamp": int(said.at * 1000),
    }


def card(chat: Chat) -> dict[str, object]:
    """A chat."""
    group = chat.account
    assert isinstance(group, Group)
    last = max((said.at for said in chat.messages.values()), default=chat.inbound_at)
    return {
        "type": "GROUP_CHAT",
        "status": "ACTIVE",
        "title": group.title,
        "participants": {user_id(chat.person): int(chat.inbound_at * 1000)},
        "lastEventTime": int(last * 1000),
        "chat_id": chat.address,
        "owner_id": user_id(chat.person),
        "group_id": group.group_id,
    }


def _message(chat: Chat, said: Message) -> dict[str, object]:
    told: dict[str, object] = {"mid": said.id, "seq": seq_of(said.id)}
    told |= {"text": said.text} if said.text else {}
    parts = [_file(chat.account, file) for file in said.files]
    if said.place is not None:
        place = {"latitude": said.place.latitude, "longitude": said.place.longitude}
        parts.append({"type": "LOCATION", "payload": place})
    if said.contact is not None:
        contact = {"name": said.contact.name, "phone": said.contact.phone}
        parts.append({"type": "CONTACT", "payload": contact})
    if said.buttons:
        rows = [[key.own for key in row] for row in said.buttons]
        parts.append({"type": "INLINE_KEYBOARD", "payload": {"keyboard": {"buttons": rows}}})
    told |= {"attachments": parts} if parts else {}
    return told | ({"reply_to": said.reply_to} if said.reply_to else {})


def _file(account: Account, file: File) -> dict[str, object]:
    assert isinstance(account, Group)
    kind = _KINDS[file.kind]
    account.stored.setdefault(file.id, (kind, file.id, 0.0))  # its own id serves as a token
    url = f"{account.shared.origin()}/ok/files/{account.id}/{file.id}"
    payload: dict[str, object] = {"url": url, "token": file.id}
    payload |= {"name": file.name, "size": file.size} if kind == "FILE" else {}
    return {"type": kind, "payload": payload}
