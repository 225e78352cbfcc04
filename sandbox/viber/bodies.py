"""What Viber tells a bot of what a person did, and how it names people, messages and files."""

import base64
import hashlib
import time
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from sandbox.asgi import Reply
from sandbox.courier import Parcel
from sandbox.happenings import Blocked, Happening, Pressed, Read, Said, Started, Unblocked
from sandbox.message import File, Message
from sandbox.platform import Call
from sandbox.world import Account, Chat, Person

_FIRST_TOKEN = 5_800_000_000_000_000_000
_KINDS = {"animation": "video", "round": "video", "voice": "file", "audio": "file"}


def address(account: Account, person: Person) -> str:
    """The id of a person for this bot alone, as Viber writes them."""
    digest = hashlib.md5(f"{account.id}:{person.id}".encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def message_id(chat: Chat) -> str:
    """A message token, above 2^53."""
    return str(_FIRST_TOKEN + chat.account.number("token"))


def envelope(account: Account, event: str, **facts: object) -> bytes:
    """A callback of any kind."""
    told = {
        "event": event,
        "timestamp": time.time_ns() // 1_000_000,
        "chat_hostname": "SN-CHAT-00_",
        "message_token": _FIRST_TOKEN + account.number("token"),
        **facts,
    }
    return msgspec.json.encode(told)


def user(chat: Chat) -> dict[str, object]:
    """A person as callbacks show them."""
    return {
        "id": chat.address,
        "name": chat.person.name,
        "avatar": f"{chat.account.shared.origin()}/control/samples/tea-cup.jpg",
        "language": f"{chat.person.language}-RU",
        "country": "RU",
        "api_version": 10,
    }


def tell(chat: Chat, happening: Happening) -> Iterator[Parcel]:
    """The callbacks of one happening; of edits, unsends and typing bots learn nothing."""
    account = chat.account
    for event, facts in _events(chat, happening):
        yield Parcel(body=envelope(account, event, **facts), kind=event)


def _events(chat: Chat, happening: Happening) -> Iterator[tuple[str, dict[str, object]]]:
    match happening:
        case Said(said):
            yield "message", _message(chat, said)
        case Pressed(button, _, _):
            text = {"type": "text", "text": button.payload}
            yield "message", {"sender": user(chat), "message": text, "silent": True}
        case Started(payload, _, first):
            context = {"context": payload} if payload else {}
            facts = {"type": "open", "user": user(chat), "subscribed": not first, **context}
            yield "conversation_started", facts
        case Blocked():
            yield "unsubscribed", {"user_id": chat.address}
        case Unblocked():
            yield "subscribed", {"user": user(chat)}
        case Read(up_to):
            yield "seen", {"user_id": chat.address, "message_token": int(up_to.id)}


def _message(chat: Chat, said: Message) -> dict[str, object]:
    token = {"message_token": int(said.id)} if said.id.isdecimal() else {}
    whole = {"sender": user(chat), "message": _content(chat, said), "silent": False, **token}
    tracked = chat.facts.get("tracking_data")
    if tracked:
        whole["message"] = {**_content(chat, said), "tracking_data": tracked}
    return whole


def _content(chat: Chat, said: Message) -> dict[str, object]:
    if said.files:
        return _file(chat.account, said.files[0], said.text)
    if said.place is not None:
        return {
            "type": "location",
            "location": {"lat": said.place.latitude, "lon": said.place.longitude},
        }
    if said.contact is not None:
        card = {"name": said.contact.name, "phone_number": said.contact.phone}
        return {"type": "contact", "contact": card}
    return {"type": "text", "text": said.text}


def _file(account: Account, file: File, text: str) -> dict[str, object]:
    place = f"{account.shared.origin()}/viber/files/{account.id}/{file.id}"
    url = f"{place}/{quote(file.name, safe='')}"
    kind = _KINDS.get(file.kind, file.kind)
    if kind == "picture":
        return {"type": "picture", "media": url, "thumbnail": url, "text": text}
    if kind == "video":
        return {"type": "video", "media": url, "size": file.size, "duration": file.duration}
    if kind == "sticker":
        return {"type": "sticker", "sticker_id": 46105, "media": url}
    return {"type": "file", "media": url, "file_name": file.name, "file_size": file.size}


async def download(call: Call) -> Reply:
    """The bytes of a file a person sent."""
    account = call.world.accounts.get(call.names["account"])
    blob = None if account is None else account.files.get(call.names["file"])
    if blob is None:
        return Reply(404, b"")
    return Reply(200, blob.content, blob.mime)
